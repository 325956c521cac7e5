"""One map, several methods side by side, one class against another, and through depth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, zip_longest
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.records import Box

Method = Literal[
    "gradcam", "gradcam_pp", "hirescam", "saliency", "guided", "integrated", "occlusion"
]
METHODS: tuple[Method, ...] = get_args(Method)
AT_A_LAYER: tuple[Method, ...] = ("gradcam", "gradcam_pp", "hirescam", "guided")
"""Those that look at one layer; the others look at the pixels alone."""
LONG: tuple[Method, ...] = ("integrated", "occlusion")
"""Those that run the network many times."""
GRID = 7
"""Maps of different sizes are compared on a grid of GRID x GRID places."""


@dataclass(frozen=True, eq=False)
class Explanation:
    """What one method says about one class of one network and photo.

    layer: its name, "" where the method looks at the pixels alone. index: the class. against: the
    class that it is weighed against, None for none. raw: (h, w), signed: above 0 speaks for the
    class. seconds: what it took. seen: the part of the photo that the network was given.
    """

    model: str
    method: Method
    layer: str
    index: int
    against: int | None
    raw: NDArray[np.float32]
    seconds: float
    seen: Box

    @property
    def raw_min(self) -> float:
        """The least value."""
        return float(self.raw.min())

    @property
    def raw_max(self) -> float:
        """The largest value."""
        return float(self.raw.max())

    @property
    def largest(self) -> float:
        """The largest |value|."""
        return max(abs(self.raw_min), abs(self.raw_max))

    @property
    def heat(self) -> NDArray[np.float32]:
        """What speaks for the class, in [0, 1]: negative values are 0; all 0 where nothing does."""
        positive = np.maximum(self.raw, 0)
        return positive / positive.max() if positive.max() > 0 else positive

    @property
    def signed(self) -> NDArray[np.float32]:
        """The map in [-1, 1], divided by its largest |value|; all 0 where it is empty."""
        return self.raw / self.largest if self.largest > 0 else np.zeros_like(self.raw)

    @property
    def share_against(self) -> float:
        """How much of the sum of |values| speaks against the class, in [0, 1]."""
        total = float(np.abs(self.raw).sum())
        return float(-np.minimum(self.raw, 0).sum()) / total if total > 0 else 0.0

    @property
    def grid(self) -> NDArray[np.float32]:
        """Means over GRID x GRID equal places."""
        picture = Image.fromarray(self.raw.astype(np.float32))
        return np.asarray(picture.resize((GRID, GRID), Image.Resampling.BOX))


@dataclass(frozen=True)
class Likeness:
    """How alike two maps order the places of a photo: Spearman's rank correlation, in [-1, 1]."""

    first: Method
    second: Method
    correlation: float


@dataclass(frozen=True, eq=False)
class Methods:
    """Several methods' maps of one class of one network and photo, and its probability."""

    maps: tuple[Explanation, ...]
    probability: float

    @property
    def pairs(self) -> tuple[Likeness, ...]:
        """Each two methods, most alike first."""
        grids = {one.method: one.grid for one in self.maps}
        pairs = [
            Likeness(first, second, rank_correlation(grids[first], grids[second]))
            for first, second in combinations(grids, 2)
        ]
        return tuple(sorted(pairs, key=lambda pair: -pair.correlation))


def rank_correlation(first: NDArray[np.floating], second: NDArray[np.floating]) -> float:
    """Spearman's: equal values share their mean rank; 0 where one of the two is constant."""
    one, other = (_ranks(values.ravel()) for values in (first, second))
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale > 0 else 0.0


def _ranks(values: NDArray[np.floating]) -> NDArray[np.float64]:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = counts.cumsum()
    return (last - (counts - 1) / 2)[place]


@dataclass(frozen=True, eq=False)
class Against:
    """Why one class and not another: the map of the difference of their logits, and both of them.

    logits and probabilities: of the class `map.index` and of the class `map.against`.
    """

    map: Explanation
    logit: float
    other_logit: float
    probability: float
    other_probability: float

    @property
    def margin(self) -> float:
        """By how much the first logit is above the second."""
        return self.logit - self.other_logit


@dataclass(frozen=True, eq=False)
class LayerMap:
    """Grad-CAM at one layer.

    size: (height, width) of its maps. field: height and width of what one of its places sees, in
    pixels of the network's input. side: of that input. named: whether it is one of the spec's
    layers, not a block between two of them.
    """

    map: Explanation
    size: tuple[int, int]
    field: tuple[int, int]
    side: int
    named: bool = True

    @property
    def share(self) -> float:
        """Side of what one place sees as a share of the input's; 1 where it sees all of it."""
        return min(1.0, max(self.field) / self.side)


@dataclass(frozen=True, eq=False)
class Strip:
    """One class through the layers of a network, from first to last."""

    layers: tuple[LayerMap, ...]

    @property
    def named(self) -> tuple[LayerMap, ...]:
        """Those that the spec names."""
        return tuple(one for one in self.layers if one.named)

    @property
    def correlation(self) -> float:
        """How alike the first layer and the last order the places: rank correlation."""
        first, last = self.layers[0].map, self.layers[-1].map
        return rank_correlation(first.grid, last.grid)


def row_scales(strips: list[Strip]) -> list[float]:
    """Of each row of named layers side by side, first layers first, the largest |value| of its
    maps."""
    rows = zip_longest(*(strip.named for strip in strips))
    return [max(one.map.largest for one in row if one is not None) for row in rows]
