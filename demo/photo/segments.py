"""Strips and tiles of a TIFF become one array of samples."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.records import Problem

_RAW = 1
_PACKED = (5, 8, 32773, 32946, 34925, 50000)
"""LZW, deflate (two numbers), PackBits, LZMA, Zstandard: codings of bytes, not of pictures."""
_BAND = 2**22
"""Bits that are unpacked at a time."""
_DIFFERENCE, _FLOAT_DIFFERENCE = 2, 3


@dataclass(frozen=True)
class Segments:
    """How samples are stored. kind: u, i or f; order: < or >; tile: (width, height) of one."""

    width: int
    height: int
    channels: int
    bits: int
    kind: str
    order: str
    planar: bool
    compression: int
    predictor: int
    tile: tuple[int, int] | None
    strip_rows: int
    offsets: tuple[int, ...]
    lengths: tuple[int, ...]

    @staticmethod
    def item_bytes(bits: int) -> int:
        """Bytes of one sample once it is unpacked."""
        return next(size for size in (1, 2, 4, 8) if bits <= 8 * size)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the unpacked samples, in this machine's byte order."""
        return np.dtype(f"{self.kind}{self.item_bytes(self.bits)}")

    @property
    def block(self) -> tuple[int, int]:
        """Width and height of a segment."""
        return self.tile or (self.width, self.strip_rows)

    @property
    def together(self) -> int:
        """Channels that one segment holds."""
        return 1 if self.planar else self.channels

    @property
    def row_bytes(self) -> int:
        """Bytes of one row of a segment."""
        return -(-self.block[0] * self.together * self.bits // 8)

    def rows(self, index: int) -> int:
        """Rows that the segment stores: the last strip may be shorter."""
        across, down = self.grid
        top = index % (across * down) // across * self.block[1]
        return self.block[1] if self.tile else min(self.block[1], self.height - top)

    @property
    def grid(self) -> tuple[int, int]:
        """Segments from left to right and from top to bottom."""
        wide, high = self.block
        return -(-self.width // wide), -(-self.height // high)


def unpacked(data: bytes, segments: Segments) -> tuple[NDArray[Any], int]:
    """The samples, (height, width, channels), and how many of the upper rows the file holds.

    Raises:
        Problem: "problem.photo_is_tiff" for a coding that is not read, "problem.photo_broken".
    """
    wide, high = segments.block
    if min(wide, high) < 1 or segments.compression not in (_RAW, *_PACKED):
        raise Problem("problem.photo_is_tiff")
    across, down = segments.grid
    planes = segments.channels if segments.planar else 1
    count = across * down * planes
    places = list(zip(segments.offsets, segments.lengths, strict=False))
    if not places or (segments.tile and wide * high > 4 * segments.width * segments.height + 2**20):
        raise Problem("problem.photo_broken")
    out = np.zeros((segments.height, segments.width, segments.channels), segments.dtype)
    arrived = segments.height
    for index in range(count):
        plane, place = divmod(index, across * down)
        top, left = place // across * high, place % across * wide
        stored = (
            _bytes(data, segments, places[index], segments.rows(index))
            if index < len(places)
            else b""
        )
        block = _samples(stored, segments)
        if len(block) < segments.rows(index):
            arrived = min(arrived, top + len(block))
        block = block[: segments.height - top, : segments.width - left]
        channels = slice(plane, plane + 1) if segments.planar else slice(None)
        out[top : top + len(block), left : left + block.shape[1], channels] = block
    return out, arrived


def _bytes(data: bytes, segments: Segments, place: tuple[int, int], rows: int) -> bytes:
    """One segment, unpacked: as much of it as the file holds."""
    offset, length = place
    size = segments.row_bytes * rows
    stored = data[offset : offset + length] if offset >= 0 else b""
    if segments.compression == _RAW:
        return stored[:size]
    if len(stored) < length:
        return b""
    # libtiff unpacks no more than the picture that it is told of.
    picture = Image.open(
        io.BytesIO(_as_grey(stored, segments.row_bytes, rows, segments.compression)),
        formats=["TIFF"],
    )
    return picture.tobytes()


def _as_grey(strip: bytes, width: int, height: int, compression: int) -> bytes:
    """A TIFF of 8-bit grey whose only strip is this one."""
    fields = {
        256: width, 257: height, 258: 8, 259: compression, 262: 1, 273: 8, 277: 1, 278: height,
        279: len(strip),
    }  # fmt: skip
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields.items())
    directory = struct.pack("<H", len(fields)) + entries + bytes(4)
    start = 8 + len(strip) + len(strip) % 2
    return struct.pack("<2sHI", b"II", 42, start) + strip.ljust(start - 8, b"\0") + directory


def _samples(stored: bytes, segments: Segments) -> NDArray[Any]:
    """Whole rows of a segment, (rows, width, channels), predictors undone."""
    wide, together = segments.block[0], segments.together
    rows = len(stored) // segments.row_bytes
    raw = np.frombuffer(stored, np.uint8, rows * segments.row_bytes)
    raw = raw.reshape(rows, segments.row_bytes)
    dtype = segments.dtype
    if segments.predictor == _FLOAT_DIFFERENCE and segments.kind == "f":
        # Adobe's TIFF note 3: each row holds first all first bytes, and differences of these.
        summed = raw.reshape(rows, wide * dtype.itemsize, together).cumsum(axis=1, dtype=np.uint8)
        swapped = summed.reshape(rows, dtype.itemsize, wide * together).transpose(0, 2, 1)
        return (
            np.ascontiguousarray(swapped)
            .view(dtype.newbyteorder(">"))
            .reshape(rows, wide, together)
        )
    if segments.bits == 8 * dtype.itemsize:
        values = np.ascontiguousarray(raw).view(dtype.newbyteorder(segments.order))
        values = values.reshape(rows, wide, together)
    else:
        values = _narrow(raw, segments.bits, wide * together, dtype).reshape(rows, wide, together)
    if segments.predictor == _DIFFERENCE:
        whole = np.dtype(f"u{dtype.itemsize}")
        values = values.astype(dtype).view(whole).cumsum(axis=1, dtype=whole).view(dtype)
    return values.astype(dtype, copy=False)


def _narrow(raw: NDArray[np.uint8], bits: int, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    """Samples of any number of bits, each row beginning at a whole byte."""
    out = np.zeros((len(raw), count), dtype)
    rows = max(1, _BAND // max(1, count * bits))
    for at in range(0, len(raw), rows):
        part, target = raw[at : at + rows], out[at : at + rows]
        single = np.unpackbits(part, axis=1)[:, : count * bits].reshape(len(part), count, bits)
        for place in range(bits):
            target <<= 1
            target |= single[..., place]
    return out
