"""A convolution beside the same after a 1x1 that reduces the channels; a whole module of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detour:
    """A convolution, and the same after a 1x1 that reduces the channels; stride 1, no bias.

    kernel, side: of the square filter and the square map, in pixels.
    """

    in_channels: int
    reduced: int
    kernel: int
    out_channels: int
    side: int

    @property
    def direct(self) -> int:
        """Weights without the 1x1 convolution."""
        return self.kernel**2 * self.in_channels * self.out_channels

    @property
    def squeeze(self) -> int:
        """Weights of the 1x1 convolution."""
        return self.in_channels * self.reduced

    @property
    def after(self) -> int:
        """Weights of the larger convolution after it."""
        return self.kernel**2 * self.reduced * self.out_channels

    @property
    def through(self) -> int:
        """Weights of both."""
        return self.squeeze + self.after

    @property
    def ratio(self) -> float:
        """How many times as many weights without the 1x1 convolution."""
        return self.direct / self.through

    @property
    def saves(self) -> bool:
        """Whether the way through the 1x1 convolution has fewer weights."""
        return self.through < self.direct

    @property
    def kept(self) -> int:
        """Independent mixtures of the input channels that get through, at most."""
        return min(self.reduced, self.in_channels)

    @property
    def kept_share(self) -> float:
        """The same as a share of the input channels."""
        return self.kept / self.in_channels

    @property
    def macs(self) -> tuple[int, int]:
        """Multiply-adds on one photo: direct, through the reduction."""
        places = self.side**2
        return self.direct * places, self.through * places


@dataclass(frozen=True)
class PlannedStep:
    """A convolution of a planned branch, stride 1, no bias; kernel in pixels."""

    kernel: int
    in_channels: int
    channels: int

    @property
    def weights(self) -> int:
        """Of the convolution alone."""
        return self.kernel**2 * self.in_channels * self.channels


@dataclass(frozen=True)
class PlannedBranch:
    """Convolutions in a row; pools: whether a 3x3 max pooling comes before them."""

    name: str
    steps: tuple[PlannedStep, ...]
    pools: bool = False

    @property
    def channels(self) -> int:
        """What it puts out."""
        return self.steps[-1].channels

    @property
    def weights(self) -> int:
        """Of all its convolutions."""
        return sum(step.weights for step in self.steps)

    @property
    def unreduced(self) -> int:
        """Its weights if its last convolution read the input itself."""
        first, last = self.steps[0], self.steps[-1]
        return last.kernel**2 * first.in_channels * last.channels


@dataclass(frozen=True)
class PlannedModule:
    """An Inception module by its numbers, on maps of side x side.

    Fields as the arguments of `demo.blocks.inception.InceptionModule`.
    """

    in_channels: int
    ch1x1: int
    ch3x3_reduce: int
    ch3x3: int
    ch5x5_reduce: int
    ch5x5: int
    pool_proj: int
    side: int

    @property
    def branches(self) -> tuple[PlannedBranch, ...]:
        """Its four branches in the order of their channels."""
        read = self.in_channels
        return (
            PlannedBranch("1x1", (PlannedStep(1, read, self.ch1x1),)),
            self._reduced(3, self.ch3x3_reduce, self.ch3x3),
            self._reduced(5, self.ch5x5_reduce, self.ch5x5),
            PlannedBranch("pool", (PlannedStep(1, read, self.pool_proj),), pools=True),
        )

    def _reduced(self, kernel: int, reduced: int, channels: int) -> PlannedBranch:
        steps = PlannedStep(1, self.in_channels, reduced), PlannedStep(kernel, reduced, channels)
        return PlannedBranch(f"{kernel}x{kernel}", steps)

    @property
    def out_channels(self) -> int:
        """Of all branches side by side."""
        return sum(branch.channels for branch in self.branches)

    @property
    def weights(self) -> int:
        """Of all convolutions, without biases and BatchNorm, as the paper counts."""
        return sum(branch.weights for branch in self.branches)

    @property
    def heaviest(self) -> PlannedBranch:
        """The branch with most weights."""
        return max(self.branches, key=lambda branch: branch.weights)

    @property
    def unreduced(self) -> int:
        """Weights of the module if the 3x3 and the 5x5 read the input itself."""
        return sum(branch.unreduced for branch in self.branches)

    @property
    def ratio(self) -> float:
        """How many times as many weights without the two reductions."""
        return self.unreduced / self.weights

    @property
    def filters(self) -> int:
        """Of all convolutions together: each may have a bias and two numbers of a BatchNorm."""
        return sum(step.channels for branch in self.branches for step in branch.steps)
