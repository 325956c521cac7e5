"""All blocks of a network as buttons, each with how much its branch adds: |F(x)| / |x|."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.records.residual import Bottleneck, Share, Shares
from demo.text import Words

TALL = 150
"""Pixels of the largest ratio's bar."""


def strip(blocks: Sequence[Bottleneck], found: Shares | None, chosen: str, t: Words) -> str:
    """Buttons in order of depth; bars start at 0 on one scale; data-pick holds the name.

    found: None for a network that could not look at the photo.
    """
    if found is None:
        buttons = "".join(_button(block, "", "", block.name == chosen) for block in blocks)
        return _strip(blocks, buttons)
    most = found.most.ratio or 1.0
    buttons = "".join(
        _button(block, _bar(block, share, most), _tip(block, share, t), block.name == chosen)
        for block, share in zip(blocks, found.blocks, strict=True)
    )
    return _strip(blocks, buttons)


def _strip(blocks: Sequence[Bottleneck], buttons: str) -> str:
    crowded = " crowded" if len(blocks) > 20 else ""
    return f'<div class="ratio-strip{crowded}" data-picks="residual-block">{buttons}</div>'


def _tip(block: Bottleneck, share: Share, t: Words) -> str:
    return t(
        "residual.ratio_tip" if block.identity else "residual.ratio_tip_conv",
        branch=share.branch,
        shortcut=share.shortcut,
        block=block_name(block.name, t),
    )


def _bar(block: Bottleneck, share: Share, most: float) -> str:
    kind = "" if block.identity else " projected"
    height = max(share.ratio / most * TALL, 1)
    return (
        f'<em data-ratio="{share.ratio:.6f}">{share.ratio:.2f}</em>'
        f'<i class="ratio{kind}" style="height:{height:.1f}px"></i>'
    )


def _button(block: Bottleneck, bar: str, tip: str, pressed: bool) -> str:
    size = f"{block.size_out[0]}×{block.size_out[1]}"
    return (
        f'<button type="button" data-pick="{html.escape(block.name, quote=True)}"'
        f' aria-pressed="{str(pressed).lower()}" title="{html.escape(tip, quote=True)}">{bar}'
        f"<b>{html.escape(block.name.removeprefix('stage'))}</b><small>{block.out_channels}"
        f"<br>{size}</small></button>"
    )


def block_name(name: str, t: Words) -> str:
    """ "stage2.1" as the reader calls it."""
    stage, _, number = name.removeprefix("stage").partition(".")
    return t("residual.block_name", stage=stage, block=number)
