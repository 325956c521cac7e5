"""All networks of one data set as bubbles: axes and size to choose, every bubble named."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, get_args

import plotly.graph_objects as go

from demo.drawing.style import (
    GRID,
    INK,
    base_layout,
    megabytes,
    whole,
)
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.choice.figures.labels import Mark, Spot, extent, place
from demo.topics.choice.figures.words import time_of
from demo.topics.choice.records import Candidate

Axis = Literal["accuracy", "parameters", "macs", "maps", "memory", "time", "cells"]
AXES: tuple[Axis, ...] = get_args(Axis)
LINEAR: tuple[Axis, ...] = ("accuracy", "cells")

# How far Plotly draws a symbol from its centre, in radii of a circle of the same size.
_REACH = {"diamond": 1.3, "cross": 1.2, "triangle-up": 1.16}

_VALUES: dict[Axis, Callable[[Candidate], float | None]] = {
    "accuracy": lambda row: row.accuracy,
    "parameters": lambda row: row.parameters / 1e6,
    "macs": lambda row: row.macs / 1e9,
    "maps": lambda row: row.footprint.activation_bytes / 2**20,
    "memory": lambda row: row.memory_bytes / 2**20,
    "time": lambda row: row.timing.median * 1000 if row.timing else None,
    "cells": lambda row: float(row.footprint.cells),
}


class Frame(NamedTuple):
    """Size of the whole chart, the letters, and the margins left of and below the plot."""

    width: int
    height: int
    letters: int
    left: int
    below: int


WIDE = Frame(1180, 390, 14, 66, 56)
NARROW = Frame(330, 520, 11, 48, 54)
"""Of a phone; the chart has exactly this width there."""
STAGE = Frame(1060, 440, 19, 86, 78)
"""Of the presentation view, which enlarges it a little more."""


def number(row: Candidate, axis: Axis) -> float | None:
    """A row's number in the axis's unit, None where it was not measured."""
    return _VALUES[axis](row)


def drawable(rows: Sequence[Candidate], x: Axis, y: Axis, size: Axis) -> list[Candidate]:
    """The rows that have all three numbers."""
    return [row for row in rows if None not in (number(row, a) for a in (x, y, size))]


def bubbles(
    rows: Sequence[Candidate], x: Axis, y: Axis, size: Axis, t: Words, frame: Frame = WIDE
) -> go.Figure:
    """The chart. Open marks: the height or the place is a published number; filled: found here."""
    shown = drawable(rows, x, y, size)
    figure = go.Figure()
    wide, high = frame.width - frame.left - 14, frame.height - frame.below - 12
    spans = {"x": _span(shown, x), "y": _span(shown, y)}
    diameters = _diameters(shown, size, 34 if frame is NARROW else 46)
    marks = [
        Mark(
            _share(row, x, spans["x"]) * wide,
            (1 - _share(row, y, spans["y"])) * high,
            diameter / 2 * _REACH.get(FAMILIES[row.family].symbol, 1.0),
            row.title,
        )
        for row, diameter in zip(shown, diameters, strict=True)
    ]
    for row, diameter in zip(shown, diameters, strict=True):
        figure.add_trace(_bubble(row, x, y, diameter, t))
    spots = place(marks, wide, high, frame.letters, 8)
    for row, spot, diameter in zip(shown, spots, diameters, strict=True):
        figure.add_annotation(
            x=_on_axis(row, x),
            y=_on_axis(row, y),
            text=row.title,
            ay=spot.dy,
            **_anchored(spot, row.title, frame.letters),
            yanchor="middle",
            showarrow=True,
            arrowhead=0,
            arrowwidth=1,
            standoff=diameter / 2 if spot.far else 0,
            arrowcolor=INK if spot.far else "rgba(0,0,0,0)",
            font={"size": frame.letters},
            borderpad=0,
        )
    margin = {"l": frame.left, "r": 14, "t": 12, "b": frame.below}
    figure.update_layout(base_layout(frame.height, margin=margin, hovermode="closest"))
    if frame is NARROW:
        figure.update_layout(width=frame.width)
    for axis, one, update in (("x", x, figure.update_xaxes), ("y", y, figure.update_yaxes)):
        update(
            title={"text": t(f"choice.axis_{one}"), "font": {"size": frame.letters + 1}},
            automargin=False,
            gridcolor=GRID,
            range=list(spans[axis]),
            zeroline=False,
            tickfont={"size": frame.letters},
            **({} if one in LINEAR else _log_ticks(spans[axis], frame is NARROW)),
        )
    if not shown:
        # Numbers on the axes of nothing would only puzzle.
        figure.update_layout(height=90, xaxis_visible=False, yaxis_visible=False)
    return figure


def sentence(rows: Sequence[Candidate], x: Axis, y: Axis, t: Words) -> str:
    """Who stands at the ends of both axes; rows: drawable ones."""
    ends = []
    for axis in dict.fromkeys((y, x)):
        ordered = sorted(rows, key=lambda row: number(row, axis) or 0.0)
        low, high = ordered[0], ordered[-1]
        ends.append(
            t(
                "choice.say_axis",
                axis=t(f"choice.axis_{axis}"),
                low=f"{number(low, axis):.3g}",
                low_title=low.title,
                high=f"{number(high, axis):.3g}",
                high_title=high.title,
            )
        )
    return t.sentences(*ends)


def _bubble(row: Candidate, x: Axis, y: Axis, diameter: float, t: Words) -> go.Scatter:
    colour, published = FAMILIES[row.family].plot, "accuracy" in (x, y) and not row.measured
    symbol = FAMILIES[row.family].symbol + ("-open" if published else "")
    scatter = go.Scatter(
        x=[number(row, x)],
        y=[number(row, y)],
        mode="markers",
        marker={
            "symbol": symbol,
            "size": diameter,
            "color": colour,
            "opacity": 0.9 if published else 0.62,
            "line": {"color": colour, "width": 2.5},
        },
        hovertemplate=_hover(row, t) + "<extra></extra>",
        name=row.title,
        cliponaxis=False,
    )
    if row.interval and row.accuracy is not None:
        low, high = row.interval
        bars = {
            "array": [high - row.accuracy],
            "arrayminus": [row.accuracy - low],
            "color": colour,
            "thickness": 2,
            "symmetric": False,
        }
        if y == "accuracy":
            scatter.error_y = bars
        elif x == "accuracy":
            scatter.error_x = bars
    return scatter


def _anchored(spot: Spot, name: str, letters: int) -> dict[str, object]:
    """A name that stands beside its mark begins there, however wide its letters turn out."""
    half = extent(name, letters)[0] / 2
    if spot.dx >= half:
        return {"xanchor": "left", "ax": spot.dx - half}
    if spot.dx <= -half:
        return {"xanchor": "right", "ax": spot.dx + half}
    return {"xanchor": "center", "ax": spot.dx}


def _hover(row: Candidate, t: Words) -> str:
    accuracy = f"{row.accuracy:.2f} %" if row.accuracy is not None else t("choice.not_yet")
    origin = (
        t("choice.measured") if row.measured else t("choice.published", recipe=row.recipe.upper())
    )
    time = time_of(row.timing) if row.timing else t("choice.not_yet")
    return t(
        "choice.hover",
        title=row.title,
        accuracy=accuracy,
        origin=origin,
        parameters=whole(row.parameters),
        macs=whole(row.macs),
        maps=megabytes(row.footprint.activation_bytes),
        memory=megabytes(row.memory_bytes),
        cells=row.footprint.cells,
        time=time,
    )


def _span(rows: Sequence[Candidate], axis: Axis) -> tuple[float, float]:
    """Range of an axis, in decades where it is logarithmic, with room for bubbles and names."""
    values = [_on_axis(row, axis) for row in rows] or [0.0, 1.0]
    low, high = min(values), max(values)
    least = 2.0 if axis in LINEAR else 0.3
    room = max(high - low, least) * 0.13
    middle = (low + high) / 2
    reach = max(high - low, least) / 2 + room
    return middle - reach, middle + reach


def _on_axis(row: Candidate, axis: Axis) -> float:
    value = number(row, axis)
    assert value is not None
    return value if axis in LINEAR else math.log10(value)


def _share(row: Candidate, axis: Axis, span: tuple[float, float]) -> float:
    return (_on_axis(row, axis) - span[0]) / (span[1] - span[0])


def _diameters(rows: Sequence[Candidate], axis: Axis, largest: float) -> list[float]:
    """Areas in proportion to the numbers, but never too small to see."""
    values = [number(row, axis) or 0.0 for row in rows]
    top = max(values, default=1.0) or 1.0
    return [max(9.0, largest * math.sqrt(value / top)) for value in values]


def _log_ticks(span: tuple[float, float], narrow: bool) -> dict[str, object]:
    steps = (1, 2, 5)
    ticks = [
        step * 10.0**decade
        for decade in range(math.floor(span[0]), math.ceil(span[1]) + 1)
        for step in steps
        if span[0] <= math.log10(step * 10.0**decade) <= span[1]
    ]
    if narrow and len(ticks) > 6:
        ticks = [tick for tick in ticks if not f"{tick:e}".startswith("5")]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:g}" for tick in ticks]}
