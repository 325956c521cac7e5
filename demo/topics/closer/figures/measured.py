"""What methods gained over a decoy on many pictures: a row a method, a mark a network."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass

from demo.drawing.style import family_var, listed, signed
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.closer.figures.methods import method_name
from demo.topics.closer.records.maps import Method
from demo.topics.closer.records.measured import (
    DIGITS,
    MEASURES,
    SURE,
    Decoy,
    Measure,
    Measured,
    Row,
)

SHAPES = {
    "cross": "M4 0h4v4h4v4h-4v4h-4v-4h-4v-4h4z",
    "square": "M1 1h10v10h-10z",
    "triangle-up": "M6 0 12 11H0z",
    "diamond": "M6 0 12 6 6 12 0 6z",
    "circle": "M6 0a6 6 0 1 0 0 12a6 6 0 1 0 0-12z",
}
"""Plotly's marker symbols of the families, 12 x 12."""


@dataclass(frozen=True)
class Named:
    """How a network is drawn: its title, and its family's key."""

    title: str
    family: str


@dataclass(frozen=True)
class Axis:
    """From `low` to `high`, both multiples of `step`: what is better lies farther to the right."""

    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        """Where a value lies, in [0, 1]."""
        return (value - self.low) / (self.high - self.low)

    @property
    def ticks(self) -> list[float]:
        """Values that are written, 0 among them."""
        first, last = round(self.low / self.step), round(self.high / self.step)
        return [place * self.step for place in range(first, last + 1)]


def axis_of(found: Measured) -> Axis:
    """An axis on which all marks with their errors lie, whatever the measure and the decoy."""
    ends = [
        gain.mean + side * SURE * gain.error
        for row in found.rows
        for measure in MEASURES
        for gain in row.gains[measure].values()
        for side in (-1, 1)
    ]
    low, high = min(0.0, *ends), max(0.0, *ends)
    step = next(one for one in (0.05, 0.1, 0.2, 0.5, 1.0) if (high - low) / one <= 5)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    return Axis(low, high, step)


def chart(found: Measured, decoy: Decoy, networks: Mapping[str, Named], t: Words) -> str:
    """The whole picture; methods that gain most in insertion stand above."""
    axis = axis_of(found)
    heads = "".join(
        f"<b>{html.escape(t(f'closer.measured_head.{measure}'))}</b>" for measure in MEASURES
    )
    rows = "".join(
        f"<h4>{html.escape(method_name(method, t))}</h4>"
        + "".join(_panel(found, method, one, decoy, axis, networks, t) for one in MEASURES)
        for method in found.ranked("insertion", decoy)
    )
    scales = _scale(axis) * len(MEASURES)
    return (
        f'<div class="gains"><span></span>{heads}{rows}<span></span>{scales}</div>'
        f"{_key(found, networks)}"
    )


def sentence(found: Measured, decoy: Decoy, t: Words) -> str:
    """How many beat the decoy and how many do not, and which methods gain most by each measure."""
    said: dict[str, object] = {}
    for end, measure, place in (
        ("deletion", "deletion", 0),
        ("insertion", "insertion", 0),
        ("least", "insertion", -1),
    ):
        gained = found.mean(found.ranked(measure, decoy)[place], measure, decoy)
        level = found.level(gained, measure, decoy)
        said |= {
            end: listed([method_name(one, t) for one in level], t),
            f"{end}_gain": signed(gained, DIGITS),
        }
    return t.sentences(
        t(
            f"closer.measured_say.{decoy}",
            count=len(found.rows),
            better=found.count(decoy, "better"),
            worse=found.count(decoy, "worse"),
            split=found.count(decoy, "split"),
        ),
        t("closer.measured_most", **said),
    )


def _panel(
    found: Measured,
    method: Method,
    measure: Measure,
    decoy: Decoy,
    axis: Axis,
    networks: Mapping[str, Named],
    t: Words,
) -> str:
    rows = [row for row in found.rows if row.method == method]
    marks = "".join(
        _mark(row, measure, decoy, axis, networks[row.model], place / max(len(rows) - 1, 1))
        for place, row in enumerate(rows)
    )
    values = t("page.comma").join(
        f"{networks[row.model].title} {signed(row.gains[measure][decoy].mean)}" for row in rows
    )
    head = t(f"closer.measured_head.{measure}")
    label = t("closer.measured_alt", method=method_name(method, t), measure=head, values=values)
    lines = "".join(
        f'<i class="gain-line{"" if round(tick / axis.step) else " zero"}"'
        f' style="left:{axis.at(tick):.2%}"></i>'
        for tick in axis.ticks
    )
    return (
        f'<div class="gain-panel" role="img" aria-label="{html.escape(label, quote=True)}"'
        f' data-method="{method}" data-measure="{measure}">{lines}{marks}</div>'
    )


def _mark(row: Row, measure: Measure, decoy: Decoy, axis: Axis, network: Named, top: float) -> str:
    gain = row.gains[measure][decoy]
    ends = sorted(axis.at(gain.mean + side * SURE * gain.error) for side in (-1, 1))
    title = html.escape(f"{network.title}: {signed(gain.mean, 3)} ± {gain.error:.3f}", quote=True)
    return (
        f'<span title="{title}" style="--down:{top:.3f};--family:{family_var(network.family)}">'
        f'<i class="error" style="left:{ends[0]:.2%};width:{ends[1] - ends[0]:.2%}"></i>'
        f"{_shape(network, axis.at(gain.mean))}</span>"
    )


def _shape(network: Named, at: float | None = None) -> str:
    place = "" if at is None else f' style="left:{at:.2%}"'
    path = SHAPES[FAMILIES[network.family].symbol]
    return f'<svg viewBox="0 0 12 12"{place} aria-hidden="true"><path d="{path}"/></svg>'


def _scale(axis: Axis) -> str:
    ticks = "".join(
        f'<em class="{_side(tick, axis)}" style="left:{axis.at(tick):.2%}">'
        f"{_number(tick, axis)}</em>"
        for tick in axis.ticks
    )
    return f'<div class="gain-scale" aria-hidden="true">{ticks}</div>'


def _number(tick: float, axis: Axis) -> str:
    return signed(tick, 2 if axis.step < 0.1 else 1) if round(tick / axis.step) else "0"


def _side(tick: float, axis: Axis) -> str:
    """Which way its number is moved, so that it stays within the chart; 0 is always to be read."""
    if tick == axis.ticks[0]:
        return "left"
    if tick == axis.ticks[-1]:
        return "right"
    return "between" if round(tick / axis.step) else "zero"


def _key(found: Measured, networks: Mapping[str, Named]) -> str:
    rows = "".join(
        f'<span style="--family:{family_var(one.family)}">{_shape(one)}{html.escape(one.title)}'
        "</span>"
        for one in (networks[sample.model] for sample in found.samples)
    )
    return f'<p class="gain-key">{rows}</p>'
