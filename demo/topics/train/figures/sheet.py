"""All photos of a set small on one sheet, from which a page shows one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from demo.drawing.heat import data_uri

MOST = 120
"""From more photos than that on, each is smaller, so that 500 travel in some 300 KB."""


@dataclass(frozen=True)
class Sheet:
    """uri: of the sheet. side: of a photo on it, in pixels. across: photos in a row."""

    uri: str
    side: int
    across: int


def sheet(photos: Sequence[NDArray[np.uint8]]) -> Sheet:
    """The photos (H, W, 3), their middle squares, row by row in order."""
    side = 96 if len(photos) <= MOST else 48
    across = max(1, round(len(photos) ** 0.5))
    rows = -(-len(photos) // across)
    whole = Image.new("RGB", (across * side, max(1, rows) * side))
    for place, pixels in enumerate(photos):
        small = ImageOps.fit(Image.fromarray(pixels), (side, side))
        whole.paste(small, (place % across * side, place // across * side))
    return Sheet(data_uri(whole, "WEBP", quality=70), side, across)
