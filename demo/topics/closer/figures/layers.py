"""Grad-CAM through the layers of a network, first to last, with what one place of each sees."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence

import numpy as np

from demo.records import Box
from demo.text import Blank, Words
from demo.topics.closer.figures.maps import place, signed_overlay
from demo.topics.closer.records.maps import LayerMap, Strip

PICKS = "closer-depth"
"""The name under which the page's script tells how deep the reader is."""


def strip(
    found: Strip, name: str, ratio: float, t: Words, scales: Sequence[float] | None = None
) -> str:
    """A network's maps: side by side those of its named layers, and all of them one by one.

    Args:
        name: the class as readers call it.
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
        scales: of each named layer, the |value| that has the fullest colour, which holds for the
            blocks before it too; None is each map's own.
    """
    tiles, row, count = [], 0, len(found.layers)
    for at, one in enumerate(found.layers, start=1):
        # Other strips may have more layers.
        scale = scales[row] if scales else one.map.largest
        row += one.named
        tiles.append(_tile(one, f"{at}/{count}", scale, name, ratio, t))
    rows = f"--many:{max(3, math.ceil(count / 2))}"
    return (
        f'<div class="layers" style="{rows}" data-correlation="{found.correlation:.4f}">'
        f"{''.join(tiles)}</div>"
    )


def scrubber(t: Words) -> str:
    """What goes through the layers of all networks at once; `closer_depth.js` is its script."""
    words = {
        "all": t("closer.depth_all"),
        "step": t("closer.depth_step", at=Blank("at"), count=Blank("count")),
    }
    data = "".join(
        f' data-{name}="{html.escape(value, quote=True)}"' for name, value in words.items()
    )
    return (
        f'<label class="depth-scrub"{data} data-unsaved hidden>'
        f"<span>{html.escape(t('closer.depth_scrub'))}</span>"
        '<input type="range" min="0" max="0" step="1" value="0"><output></output></label>'
    )


def layer_name(name: str, t: Words) -> str:
    """What a stop on the way is called: a layer that the spec names, or a block."""
    if block := re.fullmatch(r"stage(\d+)\.(\d+)", name):
        return t("closer.depth_block", stage=block[1], block=block[2])
    try:
        return t(f"layer.{name}")
    except KeyError:
        return t("closer.depth_module", module=name.removeprefix("Mixed_"))


def _tile(one: LayerMap, at: str, scale: float, name: str, ratio: float, t: Words) -> str:
    height, width = one.size
    layer = layer_name(one.map.layer, t)
    size = t("closer.layer_size", height=height, width=width)
    sees = t("closer.sees_all") if one.share >= 1 else t("closer.sees", pixels=max(one.field))
    alt = t("closer.layer_alt", layer=layer, name=name)
    # With a scale of all networks a block between may go beyond it; it stays at its end.
    values = np.clip(one.map.raw / (scale or 1.0), -1, 1)
    drawn = signed_overlay(values, one.map.seen, alt, ratio, _field(one))
    kind = "data-layer" if one.named else "data-block"
    return (
        f'<figure {kind}="{one.map.layer}" title="{html.escape(layer, quote=True)}">{drawn}'
        f'<small class="which">{html.escape(t("closer.depth_which", layer=layer, at=at))}</small>'
        f"<small>{html.escape(t('closer.layer_facts', size=size, sees=sees))}</small></figure>"
    )


def _field(one: LayerMap) -> str:
    """What the place in the middle sees, as a square."""
    seen, half = one.map.seen, one.share / 2
    wide, high = seen.right - seen.left, seen.bottom - seen.top
    middle = (seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2
    box = Box(
        middle[0] - wide * half,
        middle[1] - high * half,
        middle[0] + wide * half,
        middle[1] + high * half,
    )
    return f'<i class="seen" style="{place(box)}"></i>'


def sentence(found: Sequence[tuple[str, Strip]], t: Words) -> str:
    """Whose map changes most from its first layer to its last, and whose least."""
    rows = sorted(found, key=lambda row: row[1].correlation)
    most, least = rows[0], rows[-1]
    words = [t("closer.layers_most", title=most[0], correlation=_number(most[1].correlation))]
    if len(rows) > 1:
        value = _number(least[1].correlation)
        words.append(t("closer.layers_least", title=least[0], correlation=value))
    return t.sentences(*words)


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
