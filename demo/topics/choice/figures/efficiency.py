"""Accuracy over parameters of ResNets and DenseNets, and the bundled networks at one size."""

from __future__ import annotations

import html
import math

from demo.drawing import svg
from demo.drawing.style import family_var, listed, short
from demo.records import Family
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.choice.records import Efficiency, Point, Rivalled

_TYPE = 18.0
_LEFT, _TOP, _BOTTOM = 52.0, 50.0, 360.0
_WIDE, _NARROW = 620.0, 470.0
"""Where the axis of parameters ends, in a wide window and on a phone."""
_X = (math.log10(2.5e6), math.log10(1.05e8))
_Y = (69.0, 79.0)
_ABOVE = ("DenseNet-161",)
"""Whose name stands above its mark, since another mark is at its left."""


def efficiency(found: Efficiency, t: Words) -> str:
    """Both panels beside each other, and for narrow screens below each other."""
    here, label = _here(found, t), html.unescape(sentence(found, t))
    beside, below = (
        f'<g transform="translate({x} {y})">{here}</g>' for x, y in ((668, 0), (60, 440))
    )
    wide = svg.svg(1000, 420, _published(found, _WIDE, t) + beside, label)
    tall = svg.svg(500, 860, _published(found, _NARROW, t) + below, label)
    shares = " ".join(f"{one.share:.4f}" for one in found.densenets)
    return (
        f'<div class="drawn wide" data-shares="{shares}">{wide}</div>'
        f'<div class="drawn tall">{tall}</div>'
    )


def sentence(found: Efficiency, t: Words) -> str:
    """Where the claim holds and where not, from the record."""
    return html.escape(
        t.sentences(
            _claim(found, t),
            t(
                "choice.efficiency_lecture",
                dense=found.dense.title,
                usual=found.usual.title,
                share=f"{100 * found.dense.parameters / found.usual.parameters:.0f}",
                points=f"{found.usual.accuracy - found.dense.accuracy:.1f}",
            ),
            t(
                "choice.efficiency_apart" if found.apart else "choice.efficiency_tied",
                dense=f"{found.own.accuracy:.2f}",
                rival=f"{found.rival.accuracy:.2f}",
            ),
        )
    )


def _claim(found: Efficiency, t: Words) -> str:
    if not found.thirds:
        return t("choice.efficiency_none", others=_shares(found.others, t))
    if not found.others:
        return t("choice.efficiency_all", thirds=_shares(found.thirds, t))
    return t(
        "choice.efficiency_some",
        thirds=_shares(found.thirds, t),
        others=_shares(found.others, t),
    )


def _shares(rows: tuple[Rivalled, ...], t: Words) -> str:
    return listed(
        [
            t("choice.efficiency_share", title=one.point.title, share=f"{100 * one.share:.0f}")
            for one in rows
        ],
        t,
    )


def _published(found: Efficiency, right: float, t: Words) -> str:
    """The chart over parameters (logarithmic); from each DenseNet a line to the ResNets' curve."""
    parts = [
        svg.text(0, 22, t("choice.efficiency_published"), _TYPE, "start", bold=True),
        f'<path d="M{_LEFT} {_TOP} V{_BOTTOM} H{right}" fill="none" stroke="var(--line)"/>',
    ]
    for tick in range(70, 80, 2):
        parts.append(f'<path d="M{_LEFT} {_y(tick):g} H{right}" stroke="var(--line)"/>')
        parts.append(svg.text(_LEFT - 8, _y(tick) + 6, f"{tick} %", _TYPE, "end", soft=True))
    for size in (5e6, 1e7, 2e7, 4e7, 8e7):
        words = short(size, t).replace(".00", "").replace(".0", "")
        parts.append(svg.text(_x(size, right), _BOTTOM + 24, words, _TYPE, soft=True))
    middle = (_LEFT + right) / 2
    parts.append(svg.text(middle, _BOTTOM + 50, t("choice.efficiency_x"), _TYPE, soft=True))
    path = " L".join(f"{_x(p.parameters, right):g} {_y(p.accuracy):g}" for p in found.resnets)
    parts.append(
        f'<path d="M{path}" fill="none" stroke="{family_var("resnet")}" stroke-width="2"/>'
    )
    parts += [_dense_mark(one, right) for one in found.densenets]
    parts += [_residual_mark(point, right) for point in found.resnets]
    return "".join(parts)


def _dense_mark(one: Rivalled, right: float) -> str:
    """The mark, the line to the ResNet that is right as often, and the share that it says."""
    point, colour = one.point, family_var("densenet")
    x, y = _x(point.parameters, right), _y(point.accuracy)
    at = (x + 4, y - 36) if point.title in _ABOVE else (x - 13, y + 6)
    share = f"{100 * one.share:.0f} %"
    return (
        f'<path d="M{x + 8:g} {y:g} H{_x(one.rival, right):g}" stroke="{colour}"'
        ' stroke-dasharray="3 4" stroke-width="2"/>'
        + _mark("densenet", x, y, filled=False)
        + svg.text(*at, point.title, _TYPE, "end")
        + svg.text(at[0], at[1] + 20, share, _TYPE, "end", bold=True, fill=colour)
    )


def _residual_mark(point: Point, right: float) -> str:
    x, y = _x(point.parameters, right), _y(point.accuracy)
    # The topmost has its name where no curve goes on.
    last = y < _y(78)
    at = (x - 4, y - 14) if last else (x + 13, y + 20)
    return _mark("resnet", x, y, filled=False) + svg.text(
        *at, point.title, _TYPE, "end" if last else "start"
    )


def _here(found: Efficiency, t: Words) -> str:
    """The bundled networks below each other, with their intervals on one scale."""
    intervals = [point.interval for point in found.here if point.interval]
    low = math.floor(min(low for low, _ in intervals))
    high = math.ceil(max(high for _, high in intervals))
    left, right = 6.0, 320.0

    def x(accuracy: float) -> float:
        return left + (right - left) * (accuracy - low) / (high - low)

    size = short(sum(point.parameters for point in found.here) / len(found.here), t)
    parts = [
        svg.text(0, 22, t("choice.efficiency_here"), _TYPE, "start", bold=True),
        svg.text(0, 46, t("choice.efficiency_size", size=size), _TYPE, "start", soft=True),
    ]
    for tick in range(low, high + 1):
        parts.append(f'<path d="M{x(tick):g} 62 V{_BOTTOM - 10}" stroke="var(--line)"/>')
        parts.append(svg.text(x(tick), _BOTTOM + 14, f"{tick}", _TYPE, soft=True))
    parts.append(
        svg.text((left + right) / 2, _BOTTOM + 50, t("choice.efficiency_y"), _TYPE, soft=True)
    )
    for number, point in enumerate(sorted(found.here, key=lambda one: -one.accuracy)):
        y = 112.0 + 70 * number
        assert point.interval is not None
        start, end = (x(value) for value in point.interval)
        colour = family_var(point.family)
        parts.append(svg.text(left, y - 18, point.title, _TYPE, "start"))
        parts.append(svg.text(right, y - 18, f"{point.accuracy:.2f} %", _TYPE, "end", bold=True))
        parts.append(f'<path d="M{start:g} {y} H{end:g}" stroke="{colour}" stroke-width="4"/>')
        parts.append(_mark(point.family, x(point.accuracy), y, filled=True))
    return "".join(parts)


def _mark(family: Family, x: float, y: float, filled: bool) -> str:
    """An open mark is published, a filled one measured here; square or disc beside the colour."""
    colour = family_var(family)
    fill = colour if filled else "var(--page)"
    edge = f'fill="{fill}" stroke="{colour}" stroke-width="2.5"'
    if FAMILIES[family].symbol == "square":
        return f'<rect x="{x - 7:g}" y="{y - 7:g}" width="14" height="14" {edge}/>'
    return f'<circle cx="{x:g}" cy="{y:g}" r="7.5" {edge}/>'


def _x(parameters: float, right: float) -> float:
    return _LEFT + (right - _LEFT) * (math.log10(parameters) - _X[0]) / (_X[1] - _X[0])


def _y(accuracy: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * (accuracy - _Y[0]) / (_Y[1] - _Y[0])
