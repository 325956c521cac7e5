"""Photos whose file ends too early: which rows arrived, and what is shown of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from demo.photo.limits import ENOUGH
from demo.records import Notice, Problem


def partly(opened: Callable[[], Image.Image]) -> tuple[Image.Image, int]:
    """The picture with as many of its upper rows as its file holds, and their number.

    It is decoded onto black and onto white: where the two differ, nothing arrived.

    Args:
        opened: opens the file anew, without decoding it.
    """
    first, second = (_onto(opened(), value) for value in (0, 255))
    differs = np.asarray(first) != np.asarray(second)
    missing = np.flatnonzero(differs.reshape(first.height, -1).any(axis=1))
    return first, int(missing[0]) if missing.size else first.height


def _onto(picture: Image.Image, value: int) -> Image.Image:
    picture.im = Image.new(picture.mode, picture.size, (value,) * len(picture.getbands())).im
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError, EOFError):
        # What was decoded until then stays; with no tile left, Pillow takes it as loaded.
        picture.tile = []
    return picture


def cut(picture: Image.Image, rows: int) -> tuple[Image.Image, tuple[Notice, ...]]:
    """The upper rows, with a notice if any are missing.

    Raises:
        Problem: "problem.photo_cut" if too many are.
    """
    notices = missing(rows, picture.height)
    return picture.crop((0, 0, picture.width, rows)) if notices else picture, notices


def missing(rows: int, height: int) -> tuple[Notice, ...]:
    """The notice that so many rows of so many arrived; none if all did.

    Raises:
        Problem: "problem.photo_cut" if too few did.
    """
    if rows >= height:
        return ()
    if rows < ENOUGH * height:
        raise Problem("problem.photo_cut")
    return (Notice("photo_notice.cut", percent=max(1, round(100 * (1 - rows / height)))),)
