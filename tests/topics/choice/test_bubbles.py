"""The chart, the table, the fair experiment and the answer, read back from what is drawn."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from demo.text import text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures import answer as choice_answer, fair
from demo.topics.choice.figures.bubbles import bubbles, drawable
from demo.topics.choice.figures.table import COLUMNS, table
from demo.topics.choice.numbers import answer, members
from demo.topics.choice.records import Candidate, Timing, Wish
from demo.zoo.catalogue import CATALOGUE

T = text("en")
ROWS = tuple(replace(row, timing=None) for row in candidates())
IMAGENET = members(ROWS, "imagenet")


def bundled(*accuracies: float, half: float = 0.5) -> list[Candidate]:
    """The bundled four with results of the test's own."""
    return [
        replace(row, accuracy=a, interval=(a - half, a + half), epochs=30, pictures=5000)
        for row, a in zip(members(ROWS, "cifar10"), accuracies, strict=True)
    ]


def test_published_accuracy_is_open_and_what_is_counted_is_filled() -> None:
    against = bubbles(IMAGENET, "macs", "accuracy", "parameters", T)
    symbols = {trace.name: trace.marker.symbol for trace in against.data}
    assert symbols["ResNet-50"] == "cross-open"
    assert symbols["DenseNet-121"] == "square-open"
    assert symbols["Inception v3"] == "triangle-up-open"
    assert symbols["ResNeXt-50 32x4d"] == "diamond-open"
    counted = bubbles(IMAGENET, "macs", "parameters", "memory", T)
    assert {trace.marker.symbol for trace in counted.data if trace.name == "ResNet-50"} == {"cross"}


def test_a_bubble_stands_where_its_numbers_say() -> None:
    figure = bubbles(IMAGENET, "macs", "accuracy", "parameters", T)
    (one,) = (trace for trace in figure.data if trace.name == "DenseNet-121")
    assert (one.x, one.y) == ((2.834161664,), (74.434,))
    areas = {trace.name: trace.marker.size**2 for trace in figure.data}
    assert areas["ResNeXt-101 32x8d"] / areas["ResNet-50"] == pytest.approx(88_791_336 / 25_557_032)
    assert "7,978,856" in one.hovertemplate


def test_measured_accuracy_is_filled_with_its_interval() -> None:
    four = bundled(90.0, 91.0, 89.0, 92.0)
    figure = bubbles(four, "parameters", "accuracy", "macs", T)
    assert {trace.marker.symbol for trace in figure.data} == {
        "cross",
        "square",
        "triangle-up",
        "diamond",
    }
    assert [trace.error_y.array for trace in figure.data] == [(0.5,)] * 4


def test_an_axis_of_times_shows_only_what_was_timed() -> None:
    some = [
        replace(row, timing=Timing(0.05, 0.04, 0.06, 9)) if row.key == "resnet50" else row
        for row in IMAGENET
    ]
    assert [row.key for row in drawable(some, "time", "accuracy", "macs")] == ["resnet50"]
    figure = bubbles(some, "time", "accuracy", "macs", T)
    assert [(trace.name, trace.x) for trace in figure.data] == [("ResNet-50", (50.0,))]
    nothing = bubbles(IMAGENET, "time", "accuracy", "macs", T)
    assert (len(nothing.data), nothing.layout.xaxis.visible) == (0, False)


def test_a_chart_is_light_enough_to_send() -> None:
    figure = bubbles(members(ROWS, "imagenet", True), "macs", "accuracy", "parameters", T)
    assert len(figure.to_json()) < 200_000


def cells(drawn: str, key: str) -> list[str]:
    row = re.search(rf'<tr data-key="{key}".*?</tr>', drawn, re.S)
    assert row is not None
    return [re.sub(r"<[^>]+>", "", one).strip() for one in re.findall(r"<td.*?</td>", row[0])]


def test_the_table_says_what_is_published_and_what_is_measured() -> None:
    timed = [
        replace(row, timing=Timing(0.05, 0.04, 0.06, 9, random=True), ready=False)
        if row.key == "resnet50"
        else row
        for row in ROWS
    ]
    four = {row.key: row for row in bundled(90.0, 91.0, 89.0, 92.0)}
    drawn = table([four.get(row.key, row) for row in timed], T)
    found = dict(zip(COLUMNS, cells(drawn, "resnet50"), strict=True))
    assert found["accuracy"] == "76.1 % published, V1"
    assert (found["parameters"], found["macs"]) == ("25.6 M", "4.09 G")
    assert (found["maps"], found["cells"]) == ("87.3 MB", "7 × 7")
    assert found["time"] == "50 ms (40–60 ms) random weights"
    assert found["weights"] == "↓ 103 MB"
    assert "published, V2" in cells(drawn, "resnet50_v2")[1]
    assert cells(drawn, "mini_resnext")[1] == "92.0 % 91.5–92.5 measured here"
    assert drawn.count("<tr data-key=") == len(CATALOGUE)
    untold = table([replace(row, accuracy=None, interval=None) for row in ROWS], T)
    assert cells(untold, "mini_resnet")[1] == "not yet"


def test_the_fair_experiment_s_words_follow_its_intervals() -> None:
    tied = bundled(90.0, 90.8, 88.0, 86.0)
    assert fair.measured(tied)[0].title == "Mini DenseNet"
    assert "overlaps with that of Mini ResNet:" in fair.verdict(tied, T)
    clear = bundled(90.0, 93.0, 88.0, 86.0)
    assert "its interval lies above that of Mini ResNet" in fair.verdict(clear, T)
    assert "801 k to 812 k parameters" in fair.verdict(clear, T)
    nothing = [replace(row, accuracy=None, interval=None) for row in clear]
    assert "not measured yet" in fair.verdict(nothing, T)
    even = bundled(90.0, 90.1, 90.2, 90.3)
    assert "that of Mini GoogLeNet, Mini DenseNet and Mini ResNet:" in fair.verdict(even, T)
    level = fair.verdict(bundled(90.0, 90.3, 90.1, 90.3), T)
    assert "Mini DenseNet and Mini ResNeXt share the first place" in level
    assert "that of Mini GoogLeNet and Mini ResNet:" in level
    figure = fair.fair(clear, T)
    title = "Accuracy on 5,000 test photos<br>of CIFAR-10 (%)"
    assert figure.layout.xaxis.title.text == title
    assert [trace.y[0] for trace in figure.data][-1] == "Mini DenseNet"
    assert figure.data[-1].text == ("93.00 % (92.50–93.50)",)


def test_the_answer_escapes_and_ranks() -> None:
    odd = [replace(row, title=f"<b>{row.title}") for row in IMAGENET[:3]]
    found = answer(odd, Wish({"size": 1}))
    drawn = choice_answer.answer(found, "", None, "", T)
    assert "<b>ResNet" not in drawn
    keys = re.findall(r'<li data-key="(\w+)"', drawn)
    assert keys == [one.candidate.key for one in found.ranked]
    nobody = choice_answer.answer(answer(odd, Wish({"size": 1}, megabytes=0.1)), "", None, "", T)
    assert "No network fulfils this" in nobody
    assert nobody.count("needs ") == 3
