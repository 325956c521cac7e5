"""Small files that ask a decoder for much: each maker's size is its caller's choice."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def progressive_jpeg(side: int, scans: int) -> bytes:
    """A grey progressive JPEG whose every scan walks all blocks, in some hundred bytes a scan."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    def huffman(table: int, symbol: int) -> bytes:
        """A table of one code, a single zero bit, for one symbol."""
        return segment(0xC4, bytes([table, 1, *[0] * 15, symbol]))

    def scan(low: int, high: int, data: bytes) -> bytes:
        return segment(0xDA, bytes([1, 1, 0, low, high, 0])) + data

    blocks = (-(-side // 8)) ** 2
    # "The next 16384 + 10922 blocks hold nothing", 15 bits, as often as needed; 8 of them are
    # 15 bytes, none of which is 0xFF.
    run = int("010101010101010" * 8, 2).to_bytes(15, "big")
    ac = run * (-(-blocks // (27306 * 8)))
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xDB, bytes([0, *[1] * 64])),
            segment(0xC2, struct.pack(">BHHB", 8, side, side, 1) + bytes([1, 0x11, 0])),
            huffman(0x00, 0),
            huffman(0x10, 0xE0),
            scan(0, 0, bytes(-(-blocks // 8))),
            *[scan(1, 63, ac)] * (scans - 1),
            b"\xff\xd9",
        ]
    )


def webp_of_one_colour(side: int) -> bytes:
    """A lossless WebP of one colour: its codes take no bits, so any size fits the same bytes."""
    out = io.BytesIO()
    Image.new("RGB", (16, 16), (200, 100, 50)).save(out, "WEBP", lossless=True)
    data = bytearray(out.getvalue())
    at = data.index(b"VP8L") + 9
    bits = int.from_bytes(data[at : at + 4], "little")
    bits = bits >> 28 << 28 | (side - 1) << 14 | (side - 1)
    data[at : at + 4] = bits.to_bytes(4, "little")
    return bytes(data)


def avif_of_one_colour(side: int) -> bytes:
    """An AVIF of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), (200, 100, 50)).save(out, "AVIF", speed=10)
    return out.getvalue()


def tiff(
    tags: dict[int, tuple[str, list[int]]], data: bytes = b"", order: str = "<", start: int = 8
) -> bytes:
    """A TIFF of one directory.

    tags: number -> (struct's letter: B, c, H, I, b, h, i, f, d; values). data stands at `start`.
    """
    kinds = {"B": 1, "c": 2, "H": 3, "I": 4, "b": 6, "h": 8, "i": 9, "f": 11, "d": 12}
    entries, extra = [], b""
    directory = start + len(data)
    after = directory + 2 + 12 * len(tags) + 4
    for tag, (letter, values) in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}{letter}", *values)
        if len(packed) <= 4:
            place = packed.ljust(4, b"\0")
        else:
            place = struct.pack(f"{order}I", after + len(extra))
            extra += packed
        entries.append(struct.pack(f"{order}HHI", tag, kinds[letter], len(values)) + place)
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, directory)
    count = struct.pack(f"{order}H", len(entries))
    return head + bytes(start - 8) + data + count + b"".join(entries) + bytes(4) + extra


def tiff_of_tiny_tiles(side: int) -> bytes:
    """A grey TIFF of side x side tiles of one pixel each, all of them the same byte."""
    tiles = side * side
    return tiff(
        {
            256: ("I", [side]),
            257: ("I", [side]),
            258: ("H", [8]),
            259: ("H", [1]),
            262: ("H", [1]),
            277: ("H", [1]),
            322: ("H", [1]),
            323: ("H", [1]),
            324: ("I", [8] * tiles),
            325: ("H", [1] * tiles),
        },
        b"\x80\0",
    )


def tiff_of_one_colour(side: int) -> bytes:
    """A grey TIFF in one packed strip."""
    packer = zlib.compressobj(9)
    row = bytes([128]) * side
    strip = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return tiff(
        {
            256: ("I", [side]),
            257: ("I", [side]),
            258: ("H", [8]),
            259: ("H", [8]),
            262: ("H", [1]),
            273: ("I", [8]),
            277: ("H", [1]),
            278: ("I", [side]),
            279: ("I", [len(strip)]),
        },
        strip + bytes(len(strip) % 2),
    )


def rle_bmp(side: int) -> bytes:
    """A run-length BMP whose every run is one pixel long."""
    row = b"\x01\x07" * side + b"\0\0"
    data = row * side + b"\0\1"
    palette = b"".join(bytes([i, i, i, 0]) for i in range(256))
    offset = 14 + 40 + len(palette)
    head = struct.pack("<2sIHHI", b"BM", offset + len(data), 0, 0, offset)
    info = struct.pack("<IiiHHIIiiII", 40, side, side, 1, 8, 1, len(data), 0, 0, 256, 0)
    return head + info + palette + data


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG, with its sum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zero_png(width: int, height: int, rows: int | None = None) -> bytes:
    """A black RGB PNG, packed row by row so that it never lies in memory whole; `rows` ends it."""
    packer, row = zlib.compressobj(1), bytes(1 + 3 * width)
    data = b"".join(packer.compress(row) for _ in range(rows or height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def plain_jpeg(width: int, height: int) -> bytes:
    """A baseline JPEG of one grey: two bits a block, so that it is small whatever its size."""

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    blocks = -(-width // 8) * -(-height // 8)
    return b"".join(
        [
            b"\xff\xd8",
            segment(0xDB, bytes([0, *[1] * 64])),
            segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + bytes([1, 0x11, 0])),
            segment(0xC4, bytes([0x00, 1, *[0] * 15, 0])),
            segment(0xC4, bytes([0x10, 1, *[0] * 15, 0])),
            segment(0xDA, bytes([1, 1, 0, 0, 63, 0])),
            bytes(-(-blocks // 4)),
            b"\xff\xd9",
        ]
    )
