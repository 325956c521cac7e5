from __future__ import annotations

import base64
import io
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.drawing import style, svg
from demo.drawing.colormaps import SEQUENTIAL, paint, stops
from demo.drawing.families import colours
from demo.drawing.heat import (
    colour_bar,
    filters,
    frame,
    grey_uri,
    overlay,
    photo_address,
    photo_ratio,
    photo_uri,
)
from demo.records import Box, Photo
from demo.records.families import FAMILIES
from demo.text import text

PAGE_CSS = Path(__file__).parents[2] / "assets" / "style" / "page.css"


@pytest.mark.parametrize(
    ("number", "english", "japanese"),
    [
        (25_557_032, "25.6 M", "2,556万"),
        (7_978_856, "7.98 M", "798万"),
        (805_000, "805 k", "80.5万"),
        (79_888, "79.9 k", "7.99万"),
        (9_408, "9.41 k", "9,408"),
        (2.834e9, "2.83 G", "28.3億"),
        (4.089e9, "4.09 G", "40.9億"),
        (812, "812", "812"),
        (1e6, "1.00 M", "100万"),
        (1e8, "100 M", "1.00億"),
        (1.2e12, "1,200 G", "1.20兆"),
    ],
)
def test_short_numbers(number: float, english: str, japanese: str) -> None:
    assert style.short(number, text("en")) == english
    assert style.short(number, text("ja")) == japanese


def test_things_are_counted_as_the_language_does() -> None:
    assert [style.counted(count, text("ja")) for count in (0, 2, 9, 10, 14)] == [
        "0個",
        "2つ",
        "9つ",
        "10個",
        "14個",
    ]
    assert style.counted(4, text("en")) == "4"


def test_number_formats() -> None:
    assert style.whole(163_328) == "163,328"
    assert style.percent(0.934) == "93.4 %"
    assert style.percent(0.0004) == "< 0.1 %"
    assert style.percent(0) == "0.0 %"
    assert [style.milliseconds(s) for s in (0.0123, 0.0042, 1.5)] == ["12 ms", "4.2 ms", "1.50 s"]
    assert [style.signed(v) for v in (-1.234, 0.5, -0.001)] == ["−1.23", "+0.50", "0.00"]
    assert style.signed(-0.01, 1) == "0.0"
    assert style.megabytes(102_400_000) == "97.7 MB"


def test_tints_go_from_faint_to_the_colour_itself() -> None:
    assert style.family_tint("resnet", 0) == (
        "color-mix(in oklab, var(--family-resnet) 30%, var(--surface))"
    )
    assert style.family_tint("resnet", 1) == (
        "color-mix(in oklab, var(--family-resnet) 100%, var(--surface))"
    )


def contrast(one: str, other: str) -> float:
    """WCAG 2.1 contrast ratio of two "#RRGGBB"."""

    def luminance(colour: str) -> float:
        parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ [0.2126, 0.7152, 0.0722])

    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def colours_of(theme: str) -> dict[str, str]:
    """What the page's own style sheets say of a theme, ":root" or ".dark": name -> "#rrggbb"."""
    sheets = colours() + PAGE_CSS.read_text("utf-8")
    rules = re.findall(rf"^{re.escape(theme)} \{{(.*?)\}}", sheets, re.S | re.M)
    assert len(rules) == 2
    return dict(re.findall(r"--([\w-]+): (#[0-9a-fA-F]{6});", "".join(rules)))


@pytest.mark.parametrize("theme", [":root", ".dark"])
def test_family_colours_can_be_read_on_both_themes(theme: str) -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    colour = colours_of(theme)
    words = [name for name in colour if name.startswith(("family-", "ink", "good"))]
    assert len(words) == 5 + 2 + 1
    for ground in ("surface", "page"):
        assert min(contrast(colour[name], colour[ground]) for name in words) >= 4.5, ground
    # In charts they are marks, not text: 3 : 1.
    assert min(contrast(row.plot, colour["surface"]) for row in FAMILIES.values()) >= 3


def test_colour_maps_start_and_end_where_they_should() -> None:
    assert paint(np.array([0.0, 1.0]), "viridis").tolist() == [[68, 1, 84], [253, 231, 37]]
    assert paint(np.array(0.5), "signed").tolist() == [247, 247, 247]
    low, high = stops("viridis")[:2].astype(int)
    between = paint(np.array(0.5 / (len(stops("viridis")) - 1)), "viridis")
    assert np.abs(between - (low + high) / 2).max() <= 0.5
    with pytest.raises(KeyError):
        stops("jet")


def test_filters_cover_every_colour_map() -> None:
    found = filters()
    assert all(f'id="heat-{name}"' in found for name in SEQUENTIAL)


def test_an_overlay_lies_where_the_network_looked() -> None:
    found = overlay("photo.webp", np.eye(2), Box(0.25, 0, 0.75, 1), 'a "cat"', ratio=2)
    assert "left:25.00%;top:0.00%;width:50.00%;height:100.00%" in found
    assert "--ratio:2" in found
    assert "a &quot;cat&quot;" in found
    assert 'src="photo.webp"' in found
    assert "photo.webp" not in overlay("", np.eye(2))


@pytest.mark.parametrize(
    ("height", "width", "style"),
    [(160, 90, "--ratio:0.5625"), (50, 400, "--ratio:8"), (1000, 20, "--ratio:0.02")],
)
def test_a_frame_has_the_photo_s_own_ratio_however_long(
    height: int, width: int, style: str
) -> None:
    assert frame(photo_ratio(np.zeros((height, width, 3), np.uint8))) == style
    assert frame(1.5, "photo.webp") == "--ratio:1.5;--photo:url(photo.webp)"


@pytest.mark.parametrize(
    ("height", "width", "size"),
    [(1200, 1600, (480, 360)), (100, 800, (800, 100)), (300, 2400, (1176, 147)), (9, 9, (9, 9))],
)
def test_a_panorama_is_sent_as_large_as_any_photo(
    height: int, width: int, size: tuple[int, int]
) -> None:
    address = photo_uri(np.zeros((height, width, 3), np.uint8))
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as sent:
        assert sent.size == size


def test_pictures_travel_small() -> None:
    assert grey_uri(np.random.default_rng(0).random((8, 8))).startswith("data:image/png;base64,")
    photo = np.random.default_rng(0).integers(0, 255, (900, 1200, 3)).astype(np.uint8)
    assert len(photo_uri(photo)) < 200_000
    assert "0.5" in colour_bar("0", "0.5")


def test_an_address_is_written_once_for_each_size_and_colour() -> None:
    red = Photo("red 9 x 9", np.full((9, 9, 3), (200, 30, 30), np.uint8))
    once = photo_address(red, side=360)
    assert once == photo_uri(red.pixels, side=360)
    assert photo_address(red, side=360) is once
    assert photo_address(replace(red, key="other"), side=360) is not once
    with Image.open(
        io.BytesIO(base64.b64decode(photo_address(red, 360, colourless=True).partition(",")[2]))
    ) as grey:
        channels = np.asarray(grey.convert("RGB")).reshape(-1, 3)
    # 0.299 * 200 + 0.587 * 30 + 0.114 * 30, within what WebP loses.
    assert np.abs(channels.astype(int) - 81).max() <= 2


def test_diagrams_escape_what_they_show() -> None:
    assert svg.text(1, 2, "a < b").endswith(">a &lt; b</text>")
    assert svg.shape(1024, 7, 7) == "1,024 × 7 × 7"
    assert 'aria-label="&quot;x&quot;"' in svg.svg(10, 10, "", '"x"')
