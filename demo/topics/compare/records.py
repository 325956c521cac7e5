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
    def first(self) -> str:
        """Its first class, as the data set calls it."""
        return self.labels[self.top[0][0]]

    @property
    def share(self) -> float:
        """The probability of its first class."""
        return self.top[0][1]

    @property
    def seconds(self) -> float:
        """The forward pass alone."""
        return self.scores.seconds


@dataclass(frozen=True)
class Answered:
    """One photo of several, and the answers that it got."""

    photo: str
    answers: tuple[Card, ...]

    @property
    def agree(self) -> bool | None:
        """Whether networks that know the same things say the same; None where no two do."""
        firsts: dict[str, list[str]] = {}
        for answer in self.answers:
            firsts.setdefault(answer.dataset, []).append(answer.first)
        several = [labels for labels in firsts.values() if len(labels) > 1]
        return all(len(set(labels)) == 1 for labels in several) if several else None


@dataclass(frozen=True)
class Several:
    """What is to be seen in a grid of photos and networks."""

    rows: tuple[Answered, ...]

    @property
    def agreed(self) -> tuple[int, int] | None:
        """On how many photos the networks agree, of how many; None where no two can."""
        compared = [row.agree for row in self.rows if row.agree is not None]
        return (sum(compared), len(compared)) if compared else None

    @property
    def surest(self) -> tuple[str, Card] | None:
        """The photo and the answer with the largest probability; None without answers."""
        return max(self._all, key=lambda row: row[1].share, default=None)

    @property
    def least_sure(self) -> tuple[str, Card] | None:
        """The photo and the answer with the smallest probability; None without answers."""
        return min(self._all, key=lambda row: row[1].share, default=None)

    @property
    def _all(self) -> list[tuple[str, Card]]:
        return [(row.photo, answer) for row in self.rows for answer in row.answers]
