"""The photos of a page: examples and uploads, each opened once in the process.

Which photo a tab shows is known to the tab alone, as a token that only this process can make: the
server may forget a session without anybody noticing, and nobody can name a file that is not theirs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

from gradio.utils import get_upload_folder

from demo.examples import DRAWN, draw
from demo.photo import from_image, read, read_here
from demo.records import Photo, Problem
from demo.temporary import touch

SAMPLES = ("cheetah", "lion", "tower", "bus")
"""Photos that come with gradio; with the scenes they are the page's examples."""

EXAMPLES = (*DRAWN, *SAMPLES)
MOST = 16
"""Photos at once."""

_SECRET = secrets.token_bytes(32)


class Ref(TypedDict):
    """Where a photo is: an uploaded file, or an example."""

    path: str
    example: str
    name: str


def of_example(name: str) -> Ref:
    """The reference to an example.

    Raises:
        KeyError: if there is no such example.
    """
    if name not in EXAMPLES:
        raise KeyError(name)
    return Ref(path="", example=name, name=name)


def of_file(path: str, name: str = "") -> Ref:
    """The reference to an uploaded file."""
    return Ref(path=path, example="", name=name or Path(path).name)


def seal(ref: Ref) -> str:
    """The reference as a token for the browser to keep; `unseal` takes it back.

    Raises:
        Problem: "page.photo_gone" for a file that was not uploaded here.
    """
    path = ref["path"]
    try:
        inside = Path(path).resolve().relative_to(_uploads()).as_posix() if path else ""
    except ValueError:
        raise Problem("page.photo_gone") from None
    written = json.dumps([inside, ref["example"], ref["name"]], separators=(",", ":"))
    body = base64.urlsafe_b64encode(written.encode()).decode()
    return f"{body}.{_signature(body)}"


def unseal(token: str | None) -> Ref | None:
    """The reference that a token stands for; None for "" or None.

    Raises:
        Problem: "page.photo_gone" if this process did not make it, as after a restart.
    """
    if not token:
        return None
    body, _, signature = str(token).partition(".")
    if not hmac.compare_digest(_signature(body).encode(), signature.encode("utf-8", "replace")):
        raise Problem("page.photo_gone")
    path, example, name = json.loads(base64.urlsafe_b64decode(body))
    return Ref(path=str(_uploads() / path) if path else "", example=example, name=name)


def seal_all(refs: Iterable[Ref]) -> str:
    """Several references as one text."""
    return " ".join(map(seal, refs))


def unseal_all(tokens: str | None) -> list[Ref]:
    """The references of `seal_all`, at most MOST.

    Raises:
        Problem: as `unseal`.
    """
    return [ref for ref in map(unseal, (tokens or "").split()[:MOST]) if ref]


def opened(token: str | None) -> Photo | None:
    """The photo that a token stands for; None for "".

    Raises:
        Problem: as `unseal` and `load`.
    """
    return load(unseal(token))


def _uploads() -> Path:
    return Path(get_upload_folder()).resolve()


def _signature(body: str) -> str:
    digest = hmac.new(_SECRET, body.encode("utf-8", "replace"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def load(ref: Ref | None) -> Photo | None:
    """The photo; None for None. Blocks while it is decoded; may be called from any thread.

    Raises:
        Problem: if the file cannot be read, or is gone.
    """
    if ref is None:
        return None
    if ref["example"]:
        return _example(ref["example"])
    touch(Path(ref["path"]))
    try:
        return read(ref["path"])
    except FileNotFoundError:
        raise Problem("page.photo_gone") from None


@cache
def _example(name: str) -> Photo:
    if name in DRAWN:
        return from_image(draw(name), name)
    return read_here(str(sample_path(name)))


@cache
def sample_path(name: str) -> Path:
    """The file of one of gradio's sample photos."""
    folder = Path(str(files("gradio"))) / "media_assets" / "images"
    return next(path for path in sorted(folder.iterdir()) if path.stem == name)
