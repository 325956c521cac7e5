"""Across depth: each block's channels and energy, split among its branches."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures import svg
from demo.figures.inception_style import label, tints
from demo.figures.style import percent
from demo.records.inception import Block, BlockActivity
from demo.text import Words


def depth(blocks: Sequence[Block], activities: Sequence[BlockActivity], t: Words) -> str:
    """Two stacked bars a block, in order of depth: channel share, then energy share."""
    height, top, left = 200.0, 14.0, 46.0
    step = max(56.0, min(120.0, 900.0 / len(blocks)))
    wide = step * 0.34
    parts = [
        svg.text(left - 8, top + height * (1 - mark / 100) + 5, f"{mark}", 13, "end", soft=True)
        + f'<path d="M{left} {top + height * (1 - mark / 100):g} h{step * len(blocks):g}"'
        ' stroke="var(--line)"/>'
        for mark in (0, 50, 100)
    ]
    parts.append(svg.text(left - 8, top + height * 0.25 + 5, "%", 13, "end", soft=True))
    for number, (block, found) in enumerate(zip(blocks, activities, strict=True)):
        x = left + number * step + step * 0.12
        bottom_left = bottom_right = top + height
        for branch, tint, part in zip(
            block.branches, tints(block.branches), found.branches, strict=True
        ):
            name = f"{block.name}, {label(branch.name, t)}"
            low, high = height * part.channel_share, height * part.energy_share
            bottom_left -= low
            bottom_right -= high
            words = f"{name}: {t('inception.channels')} {percent(part.channel_share)}"
            parts.append(_segment(x, bottom_left, wide, low, tint, words, faint=True))
            words = f"{name}: {t('inception.energy')} {percent(part.energy_share)}"
            parts.append(_segment(x + wide + 3, bottom_right, wide, high, tint, words))
        parts.append(
            svg.text(
                x + wide + 1,
                top + height + 20,
                block.name.removeprefix("Mixed_"),
                14,
            )
        )
    words = t("inception.depth_alt")
    drawn = svg.svg(left + step * len(blocks) + 4, top + height + 28, "".join(parts), words)
    return f'<div class="depth">{_key(blocks, t)}<div class="scroll">{drawn}</div></div>'


def _segment(
    x: float, y: float, width: float, height: float, tint: str, title: str, faint: bool = False
) -> str:
    extra = 'stroke="var(--surface)" stroke-width="1"'
    if faint:
        extra += ' fill-opacity="0.5"'
    return svg.box(x, y, width, max(height, 0), tint, title, extra, 1)


def _key(blocks: Sequence[Block], t: Words) -> str:
    """Each kind of branch once, then which bar is which."""
    seen: dict[str, str] = {}
    for block in blocks:
        for branch, tint in zip(block.branches, tints(block.branches), strict=True):
            seen.setdefault(label(branch.name, t), tint)
    names = "".join(
        f'<span style="--tint:{tint}">{html.escape(name)}</span>' for name, tint in seen.items()
    )
    bars = (
        f"<em>{html.escape(t('inception.left_bar'))}</em>"
        f"<em>{html.escape(t('inception.right_bar'))}</em>"
    )
    return f'<div class="key">{names}{bars}</div>'
