"""Records of residual blocks and of cardinality: numbers only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demo.records import Box

SHORTCUT = "shortcut"
BRANCH = "branch"
"""What can be switched off in a block beside its paths, which are numbered from "0"."""


@dataclass(frozen=True)
class Bottleneck:
    """A residual block as the live module has it: 1x1 -> 3x3 -> 1x1 beside a shortcut.

    width: channels inside, of all `cardinality` paths together. size_in, size_out: (height, width)
    of the maps. identity: whether the shortcut is x itself and no convolution. weights: of the
    three convolutions and of the shortcut's (0 where it has none).
    """

    name: str
    path: str
    in_channels: int
    width: int
    out_channels: int
    cardinality: int
    stride: int
    size_in: tuple[int, int]
    size_out: tuple[int, int]
    identity: bool
    weights: tuple[int, int, int, int]

    @property
    def path_width(self) -> int:
        """Channels of one path, the paper's d."""
        return self.width // self.cardinality

    @property
    def switches(self) -> tuple[str, ...]:
        """What can be switched off: the shortcut, the branch, and its paths if it has several."""
        paths = range(self.cardinality) if self.cardinality > 1 else ()
        return (SHORTCUT, BRANCH, *(str(index) for index in paths))


@dataclass(frozen=True)
class Share:
    """How much a block adds: Euclidean lengths of F(x) and of what the shortcut carries."""

    block: str
    identity: bool
    branch: float
    shortcut: float

    @property
    def ratio(self) -> float:
        """|F(x)| / |x|; 0 where the shortcut carries nothing."""
        return self.branch / self.shortcut if self.shortcut > 0 else 0.0


@dataclass(frozen=True)
class Shares:
    """How much each block of a network adds, in order of depth."""

    blocks: tuple[Share, ...]

    @property
    def most(self) -> Share:
        """The block that adds most beside what its shortcut carries."""
        return max(self.blocks, key=lambda share: share.ratio)

    @property
    def least(self) -> Share:
        """The one that adds least."""
        return min(self.blocks, key=lambda share: share.ratio)


@dataclass(frozen=True, eq=False)
class ResidualSum:
    """Both terms of a block's sum on one photo, and relu(shortcut + branch), each (C, h, w)."""

    block: Bottleneck
    shortcut: NDArray[np.float32]
    branch: NDArray[np.float32]
    output: NDArray[np.float32]
    seen: Box

    @property
    def terms(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Shortcut, branch and output."""
        return self.shortcut, self.branch, self.output

    @property
    def means(self) -> tuple[float, float, float]:
        """Mean |value| of shortcut, branch and output."""
        carried, added, passed = (float(np.abs(term).mean()) for term in self.terms)
        return carried, added, passed

    @property
    def maps(self) -> tuple[NDArray[np.float32], ...]:
        """Mean |value| over the channels of each term, (h, w)."""
        return tuple(np.abs(term).mean(axis=0) for term in self.terms)

    @property
    def largest(self) -> float:
        """The largest value of the three maps."""
        return float(max(values.max() for values in self.maps))

    def changed(self, count: int) -> list[int]:
        """The channels to which the branch adds most (sum of squares), strongest first."""
        energy = np.square(self.branch).sum(axis=(1, 2))
        return np.argsort(-energy, kind="stable")[:count].tolist()


@dataclass(frozen=True)
class Forms:
    """Three ways to compute F(x) with the same weights, and how far they are apart.

    Differences are the largest |a - b| over all values of each pair of forms: (paths, early
    concatenation), (paths, grouped), (early concatenation, grouped). scale: the largest |value| of
    the grouped form, for forward and gradient.
    """

    cardinality: int
    path_width: int
    forward: tuple[float, float, float]
    gradient: tuple[float, float, float]
    forward_scale: float
    gradient_scale: float

    @property
    def largest(self) -> float:
        """The largest difference between two of the outputs."""
        return max(self.forward)

    @property
    def largest_gradient(self) -> float:
        """The largest difference between two of the gradients with respect to x."""
        return max(self.gradient)


@dataclass(frozen=True, eq=False)
class PathMaps:
    """What each path adds to F(x): maps (C, h, w), mean |value| over its output channels.

    strength: (C,), Euclidean length of each path's part.
    """

    block: str
    maps: NDArray[np.float32]
    strength: NDArray[np.float32]

    @property
    def largest(self) -> float:
        """The largest value of all maps."""
        return float(self.maps.max())

    @property
    def shares(self) -> NDArray[np.float32]:
        """Strength of each path as a share of the strongest; all 0 where none adds anything."""
        most = self.strength.max()
        return self.strength / most if most > 0 else np.zeros_like(self.strength)


@dataclass(frozen=True)
class Setting:
    """A bottleneck of `cardinality` paths with `width` channels each, without BatchNorm.

    weights: of the 1x1, the grouped 3x3 and the second 1x1. side: of the maps, in pixels.
    """

    in_channels: int
    cardinality: int
    width: int
    side: int
    weights: tuple[int, int, int]

    @property
    def group_width(self) -> int:
        """Channels of the grouped convolution, C x d (the paper's Table 2)."""
        return self.cardinality * self.width

    @property
    def parameters(self) -> int:
        """All weights."""
        return sum(self.weights)

    @property
    def macs(self) -> int:
        """Multiply-adds on one photo."""
        return self.parameters * self.side**2

    @property
    def full(self) -> int:
        """Weights of the 3x3 convolution if every channel read all others."""
        return 9 * self.group_width**2


@dataclass(frozen=True)
class Cardinality:
    """One setting beside the one that it is compared with.

    network, reference_network: parameters of the whole 50-layer networks. errors: (C, d) ->
    published top-1 errors in percent with 50 and with 101 layers.
    """

    setting: Setting
    reference: Setting
    network: int
    reference_network: int
    errors: Mapping[tuple[int, int], tuple[float, float]]

    @property
    def change(self) -> float:
        """How many more weights the block has, as a share of the reference's."""
        return self.setting.parameters / self.reference.parameters - 1

    @property
    def error(self) -> tuple[float, float] | None:
        """The published errors of the setting; None where nobody measured it."""
        return self.errors.get((self.setting.cardinality, self.setting.width))


@dataclass(frozen=True)
class Flow:
    """How large the loss's gradient is at each place of a network, from the photo to the answer.

    sizes: Euclidean lengths of the gradient with respect to what each block, or each layer of a
    dense block, computes.
    """

    sizes: tuple[float, ...]

    @property
    def reach(self) -> float:
        """The first place's as a share of the last's; 0 where nothing comes back."""
        return self.sizes[0] / self.sizes[-1] if self.sizes[-1] > 0 else 0.0


@dataclass(frozen=True)
class Gradients:
    """One network's gradients with its shortcuts, or dense links, and without.

    places: "stage2.1" is the first block of the second stage, "block2.1" the first layer of the
    second dense block. dense: whether it is links that are missing. live: whether BatchNorm
    normalises by the photo's own values, as in a step of training, or by its stored ones.
    trained: with, without. random: the same with the weights of a seeded start.
    """

    places: tuple[str, ...]
    dense: bool
    live: bool
    trained: tuple[Flow, Flow]
    random: tuple[Flow, Flow]

    LOST = 1e-3
    """A share of the gradient below which it is called lost."""

    @property
    def lost(self) -> bool:
        """Whether the random network loses its gradient without them, and only without them."""
        whole, without = self.random
        return whole.reach >= self.LOST > without.reach

    @property
    def evener(self) -> bool:
        """Whether the random network's first and last sizes are nearer each other with them."""
        whole, without = (abs(np.log(max(flow.reach, 1e-300))) for flow in self.random)
        return bool(whole < without)

    @property
    def span(self) -> tuple[float, float]:
        """The smallest and the largest of all sizes that are above 0."""
        flows = (*self.trained, *self.random)
        seen = [size for flow in flows for size in flow.sizes if size > 0]
        return (min(seen), max(seen)) if seen else (1.0, 1.0)
