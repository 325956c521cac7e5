"""Records about DenseNets: a plan and what follows from it, reuse of features, cut links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.records import Family

Stem = Literal["imagenet", "small", "bare", "none"]
Reading = Literal["raw", "scaled", "activation"]
READINGS: tuple[Reading, ...] = ("raw", "scaled", "activation")


@dataclass(frozen=True)
class DensePlan:
    """What determines a DenseNet.

    blocks: layers of each dense block. k: growth rate, channels that a layer adds. initial:
    channels before the first block. theta: compression of each transition, in (0, 1].
    bottleneck: whether a 1x1 convolution to 4k channels stands in every layer. size: side of the
    input in pixels. stem: "imagenet" is 7x7 stride 2, BatchNorm, max pool; "small" is 3x3 and
    BatchNorm; "bare" is 3x3 alone; "none" feeds `initial` channels of `size` px into the first
    block. classes: outputs of the last linear layer; 0 leaves it and its BatchNorm out. squeeze:
    whether a transition follows the last block too.
    """

    blocks: tuple[int, ...]
    k: int
    initial: int
    theta: float = 0.5
    bottleneck: bool = True
    size: int = 224
    stem: Stem = "imagenet"
    classes: int = 1000
    squeeze: bool = False


@dataclass(frozen=True)
class GrownLayer:
    """One dense layer: reads in_channels, adds k, passes out_channels = in_channels + k on.

    block and layer count from 1. weights_1x1 is 0 without a bottleneck. norms: weights of its
    BatchNorms. macs: multiply-adds of its convolutions for one photo at size x size.
    """

    block: int
    layer: int
    in_channels: int
    out_channels: int
    size: int
    weights_1x1: int
    weights_3x3: int
    norms: int

    @property
    def parameters(self) -> int:
        """All weights of the layer."""
        return self.weights_1x1 + self.weights_3x3 + self.norms

    @property
    def macs_1x1(self) -> int:
        """Multiply-adds of the bottleneck."""
        return self.weights_1x1 * self.size**2

    @property
    def macs_3x3(self) -> int:
        """Multiply-adds of the convolution that makes the new channels."""
        return self.weights_3x3 * self.size**2

    @property
    def macs(self) -> int:
        """Multiply-adds of both convolutions."""
        return self.macs_1x1 + self.macs_3x3


@dataclass(frozen=True)
class GrownTransition:
    """A transition after `block`: a 1x1 convolution at size x size, then 2x2 average pooling."""

    block: int
    in_channels: int
    out_channels: int
    size: int
    out_size: int
    parameters: int
    macs: int


@dataclass(frozen=True)
class Growth:
    """A plan worked out.

    start_size: side of the maps in the first block. final_channels, final_size: what the last
    block (or the transition after it) puts out. parameters, macs: of the whole network, stem and
    classifier included. naive_bytes: what the inputs of all layers take when each concatenation
    makes its own copy and training keeps all of them. shared_bytes: what one buffer per block takes
    into which every layer writes its channels once. Both for one photo in 32-bit numbers.
    """

    plan: DensePlan
    start_size: int
    layers: tuple[GrownLayer, ...]
    transitions: tuple[GrownTransition, ...]
    stem_parameters: int
    stem_macs: int
    head_parameters: int
    head_macs: int
    final_channels: int
    final_size: int
    naive_bytes: int
    shared_bytes: int

    @property
    def parameters(self) -> int:
        """Weights of the whole network."""
        inner = sum(step.parameters for step in (*self.layers, *self.transitions))
        return self.stem_parameters + inner + self.head_parameters

    @property
    def macs(self) -> int:
        """Multiply-adds of one forward pass of one photo."""
        inner = sum(step.macs for step in (*self.layers, *self.transitions))
        return self.stem_macs + inner + self.head_macs


@dataclass(frozen=True)
class GrowthStep:
    """One step of the growing diagram, and the running totals after it.

    kind: "stem", "layer", "transition" or "classifier". layer: 0 except for a layer. size,
    out_size: side of the maps before the step and after it. The weights are those of the
    convolutions alone: a transition has 1x1 weights, a stem and a classifier have none of these.
    """

    kind: Literal["stem", "layer", "transition", "classifier"]
    block: int
    layer: int
    in_channels: int
    out_channels: int
    size: int
    out_size: int
    weights_1x1: int
    weights_3x3: int
    macs_1x1: int
    macs_3x3: int
    total_parameters: int
    total_macs: int
    naive_bytes: int
    shared_bytes: int


@dataclass(frozen=True, eq=False)
class Reuse:
    """Who reads whom in one dense block (the paper's Fig. 5).

    sources: number of rows: the block's input, then each of its layers. targets: number of columns:
    each layer, then what follows the block, named by `after`. matrix: (sources, targets), how
    strongly the target's first weights read the source's channels; NaN where it cannot.
    starts: (sources + 1,), channel at which each source begins in the concatenation.
    """

    model: str
    block: int
    reading: Reading
    after: Literal["transition", "classifier"]
    matrix: NDArray[np.float32]
    starts: tuple[int, ...]

    @property
    def sources(self) -> int:
        """Rows: the input and every layer."""
        return self.matrix.shape[0]

    @property
    def targets(self) -> int:
        """Columns: every layer and what follows the block."""
        return self.matrix.shape[1]

    @property
    def links(self) -> int:
        """Cells: pairs of a source and a target that reads it."""
        return self.targets * (self.targets + 1) // 2

    @property
    def strongest(self) -> tuple[int, int]:
        """Source and target of the cell with the largest value."""
        source, target = divmod(int(np.nanargmax(self.matrix)), self.targets)
        return source, target

    def reads(self, source: int, target: int) -> bool:
        """Whether there is such a link."""
        return 0 <= source <= target < self.targets


@dataclass(frozen=True, eq=False)
class Link:
    """One cell of the matrix, opened: how strongly each of the source's channels is read.

    first: the channel of the concatenation at which the source begins. strengths: (channels,).
    """

    block: int
    source: int
    target: int
    first: int
    strengths: NDArray[np.float32]

    @property
    def last(self) -> int:
        """The channel of the concatenation at which the source ends."""
        return self.first + len(self.strengths) - 1

    @property
    def mean(self) -> float:
        """The cell's value."""
        return float(self.strengths.mean())

    @property
    def most(self) -> float:
        """How strongly the channel is read that is read most strongly."""
        return float(self.strengths.max())

    @property
    def strongest(self) -> int:
        """That channel, in the concatenation."""
        return self.first + int(self.strengths.argmax())


@dataclass(frozen=True)
class Observation:
    """One of the paper's four observations, computed on a network.

    name: "spread", "transition", "least" or "late". value: the number that decides; NaN where the
    network has nothing of the kind. bound: `value` must reach it.
    """

    name: str
    value: float
    bound: float

    @property
    def holds(self) -> bool | None:
        """Whether it can be seen here; None where there is nothing to look at."""
        return None if self.value != self.value else self.value >= self.bound


@dataclass(frozen=True, eq=False)
class LayerMaps:
    """What one dense layer added for a photo: maps (k, h, w)."""

    block: int
    layer: int
    maps: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LinkEffects:
    """What cutting each link of a block alone does to a photo's answer.

    index: the class that the whole network finds most probable, probability: how probable.
    change: (sources, targets), by how much that probability changes; NaN where there is no link.
    winner: (sources, targets), the most probable class with the link cut; -1 where there is none.
    """

    model: str
    photo: str
    block: int
    index: int
    probability: float
    change: NDArray[np.float32]
    winner: NDArray[np.int64]

    @property
    def links(self) -> int:
        """How many links were cut, one at a time."""
        return int((self.winner >= 0).sum())

    @property
    def flips(self) -> NDArray[np.bool_]:
        """(sources, targets), whether the cut makes another class the most probable."""
        return (self.winner >= 0) & (self.winner != self.index)

    @property
    def strongest(self) -> tuple[int, int]:
        """Source and target of the link whose cut moves the probability most."""
        at = int(np.nanargmax(np.abs(self.change)))
        source, target = divmod(at, self.change.shape[1])
        return source, target


@dataclass(frozen=True)
class Passage:
    """Shapes on the way through one block of a network.

    shapes: (C, H, W) of x, then of what each layer passes on. added: channels of F(x) in each.
    kept: how many of its x's channels each passes on unchanged, bit for bit; () where no photo
    went through the network. sums: whether a layer adds F(x) to x; otherwise it puts it beside x.
    """

    model: str
    title: str
    family: Family
    block: str
    shapes: tuple[tuple[int, ...], ...]
    added: tuple[int, ...]
    sums: bool
    kept: tuple[int, ...] = ()

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of x, then of what each layer passes on."""
        return tuple(shape[0] for shape in self.shapes)


@dataclass(frozen=True)
class Published:
    """A DenseNet with its published error in percent. millions: of parameters."""

    name: str
    k: int
    millions: float
    error: float


@dataclass(frozen=True)
class PublishedErrors:
    """Published DenseNets on one data set."""

    points: tuple[Published, ...]

    @property
    def best(self) -> Published:
        """The one with the least error."""
        return min(self.points, key=lambda point: point.error)

    @property
    def lightest(self) -> Published:
        """The one with the fewest parameters."""
        return min(self.points, key=lambda point: point.millions)


@dataclass(frozen=True)
class FeatureFlow:
    """What one layer reads in a dense block, and in a residual stage of as many blocks.

    layers: of the block. layer: the one that reads, from 1. initial: channels of the input, and
    of everything in the residual stage. k: channels that a dense layer adds.
    """

    layers: int
    layer: int
    initial: int
    k: int

    @property
    def sources(self) -> tuple[int, ...]:
        """Channels of each earlier output, the input first: side by side in the dense block."""
        return (self.initial, *[self.k] * (self.layer - 1))

    @property
    def dense(self) -> int:
        """Channels that the dense layer reads."""
        return sum(self.sources)

    @property
    def residual(self) -> int:
        """Channels that the residual block reads: the same outputs in one sum."""
        return self.initial

    @property
    def links(self) -> int:
        """Pairs of a layer and an output that it reads by itself, in the whole dense block."""
        return self.layers * (self.layers + 1) // 2
