"""What is known of an Inception block: its steps, its branches, and what they did on a photo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.records import Box
from demo.records.counterfactual import Counterfactual
from demo.records.receptive import Field, Pair, Step

Mode = Literal["zero", "mean"]


@dataclass(frozen=True)
class Branch:
    """One branch of a block.

    name: its kernels as the live module has them ("1x1", "3x3", "1x7-7x1", "pool"), unique in its
    block. trunk: its steps in order. ends: where the branch splits, the steps of each end, whose
    outputs are concatenated; empty where it does not. start, stop: its channels in the block's
    output. exit: index of its last step.
    """

    name: str
    trunk: tuple[Step, ...]
    ends: tuple[tuple[Step, ...], ...]
    start: int
    stop: int
    exit: int

    @property
    def channels(self) -> int:
        """How many channels it adds to the block's output."""
        return self.stop - self.start

    @property
    def steps(self) -> tuple[Step, ...]:
        """All its steps, an end after the other."""
        return (*self.trunk, *(step for end in self.ends for step in end))

    @property
    def convolutions(self) -> tuple[Step, ...]:
        """Its convolutions, in order."""
        return tuple(step for step in self.steps if step.kind == "conv")

    @property
    def pools(self) -> bool:
        """Whether it begins with a pooling."""
        return any(step.kind in ("max", "avg") for step in self.steps)


@dataclass(frozen=True)
class Block:
    """An Inception block: what it reads, its branches in the order of its output's channels.

    shape_in, shape_out: (C, H, W). entry, exit: the steps whose outputs it reads and puts out.
    """

    name: str
    path: str
    shape_in: tuple[int, int, int]
    shape_out: tuple[int, int, int]
    branches: tuple[Branch, ...]
    entry: int
    exit: int

    def branch(self, name: str) -> Branch:
        """The branch of that name.

        Raises:
            KeyError: if there is none.
        """
        for branch in self.branches:
            if branch.name == name:
                return branch
        raise KeyError(name)

    @property
    def widest(self) -> Branch:
        """The branch with most channels, the first of equals."""
        return max(self.branches, key=lambda branch: branch.channels)

    @property
    def twins(self) -> bool:
        """Whether two of its branches have the same kernels."""
        return any("#" in branch.name for branch in self.branches)


@dataclass(frozen=True)
class Anatomy:
    """How a network's Inception blocks are built and what comes before them.

    size: side of the input. steps: in an order in which each follows its sources. blocks: name ->
    block, in order of depth.
    """

    model: str
    size: int
    steps: tuple[Step, ...]
    blocks: Mapping[str, Block]


@dataclass(frozen=True)
class Sight:
    """How far one position of a branch's output sees.

    within: in its block, in places of the block's input. whole: in the network's input, in pixels.
    near, far: both for the position of its `Sights`, as shares of what the network was given.
    """

    branch: Branch
    within: Field
    whole: Field
    near: Box
    far: Box


@dataclass(frozen=True)
class Sights:
    """How far the branches of one block see.

    size: side of the network's input in pixels. position: (row, column) of the block's output.
    """

    block: Block
    size: int
    position: Pair
    branches: tuple[Sight, ...]

    @property
    def farthest(self) -> Sight:
        """The branch that sees most pixels of the photo, the first of equals."""
        return max(self.branches, key=lambda sight: _area(sight.whole))

    @property
    def nearest(self) -> Sight:
        """The one that sees fewest."""
        return min(self.branches, key=lambda sight: _area(sight.whole))

    def beyond(self, sight: Sight) -> bool:
        """Whether a branch sees further than the whole picture."""
        return max(sight.whole.extent) > self.size


def _area(field: Field) -> int:
    return field.extent[0] * field.extent[1]


@dataclass(frozen=True)
class Reduction:
    """A 1x1 convolution before larger kernels, and what the branch costs with and without it.

    path: the 1x1 convolution's module path. Weights without biases; macs: multiply-adds.
    """

    branch: str
    path: str
    in_channels: int
    channels: int
    weights_with: int
    weights_without: int
    macs_with: int
    macs_without: int

    @property
    def ratio(self) -> float:
        """How many times more weights the branch would have without it."""
        return self.weights_without / self.weights_with


@dataclass(frozen=True)
class Roles:
    """What the 1x1 convolutions of a block are for.

    reductions: those before larger kernels. projection: the one after the pooling, None where
    there is none.
    """

    reductions: tuple[Reduction, ...]
    projection: Step | None

    @property
    def most(self) -> Reduction | None:
        """The reduction that saves the largest share of weights, None where there is none."""
        return max(self.reductions, key=lambda one: one.ratio, default=None)


@dataclass(frozen=True, eq=False)
class Work:
    """What a reduction does on one photo.

    maps: what it puts out after its ReLU, (C, h, w); strongest: the channels to show. weights: the
    matrix that mixes channels, (out, in).
    """

    maps: NDArray[np.float32]
    strongest: tuple[int, ...]
    weights: NDArray[np.float32]

    @property
    def zeros(self) -> float:
        """Share of the values that its ReLU set to 0."""
        return float((self.maps == 0).mean())


@dataclass(frozen=True, eq=False)
class BranchActivity:
    """What one branch put out on one photo.

    heat: (h, w) mean over its channels. strength: (C,) mean activation of each channel. energy: sum
    of squares; energy_share and channel_share: of the whole block. zeros: share of values that are
    0. silent: channels that are 0 everywhere. counts: histogram of the values above 0.
    """

    name: str
    heat: NDArray[np.float32]
    strength: NDArray[np.float32]
    channel_share: float
    energy: float
    energy_share: float
    zeros: float
    silent: int
    highest: float
    counts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class BlockActivity:
    """What the branches of one block put out on one photo.

    edges: of the histograms' bins, shared by all branches: bins + 1 values from 0.
    """

    model: str
    photo: str
    block: str
    branches: tuple[BranchActivity, ...]
    edges: NDArray[np.float32]

    @property
    def leader(self) -> BranchActivity:
        """The branch that puts out most energy, the first of equals."""
        return max(self.branches, key=lambda branch: branch.energy)

    @property
    def keenest(self) -> BranchActivity:
        """The branch that puts out most energy beside its share of channels."""
        return max(self.branches, key=lambda branch: branch.energy_share / branch.channel_share)

    @property
    def fullest_bin(self) -> int:
        """The largest count of all histograms."""
        return max(int(branch.counts.max(initial=0)) for branch in self.branches)


@dataclass(frozen=True)
class Part:
    """One branch among the others of its block.

    extent: how far it sees in its block, the larger of both directions. channels: its share of the
    block's channels. energy: its share of the sum of squares on a photo, None without one.
    """

    branch: str
    pools: bool
    extent: int
    channels: float
    energy: float | None = None


@dataclass(frozen=True)
class Split:
    """A block, split among its branches."""

    block: str
    parts: tuple[Part, ...]

    @property
    def large(self) -> tuple[float, float]:
        """Shares of channels and of energy of the branches that see further than 3x3."""
        far = [part for part in self.parts if not part.pools and part.extent > 3]
        return sum(part.channels for part in far), sum(part.energy or 0.0 for part in far)


@dataclass(frozen=True)
class Depth:
    """All blocks of a network in order of depth, split among their branches."""

    blocks: tuple[Split, ...]

    def with_energy(self, activities: Sequence[BlockActivity]) -> Depth:
        """The same with the shares of energy that all blocks had on a photo."""
        return Depth(
            tuple(
                Split(
                    split.block,
                    tuple(
                        replace(part, energy=branch.energy_share)
                        for part, branch in zip(split.parts, one.branches, strict=True)
                    ),
                )
                for split, one in zip(self.blocks, activities, strict=True)
            )
        )

    @property
    def measured(self) -> bool:
        """Whether a photo has given the shares of energy."""
        return all(part.energy is not None for split in self.blocks for part in split.parts)

    @property
    def extents(self) -> tuple[int, ...]:
        """How far its branches see, each once, nearest first; poolings do not count."""
        parts = (part for split in self.blocks for part in split.parts)
        return tuple(sorted({part.extent for part in parts if not part.pools}))


@dataclass(frozen=True, eq=False)
class CutMatrix:
    """Every branch of every block switched off, one at a time, in order of depth and branch."""

    model: str
    photo: str
    mode: Mode
    cuts: tuple[Counterfactual, ...]

    def worst(self, index: int) -> Counterfactual:
        """The cut that lowers the logit of a class most, or raises it least."""
        return min(self.cuts, key=lambda cut: cut.logit_change(index))

    def largest(self, index: int) -> float:
        """The largest change of a class's logit, up or down."""
        return max((abs(cut.logit_change(index)) for cut in self.cuts), default=0.0)
