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

Areas = Mapping[Measure, Mapping[str, float]]
"""Of one picture and method: measure -> "map", "random" and "edges" -> area under the curve."""


@dataclass(frozen=True)
class Gain:
    """Mean over pictures of a map's area minus the decoy's, and its standard error."""

    mean: float
    error: float

    def better(self, measure: Measure) -> bool:
        """Whether the map beats the decoy for sure: less area in deletion, more in insertion."""
        return self._ahead(measure) > SURE * self.error

    def worse(self, measure: Measure) -> bool:
        """Whether it loses for sure."""
        return -self._ahead(measure) > SURE * self.error

    def _ahead(self, measure: Measure) -> float:
        return self.mean if measure == "insertion" else -self.mean


@dataclass(frozen=True)
class Row:
    """One network and method: gains by measure and decoy."""

    model: str
    method: Method
    gains: Mapping[Measure, Mapping[Decoy, Gain]]

    def verdict(self, decoy: Decoy) -> Literal["better", "worse", "split", "unsure"]:
        """By both measures together: both sure and alike, sure and opposite, or not both sure."""
        found = [self.gains[one][decoy] for one in MEASURES]
        better = [gain.better(one) for gain, one in zip(found, MEASURES, strict=True)]
        worse = [gain.worse(one) for gain, one in zip(found, MEASURES, strict=True)]
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
        sign = -1 if measure == "insertion" else 1
        gains = {one: sign * round(self.mean(one, measure, decoy), 3) for one in METHODS}
        return tuple(sorted(METHODS, key=gains.__getitem__))


def gain(values: Sequence[float]) -> Gain:
    """Mean and standard error of at least two differences."""
    return Gain(statistics.fmean(values), statistics.stdev(values) / len(values) ** 0.5)


def row(model: str, method: Method, pictures: Sequence[Areas]) -> Row:
    """One network's and method's row, from the areas of each picture."""
    gains = {
        measure: {
            decoy: gain([one[measure]["map"] - one[measure][decoy] for one in pictures])
            for decoy in DECOYS
        }
        for measure in MEASURES
    }
    return Row(model, method, gains)
