"""Maps over the photo: orange speaks for a class, blue against it, where neither is stays photo."""

from __future__ import annotations

import html

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.colormaps import paint
from demo.drawing.heat import data_uri, frame
from demo.drawing.style import signed
from demo.records import Box
from demo.text import Words
from demo.topics.closer.records.maps import Explanation, Method

SHARP: tuple[Method, ...] = ("saliency", "guided", "integrated")
"""A few pixels of these are far above all others."""
SATURATED = 99.0
"""Per cent of their pixels that stay within the colours; the others are as dark as these go."""
COARSE = 64
"""A map with fewer places than this is drawn smooth, so many pixels wide."""


def scale_of(found: Explanation) -> float:
    """The |value| that has the fullest colour."""
    return fullest(found.raw, found.method in SHARP)


def fullest(raw: NDArray[np.floating], sharp: bool) -> float:
    """The same of a map (h, w), of which a few pixels may be far above all others."""
    sizes = np.abs(raw)
    return (float(np.percentile(sizes, SATURATED)) if sharp else 0.0) or float(sizes.max())


def colourless(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A photo (H, W, 3) in greys, so that the only colours are the map's."""
    grey = Image.fromarray(pixels).convert("L")
    return np.asarray(grey.convert("RGB"))


def signed_overlay(
    values: NDArray[np.floating], seen: Box, alt: str, ratio: float, marks: str = ""
) -> str:
    """A photo, which an element around it gives (`heat.photo_once`), with a signed map over it.

    Args:
        values: (h, w); -1 is the darkest blue, 1 the darkest orange, 0 nothing.
        seen: the part of the photo that they cover.
        alt: what the picture shows, in the reader's language.
        ratio: width / height of the photo.
        marks: HTML that lies upon both.
    """
    return (
        f'<div class="overlay" role="img" aria-label="{html.escape(alt, quote=True)}"'
        f' style="{frame(ratio)}"><img class="signed" style="{place(seen)}"'
        f' src="{_coloured(values)}" alt="">{marks}</div>'
    )


def place(seen: Box) -> str:
    """Style of what lies over a part of the photo."""
    return (
        f"left:{seen.left:.2%};top:{seen.top:.2%};"
        f"width:{seen.right - seen.left:.2%};height:{seen.bottom - seen.top:.2%}"
    )


def _coloured(values: NDArray[np.floating]) -> str:
    if max(values.shape) < COARSE:
        picture = Image.fromarray(values.astype(np.float32))
        values = np.asarray(picture.resize((COARSE, COARSE), Image.Resampling.BICUBIC))
    values = np.clip(values, -1, 1)
    opacity = np.rint(np.minimum(1.5 * np.abs(values), 0.92) * 255).astype(np.uint8)
    colours = np.dstack([paint((values + 1) / 2, "signed"), opacity])
    return data_uri(Image.fromarray(colours), "WEBP", quality=80)


def legend(t: Words) -> str:
    """What the two colours mean."""
    return (
        f'<div class="signed-bar closer-key"><span>{html.escape(t("closer.speaks_against"))}</span>'
        f"<i></i><span>{html.escape(t('closer.speaks_for'))}</span></div>"
    )


def raw_range(found: Explanation, t: Words) -> str:
    """The least and the largest value, in words."""
    return t("closer.range", low=number(found.raw_min), high=number(found.raw_max))


def number(value: float) -> str:
    """With its sign and three digits that say something: 0.00123 -> "+0.0012"."""
    size = abs(value)
    digits = 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 4
    return signed(value, digits)
