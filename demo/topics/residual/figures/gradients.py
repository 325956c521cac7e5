"""The size of the gradient at each block, with and without shortcuts or links, logarithmic."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from itertools import groupby

from demo.drawing import svg
from demo.drawing.style import family_var, short, whole
from demo.text import Words
from demo.topics.residual.records import Flow, Gradients

FLOOR = 1e-12
"""What is smaller is drawn on the axis's foot, and told as next to nothing."""
_TYPE = 18.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 58.0, 480.0, 66.0, 318.0
_WITHOUT = family_var("other")


def gradients(found: Gradients, family: str, t: Words) -> str:
    """Two panels, random and trained weights, beside each other or below each other."""
    panels = [
        _panel(found, flows, t(f"residual.flow_title_{kind}"), family, t)
        for kind, flows in (("random", found.random), ("trained", found.trained))
    ]
    label = html.unescape(sentence(found, t))
    wide = svg.svg(1000, 400, panels[0] + _moved(panels[1], 508, 0), label)
    tall = svg.svg(492, 800, panels[0] + _moved(panels[1], 0, 400), label)
    return (
        f'<div class="drawn wide" data-lost="{str(found.lost).lower()}">{wide}</div>'
        f'<div class="drawn tall">{tall}</div>'
    )


def sentence(found: Gradients, t: Words) -> str:
    """How much of the gradient comes back to the first place, and what that shows."""
    links = t("residual.flow_links" if found.dense else "residual.flow_shortcuts")
    place = t("residual.flow_layer" if found.dense else "residual.flow_block")
    (whole_random, bare_random), (whole_trained, bare_trained) = (
        [_change(flow.reach, t) for flow in flows] for flows in (found.random, found.trained)
    )
    if found.lost:
        shows = t("residual.flow_lost", links=links)
    elif found.evener:
        shows = t("residual.flow_even", links=links)
    else:
        shows = t("residual.flow_kept", links=links)
    told = t(
        "residual.flow_say",
        place=place,
        links=links,
        whole=whole_random,
        bare=bare_random,
        trained=whole_trained,
        trained_bare=bare_trained,
    )
    return html.escape(t.sentences(told, shows))


def _change(reach: float, t: Words) -> str:
    """0.2 -> "1/5.0", 8 -> "8.0 times"."""
    if reach < FLOOR:
        return t("residual.flow_nothing")
    times = reach if reach >= 1 else 1 / reach
    number = f"{times:.1f}" if times < 10 else short(times, t) if times >= 1e4 else whole(times)
    return t("residual.flow_grows" if reach >= 1 else "residual.flow_falls", times=number)


def _moved(drawn: str, right: float, down: float) -> str:
    return f'<g transform="translate({right:g} {down:g})">{drawn}</g>'


def _panel(found: Gradients, flows: tuple[Flow, Flow], title: str, family: str, t: Words) -> str:
    """Both lines of one kind of weights over the depth; both panels have one scale."""
    low, high = _decades(found)
    step = max(1, math.ceil((high - low) / 6))

    def y(size: float) -> float:
        place = math.log10(max(size, 10.0**low))
        return _BOTTOM - (_BOTTOM - _TOP) * (place - low) / (high - low)

    parts = [svg.text(_LEFT, 24, title, _TYPE, "start", bold=True)]
    for decade in range(low, high + 1, step):
        at = y(10.0**decade)
        parts.append(f'<path d="M{_LEFT} {at:g} H{_RIGHT}" stroke="var(--line)"/>')
        parts.append(
            f'<text x="{_LEFT - 8}" y="{at + 6:g}" font-size="{_TYPE:g}" text-anchor="end"'
            f' fill="var(--ink-soft)">10{_raised(decade)}</text>'
        )
    parts.append(_groups(found.places, t))
    xs = _xs(found.places)
    drawn = [[(x, y(size)) for x, size in zip(xs, one.sizes, strict=True)] for one in flows]
    upper = 0 if _middle(flows[0]) >= _middle(flows[1]) else 1
    for number, (flow, points) in enumerate(zip(flows, drawn, strict=True)):
        colour = family_var(family) if number == 0 else _WITHOUT
        dash = ' stroke-dasharray="6 4"' if number else ""
        path = " L".join(f"{px:g} {py:g}" for px, py in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dash}/>')
        for (px, py), size in zip(points, flow.sizes, strict=True):
            parts.append(_mark(number, px, py, colour, size))
    for number in (0, 1):
        colour = family_var(family) if number == 0 else _WITHOUT
        parts.append(_name(number, drawn, number == upper, found.dense, colour, t))
    return "".join(parts)


def _decades(found: Gradients) -> tuple[int, int]:
    """The powers of ten between which everything is drawn; two of them at least."""
    smallest, largest = found.span
    # Above and below all marks there is room for a line's name.
    low = math.floor(math.log10(max(smallest, FLOOR)) - 0.35)
    high = math.ceil(math.log10(max(largest, FLOOR)) + 0.25)
    return low, max(high, low + 2)


def _raised(decade: int) -> str:
    """-3 -> "⁻³"."""
    digits = dict(zip("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", strict=True))
    return "".join(digits[one] for one in str(decade))


def _xs(places: Sequence[str]) -> list[float]:
    """Where each place stands, evenly."""
    room = (_RIGHT - _LEFT) / len(places)
    return [_LEFT + (number + 0.5) * room for number in range(len(places))]


def _groups(places: Sequence[str], t: Words) -> str:
    """Below the axis: which places belong to one stage or dense block."""
    room = (_RIGHT - _LEFT) / len(places)
    parts, x = [], _LEFT
    for name, members in groupby(places, lambda place: place.partition(".")[0]):
        wide = room * len(list(members))
        parts.append(
            f'<path d="M{x + 3:g} {_BOTTOM + 12} H{x + wide - 3:g}" stroke="var(--ink-soft)"'
            ' stroke-width="3"/>'
        )
        parts.append(svg.text(x + wide / 2, _BOTTOM + 36, name[-1], _TYPE, soft=True))
        x += wide
    words = t("residual.flow_axis_dense" if places[0].startswith("block") else "residual.flow_axis")
    parts.append(svg.text((_LEFT + _RIGHT) / 2, _BOTTOM + 62, words, _TYPE, soft=True))
    return "".join(parts)


def _mark(number: int, x: float, y: float, colour: str, size: float) -> str:
    """A filled mark with, an open one without; its size on hover."""
    fill = "var(--page)" if number else colour
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="5" fill="{fill}" stroke="{colour}" stroke-width="2">'
        f"<title>{size:.2e}</title></circle>"
    )


def _middle(flow: Flow) -> float:
    """The size that the first third has: where the two lines are told apart."""
    return flow.sizes[len(flow.sizes) // 3]


def _name(
    number: int,
    drawn: Sequence[Sequence[tuple[float, float]]],
    upper: bool,
    dense: bool,
    colour: str,
    t: Words,
) -> str:
    """A line's name: of the upper one above its first half, of the lower below its second."""
    kind = "links" if dense else "shortcuts"
    words = t(f"residual.flow_line_{'without' if number else 'with'}_{kind}")
    x = _LEFT + 12 if upper else (_LEFT + _RIGHT) / 2
    near = [py for points in drawn for px, py in points if x - 20 < px < x + 230]
    y = min(near) - 14 if upper else max(near) + 28
    if y > _BOTTOM - 6:
        # The line runs along the foot: its name stands on it.
        x, y = _LEFT + 12, _BOTTOM - 14
    return svg.text(x, y, words, _TYPE, "start", bold=True, fill=colour)
