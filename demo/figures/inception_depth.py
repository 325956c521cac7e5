"""Across depth: each block's channels and energy, split among its branches."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures import svg
from demo.figures.inception_style import POOL, kernel_tint, label
from demo.figures.style import percent
from demo.records.inception import Block, BlockActivity
from demo.text import Words


def depth(
    blocks: Sequence[Block],
    activities: Sequence[BlockActivity],
    extents: Sequence[Sequence[int]],
    t: Words,
) -> str:
    """Two stacked bars a block, in order of depth: channel share, then energy share.

    extents: of each block, how far each branch sees in it. Colours go by that, not by the order of
    branches, so that they mean the same in every block.
    """
    colours = _colours(blocks, extents)
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
        for branch, tint, part in zip(block.branches, colours[number], found.branches, strict=True):
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
    key = _key(blocks, extents, colours, t)
    return f'<div class="depth">{key}<div class="scroll">{drawn}</div></div>'


def _segment(
    x: float, y: float, width: float, height: float, tint: str, title: str, faint: bool = False
) -> str:
    extra = 'stroke="var(--surface)" stroke-width="1"'
    if faint:
        extra += ' fill-opacity="0.5"'
    return svg.box(x, y, width, max(height, 0), tint, title, extra, 1)


def _colours(blocks: Sequence[Block], extents: Sequence[Sequence[int]]) -> list[list[str]]:
    """A colour for each branch of each block."""
    pairs = [
        list(zip(block.branches, sizes, strict=True))
        for block, sizes in zip(blocks, extents, strict=True)
    ]
    sizes = sorted({size for row in pairs for branch, size in row if not branch.pools})
    tint = {size: kernel_tint(i, len(sizes)) for i, size in enumerate(sizes)}
    return [[POOL if branch.pools else tint[size] for branch, size in row] for row in pairs]


def _key(
    blocks: Sequence[Block],
    extents: Sequence[Sequence[int]],
    colours: Sequence[Sequence[str]],
    t: Words,
) -> str:
    """Each reach once, nearest first, the pooling last; then which bar is which."""
    seen: dict[int, str] = {}
    for block, sizes, tints in zip(blocks, extents, colours, strict=True):
        for branch, size, tint in zip(block.branches, sizes, tints, strict=True):
            if not branch.pools:
                seen[size] = tint
    rows = [(t("inception.sees", size=f"{size}×{size}"), seen[size]) for size in sorted(seen)]
    rows.append((t("inception.pool"), POOL))
    names = "".join(
        f'<span style="--tint:{tint}">{html.escape(name)}</span>' for name, tint in rows
    )
    bars = (
        f"<em>{html.escape(t('inception.left_bar'))}</em>"
        f"<em>{html.escape(t('inception.right_bar'))}</em>"
    )
    return f'<div class="key">{names}{bars}</div>'
