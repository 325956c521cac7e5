"""What each method's maps gained over maps that know nothing of the network, on many pictures."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from demo.topics.closer.records.maps import METHODS, Method

Measure = Literal["deletion", "insertion"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
Decoy = Literal["random", "edges"]
DECOYS: tuple[Decoy, ...] = get_args(Decoy)
SURE = 2.0
"""Standard errors that a mean must be away from 0 to count as better or worse."""
DIGITS = 2
"""Of a gain as it is said: methods that are equal so far tie."""

Areas = Mapping[Measure, Mapping[str, float]]
"""Of one picture and method: measure -> "map", "random" and "edges" -> area under the curve."""


@dataclass(frozen=True)
class Gain:
    """What a map gains over a decoy, mean over pictures, and the standard error of that.

    By how much less area it has in deletion, and by how much more in insertion: above 0 the map is
    better, in both.
    """

    mean: float
    error: float

    @property
    def better(self) -> bool:
        """Whether the map beats the decoy for sure."""
        return self.mean > SURE * self.error

    @property
    def worse(self) -> bool:
        """Whether it loses for sure."""
        return -self.mean > SURE * self.error


@dataclass(frozen=True)
class Row:
    """One network and method: gains by measure and decoy."""

    model: str
    method: Method
    gains: Mapping[Measure, Mapping[Decoy, Gain]]

    def verdict(self, decoy: Decoy) -> Literal["better", "worse", "split", "unsure"]:
        """By both measures together: both sure and alike, sure and opposite, or not both sure."""
        found = [self.gains[one][decoy] for one in MEASURES]
        better, worse = [one.better for one in found], [one.worse for one in found]
        if all(better):
            return "better"
        if all(worse):
            return "worse"
        return "split" if any(better) and any(worse) else "unsure"


@dataclass(frozen=True)
class Sample:
    """The pictures on which a network was asked. right: how many it recognised."""

    model: str
    source: str
    pictures: int
    right: int


@dataclass(frozen=True)
class Measured:
    """The whole table, and how it came about.

    points: of each curve. window, stride: of occlusion, as shares of the input's side.
    """

    command: str
    date: str
    points: int
    window: float
    stride: float
    samples: tuple[Sample, ...]
    rows: tuple[Row, ...]

    def count(self, decoy: Decoy, verdict: str) -> int:
        """How many pairs of network and method come to that verdict."""
        return sum(row.verdict(decoy) == verdict for row in self.rows)

    def mean(self, method: Method, measure: Measure, decoy: Decoy) -> float:
        """A method's gain, averaged over the networks."""
        gains = [row.gains[measure][decoy].mean for row in self.rows if row.method == method]
        return statistics.fmean(gains)

    def ranked(self, measure: Measure, decoy: Decoy) -> tuple[Method, ...]:
        """The methods, the one that gains most first; equal ones, to 0.001, in their own order."""
        gains = {one: -round(self.mean(one, measure, decoy), 3) for one in METHODS}
        return tuple(sorted(METHODS, key=gains.__getitem__))

    def level(self, gained: float, measure: Measure, decoy: Decoy) -> tuple[Method, ...]:
        """The methods whose gain is said as that one is, in their own order."""
        said = f"{gained:.{DIGITS}f}"
        return tuple(
            one for one in METHODS if f"{self.mean(one, measure, decoy):.{DIGITS}f}" == said
        )


def gain(values: Sequence[float]) -> Gain:
    """Mean and standard error of at least two pictures' gains."""
    return Gain(statistics.fmean(values), statistics.stdev(values) / len(values) ** 0.5)


def row(model: str, method: Method, pictures: Sequence[Areas]) -> Row:
    """One network's and method's row, from the areas of each picture."""
    gains = {
        measure: {
            decoy: gain([sign * (one[measure]["map"] - one[measure][decoy]) for one in pictures])
            for decoy in DECOYS
        }
        for measure, sign in (("deletion", -1), ("insertion", 1))
    }
    return Row(model, method, gains)
