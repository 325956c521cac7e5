"""The hub's copies of torchvision's weights: found in its cache, or where to download them.

The library finds and describes; the bytes come through `demo.zoo.download`, as all others do. Its
own download of a file begins anew after a cut, compares no digest, asks a silent server for a
minute and fills a cache that cannot be copied to another machine by its folder.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from huggingface_hub import (
    constants,
    get_hf_file_metadata,
    hf_hub_url,
    try_to_load_from_cache,
)
from huggingface_hub.errors import HfHubHTTPError, HTTPError

from demo.zoo import download
from demo.zoo.spec import HubCopy

# Otherwise the library asks the hub what program this may be, and tells it the version of torch.
# (So it does even for `hf_hub_download(local_files_only=True)`, which is why that is not used.)
constants.HF_HUB_DISABLE_TELEMETRY = True

FILE = "model.safetensors"
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Address(NamedTuple):
    """Where weights are downloaded from.

    name: of the file. sha256: its digest or the leading digits. size: in bytes, 0 where unknown.
    """

    url: str
    name: str
    sha256: str
    size: int = 0


def copies(copy: HubCopy, folder: Path) -> Iterator[Path]:
    """Copies that were downloaded into this folder of weights."""
    if copy.sha256:
        yield folder / name(copy, copy.sha256)
    else:
        yield from sorted(folder.glob(name(copy, "?" * 64)))


def cached(copy: HubCopy) -> Iterator[Path]:
    """The copy in the hub's cache, where `preload_from_hub` puts it. Asks no network."""
    for revision in dict.fromkeys((copy.revision, "main")):
        place = try_to_load_from_cache(copy.repo, FILE, constants.HF_HUB_CACHE, revision)
        if isinstance(place, str):
            yield Path(place)


def name(copy: HubCopy, sha256: str) -> str:
    """What a downloaded copy is called: its digest is in the name, as in torchvision's."""
    return f"{copy.repo.rpartition('/')[2]}-{sha256}.safetensors"


def digest(copy: HubCopy, file: Path) -> str:
    """The SHA-256 that this copy must have, "" where nothing says it.

    Known here, or else from its name in a folder of weights, or that of the blob which the hub's
    cache links to. (The cache has no links on a Windows without the right to make them.)
    """
    stored = Path(os.readlink(file)).name if file.is_symlink() else file.stem.rpartition("-")[2]
    return copy.sha256 or (stored if _DIGEST.fullmatch(stored) else "")


def address(copy: HubCopy) -> Address:
    """Where to download the copy; the hub is asked for its digest where that is not known.

    Raises:
        UnreachableError, RefusedError: as `download.download`.
    """
    if constants.is_offline_mode():
        raise download.UnreachableError
    url = hf_hub_url(copy.repo, FILE, revision=copy.revision)
    if copy.sha256:
        return Address(url, name(copy, copy.sha256), copy.sha256)
    server = urlsplit(url).netloc
    download.refuse_silent(server)
    began = time.monotonic()
    try:
        metadata = get_hf_file_metadata(url, token=False, timeout=download.TIMEOUT)
    except HfHubHTTPError as error:
        raise download.RefusedError(error.response.status_code) from error
    except (HTTPError, OSError) as error:
        if time.monotonic() - began >= download.TIMEOUT:
            download.note_silent(server)
        raise download.UnreachableError from error
    if not _DIGEST.fullmatch(metadata.etag or ""):
        raise download.UnreachableError  # whatever answered, it is no hub
    url = hf_hub_url(copy.repo, FILE, revision=metadata.commit_hash or copy.revision)
    sha256 = str(metadata.etag)
    return Address(url, name(copy, sha256), sha256, metadata.size or 0)
