"""Names beside the marks of a chart, on no other name, no other mark, and no line to one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Mark(NamedTuple):
    """A mark in pixels from the top left of the plot, its radius, and the name it needs."""

    x: float
    y: float
    radius: float
    name: str


class Spot(NamedTuple):
    """Where the centre of a name lies, in pixels from its mark (y downwards)."""

    dx: float
    dy: float
    far: bool


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: _Box) -> float:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(high, 0.0)

    def holds(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.top < y < self.bottom


_Line = list[tuple[float, float]]
"""Points along the line from a mark to its name, `STEP` pixels apart."""

DISTANCES = (0, 14, 28, 44, 62, 82)
STEP = 2
DIRECTIONS = (0, 180, 270, 90, 315, 45, 225, 135, 292, 248, 68, 112)
"""Degrees clockwise from the right, in order of preference."""


def place(
    marks: Sequence[Mark], width: float, height: float, size: float, edge: float = 0.0
) -> list[Spot]:
    """A place for each name, in the order of the marks.

    size: of the letters in pixels. edge: how far a name may stand out of the plot.
    """
    dots = [_Box(m.x - m.radius, m.y - m.radius, m.x + m.radius, m.y + m.radius) for m in marks]
    taken: list[_Box] = []
    lines: list[_Line] = []
    spots: dict[int, Spot] = {}
    # Crowded marks first: they have the fewest free places.
    crowd = [sum(math.hypot(a.x - b.x, a.y - b.y) < 90 for b in marks) for a in marks]
    for index in sorted(range(len(marks)), key=lambda i: -crowd[i]):
        mark, others = marks[index], dots[:index] + dots[index + 1 :]
        best, least = None, math.inf
        for spot, box in _places(mark, size):
            outside = _outside(box, width, height, edge)
            line = _line(mark, spot) if spot.far else []
            cost = sum(box.overlap(b) for b in taken) * 4 + sum(box.overlap(b) for b in others)
            cost += outside * 50 + (20 if spot.far else 0) * 0.01
            if cost < least:
                cost += 3 * (_crossed([line], taken) + _crossed(lines, [box]))
            if cost < least:
                best, least, kept, leads = spot, cost, box, line
            if cost == 0:
                break
        assert best is not None
        spots[index] = best
        taken.append(kept)
        lines.append(leads)
    return [spots[index] for index in range(len(marks))]


def extent(name: str, size: float) -> tuple[float, float]:
    """Width and height that a name takes at most, in pixels."""
    return 0.58 * size * len(name) + 6, 1.35 * size


def _places(mark: Mark, size: float) -> Iterator[tuple[Spot, _Box]]:
    wide, high = extent(mark.name, size)
    for distance in DISTANCES:
        for degrees in DIRECTIONS:
            angle = math.radians(degrees)
            reach = mark.radius + 3 + distance
            dx = math.cos(angle) * (reach + wide / 2)
            dy = math.sin(angle) * (reach + high / 2)
            x, y = mark.x + dx, mark.y + dy
            box = _Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)
            yield Spot(dx, dy, distance > 0), box


def _line(mark: Mark, spot: Spot) -> _Line:
    length = math.hypot(spot.dx, spot.dy)
    ways = (at / length for at in range(0, math.ceil(length), STEP))
    return [(mark.x + spot.dx * way, mark.y + spot.dy * way) for way in ways]


def _crossed(lines: Sequence[_Line], boxes: Sequence[_Box]) -> int:
    """How many points of the lines lie in one of the boxes."""
    return sum(box.holds(*point) for line in lines for point in line for box in boxes)


def _outside(box: _Box, width: float, height: float, edge: float) -> float:
    return (
        max(-edge - box.left, 0.0)
        + max(box.right - width - edge, 0.0)
        + max(-box.top, 0.0)
        + max(box.bottom - height, 0.0)
    )
