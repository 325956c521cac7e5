"""Splits, intervals, confusion: literal values."""

from __future__ import annotations

import numpy as np
import pytest

from demo.records import Photo
from demo.topics.train.numbers import (
    compared,
    confusion,
    judged,
    mcnemar,
    split,
    two_components,
    wilson,
)
from demo.topics.train.records import PhotoSet, Result, Split

BLACK = Photo("black", np.zeros((4, 4, 3), np.uint8))


def of_counts(*counts: int) -> PhotoSet:
    labels = np.repeat(np.arange(len(counts)), counts)
    names = tuple(f"{place}" for place in range(len(labels)))
    classes = tuple("abcdefghij"[: len(counts)])
    return PhotoSet(classes, (BLACK,) * len(labels), labels, names)


@pytest.mark.parametrize(
    ("counts", "per_class", "train"),
    [((8, 12), 0, (6, 9)), ((2, 40), 0, (1, 30)), ((8, 12), 7, (7, 7)), ((8, 12), 50, (7, 11))],
)
def test_the_same_share_of_each_class_is_held_out(
    counts: tuple[int, ...], per_class: int, train: tuple[int, ...]
) -> None:
    photos = of_counts(*counts)
    parts = split(photos, 3, per_class)
    assert np.bincount(photos.labels[parts.train]).tolist() == list(train)
    both = np.sort(np.concatenate([parts.train, parts.held_out]))
    assert both.tolist() == list(range(sum(counts)))


def test_the_seed_alone_chooses() -> None:
    photos = of_counts(8, 12)
    first = split(photos, 3)
    assert first.train.tolist() == split(photos, 3).train.tolist()
    assert first.train.tolist() != split(photos, 4).train.tolist()


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    # Wilson's formula by hand: 8 of 10, all of 20, none of 5.
    [(8, 10, 0.4902, 0.9433), (20, 20, 0.8389, 1.0), (0, 5, 0.0, 0.4345)],
)
def test_the_interval_of_a_share(right: int, of: int, low: float, high: float) -> None:
    assert wilson(right, of) == pytest.approx((low, high), abs=1e-4)


def test_confusion_counts_true_classes_in_rows() -> None:
    table = confusion(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), 2)
    assert table.tolist() == [[1, 1], [1, 2]]


def test_a_result_speaks_of_the_photos_held_out_alone() -> None:
    photos = of_counts(3, 3)
    shares = [[0.1, 0.9], [0.8, 0.2], [0.4, 0.6], [0.1, 0.9], [0.95, 0.05], [0.2, 0.8]]
    parts = Split(np.array([0, 3]), np.array([1, 2, 4, 5]))
    found = judged(photos, parts, np.array(shares, np.float32), [], 1.5)
    assert found.accuracy == 0.5
    assert found.confusion.tolist() == [[1, 1], [1, 1]]
    # The surest first; photo 0 is wrong as well, and was learned from.
    assert found.wrong == (4, 2)
    assert found.interval == wilson(2, 4)


def test_two_components_of_a_cross() -> None:
    features = np.array([[3, 1, 0], [-3, 1, 0], [0, 2, 0], [0, 0, 0]], np.float32)
    places = two_components(features)
    assert places == pytest.approx(np.array([[3, 0], [-3, 0], [0, 1], [0, -1]]), abs=1e-6)
    assert two_components(np.ones((3, 1), np.float32)).tolist() == [[0, 0]] * 3


@pytest.mark.parametrize(
    ("one", "other", "p"),
    # Twice the binomial coefficients up to the lesser, over 2^n; 1 of 10: twice 11 of 1,024.
    [(0, 0, 1.0), (1, 1, 1.0), (9, 1, 0.021484375), (0, 5, 0.0625), (0, 6, 0.03125), (3, 4, 1.0)],
)
def test_mcnemars_exact_test(one: int, other: int, p: float) -> None:
    assert mcnemar(one, other) == p


def test_two_results_are_compared_photo_by_photo() -> None:
    photos = of_counts(8, 8)
    parts = Split(np.array([0, 8]), np.array([*range(1, 8), *range(9, 16)]))

    def result(*wrong: int) -> Result:
        shares = np.array([[0.9, 0.1]] * 8 + [[0.1, 0.9]] * 8, np.float32)
        shares[list(wrong)] = shares[list(wrong)][:, ::-1]
        return judged(photos, parts, shares, [], 1.0)

    # Photo 0 is learned from and does not count.
    found = compared(result(0, 1, 2, 3, 4, 5, 6, 7), result(0, 7, 9))
    assert (found.both, found.alone, found.neither) == (6, (1, 6), 1)
    assert (found.count, found.right) == (14, (7, 12))
    assert found.accuracy == (0.5, pytest.approx(12 / 14))
    assert found.interval == (wilson(7, 14), wilson(12, 14))
    # Twice 8 of 128.
    assert found.p == 0.125
    assert found.better is None
    assert compared(result(1, 2, 3, 4, 5, 6), result()).better == 1
    assert compared(result(), result(1, 2, 3, 4, 5, 6)).better == 0
    other = judged(photos, Split(parts.held_out, parts.train), found_shares(), [], 1.0)
    with pytest.raises(ValueError, match="same photos"):
        compared(result(), other)


def found_shares() -> np.ndarray:
    return np.tile(np.array([0.9, 0.1], np.float32), (16, 1))
