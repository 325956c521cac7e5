"""Grad-CAM through the layers of a network, first above last, with what one place of each sees."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.records import Box
from demo.text import Words
from demo.topics.closer.figures.maps import place, signed_overlay
from demo.topics.closer.records.maps import LayerMap, Strip


def strip(
    found: Strip, name: str, ratio: float, t: Words, scales: Sequence[float] | None = None
) -> str:
    """A network's maps.

    Args:
        name: the class as readers call it.
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
        scales: of each layer, the |value| that has the fullest colour; None is its map's own.
    """
    scales = scales or [one.map.largest for one in found.layers]
    # Other strips may have more layers.
    tiles = "".join(
        _tile(one, scale, name, ratio, t) for one, scale in zip(found.layers, scales, strict=False)
    )
    return f'<div class="layers" data-correlation="{found.correlation:.4f}">{tiles}</div>'


def _tile(one: LayerMap, scale: float, name: str, ratio: float, t: Words) -> str:
    height, width = one.size
    layer = t(f"layer.{one.map.layer}")
    size = t("closer.layer_size", height=height, width=width)
    sees = t("closer.sees_all") if one.share >= 1 else t("closer.sees", pixels=max(one.field))
    alt = t("closer.layer_alt", layer=layer, name=name)
    values = one.map.raw / (scale or 1.0)
    drawn = signed_overlay(values, one.map.seen, alt, ratio, _field(one))
    return (
        f'<figure data-layer="{one.map.layer}" title="{html.escape(layer, quote=True)}">{drawn}'
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
