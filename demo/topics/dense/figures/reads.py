"""Which earlier outputs a layer reads: side by side in a DenseNet, as one sum in a ResNet."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import NamedTuple

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var
from demo.records import Family
from demo.text import Words
from demo.topics.dense.records import FeatureFlow

_TYPE = 18.0
_SCALE = 0.7
"""Pixels a channel, for everything in both lanes."""
_LANE, _FOOT = 212.0, 158.0
"""Height of a lane, and where its nodes stand in it."""


class Frame(NamedTuple):
    """Width of the drawing; the first node, from each to the next, its width; the stack's place."""

    width: float
    first: float
    step: float
    node: float
    stack: float
    broad: float


@dataclass(frozen=True)
class _Kind:
    """A family, and whether its layers' outputs stay side by side."""

    family: Family
    concatenates: bool


_DENSE, _RESIDUAL = _Kind("densenet", True), _Kind("resnet", False)
WIDE = Frame(960, 30, 108, 40, 812, 56)
NARROW = Frame(420, 4, 43, 26, 326, 36)


def reads(found: FeatureFlow, t: Words) -> str:
    """Both families below each other, heights in channels on one scale; for a phone once more."""
    label = html.unescape(sentence(found, t))
    drawn = []
    for frame in (WIDE, NARROW):
        dense, residual = (_lane(found, kind, frame, t) for kind in (_DENSE, _RESIDUAL))
        body = f'{dense}<g transform="translate(0 {_LANE:g})">{residual}</g>'
        drawn.append(svg.svg(frame.width, 2 * _LANE, body, label))
    return (
        f'<div class="drawn wide" data-dense="{found.dense}" data-residual="{found.residual}">'
        f'{drawn[0]}</div><div class="drawn tall">{drawn[1]}</div>'
    )


def sentence(found: FeatureFlow, t: Words) -> str:
    """How many outputs and channels each reads, and how many links there are in all."""
    words = t(
        "densenet.reads_say",
        layer=found.layer,
        count=len(found.sources),
        dense=found.dense,
        residual=found.residual,
        layers=found.layers,
        links=found.links,
    )
    return html.escape(words)


def _x(node: int, frame: Frame) -> float:
    """Middle of the input (0) or of a layer."""
    return frame.first + node * frame.step + frame.node / 2


def _lane(found: FeatureFlow, kind: _Kind, frame: Frame, t: Words) -> str:
    dense = kind.concatenates
    title = t(f"densenet.reads_in_{kind.family}")
    parts = [svg.text(4, 18, title, _TYPE, "start", bold=True, fill=family_var(kind.family))]
    for node in range(found.layers + 1):
        parts.append(_node(found, node, kind, frame))
    for source, channels in enumerate(found.sources):
        parts.append(_arc(found, source, channels if dense else found.initial, kind, frame))
    if not dense:
        # All arcs meet in the sum before the block.
        x, y = _sum(found, frame)
        side = _x(found.layer, frame) - frame.node / 2 - 2
        middle = _FOOT - found.initial * _SCALE / 2
        parts += [svg.line([(x, y), (x, middle), (side, middle)]), svg.plus(x, y, 9)]
    parts.append(_stack(found, kind, frame, t))
    return "".join(parts)


def _sum(found: FeatureFlow, frame: Frame) -> tuple[float, float]:
    """Where the residual block's input is added up."""
    gap = (frame.step - frame.node) / 2
    return _x(found.layer, frame) - frame.node / 2 - gap, _FOOT - found.initial * _SCALE - 4


def _offered(found: FeatureFlow, node: int, kind: _Kind) -> float:
    """Pixels of what a node puts out."""
    return (found.k if kind.concatenates and node else found.initial) * _SCALE


def _node(found: FeatureFlow, node: int, kind: _Kind, frame: Frame) -> str:
    """The input or a layer with what it puts out; what comes after the reader is faint."""
    tall = _offered(found, node, kind)
    x = _x(node, frame) - frame.node / 2
    earlier, reader = node < found.layer, node == found.layer
    fill = _tint(node, found, kind) if earlier else "var(--surface-soft)"
    edge = "var(--ink)" if reader else "var(--line)"
    extra = f'stroke="{edge}" stroke-width="{2.5 if reader else 1}"'
    name = str(node) if node else "x₀"
    return svg.box(x, _FOOT - tall, frame.node, tall, fill, extra=extra, radius=2) + svg.text(
        _x(node, frame), _FOOT + 22, name, _TYPE, bold=reader, soft=not (earlier or reader)
    )


def _tint(source: int, found: FeatureFlow, kind: _Kind) -> str:
    return family_tint(kind.family, 0.15 + 0.85 * source / max(found.layers - 1, 1))


def _arc(found: FeatureFlow, source: int, channels: int, kind: _Kind, frame: Frame) -> str:
    """From the top of a source to the reader, or to the sum: as wide as what goes there."""
    start, end = _x(source, frame), _x(found.layer, frame)
    y = _FOOT - _offered(found, source, kind) - 2
    down = _FOOT - _offered(found, found.layer, kind) - 4
    if not kind.concatenates:
        end, down = _sum(found, frame)
        down -= 9
    lift = 30 + 10 * (found.layer - source)
    return (
        f'<path d="M{start:g} {y:g} C{start:g} {y - lift:g} {end:g} {down - lift:g}'
        f' {end:g} {down:g}" fill="none" stroke="{_tint(source, found, kind)}"'
        f' stroke-width="{channels * _SCALE / 8:g}"/>'
    )


def _stack(found: FeatureFlow, kind: _Kind, frame: Frame, t: Words) -> str:
    """What the reader is given: a segment a source, or one sum."""
    dense = kind.concatenates
    channels = found.dense if dense else found.residual
    parts, y = [], _FOOT - channels * _SCALE
    for source, part in enumerate(found.sources if dense else (found.initial,)):
        tall = part * _SCALE
        fill = _tint(source, found, kind) if dense else family_var(kind.family)
        edge = 'stroke="var(--surface)" stroke-width="1.5"'
        parts.append(svg.box(frame.stack, y, frame.broad, tall, fill, extra=edge, radius=1))
        y += tall
    words = t("densenet.read_by", layer=found.layer)
    middle = frame.stack + frame.broad / 2
    parts.append(svg.text(middle, _FOOT + 22, words, _TYPE, soft=True))
    at = frame.stack + frame.broad + 10
    parts.append(svg.text(at, _FOOT - 2, f"{channels}", _TYPE, "start", bold=True))
    return "".join(parts)
