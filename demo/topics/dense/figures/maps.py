"""What one dense layer added for a photo: the mean over the photo, and each of its k channels."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.colormaps import paint
from demo.drawing.heat import colour_bar, data_uri, overlay, photo_once
from demo.records import Box
from demo.text import Words
from demo.topics.dense.records import LayerMaps

COLUMNS = 8


def view(found: LayerMaps, photo: str, ratio: float, seen: Box, t: Words) -> str:
    """Mean map over the photo, beside it one mosaic of all channels.

    Args:
        photo: address of the photo (see `heat.photo_uri`); ratio: its width / height.
    """
    mean = found.maps.mean(0)
    low, high = float(mean.min()), float(mean.max())
    scaled = (mean - low) / (high - low) if high > low else np.zeros_like(mean)
    k, height, width = found.maps.shape
    title = t("densenet.maps_title", block=found.block, layer=found.layer, k=k, h=height, w=width)
    alt = t("densenet.maps_mosaic", k=k)
    return (
        f'<figure class="layer-maps" data-maps="{found.block},{found.layer}"'
        f" {photo_once(photo, ratio)}><h4>{html.escape(title)}</h4>"
        f"<div><div>{overlay('', scaled, seen, t('densenet.maps_mean'), ratio=ratio)}"
        f"{colour_bar(f'{low:.2f}', f'{high:.2f}')}"
        f"<figcaption>{html.escape(t('densenet.maps_mean'))}</figcaption></div>"
        f'<div><img class="channel-sheet" src="{mosaic(found.maps)}" alt="{html.escape(alt)}">'
        f"<figcaption>{html.escape(alt)}</figcaption></div></div></figure>"
    )


def mosaic(maps: NDArray[np.float32], side: int = 64) -> str:
    """All maps (k, h, w) as one picture, eight in a row, each scaled to its own range."""
    k, height, width = maps.shape
    low = maps.min((1, 2), keepdims=True)
    span = np.maximum(maps.max((1, 2), keepdims=True) - low, 1e-9)
    scale = max(1, round(side / max(height, width)))
    tiles = np.kron((maps - low) / span, np.ones((1, scale, scale)))
    high, wide, gap = height * scale, width * scale, 3
    columns = min(COLUMNS, k)
    rows = -(-k // columns)
    sheet = np.zeros((rows * (high + gap) - gap, columns * (wide + gap) - gap, 4), dtype=np.uint8)
    for index, tile in enumerate(tiles):
        y, x = index // columns * (high + gap), index % columns * (wide + gap)
        sheet[y : y + high, x : x + wide, :3] = paint(tile, "viridis")
        sheet[y : y + high, x : x + wide, 3] = 255
    return data_uri(Image.fromarray(sheet))
