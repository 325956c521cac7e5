"""An upload becomes a safe, upright RGB picture, or is refused in one clear sentence.

kinds says what a file is, limits what it may ask for, decoding (with jpeg, png, tiff) makes pixels
of it, worker does so in a process of its own, and pool keeps two of those.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.cache import ByteCache
from demo.photo.colour import finished
from demo.photo.decoding import Decoded, decode
from demo.photo.limits import MOST_BYTES, check_size
from demo.photo.pool import Pool
from demo.records import Photo, Problem

POOL = Pool()
_DECODED: ByteCache[Photo] = ByteCache(
    168 * 2**20, size=lambda photo: photo.pixels.nbytes, grows=False
)
"""Those of thirty visitors, as large as they get with sides of 4 to 3."""


def read(path: str) -> Photo:
    """Read an uploaded file, in a process of its own; the same bytes are decoded once.

    Orientation is applied, colours become sRGB, transparency lies on white, wide samples become 8
    bits by the range that the file declares, of an animation the first frame counts, and the
    longer side is at most LONGEST. What was assumed or is missing is in the photo's notices.
    Blocks; may be called from any thread.

    Raises:
        Problem: one of the keys "problem.photo_...", with what to do.
        FileNotFoundError: if the file is gone.
    """
    file = Path(path).resolve()
    stat = file.stat()
    digest = _digest(str(file), stat.st_size, stat.st_mtime_ns)
    photo = _DECODED.get(digest, lambda: _photo(POOL.decode(str(file)), ""))
    return replace(photo, name=file.stem)


def read_once(path: str) -> Photo:
    """As `read`, with nothing remembered: for photos of which many come at once, and go."""
    file = Path(path).resolve()
    _checked(file)
    return _photo(POOL.decode(str(file)), file.stem)


def read_here(path: str) -> Photo:
    """Read a file that ships with the app, in this process.

    Raises:
        Problem: as `read`.
    """
    file = Path(path)
    return _photo(decode(_checked(file)), file.stem)


def from_image(picture: Image.Image, name: str = "") -> Photo:
    """The same from a picture that our own code drew.

    Raises:
        Problem: "problem.photo_pixels" or "_thin".
    """
    check_size("", *picture.size)
    return _photo(Decoded(finished(picture), ""), name)


@lru_cache(maxsize=512)
def _digest(path: str, size: int, changed: int) -> bytes:
    """Of a file's bytes; size and changed only tell one state of the file from another."""
    return hashlib.blake2b(_checked(Path(path)), digest_size=20).digest()


def _checked(file: Path) -> bytes:
    size = file.stat().st_size
    if size == 0:
        raise Problem("problem.photo_empty")
    if size > MOST_BYTES:
        raise Problem("problem.photo_large", size=round(size / 2**20), most=MOST_BYTES // 2**20)
    return file.read_bytes()


def _photo(decoded: Decoded, name: str) -> Photo:
    return Photo(_key(decoded.pixels), decoded.pixels, name, decoded.kind, decoded.notices)


def _key(pixels: NDArray[np.uint8]) -> str:
    digest = hashlib.blake2b(np.ascontiguousarray(pixels).data, digest_size=10)
    digest.update(repr(pixels.shape).encode())
    return digest.hexdigest()
