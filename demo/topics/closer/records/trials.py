"""Whether to believe a map: what becomes of the probability while pixels go or come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from demo.topics.closer.records.maps import Method

Order = Literal["map", "random", "centre", "edges"]
ORDERS: tuple[Order, ...] = get_args(Order)
"""In which pixels go or come: the map's own, a random map as coarse as it, centre first, edges
first."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A class's probability while more and more of a photo goes, or comes.

    fractions, probabilities: both (n,), the first from 0 to 1.
    """

    fractions: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    @property
    def area(self) -> float:
        """Under the curve, in [0, 1]."""
        return float(np.trapezoid(self.probabilities, self.fractions))


@dataclass(frozen=True, eq=False)
class Trial:
    """One order of pixels. A faithful one has little area in deletion and much in insertion."""

    order: Order
    deletion: Curve
    insertion: Curve


@dataclass(frozen=True, eq=False)
class Faithfulness:
    """How one map does beside orders that know nothing of the network."""

    model: str
    method: Method
    index: int
    trials: tuple[Trial, ...]

    def trial(self, order: Order) -> Trial:
        """The trial of that order."""
        return next(one for one in self.trials if one.order == order)

    def beats(self, order: Order) -> tuple[bool, bool]:
        """Whether the map has less area than that order in deletion, and more in insertion."""
        own, other = self.trial("map"), self.trial(order)
        return (
            own.deletion.area < other.deletion.area,
            own.insertion.area > other.insertion.area,
        )

    def wins(self, order: Order) -> bool:
        """Whether it is better by both measures."""
        return all(self.beats(order))

    def disagrees(self, order: Order) -> bool:
        """Whether it is better by one measure and not by the other."""
        return len(set(self.beats(order))) == 2
