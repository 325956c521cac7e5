"""What "Which model?" works with: a table of networks, a wish, and a ranked answer with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from demo.records import Family

Criterion = Literal["speed", "size", "memory", "accuracy", "detail"]
CRITERIA: tuple[Criterion, ...] = ("speed", "size", "memory", "accuracy", "detail")

Pool = Literal["four", "imagenet", "cifar10"]
"""Networks that may be ranked together: the lecture's four, all for ImageNet, the bundled four."""

FOUR = ("resnet50", "densenet121", "inception_v3", "resnext50_32x4d")
"""Architectures of the networks that the lecture chooses from."""


@dataclass(frozen=True)
class Timing:
    """Bare forward passes of one photo on this machine, in seconds.

    median, low (fastest), high (slowest) of `passes` passes. random: whether the weights were
    random; they cost the same time.
    """

    median: float
    low: float
    high: float
    passes: int
    random: bool = False


@dataclass(frozen=True)
class Footprint:
    """What one forward pass of one photo writes, counted tensor by tensor in 32-bit floats.

    activation_bytes: everything that it writes, which training has to keep. peak_bytes: the most
    that is needed at one moment, which is all that using the network needs. cells: side of the last
    map in places. carried: share of that map's channels that its block hands on unchanged.
    """

    activation_bytes: int
    peak_bytes: int
    cells: int
    carried: float


@dataclass(frozen=True)
class Candidate:
    """One row of the table.

    architecture: what rows share that differ in their weights alone. accuracy: top-1 percent, None
    where it is not measured yet; measured: whether here (otherwise published), with a 95 % interval
    then, on so many test pictures. macs: multiply-adds. ready: whether the weights are on this
    machine. timing: None until measured.
    """

    key: str
    architecture: str
    title: str
    family: Family
    dataset: Literal["cifar10", "imagenet"]
    recipe: Literal["bundled", "v1", "v2"]
    accuracy: float | None
    measured: bool
    interval: tuple[float, float] | None
    parameters: int
    macs: int
    input_size: int
    footprint: Footprint
    ready: bool
    download_bytes: int = 0
    timing: Timing | None = None
    epochs: int = 0
    pictures: int = 0

    @property
    def weight_bytes(self) -> int:
        """Its parameters as 32-bit floats."""
        return 4 * self.parameters

    @property
    def memory_bytes(self) -> int:
        """What using it needs: the weights, and the maps at the fullest moment."""
        return self.weight_bytes + self.footprint.peak_bytes


@dataclass(frozen=True)
class Wish:
    """What matters, 0 (not at all) to 5, and what must hold.

    megabytes: of weights and maps together (2**20 bytes); milliseconds: of one pass. None is no
    limit. second: whether weights of the second training recipe (V2) may take part.
    """

    weights: Mapping[Criterion, int]
    pool: Pool = "imagenet"
    megabytes: float | None = None
    milliseconds: float | None = None
    offline: bool = False
    second: bool = False


@dataclass(frozen=True)
class Reason:
    """One criterion of one network against the one it is compared with.

    value, other: in the criterion's own unit. place: 1 is best of `count`. weight: what the wish
    gave it. better: whether value is better than other, None where they are the same.
    """

    criterion: Criterion
    value: float
    other: float
    versus: str
    place: int
    count: int
    weight: int
    better: bool | None


@dataclass(frozen=True)
class Ranked:
    """A network that fulfils the wish. score and shares in [0, 1]: criterion -> points."""

    candidate: Candidate
    score: float
    points: Mapping[Criterion, float]


@dataclass(frozen=True)
class Excluded:
    """A network that does not, and why: "megabytes", "milliseconds", "untimed" or "offline"."""

    candidate: Candidate
    why: Literal["megabytes", "milliseconds", "untimed", "offline"]
    value: float = 0.0


@dataclass(frozen=True)
class Answer:
    """The wish answered from the table.

    timed: whether speed is time measured here; otherwise it is multiply-adds. reasons: of the
    first, heaviest criterion first. price: the criterion in which the first does worst.
    """

    wish: Wish
    ranked: tuple[Ranked, ...]
    excluded: tuple[Excluded, ...]
    timed: bool
    reasons: tuple[Reason, ...] = ()
    price: Reason | None = None

    @property
    def first(self) -> Candidate | None:
        """The network that fits best, None if none does."""
        return self.ranked[0].candidate if self.ranked else None


@dataclass(frozen=True)
class Verdict:
    """The lecture's advice beside the table's answer.

    advised: keys. agrees: whether the first is among them. place: of the best of them that is
    ranked, 0 if none is. loses: where that one loses most against the first, None if it does not.
    """

    advised: tuple[str, ...]
    agrees: bool
    place: int = 0
    best: Candidate | None = None
    loses: Reason | None = None


@dataclass(frozen=True)
class Preset:
    """A scenario of the lecture: the wish, and whom it advises in each pool."""

    wish: Wish
    advice: Mapping[Pool, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Point:
    """A network by its size and its top-1 accuracy in percent; interval: where measured here."""

    title: str
    parameters: int
    accuracy: float
    interval: tuple[float, float] | None = None
    family: Family = "other"


@dataclass(frozen=True)
class Rivalled:
    """A network, and the parameters of a ResNet that would be right as often."""

    point: Point
    rival: float

    @property
    def share(self) -> float:
        """Its own parameters as a share of those."""
        return self.point.parameters / self.rival

    @property
    def third(self) -> bool:
        """Whether that is about a third: nearer to a third than to a half."""
        return self.share < (1 / 3 + 1 / 2) / 2


@dataclass(frozen=True)
class Efficiency:
    """The claim "a third of the parameters, the same accuracy", held to numbers.

    resnets: published, by size. densenets: published. here: the bundled networks of one budget,
    measured. usual, dense: ResNet-50 and DenseNet-121, which the lecture compares. own, rival: the
    bundled DenseNet and ResNet.
    """

    resnets: tuple[Point, ...]
    densenets: tuple[Rivalled, ...]
    here: tuple[Point, ...]
    usual: Point
    dense: Point
    own: Point
    rival: Point

    @property
    def thirds(self) -> tuple[Rivalled, ...]:
        """The DenseNets for which the claim holds."""
        return tuple(one for one in self.densenets if one.third)

    @property
    def others(self) -> tuple[Rivalled, ...]:
        """The DenseNets for which it does not."""
        return tuple(one for one in self.densenets if not one.third)

    @property
    def apart(self) -> bool:
        """Whether the intervals of the bundled DenseNet and ResNet do not overlap."""
        mine, theirs = self.own.interval, self.rival.interval
        if mine is None or theirs is None:
            return False
        return mine[0] > theirs[1] or theirs[0] > mine[1]
