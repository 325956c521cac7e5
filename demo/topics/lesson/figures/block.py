"""A block as its diagram: widths are channels, each part is a place that can be pointed at.

Data flows down, beside the lines that say so; a circle with + is addition, a bracket below two bars
is concatenation, a slanted side is a change of channels.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var
from demo.text import Words
from demo.topics.lesson.figures.branched import branched
from demo.topics.lesson.figures.part import TYPE, named, node
from demo.topics.lesson.records.code import Part, Walk

_WIDEST = 230.0
_MIDDLE = 160.0
_BYPASS = 16.0
_SHAPES = 296.0
_INPUT = "color-mix(in oklab, var(--family-other) 30%, var(--surface))"


def diagram(walk: Walk, t: Words) -> str:
    """The whole block; shapes stand beside the parts once numbers went through it."""
    label = t("code.diagram_alt", count=len(walk.parts))
    branches = any(part.attribute.startswith("branch") for part in walk.parts)
    width, height, body = branched(walk, t) if branches else _chained(walk, t)
    drawn = svg.svg(width, height, body, label, "diagram code-diagram")
    # What can be pointed at may not lie inside an image.
    return drawn.replace('role="img"', 'role="group"', 1)


def _of(walk: Walk) -> float:
    """Width of one channel."""
    most = max(walk.shape_in[0], *(part.shape[0] for part in walk.parts))
    return _WIDEST / most


def _slab(top: float, bottom: float, y: float, tall: float, fill: str, edge: str) -> str:
    """From a width above to a width below, around the middle."""
    a, b = max(top, 6) / 2, max(bottom, 6) / 2
    points = (
        f"{_MIDDLE - a:g},{y:g} {_MIDDLE + a:g},{y:g}"
        f" {_MIDDLE + b:g},{y + tall:g} {_MIDDLE - b:g},{y + tall:g}"
    )
    return f'<polygon points="{points}" fill="{fill}" stroke="{edge}" stroke-width="1.5"/>'


def _chained(walk: Walk, t: Words) -> tuple[float, float, str]:
    """One part below the other, and at the left what goes past them."""
    chain = [part for part in walk.parts if part.attribute != "shortcut"]
    past = [part for part in walk.parts if part.attribute == "shortcut"]
    row = 42.0 if len(chain) < 12 else 36.0
    tall, scale = row - 10, _of(walk)
    edge, tint = family_var(walk.block.family), family_tint(walk.block.family, 0.0)
    joins = next((i for i, part in enumerate(chain) if part.kind in ("cat", "add")), None)
    wide = walk.shape_in[0] * scale
    parts = [_slab(wide, wide, 4, tall, _INPUT, "var(--family-other)")]
    parts.append(svg.text(_MIDDLE, 4 + tall / 2 + 7, "x", TYPE, bold=True))
    parts.append(svg.text(_SHAPES, 4 + tall / 2 + 7, svg.shape(*walk.shape_in), TYPE, "start"))
    for number, part in enumerate(chain, start=1):
        y = 4 + number * row
        middle = y + tall / 2
        parts.append(svg.arrow([(_MIDDLE, y - 10), (_MIDDLE, y - 1)]))
        if part.kind == "add":
            drawn = svg.plus(_MIDDLE, middle, tall / 2 - 1)
        elif part.kind == "cat":
            drawn = _joined(walk, part, y, tall, scale, edge)
        else:
            drawn = _slab(part.into * scale, part.shape[0] * scale, y, tall, tint, edge)
            drawn += svg.text(_MIDDLE, middle + 7, named(part, t), TYPE, bold=part.kernel > 0)
        parts.append(node(part, drawn, walk, t))
        if walk.real:
            words = svg.shape(*part.shape)
            parts.append(svg.text(_SHAPES, middle + 7, words, TYPE, "start"))
    if joins is not None:
        parts.append(_beside(walk, past, 4 + tall / 2, 4 + (joins + 1) * row + tall / 2, t))
    return 440, 4 + (len(chain) + 1) * row, "".join(parts)


def _joined(walk: Walk, part: Part, y: float, tall: float, scale: float, edge: str) -> str:
    """x and what was made of it, side by side above a bracket."""
    old, new = walk.shape_in[0] * scale, (part.shape[0] - walk.shape_in[0]) * scale
    left, low = _MIDDLE - (old + new) / 2, y + tall - 8
    stroke = f'stroke="{edge}" stroke-width="1.5"'
    return (
        svg.box(left, y, max(old, 2), tall - 10, _INPUT, extra=stroke, radius=0)
        + svg.box(left + old, y, max(new, 2), tall - 10, edge, extra=stroke, radius=0)
        + f'<path d="M{left:g} {low:g} v6 h{old + new:g} v-6" fill="none" stroke="var(--ink)"'
        ' stroke-width="1.8"/>' + svg.text(left + old / 2, y + tall / 2 + 1, "cat", TYPE, bold=True)
    )


def _beside(walk: Walk, past: Sequence[Part], start: float, end: float, t: Words) -> str:
    """What goes past the chain, from x to where it joins: its parts on the way."""
    left = _MIDDLE - walk.shape_in[0] * _of(walk) / 2
    join = _MIDDLE - (16 if past else walk.shape_out[0] * _of(walk) / 2)
    line = svg.arrow([(left, start), (_BYPASS, start), (_BYPASS, end), (join - 2, end)])
    each = (end - start) / (len(past) + 1)
    drawn = [line]
    for number, part in enumerate(past, start=1):
        y = start + number * each
        bare = svg.box(
            _BYPASS - 14,
            y - 50,
            28,
            100,
            "var(--surface)",
            extra=(f'stroke="{family_var(walk.block.family)}" stroke-width="1.5"'),
        )
        words = (
            f'<text transform="translate({_BYPASS + 6:g} {y:g}) rotate(-90)" text-anchor="middle"'
            f' font-size="{TYPE - 1:g}" fill="var(--ink)">{html.escape(_short(part))}</text>'
        )
        drawn.append(node(part, bare + words, walk, t))
    return "".join(drawn)


def _short(part: Part) -> str:
    if part.kind == "conv":
        return f"{part.kernel}×{part.kernel}"
    return {"identity": "shortcut", "norm": "bn"}.get(part.kind, part.kind)
