"""Where a reader thinks that a network looks, and how far its map lies there."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.records import HeatMap

LONGER = 28
"""Cells of a mark along a photo's longer side."""
SHOWN = "shown"
"""What the text of a mark ends with once the maps are to be seen."""
_TEXT = re.compile(r"([\w ]+)\.(\d+)x(\d+)\.([0-9a-f]*)")


@dataclass(frozen=True, eq=False)
class Mark:
    """cells: (rows, columns), whether each place of the whole photo is marked."""

    cells: NDArray[np.bool_]

    @property
    def empty(self) -> bool:
        """Whether nothing is marked."""
        return not self.cells.any()

    @property
    def area(self) -> float:
        """Its share of the photo."""
        return float(self.cells.mean())

    @property
    def by_chance(self) -> float:
        """The intersection over union that as many places anywhere have on the mean, about."""
        return self.area / (2 - self.area)


def shape_of(height: int, width: int) -> tuple[int, int]:
    """Rows and columns of the cells over a photo of that many pixels; nearly square ones."""
    scale = LONGER / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def owner(photo_key: str) -> str:
    """What the text of a mark says of its photo: another photo's mark says nothing of this one."""
    return photo_key[:8]


def revealed(text: str, photo_key: str, shape: tuple[int, int]) -> Mark | None:
    """The mark that a text keeps, where its maps are to be seen and it is of this photo.

    Args:
        text: as `painted` takes it, with ".shown" behind it; without that the mark is being made.
    """
    made, dot, end = text.rpartition(".")
    return painted(made, photo_key, shape) if dot and end == SHOWN else None


def painted(text: str, photo_key: str, shape: tuple[int, int]) -> Mark | None:
    """The mark that a text keeps, where it is of this photo.

    Args:
        text: "OWNER.COLUMNSxROWS.HEX", a digit for four cells, row after row. Whatever else it may
            be, it is no mark.
    """
    match = _TEXT.fullmatch(text)
    if match is None or match[1] != owner(photo_key):
        return None
    rows, columns = shape
    # The browser fills the last digit up with zeros.
    if (int(match[3]), int(match[2])) != shape or len(match[4]) != -(-rows * columns // 4):
        return None
    bits = [int(digit, 16) >> place & 1 for digit in match[4] for place in (3, 2, 1, 0)]
    return Mark(np.array(bits[: rows * columns], dtype=bool).reshape(shape))


@dataclass(frozen=True, eq=False)
class Overlap:
    """One network's Grad-CAM beside a mark.

    label: of the class. share: of the map's sum, what lies inside the mark. iou:
    intersection over union of the mark and of as many places where the map is highest. inside:
    whether the map's highest place lies in the mark. probability: of the class.
    """

    map: HeatMap
    label: str
    probability: float
    share: float
    iou: float
    inside: bool
