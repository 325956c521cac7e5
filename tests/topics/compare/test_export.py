from __future__ import annotations

import io
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFont

from demo.records import Box
from demo.text import text
from demo.topics.compare.figures import export
from demo.topics.compare.figures.export import comparison_csv, comparison_png
from demo.topics.compare.records import Card
from tests.compared import card, heat, photo

GREEN, BLUE, PALE = (0, 121, 90), (0, 114, 178), (238, 241, 245)
GREY = (128, 128, 128)
EN, JA = text("en"), text("ja")


def poster(cards: list[Card], name: str = "cat.jpg", lang: str = "en") -> NDArray[np.uint8]:
    png = comparison_png(photo(name), cards, text(lang))
    with Image.open(io.BytesIO(png)) as picture:
        assert (picture.format, picture.mode) == ("PNG", "RGB")
        return np.array(picture)


def at(pixels: NDArray[np.uint8], x: int, y: int) -> tuple[int, ...]:
    return tuple(pixels[y, x].tolist())


def test_csv_has_a_row_for_each_model_and_rank() -> None:
    cards = [
        card(((3, 0.75), (5, 0.2))),
        card(((1, 0.5),), ("tench", "goldfish"), "resnet", dataset="imagenet"),
    ]
    assert comparison_csv([("my cat", cards)], JA) == (
        "photo,model,family,dataset,rank,label,name,probability,seconds,parameters,macs,source\n"
        "my cat,mini,densenet,cifar10,1,cat,猫,0.750000,0.012300,79888,12345678,bundled\n"
        "my cat,mini,densenet,cifar10,2,dog,犬,0.200000,0.012300,79888,12345678,bundled\n"
        "my cat,mini,resnet,imagenet,1,goldfish,金魚,0.500000,0.012300,79888,12345678,bundled\n"
    )


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ('=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'),
        ("＝1＋1", "'＝1＋1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠sum", "'＠sum"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("\u3000＝1", "'\u3000＝1"),
        ("\ufeff=1", "'\ufeff=1"),
        (" a", "' a"),
        ("−1", "'−1"),
        ("", ""),
        ("a=1", "a=1"),
        ("猫", "猫"),
        ("a,b", '"a,b"'),
    ],
)
def test_csv_names_are_no_formulas(name: str, cell: str) -> None:
    row = comparison_csv([(name, [card(((3, 1.0),))])], EN).splitlines()[1]
    assert row == f"{cell},mini,densenet,cifar10,1,cat,cat,1.000000,0.012300,79888,12345678,bundled"


def test_csv_of_several_photos_has_the_rows_of_each() -> None:
    cards = [card(((3, 0.75),))]
    table = comparison_csv([("one.jpg", cards), ("two.png", []), ("three.png", cards)], EN)
    assert [line.split(",")[0] for line in table.splitlines()] == ["photo", "one.jpg", "three.png"]


def test_csv_without_cards_is_its_head() -> None:
    assert comparison_csv([("cat.jpg", [])], EN).count("\n") == 1


def test_bars_are_as_long_as_the_probabilities_and_in_the_family_s_colour() -> None:
    pixels = poster([card(((3, 0.75), (5, 0.25))), card(((0, 0.5),), family="resnet")])
    # Columns start at x = 36 + 344 n and are 320 wide; bars lie at y = 216 + 40 n and below.
    assert pixels.shape[1] == 36 + 3 * 344 - 24 + 36
    assert [at(pixels, x, 220) for x in (380, 619, 620, 699)] == [GREEN, GREEN, PALE, PALE]
    assert [at(pixels, x, 260) for x in (380, 459, 460)] == [GREEN, GREEN, PALE]
    assert [at(pixels, x, 220) for x in (724, 883, 884)] == [BLUE, BLUE, PALE]
    # The stripe on top of each column, from its first to its last pixel.
    assert [at(pixels, x, 122) for x in (379, 380, 699, 700)] == [
        (255, 255, 255),
        GREEN,
        GREEN,
        (255, 255, 255),
    ]
    assert at(pixels, 724, 122) == BLUE


def test_heat_lies_over_the_photo_where_the_map_is_hot() -> None:
    pixels = poster([card(((3, 0.75),))])
    # One row of bars: pictures start at y = 120 + 78 + 40. The map is hot in the lower right.
    assert at(pixels, 36 + 310, 238 + 310) == GREY
    assert max(abs(value - 128) for value in at(pixels, 380 + 10, 238 + 10)) <= 3
    # Inferno ends in (252, 255, 164): 85 % of it over 15 % of grey, within a step of the mask.
    hot = np.array(at(pixels, 380 + 310, 238 + 310))
    assert np.abs(hot - [233, 236, 159]).max() <= 2


def test_heat_stays_within_what_the_network_saw() -> None:
    middle = heat([[1.0]], 3, Box(0.25, 0.0, 0.75, 1.0))
    pixels = poster([card(((3, 0.75),), heat=middle)])
    hot = [int(at(pixels, 380 + x, 400)[0]) for x in (79, 80, 239, 240)]
    assert hot[0] == hot[3] == 128
    assert min(hot[1:3]) > 225


def test_an_empty_map_says_so_and_leaves_the_photo_as_it_is() -> None:
    found = card(((3, 0.75),))
    empty = card(((3, 0.75),), heat=heat([[0, 0], [0, 0]], 3, raw_max=-0.5))
    pixels = poster([found, empty])
    assert (pixels[238 : 238 + 320, 724 : 724 + 320] == 128).all()
    # Its caption has more lines.
    below = pixels[238 + 320 + 36 :]
    assert (below[:, 380:700] == 255).all()
    assert (below[:, 724:1044] < 255).any()


def test_long_names_stay_in_their_column() -> None:
    labels = ("American Staffordshire terrier or pit bull terrier",) * 2
    long = card(((0, 0.5), (1, 0.25)), labels, "resnet", dataset="imagenet", layer="block4")
    pixels = poster([long, card(((3, 0.75),))], name="a very long name of a photo " * 20)
    assert (pixels[126:, 700:724] == 255).all()
    assert (pixels[:, -36:] == 255).all()


def test_one_card_makes_a_poster_of_at_least_a_thousand_pixels() -> None:
    assert poster([card(((3, 0.75),))]).shape[1] == 1000


def test_a_tall_photo_is_at_most_twice_as_high_as_wide() -> None:
    png = comparison_png(photo(height=640, width=20), [card(((3, 0.75),))], text("en"))
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.array(picture)
    assert (pixels[238 : 238 + 640, 36:56] == 128).all()
    assert (pixels[238 : 238 + 640, 56:380] == 255).all()


@pytest.mark.parametrize(
    ("height", "width", "drawn"),
    [(640, 360, (569, 320)), (200, 300, (213, 320)), (90, 360, (90, 360)), (60, 480, (90, 720))],
)
def test_the_photo_and_its_map_keep_their_shape(
    height: int, width: int, drawn: tuple[int, int]
) -> None:
    hot = card(((3, 0.75),), heat=heat([[1.0]], 3))
    png = comparison_png(photo(height=height, width=width), [hot], text("en"))
    with Image.open(io.BytesIO(png)) as picture:
        pixels = np.array(picture)[238:]
    grey = np.argwhere((pixels == 128).all(axis=2))
    assert tuple(np.ptp(grey, axis=0) + 1) == drawn
    warm = np.argwhere((np.abs(pixels.astype(int) - [233, 236, 159]) <= 2).all(axis=2))
    assert tuple(np.ptp(warm, axis=0) + 1) == drawn


def test_japanese_is_drawn_in_japanese_or_in_english_but_never_as_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cards = [card(((3, 0.75), (5, 0.2)))]
    english, japanese = (poster(cards, lang=lang) for lang in ("en", "ja"))
    has_font = Path(export._font_file("ja")).is_file()
    assert (english.shape != japanese.shape or (english != japanese).any()) == has_font
    # A machine without a font that knows Japanese.
    monkeypatch.setattr(export, "_font_file", lambda lang: "")
    assert (poster(cards, lang="ja") == poster(cards, lang="en")).all()


def test_a_name_that_no_font_knows_becomes_question_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_font_file", lambda lang: "")
    cards = [card(((3, 0.75),))]
    one, two, plain = (poster(cards, name) for name in ("猫 cat", "犬 cat", "? cat"))
    assert (one == plain).all()
    assert (two == plain).all()


def test_the_same_comparison_gives_the_same_bytes() -> None:
    files = [comparison_png(photo(), [card(((3, 0.75),))], text("en")) for _ in range(2)]
    assert all(a == b for a, b in itertools.pairwise(files))


def test_without_fontconfig_the_systems_own_fonts_are_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(tmp_path, "share", "fonts", "deep", "meiryo.ttc")
    file.parent.mkdir(parents=True)
    file.write_bytes(ImageFont.load_default(10).path.getvalue())
    # Pillow looks into these folders, by system.
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    monkeypatch.setattr(export.shutil, "which", lambda name: None)
    export._font_file.cache_clear()
    try:
        assert export._font_file("ja") == str(file)
        assert export._font_file("en") == ""
    finally:
        export._font_file.cache_clear()
