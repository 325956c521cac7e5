"""What is not pixels never costs the photo; what is missing is said, or too much."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from demo.page.wiring import sentence
from demo.photo.jpeg import parsed
from demo.records import Notice, Problem
from demo.text import text
from tests.hostile_photos import chunk, plain_jpeg
from tests.photo_files import encoded, given, noise, plain, png, wide_tiff

RUST = (200, 100, 50)


def scene(height: int = 400, width: int = 300) -> Image.Image:
    """Smooth and nowhere grey."""
    values = np.random.default_rng(1).integers(130, 250, (8, 6, 3)).astype(np.uint8)
    return Image.fromarray(values).resize((width, height), Image.Resampling.BICUBIC)


def read_whole(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(int)


def with_segment(marker: int, body: bytes) -> bytes:
    """A JPEG that begins with one more segment."""
    data = encoded(plain("RGB", RUST), "JPEG")
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body + data[2:]


def with_chunk(kind: bytes, body: bytes, right: bool = True) -> bytes:
    """A PNG with one more chunk, whose sum may be wrong."""
    data = encoded(plain("RGB", RUST), "PNG")
    more = chunk(kind, body)
    return data[:33] + (more if right else more[:-4] + b"1234") + data[33:]


WHOLE: dict[str, Callable[[], bytes]] = {
    "no end": lambda: encoded(plain("RGB", RUST), "JPEG")[:-2],
    "half an end": lambda: encoded(plain("RGB", RUST), "JPEG")[:-1],
    "bytes behind the end": lambda: encoded(plain("RGB", RUST), "JPEG") + bytes(999),
    "a second picture behind the end": lambda: encoded(plain("RGB", RUST), "JPEG") * 2,
    "a damaged list of pictures": lambda: with_segment(0xE2, b"MPF\0II*\0\xff\xff\xff\xff"),
    "a damaged Photoshop block": lambda: with_segment(0xED, b"Photoshop 3.0\08BIM\4\x04\0\0\xff"),
    "a damaged camera note": lambda: with_segment(0xE1, b"Exif\0\0MM\0*\0\0\0\x08\xff\xff"),
    "half a profile": lambda: with_segment(0xE2, b"ICC_PROFILE\0\1\2" + bytes(40)),
    "a comment of 60 kB": lambda: with_segment(0xFE, bytes(60_000)),
    "a comment that unpacks to 3 MiB": lambda: with_chunk(
        b"zTXt", b"Comment\0\0" + zlib.compress(bytes(3 * 2**20))
    ),
    "a comment that does not unpack": lambda: with_chunk(b"zTXt", b"Comment\0\0 no zlib"),
    "a comment without an end of its name": lambda: with_chunk(b"iTXt", b"Comment"),
    "a profile of 3 MiB": lambda: with_chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(3 * 2**20))),
    "a profile that does not unpack": lambda: with_chunk(b"iCCP", b"x\0\0 no zlib"),
    "a comment with a wrong sum": lambda: with_chunk(b"tEXt", b"Comment\0hello", right=False),
    "a wrong sum of a resolution": lambda: with_chunk(b"pHYs", bytes(9), right=False),
    "a damaged note in a PNG": lambda: with_chunk(b"eXIf", b"II*\0\xff\xff\xff\xff"),
    "a chunk of an unknown, critical kind": lambda: with_chunk(b"ABCD", b"?"),
    "no last chunk": lambda: encoded(plain("RGB", RUST), "PNG")[:-12],
    "a wrong sum of pixels that are right": lambda: wrong_sum(encoded(plain("RGB", RUST), "PNG")),
    "a transparent colour that is too short": lambda: with_chunk(b"tRNS", b"\0"),
    "a gamma that is too short": lambda: with_chunk(b"gAMA", b"\0"),
    "chromaticities of no triangle": lambda: with_chunk(b"cHRM", bytes(32)),
    "a damaged note in a WebP": lambda: encoded(plain("RGB", RUST), "WEBP", exif=b"Exif\0\0??"),
    "a GIF without its last byte": lambda: encoded(plain("RGB", RUST), "GIF")[:-1],
}


def wrong_sum(data: bytes) -> bytes:
    """A PNG whose only image chunk has another sum."""
    at = data.index(b"IDAT")
    end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
    return data[:end] + b"1234" + data[end + 4 :]


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_no_pixel_costs_nothing(tmp_path: Path, name: str) -> None:
    photo = given(tmp_path, WHOLE[name](), "photo")
    assert photo.pixels.shape == (8, 8, 3)
    assert np.abs(photo.pixels.astype(int) - RUST).max() <= 3
    assert photo.notices == ()


# A file, and the share of its bytes at which it ends; the first rows are then as they were.
CUT: dict[str, tuple[str, dict[str, Any], int]] = {
    "JPEG": ("JPEG", {"quality": 95, "subsampling": 0}, 16),
    "JPEG, colours at half size": ("JPEG", {"quality": 95}, 32),
    "grey JPEG": ("JPEG", {"quality": 95}, 16),
    "PNG": ("PNG", {}, 1),
    "GIF": ("GIF", {"interlace": 0}, 1),
}


@pytest.mark.parametrize("name", CUT)
def test_a_nearly_complete_photo_is_read_and_said(tmp_path: Path, name: str) -> None:
    kind, options, step = CUT[name]
    picture = scene().convert("L") if "grey" in name else scene()
    data = encoded(picture, kind, **options)
    whole = read_whole(data)
    photo = given(tmp_path, data[: int(len(data) * 0.95)], "photo")
    height, width, _ = photo.pixels.shape
    assert width == 300 and 360 <= height < 400
    # What is shown is what the whole file shows; the last rows of blocks may lean on missing ones.
    kept = height - step
    assert np.abs(photo.pixels[:kept].astype(int) - whole[:kept]).max() <= 2
    (notice,) = photo.notices
    assert notice == Notice("photo_notice.cut", percent=max(1, round(100 * (1 - height / 400))))
    assert f"{notice.values['percent']} %" in sentence(notice, text("en"))
    assert f"{notice.values['percent']} %が届いていない" in sentence(notice, text("ja"))


@pytest.mark.parametrize("name", CUT)
@pytest.mark.parametrize("share", [0.5, 0.75])
def test_half_a_photo_is_refused(tmp_path: Path, name: str, share: float) -> None:
    kind, options, _ = CUT[name]
    data = encoded(scene(), kind, **options)
    with pytest.raises(Problem) as caught:
        given(tmp_path, data[: int(len(data) * share)], "photo")
    assert caught.value.key == "problem.photo_cut"


def test_a_cut_photo_that_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(scene(), "JPEG", quality=95, exif=exif)
    photo = given(tmp_path, data[: int(len(data) * 0.95)])
    assert photo.pixels.shape[0] == 300 and 360 <= photo.pixels.shape[1] < 400
    assert photo.notices[0].key == "photo_notice.cut"


@pytest.mark.parametrize("share", [0.97, 0.9999])
def test_a_progressive_photo_without_its_finest_bits(tmp_path: Path, share: float) -> None:
    data = encoded(scene(), "JPEG", quality=95, progressive=True)
    photo = given(tmp_path, data[: int(len(data) * share)])
    assert photo.pixels.shape == (400, 300, 3)
    assert np.abs(photo.pixels.astype(int) - read_whole(data)).mean() <= 2
    assert photo.notices == (Notice("photo_notice.coarse"),)


def test_a_progressive_photo_without_a_scan_that_brings_more_is_refused(tmp_path: Path) -> None:
    data = encoded(scene(), "JPEG", quality=95, progressive=True)
    with pytest.raises(Problem) as caught:
        given(tmp_path, data[: len(data) // 3])
    assert caught.value.key == "problem.photo_cut"


def test_a_tiff_that_ends_early(tmp_path: Path) -> None:
    # The strips lie behind the directory, and the last two of forty are not there.
    values, strip = np.full((400, 300), 32768, np.uint16), 10 * 300 * 2
    start = len(wide_tiff(values, rows=10))
    offsets = [start + strip * at for at in range(40)]
    data = wide_tiff(values, rows=10, _273=("I", offsets)) + values.tobytes()[: 38 * strip]
    photo = given(tmp_path, data, "photo")
    assert photo.pixels.shape == (380, 300, 3)
    assert np.abs(photo.pixels.astype(int) - 128).max() <= 1
    assert photo.notices == (Notice("photo_notice.cut", percent=5),)


@pytest.mark.parametrize("part", [19, 4])
def test_damaged_pixels_are_not_shown(tmp_path: Path, part: int) -> None:
    # Noise does not pack, so that its rows lie in order; 20 chunks with a sum each.
    picture = noise(200, 200)
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in np.asarray(picture)))
    split = np.array_split(np.frombuffer(rows, np.uint8), 20)
    parts = [bytearray(chunk(b"IDAT", values.tobytes())) for values in split]
    parts[part][100] ^= 0x55
    data = encoded(picture, "PNG")
    data = data[: data.index(b"IDAT") - 4] + b"".join(parts) + data[-12:]
    if part < 18:
        with pytest.raises(Problem) as caught:
            given(tmp_path, data, "photo.png")
        assert caught.value.key == "problem.photo_cut"
        return
    photo = given(tmp_path, data, "photo.png")
    assert len(photo.pixels) == 190
    assert (photo.pixels == np.asarray(picture)[:190]).all()
    assert photo.notices == (Notice("photo_notice.cut", percent=5),)


@pytest.mark.parametrize(("width", "height"), [(16320, 12240), (15000, 16000)])
def test_a_jpeg_of_200_million_pixels(tmp_path: Path, width: int, height: int) -> None:
    photo = given(tmp_path, plain_jpeg(width, height))
    assert max(photo.pixels.shape) == 1600
    assert abs(photo.pixels.shape[1] / photo.pixels.shape[0] - width / height) < 0.005
    assert np.abs(photo.pixels.astype(int) - 128).max() <= 1


@pytest.mark.parametrize(
    ("data", "most"),
    [(plain_jpeg(16000, 16000), 250), (png((6000, 6000, 8, 0), bytes(6000)), 30)],
)
def test_the_sentence_states_the_true_limit(tmp_path: Path, data: bytes, most: int) -> None:
    with pytest.raises(Problem) as caught:
        given(tmp_path, data)
    assert caught.value.key == "problem.photo_pixels"
    assert caught.value.values == {"most": most, "jpeg": 250}
    assert f"{most} million pixels" in text("en")(caught.value.key, **caught.value.values)
    assert f"{most}00万画素" in text("ja")(caught.value.key, **caught.value.values)


def test_the_markers_of_a_jpeg() -> None:
    layout = parsed(encoded(scene(), "JPEG", progressive=True))
    assert (layout.width, layout.height, layout.progressive, layout.ended) == (300, 400, True, True)
    assert [one.across for one in layout.components] == [2, 1, 1]
    assert len(layout.scans) == 10
    # libjpeg's own script begins with a coarse overview of all three colours.
    assert layout.scans[0] == ((1, 2, 3), 0, 0, 1)
