"""What one output position of each branch sees: boxes on the photo that follow the pointer."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from dataclasses import dataclass

from demo.figures.heat import frame
from demo.figures.inception_style import label, tints
from demo.records import Box
from demo.records.inception import Block, Field, Pair
from demo.scripts import script
from demo.text import Words

FOLLOW = script("inception_field")


@dataclass(frozen=True)
class Sight:
    """Of one branch: the field within its block (in cells of the block's input), and to the photo.

    box_within, box_whole: both on the photo, for the position that is shown first.
    """

    within: Field
    whole: Field
    box_within: Box
    box_whole: Box


def views(
    block: Block,
    sights: Sequence[Sight],
    position: Pair,
    size: int,
    seen: Box,
    ratio: float,
    t: Words,
) -> str:
    """Two photos, side by side: what a position reads of the block's input, and of the photo.

    The browser moves the boxes (`FOLLOW`); data attributes hold all that it needs.

    Args:
        position: (row, column) of the output that is shown first.
        size: side of the network's input in pixels.
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo. The photo itself is the page's `--photo`.
    """
    height, width = block.shape_out[1:]
    blank = t("inception.place", row="{row}", column="{column}")
    return (
        f'<div class="field-views" data-height="{height}" data-width="{width}"'
        f' data-row="{position[0]}" data-column="{position[1]}"'
        f' data-seen="{seen.left:.5f},{seen.top:.5f},{seen.right:.5f},{seen.bottom:.5f}">'
        + _view("within", block, sights, block.shape_in[1], ratio, t)
        + _view("whole", block, sights, size, ratio, t)
        + f'<p class="hint field-place" data-words="{html.escape(blank, quote=True)}">'
        + html.escape(t("inception.place", row=position[0], column=position[1]))
        + f"</p></div>{_sizes(block, sights, size, t)}"
    )


def _view(
    kind: str, block: Block, sights: Sequence[Sight], size: int, ratio: float, t: Words
) -> str:
    boxes = []
    for branch, tint, sight in reversed(
        list(zip(block.branches, tints(block.branches), sights, strict=True))
    ):
        field = sight.within if kind == "within" else sight.whole
        box = sight.box_within if kind == "within" else sight.box_whole
        data = json.dumps([field.jump, field.first, field.last])
        boxes.append(
            f'<i class="{"pools" if branch.pools else "sees"}" data-branch="{branch.name}"'
            f' data-field="{data}" style="--tint:{tint};{_place(box)}"></i>'
        )
    words = t("inception.field_within") if kind == "within" else t("inception.field_whole")
    return (
        f'<figure class="field-view" data-size="{size}"><div class="overlay" tabindex="0"'
        f' role="img" aria-label="{html.escape(words, quote=True)}"'
        f' style="{frame(ratio)}">{"".join(boxes)}</div>'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def _sizes(block: Block, sights: Sequence[Sight], size: int, t: Words) -> str:
    rows = []
    for branch, tint, sight in zip(block.branches, tints(block.branches), sights, strict=True):
        within, whole = sight.within.extent, sight.whole.extent
        beyond = t("inception.beyond") if max(whole) > size else ""
        rows.append(
            f'<li style="--tint:{tint}" class="{"pools" if branch.pools else "sees"}">'
            f"<b>{html.escape(label(branch.name, t))}</b>"
            f" {html.escape(t('inception.field_size', cells=_size(within), pixels=_size(whole)))}"
            f" {html.escape(beyond)}</li>"
        )
    return f'<ul class="field-sizes">{"".join(rows)}</ul>'


def _size(extent: Pair) -> str:
    return f"{extent[0]}×{extent[1]}"


def _place(box: Box) -> str:
    return (
        f"left:{box.left:.2%};top:{box.top:.2%};"
        f"width:{box.right - box.left:.2%};height:{box.bottom - box.top:.2%}"
    )
