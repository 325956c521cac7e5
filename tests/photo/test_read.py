from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from demo.photo import from_image
from demo.records import Problem
from demo.text import text
from tests.hostile_photos import zero_png
from tests.photo_files import BLUE, GREEN, RED, WHITE, Pixel, encoded, given, noise, plain


def corrupt_png() -> bytes:
    data = bytearray(encoded(noise(), "PNG"))
    data[60:70] = b"0123456789"
    return bytes(data)


def truncated_jpeg() -> bytes:
    data = encoded(noise(200, 200), "JPEG")
    return data[: len(data) // 2]


def two_frames(kind: str) -> bytes:
    more = {"save_all": True, "append_images": [plain("RGB", BLUE)], "duration": 100}
    return encoded(plain("RGB", RED), kind, **more)


def grey16(value: int) -> bytes:
    return encoded(Image.fromarray(np.full((8, 8), value, np.uint16)), "PNG")


def palette(transparency: int | None = None) -> bytes:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 0, 0, 10, 200, 30])
    more = {} if transparency is None else {"transparency": transparency}
    return encoded(picture, "PNG", **more)


def with_profile(mode: str, colour: Any) -> bytes:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return encoded(plain(mode, colour), "JPEG", icc_profile=profile.tobytes())


def swapped() -> bytes:
    """An sRGB profile that calls red green and green red."""
    names = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ", b"rTRC": b"gTRC", b"gTRC": b"rTRC"}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return re.sub(b"[rg](XYZ|TRC)", lambda found: names[found[0]], profile)


READ: dict[str, tuple[Callable[[], bytes], tuple[int, int], Pixel]] = {
    "JPEG": (lambda: encoded(plain("RGB", (200, 100, 50)), "JPEG"), (8, 8), (200, 100, 50)),
    "grey JPEG": (lambda: encoded(plain("L", 77), "JPEG"), (8, 8), (77, 77, 77)),
    "CMYK JPEG": (lambda: encoded(plain("CMYK", (0, 255, 255, 0)), "JPEG"), (8, 8), RED),
    "WebP": (
        lambda: encoded(plain("RGB", (9, 99, 199)), "WEBP", lossless=True),
        (8, 8),
        (9, 99, 199),
    ),
    "BMP": (lambda: encoded(plain("RGB", (9, 99, 199)), "BMP"), (8, 8), (9, 99, 199)),
    "16-bit PNG, middle": (lambda: grey16(32768), (8, 8), (128, 128, 128)),
    "16-bit PNG, white": (lambda: grey16(65535), (8, 8), WHITE),
    "16-bit PNG, dark": (lambda: grey16(300), (8, 8), (1, 1, 1)),
    "1-bit PNG": (lambda: encoded(plain("1", 1), "PNG"), (8, 8), WHITE),
    "palette PNG": (palette, (8, 8), (10, 200, 30)),
    "palette PNG, transparent": (lambda: palette(1), (8, 8), WHITE),
    "palette PNG, another is transparent": (lambda: palette(0), (8, 8), (10, 200, 30)),
    "RGB PNG, one colour transparent": (
        lambda: encoded(plain("RGB", (10, 200, 30)), "PNG", transparency=(10, 200, 30)),
        (8, 8),
        WHITE,
    ),
    "transparent PNG": (lambda: encoded(plain("RGBA", (255, 0, 0, 0)), "PNG"), (8, 8), WHITE),
    "half red": (lambda: encoded(plain("RGBA", (255, 0, 0, 128)), "PNG"), (8, 8), (255, 127, 127)),
    "half black": (lambda: encoded(plain("LA", (0, 128)), "PNG"), (8, 8), (127, 127, 127)),
    "animated GIF": (lambda: two_frames("GIF"), (8, 8), RED),
    "animated WebP": (lambda: two_frames("WEBP"), (8, 8), RED),
    "animated PNG": (lambda: two_frames("PNG"), (8, 8), RED),
    "a profile of another kind": (
        lambda: with_profile("RGB", (200, 100, 50)),
        (8, 8),
        (200, 100, 50),
    ),
    "a profile of its own": (
        lambda: encoded(plain("RGB", GREEN), "PNG", icc_profile=swapped()),
        (8, 8),
        RED,
    ),
    "a profile of its own, on white": (
        lambda: encoded(plain("RGBA", (0, 255, 0, 128)), "PNG", icc_profile=swapped()),
        (8, 8),
        (255, 127, 127),
    ),
    "a damaged profile": (
        lambda: encoded(plain("RGB", (9, 99, 199)), "PNG", icc_profile=b"no profile"),
        (8, 8),
        (9, 99, 199),
    ),
    "damaged EXIF": (
        lambda: encoded(
            plain("RGB", (200, 100, 50)), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"
        ),
        (8, 8),
        (200, 100, 50),
    ),
    "1 x 1": (lambda: encoded(plain("RGB", (9, 8, 7), 1), "PNG"), (1, 1), (9, 8, 7)),
    "64 times as long as wide": (
        lambda: encoded(Image.new("RGB", (2, 128), RED), "PNG"),
        (128, 2),
        RED,
    ),
    "3,200 x 1,600": (
        lambda: encoded(Image.new("RGB", (3200, 1600), RED), "PNG"),
        (800, 1600),
        RED,
    ),
    "12,000 x 12,000 JPEG": (
        lambda: encoded(Image.new("L", (12_000, 12_000), 77), "JPEG"),
        (1600, 1600),
        (77, 77, 77),
    ),
}

REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "photo_empty"),
    "25 MB": (lambda: bytes(25 * 2**20), "photo_large"),
    "text": (lambda: b"no picture at all", "photo_is_text"),
    "a web page": (lambda: b"<!doctype html><title>x</title>", "photo_is_html"),
    "a program": (lambda: encoded(plain("RGB", RED), "EPS"), "photo_is_drawing"),
    "SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', "photo_is_svg"),
    "SVG with a declaration": (lambda: b'\n <?xml version="1.0"?><svg></svg>', "photo_is_svg"),
    "SVG with a comment": (lambda: b"<!-- drawn --><SVG></SVG>", "photo_is_svg"),
    "corrupt PNG": (corrupt_png, "photo_cut"),
    "PNG that ends": (lambda: encoded(noise(), "PNG")[:4000], "photo_cut"),
    "PNG of a head alone": (lambda: encoded(noise(), "PNG")[:40], "photo_broken"),
    "truncated JPEG": (truncated_jpeg, "photo_cut"),
    "1 x 10,000": (lambda: encoded(Image.new("RGB", (1, 10_000)), "PNG"), "photo_thin"),
    "12,000 x 12,000 PNG": (lambda: zero_png(12_000, 12_000), "photo_pixels"),
    "20,000 x 20,000 PNG": (lambda: zero_png(20_000, 20_000, rows=1), "photo_pixels"),
}


@pytest.mark.parametrize("name", READ)
def test_a_picture_is_read(tmp_path: Path, name: str) -> None:
    make, size, colour = READ[name]
    photo = given(tmp_path, make())
    assert (photo.pixels.dtype, photo.pixels.shape) == (np.uint8, (*size, 3))
    # JPEG loses a step or two; everything else is exact to a rounding.
    assert np.abs(photo.pixels.astype(int) - colour).max() <= 3


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_photo_is_refused_in_a_sentence(tmp_path: Path, name: str) -> None:
    make, key = REFUSED[name]
    with pytest.raises(Problem) as caught:
        given(tmp_path, make())
    assert caught.value.key == f"problem.{key}"
    for lang in ("en", "ja"):
        assert "{" not in text(lang)(caught.value.key, **caught.value.values)


UPRIGHT = ((RED, GREEN), (BLUE, WHITE))


@pytest.mark.parametrize(
    ("orientation", "stored"),
    # How a camera that was held in this way stores UPRIGHT.
    [
        (1, ((RED, GREEN), (BLUE, WHITE))),
        (2, ((GREEN, RED), (WHITE, BLUE))),
        (3, ((WHITE, BLUE), (GREEN, RED))),
        (4, ((BLUE, WHITE), (RED, GREEN))),
        (5, ((RED, BLUE), (GREEN, WHITE))),
        (6, ((GREEN, WHITE), (RED, BLUE))),
        (7, ((WHITE, GREEN), (BLUE, RED))),
        (8, ((BLUE, RED), (WHITE, GREEN))),
        (99, ((RED, GREEN), (BLUE, WHITE))),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_stands_upright(
    tmp_path: Path, kind: str, orientation: int, stored: tuple[tuple[Pixel, ...], ...]
) -> None:
    quarters = np.kron(np.array(stored, np.uint8), np.ones((16, 16, 1), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    more: dict[str, Any] = {"quality": 100} if kind == "JPEG" else {"lossless": True}
    photo = given(tmp_path, encoded(Image.fromarray(quarters), kind, exif=exif, **more))
    centres = photo.pixels[8::16, 8::16].astype(int)
    assert np.abs(centres - np.array(UPRIGHT)).max() <= 3


def test_a_turned_photo_is_higher_than_wide(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (4000, 2000), BLUE)
    picture.paste(RED, (0, 0, 2000, 2000))
    photo = given(tmp_path, encoded(picture, "JPEG", exif=exif))
    assert photo.pixels.shape == (1600, 800, 3)
    # What lay on the left lies on top.
    assert np.abs(photo.pixels[0, 0].astype(int) - RED).max() <= 3
    assert np.abs(photo.pixels[-1, -1].astype(int) - BLUE).max() <= 3


@pytest.mark.parametrize(
    "block",
    [b"", b"II", b"Exif\0\0", b"Exif\0\0II", b"Exif\0\0II*\0\x08\0\0\0\xff\xff", b"\xff" * 99],
)
def test_damaged_exif_costs_no_photo(tmp_path: Path, block: bytes) -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        photo = given(tmp_path, encoded(plain("RGB", RED), kind, exif=block))
        assert np.abs(photo.pixels[0, 0].astype(int) - RED).max() <= 3


def test_the_key_stands_for_the_pixels_alone(tmp_path: Path) -> None:
    picture = noise()
    png = given(tmp_path, encoded(picture, "PNG"), "a.png")
    webp = given(tmp_path, encoded(picture, "WEBP", lossless=True), "b.jpg")
    assert png.key == webp.key == from_image(picture).key
    assert (png.name, webp.name) == ("a", "b")
    changed = np.array(picture)
    changed[63, 63, 2] ^= 1
    assert from_image(Image.fromarray(changed)).key != png.key
    # The same bytes in another shape are another picture.
    assert from_image(plain("RGB", RED, 4)).key != from_image(Image.new("RGB", (8, 2), RED)).key


def test_the_picture_that_was_given_is_left_as_it_was() -> None:
    picture = noise(2000, 2000)
    assert from_image(picture, "x").pixels.shape == (1600, 1600, 3)
    assert picture.size == (2000, 2000)
