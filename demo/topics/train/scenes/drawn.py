"""The built-in set: pieces of three drawn pictures, so that the topic is never empty."""

from __future__ import annotations

from functools import cache

import numpy as np
from PIL import Image, ImageEnhance

from demo.examples import draw
from demo.photo import from_image
from demo.topics.train.records import PhotoSet

BUILT_IN = ("car", "truck", "ship")
"""Drawn examples whose pieces are the set that a reader begins with."""
PIECES = 16
"""Pictures of each of them."""


@cache
def built_in() -> PhotoSet:
    """Pieces of three drawn pictures, each seen nearer or farther, lighter or darker, turned.

    The same pixels every time.
    """
    random = np.random.default_rng(11)
    photos, names = [], []
    for name in BUILT_IN:
        whole = draw(name)
        for number in range(PIECES):
            photos.append(from_image(_piece(whole, random), f"{name} {number + 1}"))
            names.append(f"{name} {number + 1}")
    labels = np.repeat(np.arange(len(BUILT_IN)), PIECES)
    return PhotoSet(BUILT_IN, tuple(photos), labels, tuple(names))


def _piece(whole: Image.Image, random: np.random.Generator) -> Image.Image:
    side = int(whole.width * random.uniform(0.2, 0.5))
    left, top = (int(random.uniform(0.0, whole.width - side)) for _ in range(2))
    top = int(whole.height * 0.25 + 0.5 * top)
    cut = whole.crop((left, top, left + side, top + side)).resize(
        (160, 160), Image.Resampling.BICUBIC
    )
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    cut = cut.rotate(float(random.uniform(-12, 12)), Image.Resampling.BICUBIC)
    cut = cut.crop((16, 16, 144, 144))
    cut = ImageEnhance.Color(cut).enhance(float(random.uniform(0.0, 0.3)))
    return ImageEnhance.Brightness(cut).enhance(float(random.uniform(0.6, 1.3)))
