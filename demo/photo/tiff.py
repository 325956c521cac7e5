"""TIFF 6.0: 8 bits by Pillow; wider samples here, by the range that the file declares.

Pillow shows wide samples by guessing, and has no mode for many of them. Its libtiff unpacks
their strips and tiles all the same, as bytes of a grey picture; what the bytes mean is read here.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from demo.photo.limits import (
    MOST_SAMPLE_BYTES,
    MOST_SEGMENTS,
    OTHERS_PIXELS,
    check_size,
    too_many_pixels,
)
from demo.photo.partial import missing
from demo.photo.samples import Span, full, span_of, to_bytes
from demo.photo.segments import Segments, unpacked
from demo.records import Notice, Problem

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _CMYK = 0, 1, 2, 3, 5
_COLOURS = {_WHITE_IS_ZERO: 1, _BLACK_IS_ZERO: 1, _RGB: 3, _PALETTE: 1, _CMYK: 4}
_FORMATS = {1: "u", 2: "i", 3: "f", 4: "u"}
_BITS = {"u": (*range(1, 17), 32, 64), "i": (8, 16, 32, 64), "f": (16, 32, 64)}
_SENSOR = (32803, 34892)
"""Photometric interpretations of camera raw files."""


@dataclass(frozen=True)
class Page:
    """The first directory of a file: its entries by number."""

    tags: dict[int, Any]
    order: str

    def first(self, tag: int, default: Any = None) -> Any:
        """The first value of an entry."""
        value = self.tags.get(tag, default)
        return (value[0] if value else default) if isinstance(value, tuple) else value

    def all(self, tag: int, default: tuple[Any, ...] = ()) -> tuple[Any, ...]:
        """All values of an entry."""
        value = self.tags.get(tag, default)
        return value if isinstance(value, tuple) else (value,)

    @property
    def bits(self) -> int:
        """Bits of one sample: the most of all channels."""
        return max(int(value) for value in self.all(258, (1,)))


def decode(data: bytes) -> tuple[Image.Image, bytes | None, int, tuple[Notice, ...]]:
    """The picture in 8 bits, the profile of its colours, its orientation and notices.

    Raises:
        Problem: "problem.photo_pixels", "_thin", "_is_raw", "_is_tiff", "_segments", "_cut" or
            "_broken".
        Exception: whatever the decoder raises for damaged bytes.
    """
    page = _page(data)
    width, height = int(page.first(256, 0)), int(page.first(257, 0))
    check_size("TIFF", width, height)
    photometric = page.first(262, _BLACK_IS_ZERO)
    if (
        photometric in _SENSOR
        or 50706 in page.tags
        or (330 in page.tags and page.first(254, 0) & 1)
    ):
        raise Problem("problem.photo_is_raw")
    if max(len(page.all(273)), len(page.all(324))) > MOST_SEGMENTS:
        raise Problem("problem.photo_segments")
    profile = page.tags.get(34675)
    profile = profile if isinstance(profile, bytes) else None
    orientation = int(page.first(274, 1))
    notices: tuple[Notice, ...] = ()
    picture = _by_pillow(data, page, (width, height))
    if picture is None:
        picture, notices = _wide(data, page, width, height, profile is not None)
    return picture, profile, orientation, notices


def _by_pillow(data: bytes, page: Page, size: tuple[int, int]) -> Image.Image | None:
    """A picture of at most 8 bits a sample; None where Pillow does not know its kind or its end."""
    if page.bits > 8 or not set(page.all(339, (1,))) <= {1, 4}:
        return None
    try:
        picture = Image.open(io.BytesIO(data), formats=["TIFF"])
        if picture.size != size:
            return None
        picture.load()
    except (OSError, SyntaxError, ValueError, KeyError, TypeError):
        return None
    return picture


def _page(data: bytes) -> Page:
    head = data[: 16 if data[2:3] == b"+" else 8]
    directory = TiffImagePlugin.ImageFileDirectory_v2(head)
    file = io.BytesIO(data)
    file.seek(directory.next)
    directory.load(file)
    tags = {}
    for tag in directory:
        try:
            tags[tag] = directory[tag]
        except (ValueError, TypeError, SyntaxError, KeyError):
            # What is not pixels never costs the photo; what is, is missed soon.
            continue
    return Page(tags, ">" if data[:2] == b"MM" else "<")


def _wide(
    data: bytes, page: Page, width: int, height: int, profiled: bool
) -> tuple[Image.Image, tuple[Notice, ...]]:
    photometric, count = page.first(262, _BLACK_IS_ZERO), int(page.first(277, 1))
    kind, bits = _FORMATS.get(page.first(339, 1)), page.bits
    if kind is None or photometric not in _COLOURS or len(set(page.all(258, (1,)))) > 1:
        raise Problem("problem.photo_is_tiff")
    if bits not in _BITS[kind]:
        raise Problem("problem.photo_is_tiff")
    size = width * height * count * Segments.item_bytes(bits)
    if size > MOST_SAMPLE_BYTES:
        raise too_many_pixels(min(OTHERS_PIXELS, MOST_SAMPLE_BYTES * width * height // size))
    colours = _COLOURS[photometric]
    if count < colours:
        raise Problem("problem.photo_broken")
    values, rows = unpacked(
        data,
        Segments(
            width=width,
            height=height,
            channels=count,
            bits=bits,
            kind=kind,
            order=page.order,
            planar=page.first(284, 1) == 2,
            compression=int(page.first(259, 1)),
            predictor=int(page.first(317, 1)),
            tile=(int(page.first(322)), int(page.first(323))) if 322 in page.tags else None,
            strip_rows=min(height, int(page.first(278, height)) or height),
            offsets=tuple(map(int, page.all(324) or page.all(273))),
            lengths=tuple(map(int, page.all(325) or page.all(279))),
        ),
    )
    notices = missing(rows, height)
    values = values[:rows]
    if photometric == _PALETTE:
        return _by_palette(values[..., 0], page, bits), notices
    seen = values[..., :colours]
    span = _declared(page, seen, bits) or (
        full(values.dtype, bits) if profiled else span_of(seen, bits)
    )
    shown = to_bytes(seen, span)
    if photometric == _WHITE_IS_ZERO:
        shown = 255 - shown
    notices += span.notices
    if photometric == _CMYK:
        return Image.fromarray(shown, "CMYK"), notices
    extras = page.all(338)
    if extras[:1] in ((1,), (2,)) and count > colours:
        alpha = to_bytes(values[..., colours], full(values.dtype, bits))
        if colours == 1:
            shown = np.repeat(shown, 3, axis=2)
        picture = Image.fromarray(np.dstack([shown, alpha]), "RGBa" if extras[0] == 1 else "RGBA")
        return picture.convert("RGBA"), notices
    if colours == 1:
        if count > 1 and not extras:
            notices += (Notice("photo_notice.channel", count=count),)
        shown = shown[..., 0]
    return Image.fromarray(shown), notices


def _declared(page: Page, values: NDArray[Any], bits: int) -> Span | None:
    """The range of Min- and MaxSampleValue, or of ImageJ's description; None where it says none."""
    low = page.first(340, page.first(280))
    high = page.first(341, page.first(281))
    described = page.first(270, "")
    if high is None and isinstance(described, str) and described.startswith("ImageJ="):
        stated = dict(re.findall(r"^(min|max)=([-+.\deE]+)$", described, re.MULTILINE))
        try:
            low, high = float(stated["min"]), float(stated["max"])
        except (KeyError, ValueError):
            low, high = None, None
    if high is None:
        return None
    low, high = float(0 if low is None else low), float(high)
    # A range that no sample lies in was meant for another picture.
    if not low < high or not np.isfinite([low, high]).all():
        return None
    return Span(low, high) if values.min() <= high and values.max() >= low else None


def _by_palette(index: NDArray[Any], page: Page, bits: int) -> Image.Image:
    colours = np.array(page.all(320), np.uint32)
    if colours.size != 3 * 2**bits or index.dtype.kind != "u":
        raise Problem("problem.photo_broken")
    table = (colours.reshape(3, -1).T >> 8).astype(np.uint8)
    return Image.fromarray(table[index])
