"""What becomes of a map while its network forgets, from the classifier down to the stem."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from demo.records import Box

Probe = Literal["gradcam", "guided", "saliency", "integrated", "edges"]
PROBES: tuple[Probe, ...] = get_args(Probe)
"""Four methods, and an edge detector, which never asks the network: what cannot change."""
QUICK: tuple[Probe, ...] = ("gradcam", "guided", "saliency", "edges")
"""Those that ask each network once or twice."""
SAME = 0.5
"""Rank correlation at the end from which on a map counts as unchanged."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A map after one part more has random weights.

    part: "" for none, "classifier", a layer of the spec, "stem". raw: the map before anything is
    done to it, (h, w), made smaller where it has more places than are drawn. correlation:
    Spearman's, of the whole map's |values| with those of the trained network's.
    """

    part: str
    raw: NDArray[np.float32]
    correlation: float


@dataclass(frozen=True, eq=False)
class Cascade:
    """One method's map of one class while the parts become random, one after the other.

    stages: from the trained network to one of which no part is left. seen: the part of the photo
    that the maps cover.
    """

    model: str
    probe: Probe
    index: int
    stages: tuple[Stage, ...]
    seen: Box

    @property
    def end(self) -> float:
        """How alike the map of no trained weight at all is to the trained one."""
        return self.stages[-1].correlation

    @property
    def changed(self) -> bool:
        """Whether the map has followed the network."""
        return self.end < SAME


def unchanged(cascades: tuple[Cascade, ...]) -> tuple[Cascade, ...]:
    """Those whose map stayed although the network forgot, the most alike first."""
    return tuple(sorted((one for one in cascades if not one.changed), key=lambda one: -one.end))
