"""A sheet of small photos: each where a page looks for it."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from demo.topics.train.figures.sheet import MOST, sheet

COLOURS = [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30), (20, 20, 20)]


def test_photos_stand_row_by_row_with_their_middle_squares() -> None:
    photos = []
    for number, colour in enumerate(COLOURS):
        # Wide ones and tall ones, whose ends are white and are cut off.
        pixels = np.full((40, 120, 3), 255, np.uint8)
        pixels[:, 40:80] = colour
        photos.append(pixels if number % 2 else pixels.transpose(1, 0, 2))
    made = sheet(photos)
    assert (made.side, made.across) == (96, 2)
    with Image.open(io.BytesIO(base64.b64decode(made.uri.partition(",")[2]))) as drawn:
        whole = np.asarray(drawn.convert("RGB")).astype(int)
    assert whole.shape == (3 * 96, 2 * 96, 3)
    for number, colour in enumerate(COLOURS):
        row, column = divmod(number, 2)
        middle = whole[row * 96 + 10 : row * 96 + 86, column * 96 + 10 : column * 96 + 86]
        assert np.abs(middle - colour).mean() < 6


@pytest.mark.parametrize(
    ("count", "side", "across"), [(MOST, 96, 11), (MOST + 1, 48, 11), (0, 96, 1)]
)
def test_many_are_smaller(count: int, side: int, across: int) -> None:
    made = sheet([np.zeros((4, 4, 3), np.uint8)] * count)
    assert (made.side, made.across) == (side, across)
