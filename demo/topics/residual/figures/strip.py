"""All blocks of a network as buttons, each with how much its branch adds: |F(x)| / |x|."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import groupby

from demo.text import Words
from demo.topics.residual.records import Bottleneck, Share, Shares

TALL = 170
"""Pixels of the largest ratio's bar."""
CROWDED, PACKED = 10, 20
"""More blocks than these leave each less room for its words."""


def strip(blocks: Sequence[Bottleneck], found: Shares | None, chosen: str, t: Words) -> str:
    """Buttons in order of depth, by stage; bars start at 0 on one scale; data-pick is the name.

    found: None for a network that could not look at the photo.
    """
    shares = found.blocks if found else [None] * len(blocks)
    size = " packed" if len(blocks) > PACKED else " crowded" if len(blocks) > CROWDED else ""
    stages = []
    for stage, rows in groupby(zip(blocks, shares, strict=True), lambda row: _place(row[0])[0]):
        members = list(rows)
        buttons = "".join(_button(block, share, found, chosen, t) for block, share in members)
        stages.append(
            f'<div class="stage" style="--blocks:{len(members)}"><div class="stage-blocks">'
            f"{buttons}</div>{_stage(stage, members[-1][0], t)}</div>"
        )
    key = _key(t) if found else ""
    return (
        f'{key}<div class="ratio-strip{size}" data-picks="residual-block">{"".join(stages)}</div>'
    )


def _place(block: Bottleneck) -> tuple[str, str]:
    """Its stage and its number there."""
    stage, _, number = block.name.removeprefix("stage").partition(".")
    return stage, number


def _stage(stage: str, block: Bottleneck, t: Words) -> str:
    """What all blocks of a stage share: the shape of what they give."""
    height, width = block.size_out
    return (
        f"<p><b>{html.escape(t('residual.stage', stage=stage))}</b><small>{block.out_channels:,}"
        f" <span>× {height}×{width}</span></small></p>"
    )


def _key(t: Words) -> str:
    """What a bar's height is, and what hatching means."""
    height, hatched = html.escape(t("residual.key_ratio")), html.escape(t("residual.key_projected"))
    return (
        f'<p class="ratio-key"><span><b>|F(x)| / |x|</b> {height}</span>'
        f'<span><i class="projected"></i>{hatched}</span></p>'
    )


def _button(
    block: Bottleneck, share: Share | None, found: Shares | None, chosen: str, t: Words
) -> str:
    name = block_name(block.name, t)
    bar = said = ""
    if share is not None and found is not None:
        bar, said = _bar(block, share, found), f"{share.ratio:.2f}"
        name = t("residual.ratio_of", block=name, ratio=said)
    number = _place(block)[1]
    return (
        f'<button type="button" data-pick="{html.escape(block.name, quote=True)}"'
        f' aria-pressed="{str(block.name == chosen).lower()}"'
        f' aria-label="{html.escape(name, quote=True)}"'
        f' title="{html.escape(_tip(block, share, t), quote=True)}">{bar}<b>{number}</b></button>'
    )


def _tip(block: Bottleneck, share: Share | None, t: Words) -> str:
    name = block_name(block.name, t)
    if share is None:
        return name
    return t(
        "residual.ratio_tip" if block.identity else "residual.ratio_tip_conv",
        branch=share.branch,
        shortcut=share.shortcut,
        block=name,
    )


def _bar(block: Bottleneck, share: Share, found: Shares) -> str:
    kind = "" if block.identity else " projected"
    told = ' class="told"' if share in (found.most, found.least) else ""
    height = max(share.ratio / (found.most.ratio or 1.0) * TALL, 1)
    return (
        f'<em{told} data-ratio="{share.ratio:.6f}">{share.ratio:.2f}</em>'
        f'<i class="ratio{kind}" style="height:{height:.1f}px"></i>'
    )


def block_name(name: str, t: Words) -> str:
    """ "stage2.1" as the reader calls it."""
    stage, _, number = name.removeprefix("stage").partition(".")
    return t("residual.block_name", stage=stage, block=number)
