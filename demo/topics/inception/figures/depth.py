"""Across depth: each block's channels and energy, split among their branches."""

from __future__ import annotations

from demo.drawing import svg
from demo.drawing.style import percent
from demo.text import Words
from demo.topics.inception.figures.style import POOL, either, kernel_tint, label
from demo.topics.inception.records import Depth, Part, Split

LEFT, TOP, HEIGHT = 38.0, 14.0, 236.0
KEY, ROW = 172.0, 24.0
"""Width of the key where it stands on the right, height of a row of it."""


def depth(found: Depth, chosen: str, t: Words) -> str:
    """Two stacked bars a block, in order of depth: channel share, then energy share.

    Without a photo the channels alone. Colours go by how far a branch sees, not by the order of
    branches, so that they mean the same in every block. For narrow screens the key stands below.

    Args:
        chosen: the block whose name is marked.
    """
    colours = {size: kernel_tint(i, len(found.extents)) for i, size in enumerate(found.extents)}
    key = _key(found, colours, t)
    words = t("inception.depth_alt", blocks=_in_words(found, t))
    low = TOP + HEIGHT + 30
    beside = _chart(found, chosen, colours, 470.0, t)
    beside += [
        one for i, row in enumerate(key) for one in _row(*row, LEFT + 486, TOP + 8 + ROW * i)
    ]
    above = _chart(found, chosen, colours, 318.0, t)
    above += [
        one
        for i, row in enumerate(key)
        for one in _row(*row, 8 + 176 * (i % 2), low + 18 + ROW * (i // 2))
    ]
    tall = low + 18 + ROW * ((len(key) + 1) // 2)
    return either(
        svg.svg(LEFT + 470 + KEY, low, "".join(beside), words),
        svg.svg(LEFT + 322, tall, "".join(above), words),
    )


def _chart(found: Depth, chosen: str, colours: dict[int, str], wide: float, t: Words) -> list[str]:
    """Axis, bars and the blocks' names."""
    step = wide / len(found.blocks)
    parts = [
        svg.text(LEFT - 6, TOP + HEIGHT * (1 - mark / 100) + 5, f"{mark}", 13, "end", soft=True)
        + f'<path d="M{LEFT:g} {TOP + HEIGHT * (1 - mark / 100):g} h{wide:g}"'
        ' stroke="var(--line)"/>'
        for mark in (0, 50, 100)
    ]
    parts.append(svg.text(LEFT - 6, TOP + HEIGHT * 0.25 + 5, "%", 13, "end", soft=True))
    for number, split in enumerate(found.blocks):
        x = LEFT + number * step
        parts.extend(_bars(split, x, step, colours, found.measured, t))
        name = split.block.removeprefix("Mixed_")
        bold = split.block == chosen
        parts.append(svg.text(x + step / 2, TOP + HEIGHT + 20, name, 14, bold=bold))
    return parts


def _bars(
    split: Split, x: float, step: float, colours: dict[int, str], measured: bool, t: Words
) -> list[str]:
    wide = step * (0.36 if measured else 0.6)
    left = x + step * (0.12 if measured else 0.2)
    low = high = TOP + HEIGHT
    drawn = []
    for part in split.parts:
        tint = _tint(part, colours)
        name = f"{split.block}, {label(part.branch, t)}"
        low -= HEIGHT * part.channels
        words = f"{name}: {t('inception.channels')} {percent(part.channels)}"
        drawn.append(_segment(left, low, wide, HEIGHT * part.channels, tint, words, faint=True))
        if part.energy is not None:
            high -= HEIGHT * part.energy
            words = f"{name}: {t('inception.energy')} {percent(part.energy)}"
            drawn.append(_segment(left + wide + 2, high, wide, HEIGHT * part.energy, tint, words))
    return drawn


def _segment(
    x: float, y: float, width: float, height: float, tint: str, title: str, faint: bool = False
) -> str:
    extra = 'stroke="var(--surface)" stroke-width="1"'
    if faint:
        extra += ' fill-opacity="0.5"'
    return svg.box(x, y, width, max(height, 0), tint, title, extra, 1)


def _tint(part: Part, colours: dict[int, str]) -> str:
    return POOL if part.pools else colours[part.extent]


def _key(found: Depth, colours: dict[int, str], t: Words) -> list[tuple[str, str, float]]:
    """Words, colour and opacity: each reach once, the pooling; then which bar is which."""
    rows = [(t("inception.sees", size=f"{size}×{size}"), colours[size], 1.0) for size in colours]
    rows.append((t("inception.pool"), POOL, 1.0))
    grey = "var(--ink-soft)"
    rows.append((t("inception.left_bar" if found.measured else "inception.channels"), grey, 0.5))
    if found.measured:
        rows.append((t("inception.right_bar"), grey, 1.0))
    return rows


def _row(words: str, tint: str, opacity: float, x: float, y: float) -> list[str]:
    return [
        svg.box(x, y - 10, 14, 12, tint, "", f'fill-opacity="{opacity:g}"', 2),
        svg.text(x + 22, y, words, 13, "start"),
    ]


def _in_words(found: Depth, t: Words) -> str:
    """Every block's shares, for a screen reader."""

    def shares(part: Part) -> str:
        numbers = [percent(part.channels)]
        if part.energy is not None:
            numbers.append(percent(part.energy))
        return f"{label(part.branch, t)} {' / '.join(numbers)}"

    return t.sentences(
        *(
            t(
                "inception.depth_row",
                block=split.block,
                shares=t("page.comma").join(shares(part) for part in split.parts),
            )
            for split in found.blocks
        )
    )
