"""An Inception block drawn with the live module's numbers, and the strip of all blocks."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from demo.drawing import svg
from demo.records.receptive import Step
from demo.text import Words
from demo.topics.inception.figures.style import either, label, operation, tints
from demo.topics.inception.records import Block, Branch

BLOCKS = "inception-block"
"""Name of what is picked in the strip: the block that is looked at."""


def strip(blocks: Sequence[Block], chosen: str, t: Words) -> str:
    """Buttons in order of depth, as high as the maps are large; data-pick holds the name."""
    largest = max(block.shape_out[1] for block in blocks)
    rows = []
    for block in blocks:
        height = 6 + 20 * block.shape_out[1] / largest
        shares = "".join(
            f'<i style="flex:{branch.channels};background:{tint}"></i>'
            for branch, tint in zip(block.branches, tints(block.branches), strict=True)
        )
        into, out = svg.shape(*block.shape_in), svg.shape(*block.shape_out)
        rows.append(
            f'<button type="button" data-pick="{html.escape(block.name, quote=True)}"'
            f' aria-pressed="{str(block.name == chosen).lower()}"'
            f' title="{html.escape(t("inception.shapes", into=into, out=out), quote=True)}">'
            f'<span class="widths" style="height:{height:.0f}px">{shares}</span>'
            f"<b>{html.escape(block.name.removeprefix('Mixed_'))}</b>"
            f"<small>{block.shape_in[0]} → {block.shape_out[0]}</small>"
            f"<small>{_places(block)}</small></button>"
        )
    tip = html.escape(t("inception.blocks_tip"), quote=True)
    return (
        f'<div class="block-strip" data-picks="{BLOCKS}" role="group" title="{tip}"'
        f' aria-label="{html.escape(t("inception.blocks"), quote=True)}">{"".join(rows)}</div>'
    )


def _places(block: Block) -> str:
    """Height and width of its maps, twice where it changes them."""
    (_, high, wide), (_, low, narrow) = block.shape_in, block.shape_out
    before = f"{high}×{wide}"
    return before if (high, wide) == (low, narrow) else f"{before} → {low}×{narrow}"


@dataclass(frozen=True)
class _Lane:
    """Where one branch is drawn: its middle and the middles of its ends."""

    branch: Branch
    tint: str
    middle: float
    ends: tuple[float, ...]


def diagram(block: Block, t: Words) -> str:
    """The block twice: flowing to the right, and for narrow screens downwards."""
    return either(_wide(block, t), _tall(block, t))


def _lanes(block: Block, top: float, single: float, double: float) -> tuple[list[_Lane], float]:
    lanes = []
    y = top
    for branch, tint in zip(block.branches, tints(block.branches), strict=True):
        height = double if branch.ends else single
        middle = y + height / 2
        gap = height / 4 if branch.ends else 0
        ends = (middle - gap, middle + gap) if branch.ends else ()
        lanes.append(_Lane(branch, tint, middle, ends))
        y += height
    return lanes, y


def _wide(block: Block, t: Words) -> str:
    lanes, bottom = _lanes(block, 30, max(76, 304 / len(block.branches)), 128)
    left, right, stack = 116.0, 800.0, 846.0
    height = bottom - 30
    parts = [
        svg.text(0, 19, svg.shape(*block.shape_in), 17, "start", bold=True),
        svg.box(4, 30, 66, height, "var(--surface-soft)", extra='stroke="var(--line)"'),
        svg.text(37, 30 + height / 2 + 5, t("inception.input"), 17, soft=True),
        svg.text(960, 19, svg.shape(*block.shape_out), 17, "end", bold=True),
        svg.bracket(stack - 8, 30, bottom, 7),
    ]
    total = block.shape_out[0]
    for lane in lanes:
        start = 30 + height * lane.branch.start / total
        tall = height * lane.branch.channels / total
        parts.append(svg.arrow([(70, lane.middle), (left, lane.middle)]))
        parts.extend(_operations(lane, left, right, 124, 52, t))
        parts.append(
            svg.box(stack, start, 54, tall, lane.tint, extra='stroke="var(--surface)"', radius=2)
        )
        middle = start + tall / 2
        parts.append(svg.text(stack + 64, middle + 6, f"{lane.branch.channels:,}", 17, "start"))
        for end in lane.ends or (lane.middle,):
            parts.append(svg.arrow([(right, end), (right + 10, end), (stack - 10, middle)]))
    words = t("inception.diagram_alt", block=block.name, count=len(block.branches))
    return svg.svg(960, bottom + 12, "".join(parts), words)


def _tall(block: Block, t: Words) -> str:
    width = 350.0
    lanes, bottom = _lanes(block, 66, 92, 138)
    parts = [
        svg.text(width / 2, 16, svg.shape(*block.shape_in), 15, bold=True),
        svg.box(5, 24, width - 10, 26, "var(--surface-soft)", extra='stroke="var(--line)"'),
        svg.text(width / 2, 42, t("inception.input"), 14, soft=True),
    ]
    for lane in lanes:
        top = min(lane.ends, default=lane.middle) - 34
        parts.append(svg.text(8, top + 4, label(lane.branch.name, t), 14, "start", bold=True))
        shifted = _Lane(
            lane.branch, lane.tint, lane.middle + 10, tuple(end + 10 for end in lane.ends)
        )
        parts.extend(_operations(shifted, 8, width - 8, 96, 44, t, small=True))
    y, total = bottom + 16, block.shape_out[0]
    for lane in lanes:
        x = 5 + (width - 10) * lane.branch.start / total
        wide = (width - 10) * lane.branch.channels / total
        parts.append(svg.box(x, y, wide, 30, lane.tint, extra='stroke="var(--surface)"', radius=2))
        parts.append(svg.text(x + wide / 2, y + 46, f"{lane.branch.channels:,}", 13))
    parts.append(svg.text(width / 2, y + 70, svg.shape(*block.shape_out), 15, bold=True))
    words = t("inception.diagram_alt", block=block.name, count=len(block.branches))
    return svg.svg(width, y + 80, "".join(parts), words)


def _operations(
    lane: _Lane,
    left: float,
    right: float,
    width: float,
    height: float,
    t: Words,
    small: bool = False,
) -> list[str]:
    """A branch's steps between two borders, evenly, with arrows between and to the border."""
    branch = lane.branch
    count = len(branch.trunk) + max((len(end) for end in branch.ends), default=0)
    room = (right - left) / max(count, 1)
    width = min(width, room - 12)
    parts = []
    x = left
    for number, step in enumerate(branch.trunk):
        parts.append(_step(step, x, lane.middle, width, height, lane.tint, t, small))
        last = number == len(branch.trunk) - 1
        following = x + room
        if not last:
            parts.append(svg.arrow([(x + width, lane.middle), (following, lane.middle)]))
        elif not branch.ends and not small:
            parts.append(_line(x + width, lane.middle, right, lane.middle))
        for end in lane.ends if last else ():
            parts.append(svg.arrow([(x + width, lane.middle), (following, end)]))
        x = following
    for end, y in zip(branch.ends, lane.ends, strict=True):
        for offset, step in enumerate(end):
            at = x + offset * room
            parts.append(_step(step, at, y, width, height, lane.tint, t, small))
            if not small:
                parts.append(_line(at + width, y, right, y))
    return parts


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<path d="M{x1:g} {y1:g} L{x2:g} {y2:g}" stroke="var(--ink-soft)" stroke-width="1.6"/>'


def _step(
    step: Step,
    x: float,
    middle: float,
    width: float,
    height: float,
    tint: str,
    t: Words,
    small: bool,
) -> str:
    """One step: a trapezoid where a 1x1 convolution changes the channels, a box elsewhere."""
    first, second = operation(step, t)
    title = f"{first}, {second}, {svg.shape(step.channels, step.height, step.width)}"
    body = f"color-mix(in oklab, {tint} 45%, var(--surface))"
    edge = f'stroke="{tint}" stroke-width="1.6"'
    if step.kind != "conv":
        body = "var(--surface)"
        edge += ' stroke-dasharray="4 3"'
    if step.pointwise and step.channels != step.in_channels:
        ratio = max(0.64, min(1.0, step.channels / step.in_channels))
        drawn = svg.trapezoid(x, middle, width, height, height * ratio, body, title)
        drawn = drawn.replace("<polygon", f"<polygon {edge}", 1)
    else:
        drawn = svg.box(x, middle - height / 2, width, height, body, title, edge)
    size = 12 if small else 16
    if small and step.kind == "conv":
        second = str(step.channels)
    centre = x + width / 2
    return (
        drawn
        + svg.text(centre, middle - 4, first, size, bold=True)
        + svg.text(centre, middle + size - 1, second, size)
    )
