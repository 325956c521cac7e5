"""Residual blocks drawn with their own numbers: height is channels, to one scale for a pair."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, whole
from demo.records import Family
from demo.text import Words
from demo.topics.residual.figures.strip import block_name
from demo.topics.residual.records import Bottleneck

WIDTH, TALL = 558.0, 170.0
SHORTCUT_AT, MIDDLE = 26.0, 142.0
_TYPE = 19.0
_GAP_LABELS = (60.0, 177.0, 295.0, 409.0, 502.0)
MOST_STRIPES = 32
"""More paths than this cannot be told apart at this size."""


def pair(rows: Sequence[tuple[str, Family, Bottleneck]], t: Words) -> str:
    """Blocks beside each other: (title of the network, family, block)."""
    widest = max(max(b.in_channels, b.width, b.out_channels) for _, _, b in rows)
    cells = "".join(_cell(title, family, block, TALL / widest, t) for title, family, block in rows)
    note = f'<p class="hint sideways" data-unsaved>{html.escape(t("residual.sideways"))}</p>'
    return f'{note}<div class="bottlenecks">{cells}</div>'


def _cell(title: str, family: Family, block: Bottleneck, scale: float, t: Words) -> str:
    first, middle, last, extra = block.weights
    total = " + ".join(whole(part) for part in (first, middle, last, extra) if part)
    words = t("residual.block_weights", terms=total, total=whole(sum(block.weights)))
    formula = "y = ReLU(F(x) + x)" if block.identity else "y = ReLU(F(x) + W x)"
    return (
        f'<figure class="bottleneck" style="--family:{family_var(family)}"'
        f' data-weights="{sum(block.weights)}"><h4><b>{html.escape(title)}</b>'
        f" <span>{html.escape(block_name(block.name, t))}</span>"
        f"<small>{html.escape(kind(block, t))}</small></h4>"
        f'<div class="scroll">{diagram(block, family, scale, t)}</div>'
        f"<figcaption><code>{formula}</code> {html.escape(words)}</figcaption></figure>"
    )


def kind(block: Bottleneck, t: Words) -> str:
    """Its paths in words."""
    c, d = block.cardinality, block.path_width
    return t("residual.one_path", d=d) if c == 1 else t("residual.many_paths", c=c, d=d)


def diagram(block: Bottleneck, family: Family, scale: float, t: Words) -> str:
    """One block from x to its output; `scale` is pixels a channel."""
    before, inside, after = (
        max(n * scale, 3) for n in (block.in_channels, block.width, block.out_channels)
    )
    tint, strong = family_tint(family, 0.3), family_var(family)
    light = family_tint(family, 0.0)
    stride = f" /{block.stride}" if block.stride > 1 else ""
    title = f"3×3, {block.width} → {block.width}"
    parts = [
        svg.box(10, MIDDLE - before / 2, 13, before, tint, "x"),
        svg.arrow([(26, MIDDLE), (90, MIDDLE)]),
        svg.trapezoid(
            92, MIDDLE, 52, before, inside, light, f"1×1, {block.in_channels} → {block.width}"
        ),
        svg.arrow([(147, MIDDLE), (208, MIDDLE)]),
        *_stripes(210, inside, block.cardinality, strong, title),
        svg.arrow([(265, MIDDLE), (326, MIDDLE)]),
        svg.trapezoid(
            328, MIDDLE, 52, inside, after, light, f"1×1, {block.width} → {block.out_channels}"
        ),
        svg.arrow([(383, MIDDLE), (437, MIDDLE)]),
        svg.plus(452, MIDDLE),
        svg.arrow([(467, MIDDLE), (534, MIDDLE)]),
        svg.box(537, MIDDLE - after / 2, 13, after, tint, "y"),
        *_shortcut(block, strong, stride),
    ]
    low = MIDDLE + max(before, after, inside) / 2 + 26
    parts += [
        svg.text(118, low, "1×1", _TYPE, bold=True),
        svg.text(236, low, f"3×3{stride}", _TYPE, bold=True),
        svg.text(354, low, "1×1", _TYPE, bold=True),
    ]
    if block.cardinality > 1:
        parts.append(svg.text(236, low + 23, t("residual.groups", c=block.cardinality), _TYPE))
    shapes = (
        (block.in_channels, block.size_in),
        (block.width, block.size_in),
        (block.width, block.size_out),
        (block.out_channels, block.size_out),
        (block.out_channels, block.size_out),
    )
    for x, (channels, size) in zip(_GAP_LABELS, shapes, strict=True):
        parts.append(svg.text(x, MIDDLE - 9, f"{channels:,}", _TYPE, bold=True))
        place = svg.text(x, MIDDLE + 20, f"×{size[0]}×{size[1]}", 12.5, soft=True)
        parts.append(f'<g class="minor">{place}</g>')
    name = block_name(block.name, t)
    label = t("residual.block_alt", block=name, c=block.cardinality, d=block.path_width)
    return svg.svg(WIDTH, low + 32, "".join(parts), label)


def _stripes(x: float, height: float, count: int, fill: str, title: str) -> list[str]:
    """The 3x3 convolution: one box, or a stripe for each path; channels of paths never mix."""
    drawn = min(count, MOST_STRIPES)
    each = height / drawn
    gap = min(2.0, each * 0.35) if drawn > 1 else 0.0
    top = MIDDLE - height / 2
    return [
        svg.box(x, top + i * each + gap / 2, 52, each - gap, fill, title, radius=1 if gap else 4)
        for i in range(drawn)
    ]


def _shortcut(block: Bottleneck, colour: str, stride: str) -> list[str]:
    way = [(34.0, MIDDLE), (34.0, SHORTCUT_AT)]
    down = [(452.0, SHORTCUT_AT), (452.0, MIDDLE - 15)]
    if block.identity:
        return [
            svg.arrow([*way, *down], colour=colour),
            svg.text(236, SHORTCUT_AT - 7, "x", _TYPE, bold=True),
        ]
    return [
        svg.arrow([*way, (196, SHORTCUT_AT)], colour=colour),
        svg.box(
            198,
            SHORTCUT_AT - 15,
            76,
            30,
            "var(--surface)",
            f"1×1, {block.in_channels} → {block.out_channels}",
            f'stroke="{colour}" stroke-width="2"',
        ),
        svg.text(236, SHORTCUT_AT + 7, f"1×1{stride}", _TYPE, bold=True),
        svg.arrow([(276, SHORTCUT_AT), *down], colour=colour),
    ]
