"""The split of a set, and what answers on the held-out part say: counts alone."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np
from numpy.typing import NDArray

from demo.records import Problem
from demo.topics.train.records import Duel, PhotoSet, Result, Split, Step

FEWEST, MOST_CLASSES, MOST_PHOTOS = 2, 10, 500
HELD_OUT = 0.25
"""Share of each class that is kept for the test."""
FEW = 5
"""Photos of a class below which the page warns."""
Z = 1.959964
"""Of the normal distribution: 95 % lie within so many deviations."""


def check_classes(classes: Sequence[str]) -> None:
    """Refuse too few or too many classes.

    Raises:
        Problem: "train.problem.one_class" or "_many_classes".
    """
    if len(classes) < FEWEST:
        raise Problem("train.problem.one_class", least=FEWEST, count=len(classes))
    if len(classes) > MOST_CLASSES:
        raise Problem("train.problem.many_classes", most=MOST_CLASSES, count=len(classes))


def check(classes: Sequence[str], labels: Sequence[int]) -> None:
    """Refuse a set that nothing can be learned from, or that is too large.

    Raises:
        Problem: as `check_classes`; "train.problem.many_photos", or "_few_photos" of the first
            class that has less than two.
    """
    check_classes(classes)
    if len(labels) > MOST_PHOTOS:
        raise Problem("train.problem.many_photos", most=MOST_PHOTOS, count=len(labels))
    counts = np.bincount(np.asarray(labels, int), minlength=len(classes))
    for name, count in zip(classes, counts.tolist(), strict=True):
        if count < 2:
            raise Problem("train.problem.few_photos", name=name, count=count)


def split(photos: PhotoSet, seed: int, per_class: int = 0) -> Split:
    """Which photos are held out: of each class the same share, chosen by the seed alone.

    Args:
        per_class: photos of each class to learn from; 0 is all but HELD_OUT of them. One at least
            is kept on either side.
    """
    random = np.random.default_rng(seed)
    train: list[int] = []
    for index, count in enumerate(photos.counts):
        places = random.permutation(np.flatnonzero(photos.labels == index))
        wanted = per_class or count - round(count * HELD_OUT)
        train.extend(places[: min(max(wanted, 1), count - 1)].tolist())
    chosen = np.sort(np.array(train, np.int64))
    return Split(chosen, np.setdiff1d(np.arange(len(photos.labels)), chosen))


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share that was counted (Wilson, 1927): (low, high) in [0, 1]."""
    share, spread = right / of, Z * Z / of
    middle = share + spread / 2
    half = Z * float(np.sqrt(share * (1 - share) / of + spread / (4 * of)))
    return max((middle - half) / (1 + spread), 0.0), min((middle + half) / (1 + spread), 1.0)


def confusion(labels: NDArray[np.int64], answers: NDArray[np.int64], of: int) -> NDArray[np.int64]:
    """How many photos of each class (rows) got each answer (columns): (of, of)."""
    table = np.zeros((of, of), np.int64)
    np.add.at(table, (labels, answers), 1)
    return table


def judged(
    photos: PhotoSet,
    parts: Split,
    probabilities: NDArray[np.float32],
    steps: Sequence[Step],
    seconds: float,
    stopped: bool = False,
) -> Result:
    """The result of a training: everything about its accuracy is of the photos held out."""
    held, answers = parts.held_out, probabilities.argmax(axis=1)
    right = answers == photos.labels
    missed = held[~right[held]]
    sure = probabilities.max(axis=1)[missed]
    count = int(right[held].sum())
    return Result(
        photos.classes,
        photos.labels,
        parts,
        probabilities,
        tuple(steps),
        count / len(held),
        wilson(count, len(held)),
        confusion(photos.labels[held], answers[held], len(photos.classes)),
        tuple(missed[np.argsort(-sure, kind="stable")].tolist()),
        seconds,
        stopped,
    )


def two_components(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each photo's place on the two directions in which the features differ most: (photos, 2).

    Principal components by the singular values of the centred features; the sign of each is such
    that its largest entry in size is positive.
    """
    centred = features.astype(np.float64) - features.mean(axis=0)
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    places = np.zeros((len(features), 2))
    places[:, : min(2, len(s))] = (u * s)[:, :2]
    largest = np.abs(places).argmax(axis=0)
    signs = np.where(places[largest, [0, 1]] < 0, -1.0, 1.0)
    return (places * signs).astype(np.float32)


def compared(first: Result, second: Result) -> Duel:
    """Two networks on the same photos held out, and whether they differ by more than chance.

    McNemar's exact test (McNemar, 1947): where one alone is right, either is as probable as the
    other if both are equally good.

    Raises:
        ValueError: if they were not held out the same photos.
    """
    held = first.split.held_out
    if not np.array_equal(held, second.split.held_out):
        raise ValueError("not the same photos")
    right = [one.probabilities.argmax(axis=1)[held] == one.labels[held] for one in (first, second)]
    one_alone, other_alone = (int((a & ~b).sum()) for a, b in (right, right[::-1]))
    return Duel(
        (first.accuracy, second.accuracy),
        (first.interval, second.interval),
        int((right[0] & right[1]).sum()),
        (one_alone, other_alone),
        int((~right[0] & ~right[1]).sum()),
        mcnemar(one_alone, other_alone),
    )


def mcnemar(one: int, other: int) -> float:
    """How often chance alone makes two equally good networks differ by as much, or more.

    Two-sided: one, other: photos that the one alone, or the other alone, has right.
    """
    count = one + other
    tail = sum(comb(count, wins) for wins in range(min(one, other) + 1))
    return min(2 * tail / 2**count, 1.0)
