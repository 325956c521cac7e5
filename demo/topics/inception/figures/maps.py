"""Maps of channels: a mosaic of many as one picture, and one enlarged over the photo."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.heat import colour_bar, data_uri, overlay
from demo.records import Box
from demo.text import Words

_GAP = 1
"""Black pixels right of and below each map."""


def own_scale(maps: NDArray[np.floating]) -> NDArray[np.float32]:
    """Maps (n, h, w), each divided by its own maximum; silent ones stay 0."""
    highest = maps.max(axis=(1, 2), keepdims=True)
    scaled = maps / np.where(highest > 0, highest, 1)
    return np.clip(scaled, 0, 1).astype(np.float32)


def tiles(maps: NDArray[np.floating], columns: int) -> NDArray[np.uint8]:
    """Grey picture of maps (n, h, w) in [0, 1], row by row in equal cells."""
    count, height, width = maps.shape
    rows = math.ceil(count / columns)
    canvas = np.zeros((rows * (height + _GAP), columns * (width + _GAP)), np.uint8)
    for number, values in enumerate(np.rint(maps * 255).astype(np.uint8)):
        top = number // columns * (height + _GAP)
        left = number % columns * (width + _GAP)
        canvas[top : top + height, left : left + width] = values
    return canvas


def mosaic(
    maps: NDArray[np.floating],
    indices: Sequence[int],
    strength: NDArray[np.floating],
    t: Words,
    branch: str = "",
    opened: int | None = None,
    columns: int = 8,
) -> str:
    """The maps (n, h, w) as one PNG, with a button over each that names its channel.

    Args:
        indices: the maps' channels.
        strength: their mean activations.
        branch: whose they are; a button picks "branch:channel". Without it no buttons.
        opened: the channel whose button is pressed.
    """
    columns = min(columns, len(indices))
    sheet = tiles(own_scale(maps), columns)
    buttons = "".join(
        f'<button type="button" data-pick="{branch}:{index}"'
        f' aria-pressed="{str(index == opened).lower()}"'
        f"{_named(t('inception.channel', index=index, mean=mean))}></button>"
        for index, mean in zip(indices, strength, strict=True)
    )
    uri = data_uri(Image.fromarray(sheet))
    alt = html.escape(t("inception.mosaic_alt", count=len(indices)), quote=True)
    return (
        f'<div class="mosaic" style="aspect-ratio:{sheet.shape[1] / sheet.shape[0]:.4f}">'
        f'<img src="{uri}" alt="{alt}">'
        + (f'<div class="tiles" style="--columns:{columns}">{buttons}</div>' if branch else "")
        + "</div>"
    )


def _named(words: str) -> str:
    words = html.escape(words, quote=True)
    return f' title="{words}" aria-label="{words}"'


def enlarged(values: NDArray[np.floating], words: str, seen: Box, ratio: float, t: Words) -> str:
    """One map (h, w) over the photo (given by `photo_once` around it), its highest value marked.

    words: what is shown, e.g. branch and channel.
    """
    highest = float(values.max())
    row, column = np.unravel_index(int(values.argmax()), values.shape)
    height, width = values.shape
    x = seen.left + (seen.right - seen.left) * (column + 0.5) / width
    y = seen.top + (seen.bottom - seen.top) * (row + 0.5) / height
    mark = f'<i class="highest" style="left:{x:.2%};top:{y:.2%}"></i>' if highest > 0 else ""
    note = (
        t("inception.highest", value=highest, row=row, column=column)
        if highest > 0
        else t("inception.silent_channel")
    )
    return (
        f'<figure class="enlarged">{over_photo(values, seen, ratio, words, mark)}'
        f"<figcaption><b>{html.escape(words)}</b> {html.escape(note)}</figcaption></figure>"
    )


def over_photo(
    values: NDArray[np.floating], seen: Box, ratio: float, alt: str, marks: str = ""
) -> str:
    """A map (h, w) as heat over the photo that an element around gives, and its colour bar.

    From its lowest to its highest value: the mean over many channels is never near 0.
    marks: what lies upon both.
    """
    heat = overlay("", spread_out(values), seen, alt, ratio=ratio, marks=marks)
    return heat + colour_bar(f"{float(values.min()):.2f}", f"{float(values.max()):.2f}")


def spread_out(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Values from their lowest to their highest as 0 to 1; all 0 where they are the same."""
    low, high = values.min(), values.max()
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
