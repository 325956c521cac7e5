"""Names lie on no other name, on no other mark, and inside the chart."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest

from demo.text import text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures.bubbles import AXES, NARROW, WIDE, Frame, bubbles, drawable
from demo.topics.choice.figures.labels import Mark, extent, place
from demo.topics.choice.records import Candidate, Timing

T = text("en")
Rect = tuple[float, float, float, float]


def overlap(a: Rect, b: Rect) -> float:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0)


def boxes(marks: list[Mark], size: float, width: float, height: float) -> list[Rect]:
    found = []
    for mark, spot in zip(marks, place(marks, width, height, size), strict=True):
        wide, high = extent(mark.name, size)
        x, y = mark.x + spot.dx, mark.y + spot.dy
        found.append((x - wide / 2, y - high / 2, x + wide / 2, y + high / 2))
    return found


def test_a_lone_name_stands_right_of_its_mark() -> None:
    (spot,) = place([Mark(50, 50, 10, "ab")], 400, 100, 10)
    wide, _ = extent("ab", 10)
    assert (spot.dx, spot.dy, spot.far) == (pytest.approx(13 + wide / 2), pytest.approx(0), False)


def test_at_the_right_edge_it_stands_left() -> None:
    (spot,) = place([Mark(395, 50, 10, "ab")], 400, 100, 10)
    assert spot.dx < 0


def test_a_crowd_of_names() -> None:
    marks = [Mark(200 + 14 * (i % 3), 150 + 12 * (i // 3), 6, f"Network-{i}") for i in range(9)]
    found = boxes(marks, 12, 500, 320)
    dots = [(m.x - 6, m.y - 6, m.x + 6, m.y + 6) for m in marks]
    assert all(overlap(a, b) == 0 for a, b in combinations(found, 2))
    for i, box in enumerate(found):
        assert all(overlap(box, dot) == 0 for j, dot in enumerate(dots) if j != i)
        assert box[0] >= 0 and box[1] >= 0 and box[2] <= 500 and box[3] <= 320


def test_no_line_goes_through_a_name_where_there_is_room() -> None:
    # As on a phone: the lower name fits beside its mark, and between the upper mark and its own.
    marks = [
        Mark(40, 100, 5, "MobileNet"),
        Mark(52, 78, 5, "EfficientNet-Lite0"),
        *(Mark(90 + 25 * i, 78, 12, "N") for i in range(3)),
    ]
    spots = place(marks, 260, 200, 11)
    for one, spot in zip(marks, spots, strict=True):
        if not spot.far:
            continue
        for other, box in zip(marks, boxes(marks, 11, 260, 200), strict=True):
            along = [i / 100 for i in range(100)]
            on = [(one.x + spot.dx * a, one.y + spot.dy * a) for a in along]
            inside = [box[0] < x < box[2] and box[1] < y < box[3] for x, y in on]
            assert other is one or not any(inside), (one.name, other.name)


@pytest.fixture(scope="module")
def rows() -> list[Candidate]:
    return [
        replace(row, timing=Timing(row.macs / 6e10, row.macs / 7e10, row.macs / 5e10, 9))
        for row in candidates()
        if row.dataset == "imagenet"
    ]


def drawn(rows: list[Candidate], x: str, y: str, frame: Frame) -> list[tuple[str, Rect]]:
    """Each name's rectangle in pixels, read back from the finished chart."""
    figure = bubbles(rows, x, y, "parameters", T, frame)
    wide, high = frame.width - frame.left - 14, frame.height - frame.below - 12
    (left, right), (bottom, top) = figure.layout.xaxis.range, figure.layout.yaxis.range
    found = []
    for note in figure.layout.annotations:
        w, h = extent(note.text, frame.letters)
        middle = {"left": w / 2, "right": -w / 2, "center": 0}[note.xanchor]
        at = (note.x - left) / (right - left) * wide + note.ax + middle
        down = (1 - (note.y - bottom) / (top - bottom)) * high + note.ay
        found.append((note.text, (at - w / 2, down - h / 2, at + w / 2, down + h / 2)))
    return found


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "phone"])
@pytest.mark.parametrize("x", [axis for axis in AXES if axis not in ("accuracy", "cells")])
def test_all_networks_names_against_accuracy(rows: list[Candidate], x: str, frame: Frame) -> None:
    first = [row for row in rows if row.recipe == "v1"]
    found = drawn(first, x, "accuracy", frame)
    assert len(found) == len(drawable(first, x, "accuracy", "parameters")) == len(first)
    clashes = [(a, b) for (a, p), (b, q) in combinations(found, 2) if overlap(p, q) > 4]
    assert clashes == []
