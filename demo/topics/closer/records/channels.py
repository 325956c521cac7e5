"""The channels of a layer: how strong each is on a photo, and what it weighs for a class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from demo.records import Box

By = Literal["weight", "strength"]
BY: tuple[By, ...] = get_args(By)
"""What channels are sorted by, largest first."""
SHOWN = 24
"""Channels of a mosaic at most."""
DRIVERS = 4
"""Example photos that are shown at most, those that drive a channel most."""


@dataclass(frozen=True, eq=False)
class Channels:
    """One layer of one network and photo.

    index: the class. strength: (C,), the mean |value| of each channel's map. weight: (C,), the mean
    gradient of the class's logit over the map: Grad-CAM's weight of the channel. size: (height,
    width) of the maps. seen: the part of the photo that the network was given.
    """

    layer: str
    index: int
    strength: NDArray[np.float32]
    weight: NDArray[np.float32]
    size: tuple[int, int]
    seen: Box

    @property
    def count(self) -> int:
        """How many channels the layer has."""
        return len(self.strength)

    def order(self, by: By) -> NDArray[np.intp]:
        """All channels, the largest value first; equal ones as the network has them."""
        return np.argsort(-getattr(self, by), kind="stable")

    def first(self, by: By) -> list[int]:
        """Those that a mosaic shows."""
        return [int(one) for one in self.order(by)[:SHOWN]]

    def place(self, channel: int, by: By) -> int:
        """Of one channel in that order, from 1."""
        return int(np.flatnonzero(self.order(by) == channel)[0]) + 1

    def share(self, by: By) -> float:
        """What the mosaic's channels hold of the sum over all channels of the values above 0."""
        values = np.maximum(getattr(self, by), 0).astype(np.float64)
        total = values.sum()
        return float(values[self.first(by)].sum() / total) if total > 0 else 0.0

    @property
    def both(self) -> int:
        """How many of the heaviest channels are among as many strongest."""
        return len(set(self.first("weight")) & set(self.first("strength")))


@dataclass(frozen=True, eq=False)
class Response:
    """One channel's map of one photo.

    name: of an example photo, "" for the reader's own. values: (h, w). seen: the part of the photo
    that they cover.
    """

    name: str
    values: NDArray[np.float32]
    seen: Box

    @property
    def strength(self) -> float:
        """Mean |value|, as `Channels.strength`."""
        return float(np.abs(self.values).mean())

    @property
    def largest(self) -> float:
        """The largest |value|."""
        return float(np.abs(self.values).max())


def drivers(found: list[Response]) -> list[Response]:
    """The example photos that drive the channel most, the strongest first."""
    return sorted(found, key=lambda one: -one.strength)[:DRIVERS]
