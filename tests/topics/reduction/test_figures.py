"""What the calculator draws, held to its record."""

from __future__ import annotations

import re

import pytest

from demo.text import text
from demo.topics.reduction.figures import calculator
from demo.topics.reduction.numbers import break_even, reduction, sweet_spot
from tests.drawing.drawn import assert_as_stored

T = text("en")


@pytest.mark.parametrize(("lang", "ratio"), [("en", "9.68"), ("ja", "約9.7分の1")])
def test_the_calculator_tells_the_lectures_numbers(lang: str, ratio: str) -> None:
    found = reduction(192, 16, 5, 32, 28)
    drawn = calculator.calculator(found, break_even(found), sweet_spot(found), text(lang))
    drawn += calculator.sentence(found, text(lang))
    assert 'data-direct="153600" data-through="15872" data-ratio="9.6774"' in drawn
    for number in ("153,600", "15,872", ratio, "3,072", "12,800", "154"):
        assert number in drawn
    widths = re.findall(r'<b class="(\w+)" style="width:([\d.]+)%', drawn)[:3]
    assert widths == [("plain", "100.000"), ("squeeze", "2.000"), ("after", "8.333")]


@pytest.mark.parametrize("numbers", [(8, 512, 1, 8, 1), (1024, 1, 7, 1024, 112), (8, 1, 3, 8, 1)])
def test_extreme_numbers_are_drawn(numbers: tuple[int, int, int, int, int]) -> None:
    found = reduction(*numbers)
    drawn = calculator.calculator(found, break_even(found), sweet_spot(found), T)
    assert "nan" not in drawn
    assert ("saves nothing" in calculator.sentence(found, T)) == (not found.saves)
    assert found.saves == (found.ratio > 1)


def test_the_calculator_is_the_one_that_was_kept() -> None:
    saving = reduction(192, 16, 5, 32, 28)
    assert_as_stored(
        "calculator",
        calculator.calculator(saving, break_even(saving), sweet_spot(saving), T),
    )
