"""The 1x1 convolution as a reduction, by the lecture's numbers."""

from __future__ import annotations

import pytest

from demo.records import Problem
from demo.topics.reduction.numbers import KEPT, break_even, reduction, sweet_spot

# GoogLeNet, Table 1: input channels, 3x3 reduce, 5x5 reduce.
TABLE_1 = [
    (192, 96, 16),
    (256, 128, 32),
    (480, 96, 16),
    (512, 112, 24),
    (512, 128, 24),
    (512, 144, 32),
    (528, 160, 32),
    (832, 160, 32),
    (832, 192, 48),
]


def test_the_lectures_example() -> None:
    found = reduction(192, 16, 5, 32, 28)
    assert (found.direct, found.squeeze, found.after, found.through) == (
        153_600,
        3_072,
        12_800,
        15_872,
    )
    assert round(found.ratio, 2) == 9.68
    assert found.macs == (153_600 * 784, 15_872 * 784)


def test_break_even() -> None:
    found = reduction(192, 16, 5, 32, 28)
    most = break_even(found)
    assert most == 154
    assert reduction(192, most, 5, 32, 28).through < found.direct
    assert reduction(192, most + 1, 5, 32, 28).through >= found.direct


def test_a_1x1_in_front_of_a_small_1x1_never_pays() -> None:
    assert break_even(reduction(4, 1, 1, 1, 8)) == 0


def test_googlenets_own_range() -> None:
    assert KEPT[3] == (
        min(three / channels for channels, three, _ in TABLE_1),
        max(three / channels for channels, three, _ in TABLE_1),
    )
    assert KEPT[5] == (
        min(five / channels for channels, _, five in TABLE_1),
        max(five / channels for channels, _, five in TABLE_1),
    )
    assert sweet_spot(reduction(192, 16, 5, 32, 28)) == (6, 24)
    assert sweet_spot(reduction(192, 16, 7, 32, 28)) is None


@pytest.mark.parametrize(
    "numbers", [(0, 1, 3, 1, 1), (8, 4, 4, 8, 8), (8, 0, 3, 8, 8), (5000, 4, 3, 8, 8)]
)
def test_impossible_numbers(numbers: tuple[int, int, int, int, int]) -> None:
    with pytest.raises(Problem, match="numbers"):
        reduction(*numbers)


def test_what_gets_through() -> None:
    found = reduction(192, 16, 5, 32, 28)
    assert (found.saves, found.kept, found.kept_share) == (True, 16, pytest.approx(16 / 192))
    wide = reduction(8, 512, 1, 8, 1)
    assert (wide.saves, wide.kept, wide.kept_share) == (False, 8, 1.0)
