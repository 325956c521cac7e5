"""Files that the tests of photos make."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.photo import read
from demo.records import Photo
from tests.hostile_photos import chunk, rle_bmp, tiff

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
Pixel = tuple[int, int, int]

# 64 x 64 px of (200, 100, 50), by an iPhone's coding (HEVC Main, 4:2:0).
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAVZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABegABAAAAAAAAAB0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo"
    "dmMxAAAAAA5waXRtAAAAAAABAAAA1mlwcnAAAAC3aXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEA"
    "GEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgIaDAgAAAMAyAAA"
    "AwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABAAAAAQAAAABBwaXhpAAAAAAMI"
    "CAgAAAAXaXBtYQAAAAAAAAABAAEEgQIDBAAAACVtZGF0AAAAGSgBrwa4Y7Dc/cQf//7+Dvof2R9J/4iNoP8="
)


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def plain(mode: str, colour: Any, side: int = 8) -> Image.Image:
    return Image.new(mode, (side, side), colour)


def noise(height: int = 64, width: int = 64) -> Image.Image:
    values = np.random.default_rng(0).integers(0, 256, (height, width, 3))
    return Image.fromarray(values.astype(np.uint8))


def given(tmp_path: Path, data: bytes, name: str = "photo.jpg") -> Photo:
    file = tmp_path / name
    file.write_bytes(data)
    return read(str(file))


def png(header: tuple[int, int, int, int], rows: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of (width, height, bits, colour type), unfiltered rows and chunks before them."""
    width, height, bits, colour = header
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    length = len(rows) // height
    packed = b"".join(b"\0" + rows[at : at + length] for at in range(0, len(rows), length))
    parts = [(b"IHDR", head), *chunks, (b"IDAT", zlib.compress(packed)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, body) for kind, body in parts)


def wide_tiff(
    values: NDArray[Any],
    photometric: int = 1,
    order: str = "<",
    packed: int = 1,
    predictor: int = 1,
    planar: bool = False,
    tile: int = 0,
    rows: int = 0,
    bits: int = 0,
    **more: tuple[str, list[Any]],
) -> bytes:
    """A TIFF of samples (height, width, channels) of any type, as its tags are told.

    packed: the compression's number, 1 or 8; rows: of a strip; bits: of a sample, where they are
    packed closer than the type; more: further tags, as _281=("H", [4095]).
    """
    values = np.atleast_3d(values)
    height, width, channels = values.shape
    kind = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    tags: dict[int, tuple[str, list[Any]]] = {
        256: ("I", [width]),
        257: ("I", [height]),
        258: ("H", [bits or 8 * values.itemsize] * channels),
        259: ("H", [packed]),
        262: ("H", [photometric]),
        277: ("H", [channels]),
        284: ("H", [2 if planar else 1]),
        317: ("H", [predictor]),
        339: ("H", [kind] * channels),
    }
    planes = [values[..., at : at + 1] for at in range(channels)] if planar else [values]
    blocks: list[NDArray[Any]] = []
    for plane in planes:
        if tile:
            pad = [(0, -height % tile), (0, -width % tile), (0, 0)]
            padded = np.pad(plane, pad)
            blocks += [
                padded[top : top + tile, left : left + tile]
                for top in range(0, padded.shape[0], tile)
                for left in range(0, padded.shape[1], tile)
            ]
        else:
            step = rows or height
            blocks += [plane[top : top + step] for top in range(0, height, step)]
    data, offsets, lengths = b"", [], []
    for block in blocks:
        raw = _stored(block, order, predictor, bits)
        stored = zlib.compress(raw) if packed == 8 else raw
        offsets.append(8 + len(data))
        lengths.append(len(stored))
        data += stored + bytes(len(stored) % 2)
    if tile:
        tags |= {322: ("H", [tile]), 323: ("H", [tile])}
        tags |= {324: ("I", offsets), 325: ("I", lengths)}
    else:
        tags |= {273: ("I", offsets), 278: ("I", [rows or height]), 279: ("I", lengths)}
    tags |= {int(tag[1:]): value for tag, value in more.items()}
    return tiff(tags, data, order)


def _stored(block: NDArray[Any], order: str, predictor: int, bits: int) -> bytes:
    if bits:
        ones = np.unpackbits(block.astype(">u8").view(np.uint8).reshape(*block.shape, 8), axis=-1)
        return np.packbits(ones[..., -bits:].reshape(len(block), -1), axis=1).tobytes()
    if predictor == 3:
        channels = block.shape[2]
        big = block.astype(block.dtype.newbyteorder(">")).view(np.uint8)
        split = big.reshape(len(block), -1, block.itemsize).transpose(0, 2, 1)
        flat = split.reshape(len(block), -1, channels)
        return np.diff(flat, axis=1, prepend=np.zeros_like(flat[:, :1])).tobytes()
    if predictor == 2:
        block = np.diff(block, axis=1, prepend=np.zeros_like(block[:, :1]))
    return block.astype(block.dtype.newbyteorder(order)).tobytes()


def ramp(low: float, high: float, dtype: Any) -> NDArray[Any]:
    """96 x 96, from left to right."""
    return np.tile(np.linspace(low, high, 96), (96, 1)).astype(dtype)


def icc(data: bytes) -> tuple[bytes, bytes]:
    """The chunk of a PNG that holds a colour profile."""
    return b"iCCP", b"own\0\0" + zlib.compress(data)


def valid() -> dict[str, bytes]:
    """A small valid file of each kind and coding that is read."""
    drawn, exif = noise(48, 40), Image.Exif()
    exif[0x0112] = 6
    alpha = drawn.convert("RGBA")
    grey16 = np.arange(48 * 40, dtype=np.uint16).reshape(48, 40) * 30
    float32 = (grey16 / 60000).astype(np.float32)
    return {
        "JPEG": encoded(drawn, "JPEG", exif=exif),
        "progressive JPEG": encoded(drawn, "JPEG", progressive=True),
        "CMYK JPEG": encoded(drawn.convert("CMYK"), "JPEG"),
        "PNG": encoded(alpha, "PNG", exif=exif),
        "palette PNG": encoded(drawn.quantize(), "PNG", transparency=3),
        "16-bit PNG": encoded(Image.fromarray(grey16), "PNG"),
        "GIF": encoded(drawn.quantize(), "GIF", save_all=True, append_images=[drawn.quantize()]),
        "WebP": encoded(alpha, "WEBP", exif=exif),
        "lossless WebP": encoded(drawn, "WEBP", lossless=True),
        "animated WebP": encoded(drawn, "WEBP", save_all=True, append_images=[alpha]),
        "AVIF": encoded(drawn, "AVIF", speed=10),
        "HEIC": HEIC,
        "BMP": encoded(drawn, "BMP"),
        "run-length BMP": rle_bmp(30),
        "LZW TIFF": encoded(drawn, "TIFF", compression="tiff_lzw"),
        "JPEG TIFF": encoded(drawn, "TIFF", compression="jpeg"),
        "1-bit TIFF": encoded(drawn.convert("1"), "TIFF", compression="group4"),
        "16-bit TIFF": wide_tiff(grey16, rows=5, packed=8, predictor=2),
        "tiled TIFF": wide_tiff(grey16, tile=16, order=">"),
        "float TIFF": wide_tiff(float32, packed=8, predictor=3),
        "12-bit TIFF": wide_tiff(grey16 >> 4, bits=12),
    }


def mutated(data: bytes, random: np.random.Generator) -> bytes:
    """The file with one to four of the damages that files suffer, or that people do to them."""
    changed = bytearray(data)
    for _ in range(random.integers(1, 5)):
        # The beginning holds what decides most.
        at = int(
            random.integers(0, len(changed) if random.random() < 0.5 else min(96, len(changed)))
        )
        match random.integers(0, 6):
            case 0:
                changed[at] ^= 1 << random.integers(0, 8)
            case 1:
                changed[at] = random.integers(0, 256)
            case 2:
                number = random.choice([0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF])
                letter = random.choice([">H", "<H", ">I", "<I"])
                whole = int(number) % 2 ** (8 * struct.calcsize(letter))
                changed[at : at + struct.calcsize(letter)] = struct.pack(letter, whole)
            case 3:
                del changed[at : at + int(random.integers(1, 64))]
            case 4:
                changed[at:at] = random.bytes(int(random.integers(1, 64)))
            case 5:
                changed[at:at] = changed[at : at + int(random.integers(1, 256))]
        if not changed:
            return data[:1]
    if random.random() < 0.2:
        del changed[int(random.integers(1, len(changed) + 1)) :]
    return bytes(changed)
