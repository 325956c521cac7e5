"""The answer, the table and the fair experiment say the numbers that they were given."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from demo.text import text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures import answer as choice_answer, fair, table
from demo.topics.choice.figures.words import time_of
from demo.topics.choice.numbers import PRESETS, answer
from demo.topics.choice.records import Timing, Wish
from demo.zoo.catalogue import CATALOGUE

T = text("en")
TABLE = tuple(replace(row, timing=None, ready=True) for row in candidates())
MINIS = [row for row in TABLE if row.dataset == "cifar10"]


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_the_first_stands_with_its_reasons_in_order() -> None:
    found = answer(TABLE, replace(PRESETS["phone"].wish, pool="four"))
    drawn = choice_answer.answer(found, "", None, "", T)
    assert 'data-first="densenet121"' in drawn
    assert re.findall(r'data-criterion="(\w+)"', drawn) == ["speed", "size", "memory", "accuracy"]
    assert "7.98 M parameters: about 1/3 of the 25.6 M of ResNet-50." in plain(drawn)
    assert re.findall(r'<li data-key="(\w+)"', drawn) == [one.candidate.key for one in found.ranked]


def test_bars_are_the_points_times_their_weights() -> None:
    found = answer(TABLE, Wish({"accuracy": 1}, "four"))
    drawn = choice_answer.answer(found, "", None, "", T)
    widths = [float(width) for width in re.findall(r"width:([\d.]+)%", drawn)]
    # 77.618, 77.294, 76.130, 74.434 percent: ten points behind the best is none.
    assert widths == pytest.approx([100, 96.76, 85.12, 68.16], abs=0.01)


def test_nobody_fits_and_why() -> None:
    found = answer(TABLE, Wish({"accuracy": 1}, "four", megabytes=50))
    assert [one.candidate.key for one in found.ranked] == ["densenet121"]
    drawn = plain(choice_answer.answer(found, "", None, "", T))
    assert "ResNet-50 needs 108.0 MB of memory." in drawn
    nobody = choice_answer.answer(answer(TABLE, Wish({}, "four", megabytes=1)), "", None, "", T)
    assert T("choice.nobody") in nobody


def test_advice_is_escaped_and_marked() -> None:
    found = answer(TABLE, Wish({"accuracy": 1}, "four"))
    drawn = choice_answer.answer(found, "<b>", False, "", T)
    assert "&lt;b&gt;" in drawn
    assert 'class="choice-lecture differs"' in drawn
    assert T("choice.lecture_differs") in drawn


def test_the_table_has_every_network_and_says_where_numbers_come_from() -> None:
    here = replace(MINIS[0], accuracy=91.234, interval=(90.66, 91.77))
    away = replace(TABLE[5], ready=False, timing=Timing(0.1204, 0.1, 0.2, 9, random=True))
    drawn = table.table([here, away], T)
    words = plain(drawn)
    assert re.findall(r'<tr data-key="(\w+)"', drawn) == ["mini_resnet", "resnet50"]
    assert "91.2 % 90.7–91.8 measured here" in words
    assert "76.1 % published, V1" in words
    assert "120 ms (100–200 ms) random weights" in words
    assert "↓ 103 MB" in words
    assert 'title="25,557,032"' in drawn
    assert "87.3 MB" in words
    assert len(re.findall(r"<tr data-key", table.table(TABLE, T))) == len(CATALOGUE)


def test_times_in_words() -> None:
    assert time_of(Timing(0.012, 0.011, 0.015, 9)) == "12 ms (11–15 ms)"
    assert time_of(Timing(1.2, 0.9, 1.5, 3)) == "1.20 s (900 ms–1.50 s)"
    assert time_of(Timing(1.2, 1.1, 1.5, 3)) == "1.20 s (1.10–1.50 s)"


@pytest.mark.parametrize(
    ("intervals", "words"),
    [
        (
            [(90.4, 91.6), (91.4, 92.6), (88.4, 89.6), (87.4, 88.6)],
            "Mini DenseNet comes first, but its interval overlaps with that of Mini ResNet:",
        ),
        (
            [(90.4, 91.6), (92.4, 93.6), (88.4, 89.6), (87.4, 88.6)],
            "Mini DenseNet comes first, and its interval lies above that of Mini ResNet:",
        ),
    ],
)
def test_the_fair_experiment_claims_no_more_than_its_intervals(
    intervals: list[tuple[float, float]], words: str
) -> None:
    rows = [
        replace(row, accuracy=(low + high) / 2, interval=(low, high), epochs=16)
        for row, (low, high) in zip(MINIS, intervals, strict=True)
    ]
    said = fair.verdict(rows, T)
    assert words in said
    assert "801 k to 812 k parameters" in said
    figure = fair.fair(rows, T)
    drawn = {trace.name: trace for trace in figure.data}
    low, high = intervals[0]
    trace = drawn["Mini ResNet"]
    assert trace.x[0] - trace.error_x.arrayminus[0] == pytest.approx(low)
    assert trace.x[0] + trace.error_x.array[0] == pytest.approx(high)
    # Best on top: Plotly draws from below.
    assert [trace.name for trace in figure.data][-1] == "Mini DenseNet"


def test_an_experiment_not_made_says_so() -> None:
    rows = [replace(row, accuracy=None, interval=None) for row in MINIS]
    assert fair.verdict(rows, T) == T("choice.fair_none")
    assert len(fair.fair(rows, T).data) == 0
