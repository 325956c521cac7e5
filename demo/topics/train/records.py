"""A set of photos in classes, how it was split, and what training on it came to."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from demo.records import Photo, Problem

Mode = Literal["head", "block"]
"""What is trained: the new head alone, or the last block as well."""


LONGEST_NAME = 40
"""Characters of a class's name."""
LONGEST_SHOWN = 80
"""Characters of a file's name where it is shown."""
_MOST_READ = 512
"""Characters of a name that are looked at: to compose a long one may take very long."""
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode's categories of what has no shape of its own, or is no character at all."""
_FILLERS = "\u115f\u1160\u3164\uffa0"
"""Hangul letters that are blank."""


def seen(written: str) -> str:
    """A name without what cannot be seen; equal for equal letters, however a keyboard made them."""
    kept = (
        one
        for one in written[:_MOST_READ]
        if one not in _FILLERS and unicodedata.category(one) not in _UNSEEN
    )
    return unicodedata.normalize("NFC", "".join(kept))


def shown_name(name: str) -> str:
    """A file's name as it is shown: what is seen of it, of a long one the end."""
    words = seen(name[-_MOST_READ:])
    return words if len(words) <= LONGEST_SHOWN else f"…{words[1 - LONGEST_SHOWN :]}"


@dataclass(frozen=True)
class Skipped:
    """A file of an archive that was left out, and why: a problem that the page words."""

    name: str
    why: Problem


@dataclass(frozen=True, eq=False)
class PhotoSet:
    """Photos of some classes.

    labels: (photos,), the index of each photo's class. names: of each photo, as its owner knows it.
    skipped: what was not taken in.
    """

    classes: tuple[str, ...]
    photos: tuple[Photo, ...]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def counts(self) -> tuple[int, ...]:
        """Photos of each class."""
        return tuple(np.bincount(self.labels, minlength=len(self.classes)).tolist())


@dataclass(frozen=True, eq=False)
class Split:
    """Which photos teach and which are kept for the test: two sorted lists of their places."""

    train: NDArray[np.int64]
    held_out: NDArray[np.int64]


@dataclass(frozen=True)
class Step:
    """Where training stands after an epoch: mean cross-entropy in nats, and shares in [0, 1]."""

    epoch: int
    loss: float
    held_loss: float
    accuracy: float
    held_accuracy: float


@dataclass(frozen=True, eq=False)
class Head:
    """A linear layer: weight (classes, features), bias (classes,), both float32."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True)
class Replaced:
    """A layer that was replaced: its path, and the shape (out, in) of its weight before and after.

    said: the same as code.
    """

    path: str
    before: tuple[int, int]
    after: tuple[int, int]

    @property
    def said(self) -> str:
        """The line of code that replaces it."""
        outputs, inputs = self.after
        return f"network.{self.path} = nn.Linear({inputs}, {outputs})"


@dataclass(frozen=True, eq=False)
class Result:
    """What training came to.

    probabilities: (photos, classes) of all photos of the set. steps: one an epoch. confusion:
    (true class, answer) -> photos held out. interval: of the accuracy, 95 %. wrong: places of the
    photos held out that it gets wrong, the surest first. stopped: whether time, or the reader,
    ended it before its last epoch.
    """

    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    split: Split
    probabilities: NDArray[np.float32]
    steps: tuple[Step, ...]
    accuracy: float
    interval: tuple[float, float]
    confusion: NDArray[np.int64]
    wrong: tuple[int, ...]
    seconds: float
    stopped: bool


CHANCE = 0.05
"""How rare a difference must be among equals, to be called more than chance."""


@dataclass(frozen=True)
class Duel:
    """Two networks on the same photos held out.

    accuracy, interval: of each, as in `Result`. both, alone, neither: how many photos both have
    right, each of them alone, and neither. p: how often chance makes as large a difference, or a
    larger one, between two that are equally good.
    """

    accuracy: tuple[float, float]
    interval: tuple[tuple[float, float], tuple[float, float]]
    both: int
    alone: tuple[int, int]
    neither: int
    p: float

    @property
    def count(self) -> int:
        """Photos held out."""
        return self.both + sum(self.alone) + self.neither

    @property
    def right(self) -> tuple[int, int]:
        """Photos that each has right."""
        return self.both + self.alone[0], self.both + self.alone[1]

    @property
    def better(self) -> int | None:
        """Which is better by more than chance; None where neither is."""
        if self.p >= CHANCE:
            return None
        return int(self.alone[1] > self.alone[0])
