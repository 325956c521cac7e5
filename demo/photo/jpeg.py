"""JPEG (ITU-T T.81): what its markers declare, then a decode that may lack the file's end."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from PIL import Image

from demo.photo.limits import (
    LONGEST,
    MILLION,
    MOST_COEFFICIENTS,
    MOST_SCANNED,
    MOST_SCANS,
    check_size,
)
from demo.photo.partial import cut, partly
from demo.records import Notice, Problem

_SOI, _EOI, _SOS, _DNL = 0xD8, 0xD9, 0xDA, 0xDC
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers with no segment behind them."""
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
"""Baseline, extended and progressive; the others are lossless, hierarchical or JPEG-LS."""
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xF7}
_PROGRESSIVE = {0xC2, 0xCA}
_NEXT = re.compile(rb"\xff+[^\0\xff\xd0-\xd7]", re.DOTALL)
"""The end of a scan's data: a marker that is neither a stuffed byte nor a restart."""


class Component(NamedTuple):
    """One channel of a frame: its id and its sampling factors."""

    id: int
    across: int
    down: int


class Scan(NamedTuple):
    """What one scan brings: components, a band of coefficients, and down to which bit."""

    components: tuple[int, ...]
    first: int
    last: int
    bit: int


@dataclass
class Layout:
    """What the markers say. pieces: the file without what is no picture; ended: it has its EOI."""

    width: int = 0
    height: int = 0
    progressive: bool = False
    components: list[Component] = field(default_factory=list)
    scans: list[Scan] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])
    exif: bytes | None = None
    profile: dict[int, bytes] = field(default_factory=dict)
    ended: bool = False


def decode(data: bytes) -> tuple[Image.Image, bytes | None, bytes | None, tuple[Notice, ...]]:
    """The picture (at 1/2, 1/4 or 1/8 where that is enough), its profile, EXIF and notices.

    Raises:
        Problem: "problem.photo_pixels", "_thin", "_progressive", "_is_jpeg", "_cut" or "_broken".
        Exception: whatever the decoder raises for damaged bytes.
    """
    layout = parsed(data)
    if not layout.components:
        raise Problem("problem.photo_broken")
    check_size("JPEG", layout.width, layout.height)
    _check_scans(layout)
    profile = b"".join(layout.profile[part] for part in sorted(layout.profile)) or None
    clean = b"".join(layout.pieces)
    picture = _opened(clean + b"\xff\xd9")
    notices: tuple[Notice, ...] = ()
    if layout.ended:
        picture.load()
    elif layout.progressive or len(layout.scans) > 1:
        notices = _coarse(layout)
        picture.load()
    else:
        picture, notices = _without_end(picture, clean)
    return picture, profile, layout.exif, notices


def parsed(data: bytes) -> Layout:
    """Walk the markers of a file.

    Raises:
        Problem: "problem.photo_is_jpeg" for a coding that is not read, "problem.photo_broken".
    """
    layout = Layout()
    for marker, segment, end in _segments(data):
        body = segment[4:]
        if marker == _EOI:
            layout.ended = True
        elif marker in _OTHER_FRAMES:
            raise Problem("problem.photo_is_jpeg")
        elif marker in _FRAMES:
            if layout.components:
                raise Problem("problem.photo_broken")
            _frame(layout, marker, body)
        if 0xE0 <= marker <= 0xEF or marker == 0xFE:
            _application(layout, marker, body)
            # How colours are stored is in JFIF's and Adobe's; all else is no picture.
            if marker not in (0xE0, 0xEE):
                continue
        elif marker == _SOS:
            _scan(layout, body)
        if marker != _EOI:
            layout.pieces.append(segment)
            if marker == _SOS:
                layout.pieces.append(data[end : _end_of_scan(data, end)])
    return layout


def _segments(data: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Each marker with its segment and where that ends; after SOS it goes on behind the scan."""
    at = 2
    while True:
        start = data.find(b"\xff", at)
        while start >= 0 and data[start + 1 : start + 2] == b"\xff":
            start += 1
        if start < 0 or start + 2 > len(data):
            return
        marker = data[start + 1]
        if marker == _EOI:
            yield marker, b"", start + 2
            return
        if marker == 0 or marker in _ALONE:
            at = start + 2
            continue
        length = int.from_bytes(data[start + 2 : start + 4], "big")
        end = start + 2 + length
        if length < 2 or end > len(data):
            return
        yield marker, data[start:end], end
        at = _end_of_scan(data, end) if marker == _SOS else end


def _end_of_scan(data: bytes, start: int) -> int:
    following = _NEXT.search(data, start)
    return following.start() if following else len(data)


def _frame(layout: Layout, marker: int, body: bytes) -> None:
    if len(body) < 6 or len(body) < 6 + 3 * body[5]:
        raise Problem("problem.photo_broken")
    if body[0] != 8:
        raise Problem("problem.photo_is_jpeg")
    layout.progressive = marker in _PROGRESSIVE
    layout.height, layout.width = (int.from_bytes(body[at : at + 2], "big") for at in (1, 3))
    layout.components = [
        Component(body[at], body[at + 1] >> 4, body[at + 1] & 15)
        for at in range(6, 6 + 3 * body[5], 3)
    ]
    if not all(1 <= part.across <= 4 and 1 <= part.down <= 4 for part in layout.components):
        raise Problem("problem.photo_broken")


def _scan(layout: Layout, body: bytes) -> None:
    count = body[0] if body else 0
    if len(body) < 1 + 2 * count + 3:
        raise Problem("problem.photo_broken")
    first, last, bits = body[1 + 2 * count : 4 + 2 * count]
    layout.scans.append(Scan(tuple(body[1 : 1 + 2 * count : 2]), first, last, bits & 15))


def _application(layout: Layout, marker: int, body: bytes) -> None:
    if marker == 0xE1 and body.startswith(b"Exif\0\0"):
        layout.exif = layout.exif or body
    elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14:
        layout.profile[body[12]] = body[14:]


def _check_scans(layout: Layout) -> None:
    """Each scan walks all coefficients, and several scans keep all of them in memory."""
    pixels = layout.width * layout.height
    if not layout.progressive and len(layout.scans) <= 1:
        return
    most = max(part.across for part in layout.components) * max(
        part.down for part in layout.components
    )
    samples = sum(part.across * part.down for part in layout.components) * pixels // most
    if (
        len(layout.scans) > MOST_SCANS
        or len(layout.scans) * pixels > MOST_SCANNED
        or 2 * samples > MOST_COEFFICIENTS
    ):
        raise Problem(
            "problem.photo_progressive",
            scans=len(layout.scans),
            pixels=max(1, round(pixels / MILLION)),
        )


def _opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=["JPEG"])
    picture.draft(None, (LONGEST, LONGEST))
    return picture


def _coarse(layout: Layout) -> tuple[Notice, ...]:
    """A notice where only the last bit of the finest detail is missing.

    Raises:
        Problem: "problem.photo_cut" where more is.
    """
    whole = layout.scans[:-1]
    bands = [(0, 0), (1, 63)] if layout.progressive else [(0, 63)]
    for component in layout.components:
        for first, last in bands:
            arrived = {
                at
                for scan in whole
                if component.id in scan.components and scan.bit <= 1
                for at in range(scan.first, min(scan.last, 63) + 1)
            }
            if not arrived.issuperset(range(first, last + 1)):
                raise Problem("problem.photo_cut")
    return (Notice("photo_notice.coarse"),)


def _without_end(picture: Image.Image, clean: bytes) -> tuple[Image.Image, tuple[Notice, ...]]:
    """The rows of a sequential JPEG that arrived.

    libjpeg holds back the last rows of blocks while more may come. Told that the file ends, it
    gives them, too, and fills what never came with the grey of a block without coefficients.

    Raises:
        Problem: "problem.photo_cut" where too few rows arrived.
    """
    picture.load()
    _, certain = partly(lambda: _opened(clean))
    last = np.asarray(picture)[:, -1].reshape(picture.height, -1)
    grey = ((last == 127) | (last == 128)).all(axis=1)
    rows = picture.height
    while rows > certain and grey[rows - 1]:
        rows -= 1
    if rows < picture.height:
        # Colours of half the size are blended over the border.
        rows = max(certain, rows - 2)
    if certain and grey[:certain].all():
        # A grey picture, or one with a grey edge: what would be filled in is what is there.
        rows = picture.height
    return cut(picture, rows)
