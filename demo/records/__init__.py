"""What passes between rooms: frozen records of numbers, never tensors, never pictures drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Family = str
"""Key of a row of `families.FAMILIES`."""
Source = Literal["bundled", "downloaded", "trained"]
Readiness = Literal["bundled", "downloaded", "absent"]


class Problem(Exception):
    """Something the reader must know: a key of the text files and the values for its placeholders.

    Raised by any room, turned into one sentence in the reader's language by the page.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(f"{key} {values}" if values else key)
        self.key = key
        self.values = values

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its message, which is not what makes this one.
        return partial(type(self), self.key, **self.values), ()


class Notice:
    """Something the reader should know of what is shown: a key of the text files and its values."""

    def __init__(self, key: str, **values: object) -> None:
        self.key = key
        self.values = values

    def __repr__(self) -> str:
        return f"Notice({self.key!r}, {self.values})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Notice) and (self.key, self.values) == (other.key, other.values)

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Photo:
    """A safe picture: pixels (H, W, 3) uint8 sRGB, upright; key is a digest of the pixels.

    kind: what its file is by its bytes, as "JPEG"; "" for a drawn picture. notices: what was
    assumed or is missing.
    """

    key: str
    pixels: NDArray[np.uint8]
    name: str = ""
    kind: str = ""
    notices: tuple[Notice, ...] = ()


@dataclass(frozen=True)
class Box:
    """A region of a photo as fractions of its width and height, each in [0, 1]."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, eq=False)
class Scores:
    """One network's answer about one photo.

    logits and probabilities: (classes,), in the order of the spec's labels; probabilities sum to 1
    and include the calibration temperature. seconds: the forward pass alone. seen: the part of
    the photo that the network was given.
    """

    model: str
    photo: str
    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    seconds: float
    source: Source
    seen: Box

    @property
    def top(self) -> int:
        """Index of the most probable class."""
        return int(self.probabilities.argmax())

    @property
    def entropy(self) -> float:
        """Uncertainty as a share of the most possible: 0 is certain, 1 is a uniform guess."""
        p = self.probabilities.astype(np.float64)
        p = p[p > 0]
        return float(-(p * np.log(p)).sum() / np.log(len(self.probabilities)))


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A Grad-CAM (Selvaraju et al., 2017) at the layer's own size.

    values: (h, w) in [0, 1], the raw map after ReLU divided by its maximum (all zero where the raw
    map has no positive value). raw_min, raw_max: range of the weighted sum before ReLU.
    """

    model: str
    photo: str
    layer: str
    index: int
    values: NDArray[np.float32]
    raw_min: float
    raw_max: float
    seen: Box

    @property
    def empty(self) -> bool:
        """Whether no place speaks for the class."""
        return self.raw_max <= 0


@dataclass(frozen=True)
class Agreement:
    """Where the models that share labels agree.

    groups: (class index, keys of the models whose first choice it is), largest first.
    ensemble: mean probability, (classes,).
    """

    dataset: str
    groups: tuple[tuple[int, tuple[str, ...]], ...]
    ensemble: NDArray[np.float32]

    @property
    def best(self) -> int:
        """The class that is most probable on the mean."""
        return int(self.ensemble.argmax())
