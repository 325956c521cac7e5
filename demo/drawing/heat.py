"""Heat over a photo, as HTML: the browser mixes both, so opacity and colour map change at once.

The map travels as a small grey picture. An SVG filter of the page (`filters`) turns grey into a
colour map and lets the cold part stay photo; `--heat-opacity` and `--heat-filter` are set in CSS.
"""

from __future__ import annotations

import base64
import html
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.cache import ByteCache
from demo.drawing.colormaps import SEQUENTIAL, stops
from demo.records import Box, Photo

FULL = Box(0.0, 0.0, 1.0, 1.0)
_ADDRESSES: ByteCache[str] = ByteCache(16 * 2**20, size=len, grows=False)
"""Of photos: several hundred at the sizes of scenes."""


def data_uri(picture: Image.Image, kind: str = "PNG", **options: int) -> str:
    """A picture as a data: address, e.g. kind "PNG" for maps, "WEBP" or "JPEG" for photos."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def photo_ratio(pixels: NDArray[np.uint8]) -> float:
    """Width / height of a photo (H, W, 3)."""
    height, width = pixels.shape[:2]
    return width / height


def photo_uri(pixels: NDArray[np.uint8], side: int = 480) -> str:
    """A photo (H, W, 3) as a data: address, with at most as many pixels as `side` x 3/4 `side`.

    A panorama keeps what makes it legible: its longer side may be longer than `side`.
    """
    picture = Image.fromarray(pixels)
    scale = min(1.0, (0.75 * side * side / (picture.width * picture.height)) ** 0.5)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return data_uri(picture.resize(size, Image.Resampling.LANCZOS), "WEBP", quality=85)


def photo_address(photo: Photo, side: int = 480, colourless: bool = False) -> str:
    """`photo_uri` of a photo, written once for all scenes that show it at this size.

    colourless: in grey, under maps whose colours have a meaning.
    """

    def write() -> str:
        pixels = photo.pixels
        if colourless:
            pixels = np.asarray(Image.fromarray(pixels).convert("L").convert("RGB"))
        return photo_uri(pixels, side)

    return _ADDRESSES.get((photo.key, side, colourless), write)


PANORAMA = 3.0
"""From this width / height on, what lies on photos is stacked instead of put side by side."""


def frame(ratio: float, photo: str = "") -> str:
    """Style of what has a photo's shape: the style sheet fits it into the room there is.

    Goes with the classes `overlay` and `framed`. Their width follows from the room, from the
    most height that `--high` allows and from the ratio, their height from the width.

    Args:
        ratio: width / height of the photo.
        photo: its address, for the overlays within (see `photo_once`).
    """
    return f"--ratio:{ratio:.5g}" + (f";--photo:url({photo})" if photo else "")


def grey_uri(values: NDArray[np.floating], side: int = 128, smooth: bool = True) -> str:
    """Values (h, w) in [0, 1] as a grey data: address, enlarged to about `side` px."""
    grey = Image.fromarray(np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8))
    scale = max(1, round(side / max(grey.size)))
    size = (grey.width * scale, grey.height * scale)
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return data_uri(grey.resize(size, how))


def overlay(
    photo: str,
    values: NDArray[np.floating],
    seen: Box = FULL,
    alt: str = "",
    smooth: bool = True,
    ratio: float = 1.0,
    marks: str = "",
) -> str:
    """One photo with heat over the part that the network saw.

    Args:
        photo: address of the photo (see `photo_uri`); "" takes the one that an element around it
            gives with `photo_once`, so that many overlays carry the photo only once.
        values: (h, w) in [0, 1].
        seen: the part of the photo that `values` covers.
        alt: what the picture shows, in the reader's language.
        smooth: False shows the map's own cells.
        ratio: width / height of the photo.
        marks: HTML that lies upon both.
    """
    place = (
        f"left:{seen.left:.2%};top:{seen.top:.2%};"
        f"width:{seen.right - seen.left:.2%};height:{seen.bottom - seen.top:.2%}"
    )
    kind = "" if smooth else " cells"
    under = f'<img class="photo" src="{photo}" alt="">' if photo else ""
    return (
        f'<div class="overlay{kind}" role="img" aria-label="{html.escape(alt, quote=True)}"'
        f' style="{frame(ratio)}">{under}'
        f'<img class="heat" style="{place}" src="{grey_uri(values, smooth=smooth)}" alt="">'
        f"{marks}</div>"
    )


def photo_once(photo: str, ratio: float) -> str:
    """Attribute of an element whose overlays all lie on this photo, `ratio` times as wide as high.

    What is around them may take its width from `--ratio`, too.
    """
    return f'style="{frame(ratio, photo)}"'


def colour_bar(low: str, high: str) -> str:
    """The scale under a heat map, with the numbers at its ends."""
    return (
        f'<div class="colour-bar"><span>{html.escape(low)}</span><i></i>'
        f"<span>{html.escape(high)}</span></div>"
    )


def filters() -> str:
    """The page's SVG filters, `heat-NAME`, one for each colour map; put it once into the page."""
    # Alpha comes from the grey value itself, before the colours replace it.
    alpha = (
        '<feColorMatrix in="SourceGraphic" type="matrix" result="a"'
        ' values="0 0 0 0 0  0 0 0 0 0  0 0 0 0 0  1.35 0 0 0 0"/>'
    )
    parts = []
    for name in SEQUENTIAL:
        channels = "".join(
            f'<feFunc{letter} type="table" tableValues="'
            + " ".join(f"{value / 255:.3f}" for value in stops(name)[:, i])
            + '"/>'
            for i, letter in enumerate("RGB")
        )
        parts.append(
            f'<filter id="heat-{name}" color-interpolation-filters="sRGB" x="0" y="0"'
            f' width="1" height="1">{alpha}<feComponentTransfer in="SourceGraphic" result="c">'
            f'{channels}</feComponentTransfer><feComposite in="c" in2="a" operator="in"/></filter>'
        )
    return (
        '<svg class="filters" width="0" height="0" aria-hidden="true"><defs>'
        + "".join(parts)
        + "</defs></svg>"
    )


def gradients() -> str:
    """CSS: `--bar-NAME`, the colour bar of each colour map."""
    rows = []
    for name in SEQUENTIAL:
        colours = ", ".join(f"rgb({r} {g} {b})" for r, g, b in stops(name))
        rows.append(f"--bar-{name}: linear-gradient(90deg, {colours});")
    return ":root { " + " ".join(rows) + " }"
