"""Samples that are not 8-bit sRGB: the range that a file declares decides, or it is said."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from demo.page.wiring import sentence
from demo.records import Notice, Problem
from demo.text import text
from tests.photo_files import (
    RED,
    WHITE,
    Pixel,
    encoded,
    given,
    icc,
    plain,
    png,
    ramp,
    wide_tiff,
)

RUST = (200, 100, 50)
RUST16 = struct.pack(">3H", *(value * 257 for value in RUST))
GREY = (128, 128, 128)
BLACK = (0, 0, 0)


def full(value: float, dtype: str) -> np.ndarray:
    return np.full((8, 8), value, dtype)


def rust16() -> np.ndarray:
    """RUST in 16 bits a colour, one column of it darker, so that a scrambled one is seen."""
    values = np.full((8, 12, 3), [200 * 257, 100 * 257, 50 * 257], np.uint16)
    values[:, 7] //= 2
    return values


def rust_and(alpha: int) -> np.ndarray:
    return np.dstack([rust16()[:, :7], np.full((8, 7), alpha, np.uint16)])


def text_tag(value: str) -> tuple[str, list[bytes]]:
    return "c", [bytes([code]) for code in value.encode()]


# What is declared, or can be told from what is stored.
DECLARED: dict[str, tuple[Callable[[], bytes], Pixel]] = {
    "16 bits, all used": (lambda: wide_tiff(full(32768, "u2")), GREY),
    "16 bits, big end first": (lambda: wide_tiff(full(32768 + 5, "u2"), order=">"), GREY),
    "MaxSampleValue": (lambda: wide_tiff(full(2048, "u2"), _281=("H", [4095])), GREY),
    "MinSampleValue, too": (
        lambda: wide_tiff(full(2000, "u2"), _280=("H", [1000]), _281=("H", [3000])),
        GREY,
    ),
    "above the largest": (lambda: wide_tiff(ramp(4000, 9000, "u2"), _281=("H", [4000])), WHITE),
    "SMaxSampleValue of a signed sample": (
        lambda: wide_tiff(full(0, "i2"), _340=("h", [-1000]), _341=("h", [1000])),
        GREY,
    ),
    "SMaxSampleValue of a float": (
        lambda: wide_tiff(full(50, "f4"), _340=("f", [0.0]), _341=("f", [100.0])),
        GREY,
    ),
    "ImageJ's description": (
        lambda: wide_tiff(full(2048, "u2"), _270=text_tag("ImageJ=1.53t\nmin=0.0\nmax=4095.0\n")),
        GREY,
    ),
    "a range of another picture": (
        lambda: wide_tiff(full(32768, "u2"), _281=("H", [255])),
        GREY,
    ),
    "white is zero, 16 bits": (lambda: wide_tiff(full(65535, "u2"), photometric=0), BLACK),
    "white is zero, 8 bits": (lambda: wide_tiff(full(0, "u1"), photometric=0), WHITE),
    "white is zero, MaxSampleValue": (
        lambda: wide_tiff(full(4095, "u2"), photometric=0, _281=("H", [4095])),
        BLACK,
    ),
    "float 16": (lambda: wide_tiff(full(0.5, "f2")), GREY),
    "float 32": (lambda: wide_tiff(full(0.5, "f4")), GREY),
    "float 64": (lambda: wide_tiff(full(0.5, "f8")), GREY),
    "32 bits, all used": (lambda: wide_tiff(full(2**31, "u4")), GREY),
    "12 bits, packed": (lambda: wide_tiff(full(2048, "u2"), bits=12), GREY),
    "10 bits, packed, an odd row": (
        lambda: wide_tiff(np.full((5, 7), 512, np.uint16), bits=10),
        GREY,
    ),
    "16-bit colours, deflated": (lambda: wide_tiff(rust16()[:, :7], 2, packed=8), RUST),
    "16-bit colours, apart": (lambda: wide_tiff(rust16()[:, :7], 2, planar=True), RUST),
    "16-bit colours, differences": (
        lambda: wide_tiff(rust16()[:, :7], 2, packed=8, predictor=2),
        RUST,
    ),
    "16-bit colours in strips": (lambda: wide_tiff(rust16()[:, :7], 2, rows=3, packed=8), RUST),
    "16-bit colours in tiles": (lambda: wide_tiff(rust16()[:, :7], 2, tile=16, packed=8), RUST),
    "8-bit colours, apart": (
        lambda: wide_tiff(np.full((8, 8, 3), RUST, np.uint8), 2, planar=True),
        RUST,
    ),
    "float colours, differences": (
        lambda: wide_tiff(np.float32(rust16()[:, :7] / 65535), 2, packed=8, predictor=3),
        RUST,
    ),
    "16-bit colours, half seen through": (
        lambda: wide_tiff(rust_and(32768), 2, _338=("H", [2])),
        (227, 177, 152),
    ),
    "16-bit colours, multiplied already": (
        lambda: wide_tiff(rust_and(65535), 2, _338=("H", [1])),
        RUST,
    ),
    "16-bit colours and a channel of another kind": (
        lambda: wide_tiff(rust_and(0), 2, _338=("H", [0])),
        RUST,
    ),
    "16-bit CMYK": (
        lambda: wide_tiff(np.full((8, 8, 4), [0, 65535, 65535, 0], np.uint16), 5),
        RED,
    ),
    "16-bit palette": (
        lambda: wide_tiff(
            full(3, "u2"), 3, _320=("H", [v * 257 for v in RUST for _ in range(65536)])
        ),
        RUST,
    ),
    "Lab": (lambda: encoded(plain("LAB", (255, 128, 128)), "TIFF"), WHITE),
    "LZW, 16 bits": (
        lambda: encoded(Image.fromarray(full(32768, "u2")), "TIFF", compression="tiff_lzw"),
        GREY,
    ),
    "16-bit grey PNG, its value transparent": (
        lambda: png((8, 8, 16, 0), b"\x30\x39" * 64, (b"tRNS", b"\x30\x39")),
        WHITE,
    ),
    "16-bit grey PNG, another value transparent": (
        lambda: png((8, 8, 16, 0), b"\x80\x00" * 64, (b"tRNS", b"\x80\x01")),
        GREY,
    ),
    "4-bit grey PNG, its value transparent": (
        lambda: png((8, 8, 4, 0), b"\x77" * 32, (b"tRNS", b"\0\7")),
        WHITE,
    ),
    "4-bit grey PNG": (lambda: png((8, 8, 4, 0), b"\x77" * 32), (119, 119, 119)),
    "16-bit RGB PNG, its colour transparent": (
        lambda: png(
            (8, 8, 16, 2),
            struct.pack(">3H", 51400, 25700, 12850) * 64,
            (b"tRNS", struct.pack(">3H", 51400, 25700, 12850)),
        ),
        WHITE,
    ),
    "linear grey PNG": (
        lambda: png((8, 8, 8, 0), bytes([55]) * 64, (b"gAMA", struct.pack(">I", 100_000))),
        GREY,
    ),
    "linear RGB PNG": (
        lambda: png((8, 8, 8, 2), bytes([55]) * 192, (b"gAMA", struct.pack(">I", 100_000))),
        GREY,
    ),
    "linear 16-bit grey PNG": (
        lambda: png((8, 8, 16, 0), b"\x37\x37" * 64, (b"gAMA", struct.pack(">I", 100_000))),
        GREY,
    ),
    "linear grey PNG with alpha": (
        lambda: png((8, 8, 8, 4), b"\x37\xff" * 64, (b"gAMA", struct.pack(">I", 100_000))),
        GREY,
    ),
    "gamma of sRGB": (
        lambda: png((8, 8, 8, 0), bytes([55]) * 64, (b"gAMA", struct.pack(">I", 45_455))),
        (55, 55, 55),
    ),
    "gamma, but sRGB said": (
        lambda: png(
            (8, 8, 8, 0), bytes([55]) * 64, (b"gAMA", struct.pack(">I", 100_000)), (b"sRGB", b"\0")
        ),
        (55, 55, 55),
    ),
    "gamma, but a profile": (
        lambda: png(
            (8, 8, 8, 2),
            bytes([55]) * 192,
            (b"gAMA", struct.pack(">I", 100_000)),
            icc(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()),
        ),
        (55, 55, 55),
    ),
    "gamma and a damaged profile": (
        lambda: png(
            (8, 8, 8, 2),
            bytes([55]) * 192,
            (b"gAMA", struct.pack(">I", 100_000)),
            (b"iCCP", b"own\0\0no profile"),
        ),
        GREY,
    ),
    "no gamma at all": (
        lambda: png((8, 8, 8, 0), bytes([55]) * 64, (b"gAMA", bytes(4))),
        (55, 55, 55),
    ),
    "red and green change places": (
        lambda: png(
            (8, 8, 8, 2),
            bytes([0, 255, 0]) * 64,
            (b"gAMA", struct.pack(">I", 45_455)),
            (
                b"cHRM",
                struct.pack(">8I", 31270, 32900, 30000, 60000, 64000, 33000, 15000, 6000),
            ),
        ),
        RED,
    ),
}


@pytest.mark.parametrize("name", DECLARED)
def test_what_a_file_declares_decides(tmp_path: Path, name: str) -> None:
    make, colour = DECLARED[name]
    photo = given(tmp_path, make(), "photo")
    assert np.abs(photo.pixels.astype(int) - colour).max() <= 2, photo.pixels[0, 0]
    assert photo.notices == ()


@pytest.mark.parametrize(
    ("low", "high", "dtype", "said"),
    [
        (0, 4095, "u2", ("0", "4,095")),
        (700, 3000, "u2", ("700", "3,000")),
        (0, 10**9, "u4", ("0", "1,000,000,000")),
        (-3000, 3000, "i2", ("-3,000", "3,000")),
        (-(10**9), 10**9, "i4", ("-1,000,000,000", "1,000,000,000")),
        (0, 255, "f4", ("0", "255")),
        (-0.25, 0.75, "f8", ("-0.25", "0.75")),
        (0, 0.125, "f4", ("0", "0.125")),
    ],
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_without_a_word_the_values_decide_and_the_reader_is_told(
    tmp_path: Path, low: float, high: float, dtype: str, said: tuple[str, str], order: str
) -> None:
    photo = given(tmp_path, wide_tiff(ramp(low, high, dtype), order=order), "ramp.tif")
    row = photo.pixels[40, :, 0].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert abs(row.mean() - 127.5) <= 1 and (np.diff(row) >= 2).all() and (np.diff(row) <= 4).all()
    assert photo.notices == (Notice("photo_notice.range", low=said[0], high=said[1]),)


def test_the_notice_in_both_languages(tmp_path: Path) -> None:
    photo = given(tmp_path, wide_tiff(ramp(0, 4095, "u2")), "ramp.tif")
    assert photo.notices == (Notice("photo_notice.range", low="0", high="4,095"),)
    english, japanese = (sentence(photo.notices[0], text(lang)) for lang in ("en", "ja"))
    assert english == (
        "This file does not say which values are black and white: its smallest value (0) is shown "
        "black and its largest (4,095) white."
    )
    assert re.search("最小の値（0）を黒、最大の値（4,095）を白", japanese)


def test_what_is_no_number_is_black(tmp_path: Path) -> None:
    values = np.array([[np.nan, 1, np.inf, -np.inf, 0.5]], np.float32)
    assert given(tmp_path, wide_tiff(values), "x").pixels[0, :, 0].tolist() == [0, 255, 255, 0, 128]


def test_white_is_zero_turns_a_ramp_round(tmp_path: Path) -> None:
    row = given(tmp_path, wide_tiff(ramp(0, 4095, "u2"), photometric=0), "x").pixels[0, :, 0]
    assert (row[0], row[-1]) == (255, 0)


def test_every_sample_is_where_it_was(tmp_path: Path) -> None:
    """Strips, tiles, planes and predictors: each of 40 x 50 x 3 different values."""
    values = np.random.default_rng(0).integers(0, 65536, (40, 50, 3)).astype(np.uint16)
    expected = np.rint(values / 257).astype(int)
    for order in "<>":
        for planar in (False, True):
            for layout in ({}, {"rows": 7}, {"tile": 16}):
                for packed, predictor in ((1, 1), (8, 1), (8, 2)):
                    more = {"planar": planar, "packed": packed, "predictor": predictor, **layout}
                    data = wide_tiff(values, 2, order, **more)
                    pixels = given(tmp_path, data, "photo").pixels.astype(int)
                    assert np.abs(pixels - expected).max() <= 1, (order, more)


def test_channels_without_a_colour_show_the_first(tmp_path: Path) -> None:
    values = np.stack([full(32768, "u2"), full(65535, "u2")], axis=-1)
    photo = given(tmp_path, wide_tiff(values), "two.tif")
    assert np.abs(photo.pixels.astype(int) - GREY).max() <= 1
    assert photo.notices == (Notice("photo_notice.channel", count=2),)


@pytest.mark.parametrize(
    ("data", "key"),
    [
        # Complex numbers, a coding that is not read, a camera's own mosaic, no number at all.
        (wide_tiff(full(1, "u4"), _339=("H", [6])), "photo_is_tiff"),
        (wide_tiff(full(1, "u2"), packed=34887), "photo_is_tiff"),
        (wide_tiff(full(1, "u2"), photometric=32803), "photo_is_raw"),
        (wide_tiff(full(1, "u1"), _50706=("B", [1, 4, 0, 0])), "photo_is_raw"),
        (wide_tiff(full(np.nan, "f4")), "photo_broken"),
        (wide_tiff(full(1, "u2"), _277=("H", [0])), "photo_broken"),
    ],
)
def test_what_cannot_be_read_truly_is_refused(tmp_path: Path, data: bytes, key: str) -> None:
    with pytest.raises(Problem) as caught:
        given(tmp_path, data, "photo.tif")
    assert caught.value.key == f"problem.{key}"
