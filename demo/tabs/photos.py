"""The photos of a page: examples and uploads, each opened once in the process."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

from demo.cache import ByteCache
from demo.photo import from_image, read
from demo.records import Photo, Problem
from demo.scenes import SCENES, draw

SAMPLES = ("cheetah", "lion", "tower", "bus")
"""Photos that come with gradio; with the scenes they are the page's examples."""

EXAMPLES = (*SCENES, *SAMPLES)
MOST = 16
"""Photos at once."""


class Ref(TypedDict):
    """Where a photo of a session is: an uploaded file, or an example."""

    path: str
    example: str
    name: str


OPEN: ByteCache[Photo] = ByteCache(256 * 2**20, size=lambda photo: photo.pixels.nbytes)


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


def load(ref: Ref | None) -> Photo | None:
    """The photo; None for None.

    Raises:
        Problem: if the file cannot be read, or is gone.
    """
    if ref is None:
        return None
    if ref["example"]:
        return OPEN.get(("example", ref["example"]), lambda: _example(ref["example"]))
    return OPEN.get(ref["path"], lambda: _file(ref))


def _file(ref: Ref) -> Photo:
    if not Path(ref["path"]).exists():
        raise Problem("page.photo_gone")
    return read(ref["path"])


def _example(name: str) -> Photo:
    if name in SCENES:
        return from_image(draw(name), name)
    return read(str(sample_path(name)))


@cache
def sample_path(name: str) -> Path:
    """The file of one of gradio's sample photos."""
    folder = Path(str(files("gradio"))) / "media_assets" / "images"
    return next(path for path in sorted(folder.iterdir()) if path.stem == name)
