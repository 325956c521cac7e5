"""What a photo is harmed by, and what a network answers then."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from demo.records import Box
from demo.records.counterfactual import Changed
from demo.topics.closer.records.maps import Explanation
from demo.topics.closer.records.marks import Mark, owner

Kind = Literal["cover", "blur", "shift", "rotate", "crop", "noise"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STEP = 5
"""Per cent of the most harm from one strength to the next."""
LEVELS = tuple(percent / 100 for percent in range(0, 101, STEP))
"""The strengths at which a network is asked, from no harm to the most."""
BLUR, SHIFT, TURN, LEFT, NOISE = 0.125, 0.5, 180.0, 0.1, 0.5
"""At full strength: deviation of the blur and way of the shift as shares of the side, degrees of
the rotation, what a crop leaves of the side, deviation of the noise as a share of the values'."""
LEAST_SIDE = 100
"""Side of the smallest square, in thousandths of the photo's shorter side."""
_SQUARE = re.compile(r"([\w ]+)\.(\d{1,4})\.(\d{1,4})\.(\d{1,4})")


@dataclass(frozen=True, eq=False)
class Harm:
    """What is done to a photo before a network sees it.

    strength: in [0, 1], of the most. square: the part of the photo that every network is given;
    None is each network's own. cover: the places that "cover" covers; None is a square in the
    middle.
    """

    kind: Kind
    strength: float
    square: Box | None = None
    cover: Mark | None = None

    @property
    def covered(self) -> Mark | None:
        """The painted places, where they count."""
        return self.cover if self.kind == "cover" else None

    @property
    def amount(self) -> float:
        """What the strength comes to: degrees of a rotation, of all others per cent.

        Of the side: the covered square, the blur's deviation, the way shifted, what is left.
        """
        if self.kind == "rotate":
            return TURN * self.strength
        if self.kind == "crop":
            return 100 * (1 - (1 - LEFT) * self.strength)
        most = {"blur": BLUR, "shift": SHIFT, "noise": NOISE}.get(self.kind, 1.0)
        return 100 * most * self.strength

    @property
    def way(self) -> Hashable:
        """What it shares with the same harm of another strength."""
        cells = self.covered.cells if self.covered else None
        return self.kind, self.square, None if cells is None else (cells.shape, cells.tobytes())


def square_of(text: str, photo_key: str, height: int, width: int) -> Box | None:
    """The square that a text keeps, where it is of this photo; it never reaches beyond it.

    Args:
        text: "OWNER.LEFT.TOP.SIDE", in thousandths of the photo's width, its height and its shorter
            side. Whatever else it may be, it is no square.
        height, width: of the photo, in pixels.
    """
    match = _SQUARE.fullmatch(text)
    if match is None or match[1] != owner(photo_key):
        return None
    left, top, side = (int(one) / 1000 for one in match.groups()[1:])
    side = min(max(side, LEAST_SIDE / 1000), 1.0) * min(height, width)
    wide, high = side / width, side / height
    left, top = min(left, 1 - wide), min(top, 1 - high)
    return Box(left, top, left + wide, top + high)


@dataclass(frozen=True, eq=False)
class Broken(Changed):
    """The answers about a photo and about the harmed one, with the Grad-CAM of a class for it.

    The map, of the class `map.index`, covers what the network was given.
    """

    map: Explanation

    @property
    def shares(self) -> tuple[float, float]:
        """Probability of the map's class before and after."""
        index = self.map.index
        return float(self.before.probabilities[index]), float(self.after.probabilities[index])


@dataclass(frozen=True, eq=False)
class Ladder:
    """A network's probabilities while the harm grows: (LEVELS, classes)."""

    probabilities: NDArray[np.float32]

    def held(self, index: int) -> float | None:
        """The strength up to which the first choice is that class; None if it never is."""
        kept = (self.probabilities.argmax(axis=1) == index).astype(int)
        steps = int(np.cumprod(kept).sum())
        return LEVELS[steps - 1] if steps else None


def longest(held: dict[str, float | None]) -> tuple[str, ...]:
    """Who held their answer up to the largest strength; all who share it, none if none held."""
    strengths = [one for one in held.values() if one is not None]
    return tuple(key for key, one in held.items() if strengths and one == max(strengths))


def soonest(held: dict[str, float | None]) -> tuple[str, ...]:
    """Who held their answer least; nobody where all held it alike."""
    strengths = {key: -1.0 if one is None else one for key, one in held.items()}
    least = min(strengths.values(), default=0.0)
    found = tuple(key for key, one in strengths.items() if one == least)
    return found if len(found) < len(held) else ()
