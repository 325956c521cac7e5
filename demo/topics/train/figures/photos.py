"""The photos of a set, a row a class; those that are held out are marked."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.heat import data_uri
from demo.text import Words
from demo.topics.train.records import PhotoSet, Split

SHOWN = ((2, 24, 12), (4, 14, 14), (10, 20, 10))
"""(up to so many classes, photos of each that are shown, in columns of)."""
SIDE = 72


def thumbnail(pixels: NDArray[np.uint8]) -> str:
    """The middle square of a photo, as an address."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    square = Image.fromarray(np.ascontiguousarray(pixels[top : top + side, left : left + side]))
    return data_uri(square.resize((SIDE, SIDE), Image.Resampling.LANCZOS), "WEBP", quality=75)


def rows(photos: PhotoSet, parts: Split, t: Words) -> str:
    """All classes with their photos; at most as many of each as SHOWN, the held out first."""
    most, columns = next(row[1:] for row in SHOWN if len(photos.classes) <= row[0])
    held = set(parts.held_out.tolist())
    drawn = []
    for index, (name, count) in enumerate(zip(photos.classes, photos.counts, strict=True)):
        places = np.flatnonzero(photos.labels == index).tolist()
        shown = sorted(sorted(places, key=lambda place: place not in held)[:most])
        images = "".join(_image(photos, place, place in held, t) for place in shown)
        said = t("train.count", count=count)
        if count > len(shown):
            said = t("train.count_shown", count=count, shown=len(shown))
        drawn.append(
            f'<div class="train-class"><p><b>{html.escape(name)}</b>'
            f'<span>{html.escape(said)}</span></p><div class="train-thumbs">{images}</div></div>'
        )
    key = f'<p class="train-key"><i class="held"></i>{html.escape(t("train.key_held"))}</p>'
    wide = " train-many" if len(photos.classes) > SHOWN[1][0] else ""
    return f'<div class="train{wide}" style="--columns:{columns}">{"".join(drawn)}{key}</div>'


def _image(photos: PhotoSet, place: int, held: bool, t: Words) -> str:
    name = photos.names[place]
    said = t("train.held_alt", name=name) if held else name
    kind, address = "held" if held else "learned", thumbnail(photos.photos[place].pixels)
    return (
        f'<img class="{kind}" src="{address}"'
        f' alt="{html.escape(said, quote=True)}" title="{html.escape(said, quote=True)}">'
    )
