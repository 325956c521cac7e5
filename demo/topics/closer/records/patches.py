"""A grey patch on a photo: where it may lie, and whom it fools."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.records import Box

UNITS = 16
"""Of the square in the middle of the photo, along each side; a patch covers whole ones."""
SIDES = tuple(range(1, 13))
"""Of the patches, in units."""
STRIDE = 2
"""Units from one place that is searched to the next."""
_SPOT = re.compile(r"(\d{1,2})\.(\d{1,2})")


@dataclass(frozen=True)
class Patch:
    """A square of `side` units whose first row and column are these."""

    row: int
    column: int
    side: int

    @property
    def share(self) -> float:
        """Its side as a share of the middle square's."""
        return self.side / UNITS

    @property
    def spot(self) -> str:
        """Its middle, as links keep it: half units down and across."""
        return f"{2 * self.row + self.side}.{2 * self.column + self.side}"


def patch_at(spot: str, side: int) -> Patch:
    """The patch whose middle is nearest to that; in the middle of the square where it is none.

    Args:
        spot: "DOWN.ACROSS" in half units; side: in units, brought within `SIDES`.
    """
    side = min(max(side, SIDES[0]), SIDES[-1])
    match = _SPOT.fullmatch(spot)
    down, across = (int(one) for one in match.groups()) if match else (UNITS, UNITS)
    row, column = (min(max((one - side) // 2, 0), UNITS - side) for one in (down, across))
    return Patch(row, column, side)


def places(side: int) -> tuple[Patch, ...]:
    """Where a patch of that side is searched, row after row."""
    starts = range(0, UNITS - side + 1, STRIDE)
    return tuple(Patch(row, column, side) for row in starts for column in starts)


PLACES = sum(len(places(side)) for side in SIDES)
"""How many patches are searched at most."""


def middle_square(height: int, width: int) -> Box:
    """The largest square in the middle of a photo of that many pixels."""
    across, down = (min(height, width) / one / 2 for one in (width, height))
    return Box(0.5 - across, 0.5 - down, 0.5 + across, 0.5 + down)


def box_of(patch: Patch, square: Box) -> Box:
    """Where the patch lies on the photo, whose middle square that is."""
    wide, high = (square.right - square.left) / UNITS, (square.bottom - square.top) / UNITS
    left, top = square.left + patch.column * wide, square.top + patch.row * high
    return Box(left, top, left + patch.side * wide, top + patch.side * high)


@dataclass(frozen=True, eq=False)
class Tries:
    """One network's answers to all patches of one side, in the order of `places`.

    own: its first choice without a patch. tops: (places,), its first choice with each. shares:
    (places,), the probability of `own` then.
    """

    side: int
    own: int
    tops: NDArray[np.int64]
    shares: NDArray[np.float32]


@dataclass(frozen=True)
class Find:
    """The smallest patch that fools one network alone. winner: the class that it takes then."""

    patch: Patch
    winner: int


@dataclass(frozen=True)
class Search:
    """How far the search for such patches is.

    finds: network -> its own, None while none is found. side: of the patches that are tried, in
    units. done: of `total` patches of that side, all networks together. over: whether nothing is
    left to be tried.
    """

    finds: dict[str, Find | None]
    side: int
    done: int
    total: int
    over: bool = False

    @property
    def smallest(self) -> tuple[str, ...]:
        """The networks that the smallest of all finds fool."""
        sides = [one.patch.side for one in self.finds.values() if one]
        return tuple(key for key, one in self.finds.items() if one and one.patch.side == min(sides))
