"""What the comparison of several networks shows."""

from __future__ import annotations

from dataclasses import dataclass

from demo.records import Family, HeatMap, Scores, Source


@dataclass(frozen=True, eq=False)
class Card:
    """One network's answer about one photo, ready to be drawn.

    labels: English class names in output order. top: (class index, probability), most probable
    first. heat: Grad-CAM of one class at `layer`. parameters, macs: of the whole network.
    """

    model: str
    title: str
    family: Family
    dataset: str
    source: Source
    labels: tuple[str, ...]
    scores: Scores
    top: tuple[tuple[int, float], ...]
    heat: HeatMap
    layer: str
    parameters: int
    macs: int

    @property
    def seconds(self) -> float:
        """The forward pass alone."""
        return self.scores.seconds
