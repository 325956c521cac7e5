"""PNG (ISO/IEC 15948): its pixels, whatever state its other chunks are in."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from demo.photo.limits import MOST_PROFILE, check_size
from demo.photo.partial import missing
from demo.photo.profiles import from_gamma
from demo.photo.samples import Span, to_bytes
from demo.records import Notice, Problem

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_KEPT = (b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"eXIf")
_SRGB_GAMMA = 0.45455


@dataclass
class Layout:
    """The header's fields, the first of each chunk that matters, and all image data.

    good: bytes of the image data in front of the first chunk whose sum is wrong.
    """

    width: int = 0
    height: int = 0
    bits: int = 0
    colour: int = 0
    interlaced: int = 0
    chunks: dict[bytes, bytes] = field(default_factory=dict)
    image: bytes = b""
    good: int = 0

    def row_bytes(self) -> int:
        """Bytes of one row as it is packed, its filter's number included."""
        return 1 + -(-self.width * self.bits * _CHANNELS[self.colour] // 8)

    def file(self, image: bytes, height: int, transparency: bytes | None) -> bytes:
        """A PNG of these pixels and of nothing else."""
        head = struct.pack(
            ">IIBBBBB", self.width, height, self.bits, self.colour, 0, 0, self.interlaced
        )
        parts = [_SIGNATURE, _chunk(b"IHDR", head)]
        if b"PLTE" in self.chunks:
            parts.append(_chunk(b"PLTE", self.chunks[b"PLTE"]))
        if transparency is not None:
            parts.append(_chunk(b"tRNS", transparency))
        return b"".join([*parts, _chunk(b"IDAT", image), _chunk(b"IEND", b"")])


def decode(data: bytes) -> tuple[Image.Image, bytes | None, bytes | None, tuple[Notice, ...]]:
    """The picture in 8 bits, the profile of its colours, EXIF and notices.

    Raises:
        Problem: "problem.photo_pixels", "_thin", "_cut" or "_broken".
        Exception: whatever the decoder raises for damaged bytes.
    """
    layout = parsed(data)
    check_size("PNG", layout.width, layout.height)
    transparency = _transparency(layout)
    # Pillow compares grey with a value that it has not widened as it widens the samples.
    own = transparency if layout.colour != 0 else None
    try:
        if layout.good < len(layout.image) and not _unpacked(layout)[1]:
            # Pixels are wrong from there on, and the sum of all of them says so, too.
            layout.image = layout.image[: layout.good]
        picture = Image.open(
            io.BytesIO(layout.file(layout.image, layout.height, own)), formats=["PNG"]
        )
        picture.load()
        notices: tuple[Notice, ...] = ()
    except (OSError, SyntaxError, ValueError, EOFError):
        picture, notices = _salvaged(layout, own)
    if layout.colour == 0:
        picture = _grey(picture, layout.bits, transparency)
    return picture, _profile(layout), layout.chunks.get(b"eXIf"), notices


def parsed(data: bytes) -> Layout:
    """Walk the chunks; what follows a wrong length is lost.

    Raises:
        Problem: "problem.photo_broken" without a header that makes sense, or without pixels.
    """
    layout, image, at, damaged = Layout(), [], len(_SIGNATURE), False
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR" and len(body) == 13:
            fields = struct.unpack(">IIBBBBB", body)
            layout.width, layout.height, layout.bits, layout.colour, *_, layout.interlaced = fields
        elif kind == b"IDAT":
            stated = data[at + 8 + length : at + 12 + length]
            if not damaged and len(stated) == 4:
                damaged = zlib.crc32(kind + body) != int.from_bytes(stated, "big")
            image.append(body)
            layout.good += 0 if damaged else len(body)
        elif kind == b"IEND":
            break
        elif kind in _KEPT and len(body) == length:
            layout.chunks.setdefault(kind, body)
        at += 12 + length
    layout.image = b"".join(image)
    if layout.colour not in _CHANNELS or layout.bits not in (1, 2, 4, 8, 16) or not layout.image:
        raise Problem("problem.photo_broken")
    return layout


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _transparency(layout: Layout) -> bytes | None:
    """What the chunk tRNS says, in 8 bits where Pillow gives colours of 16 as 8."""
    given = layout.chunks.get(b"tRNS")
    if given is None or layout.colour not in (0, 2, 3):
        return None
    if layout.colour == 2:
        if len(given) < 6:
            return None
        if layout.bits == 16:
            return bytes([0, given[0], 0, given[2], 0, given[4]])
    return given


def _grey(picture: Image.Image, bits: int, transparency: bytes | None) -> Image.Image:
    """Grey of any depth as 8 bits; white where its one transparent value lies."""
    values = np.asarray(picture)
    most = 2**bits - 1
    grey = Image.fromarray(to_bytes(values, Span(0, most))) if bits == 16 else picture.convert("L")
    if transparency is None or len(transparency) < 2:
        return grey
    clear = int.from_bytes(transparency[:2], "big")
    if bits < 16:
        values, clear = np.asarray(grey), clear * 255 // most
    return Image.fromarray(np.where(values == clear, np.uint8(255), np.asarray(grey)))


def _profile(layout: Layout) -> bytes | None:
    """The embedded profile, else one made of the declared gamma; as browsers rank them."""
    chunks = layout.chunks
    if b"cICP" in chunks or b"sRGB" in chunks:
        return None
    if b"iCCP" in chunks:
        _, _, packed = chunks[b"iCCP"].partition(b"\0")
        try:
            profile = zlib.decompressobj().decompress(packed[1:], MOST_PROFILE)
        except zlib.error:
            profile = b""
        if profile[36:40] == b"acsp":
            return profile
    if len(chunks.get(b"gAMA", b"")) != 4:
        return None
    gamma = int.from_bytes(chunks[b"gAMA"], "big") / 100_000
    corners = chunks.get(b"cHRM", b"")
    places = (
        [value / 100_000 for value in struct.unpack(">8I", corners)] if len(corners) == 32 else None
    )
    if not 0.01 <= gamma <= 10 or (places is None and abs(gamma / _SRGB_GAMMA - 1) < 0.05):
        return None
    return from_gamma(1 / gamma, places)


def _salvaged(layout: Layout, transparency: bytes | None) -> tuple[Image.Image, tuple[Notice, ...]]:
    """The rows that can be unpacked.

    Raises:
        Problem: "problem.photo_cut" if too few can.
    """
    length = layout.row_bytes()
    if layout.interlaced:
        raise Problem("problem.photo_cut")
    unpacked, _ = _unpacked(layout)
    rows = min(len(unpacked) // length, layout.height)
    notices = missing(rows, layout.height)
    whole = zlib.compress(unpacked[: rows * length], 0)
    picture = Image.open(io.BytesIO(layout.file(whole, rows, transparency)), formats=["PNG"])
    picture.load()
    return picture, notices


def _unpacked(layout: Layout) -> tuple[bytearray, bool]:
    """The filtered rows as far as they can be unpacked, and whether their own sum is right."""
    unpacked, unpacker = bytearray(), zlib.decompressobj()
    # The seven passes of an interlaced picture pad more rows than there are.
    most = layout.row_bytes() * layout.height * (2 if layout.interlaced else 1) + 2**12
    try:
        for at in range(0, len(layout.image), 1024):
            room = most - len(unpacked)
            if room <= 0 or unpacker.eof:
                break
            unpacked += unpacker.decompress(layout.image[at : at + 1024], room)
    except zlib.error:
        # What was unpacked until then is there.
        return unpacked, False
    return unpacked, unpacker.eof
