"""All blocks of a network as buttons, each with how much its branch adds: |F(x)| / |x|."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.records.residual import Bottleneck, Share
from demo.text import Words

TALL = 72
"""Pixels of the largest ratio's bar."""


def strip(blocks: Sequence[Bottleneck], found: Sequence[Share], chosen: str, t: Words) -> str:
    """Buttons in order of depth; bars start at 0 on one scale; data-block holds the name."""
    most = max((one.ratio for one in found), default=0.0) or 1.0
    buttons = "".join(
        _button(block, share, share.ratio / most, block.name == chosen, t)
        for block, share in zip(blocks, found, strict=True)
    )
    crowded = " crowded" if len(blocks) > 20 else ""
    return f'<div class="ratio-strip{crowded}" data-most="{most:.4f}">{buttons}</div>'


def _button(block: Bottleneck, share: Share, part: float, pressed: bool, t: Words) -> str:
    title = t(
        "residual.ratio_tip" if block.identity else "residual.ratio_tip_conv",
        branch=share.branch,
        shortcut=share.shortcut,
        block=block.name,
    )
    kind = "" if block.identity else " projected"
    size = f"{block.size_out[0]}×{block.size_out[1]}"
    return (
        f'<button type="button" data-block="{html.escape(block.name, quote=True)}"'
        f' data-ratio="{share.ratio:.6f}" aria-pressed="{str(pressed).lower()}"'
        f' title="{html.escape(title, quote=True)}"><em>{share.ratio:.2f}</em>'
        f'<i class="ratio{kind}" style="height:{max(part * TALL, 1):.1f}px"></i>'
        f"<b>{html.escape(block.name.removeprefix('stage'))}</b><small>{block.out_channels}"
        f"<br>{size}</small></button>"
    )
