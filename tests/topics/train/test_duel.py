"""Two networks on the same photos, as they are drawn."""

from __future__ import annotations

import re

import pytest

from demo.text import LANGUAGES, text
from demo.topics.train.figures.duel import duel
from demo.topics.train.records import Duel

FOUND = Duel(
    accuracy=(0.75, 0.5),
    interval=((0.5, 0.9), (0.3, 0.7)),
    both=4,
    alone=(2, 0),
    neither=2,
    p=0.5,
)
TITLES = ["EfficientNet-Lite0", "Mini DenseNet"]
GREY, GREEN, NOBODY = "var(--family-other)", "var(--family-densenet)", "var(--surface)"


def drawings(*families: str, lang: str = "en") -> list[str]:
    drawn = duel(FOUND, TITLES, families, text(lang))  # type: ignore[arg-type]
    return re.findall(r"<svg.*?</svg>", drawn, re.DOTALL)


def keys(drawing: str) -> list[list[str]]:
    """The colours of each key, in order: both, the first alone, the second alone, neither."""
    boxes = re.findall(
        r'<rect x="[\d.]+" y="[\d.]+" width="16" height="(\d+)"[^>]* fill="(\S+)"', drawing
    )
    found: list[list[str]] = [[]]
    for _, fill in boxes:
        if fill == "transparent":
            found.append([])
        else:
            found[-1].append(fill)
    return found[:-1]


def test_a_narrow_screen_has_its_own_drawing_with_type_to_be_read() -> None:
    wide, narrow = drawings("other", "densenet")
    assert 'viewBox="0 0 610 ' in wide
    # A phone of 390 pixels shows 366 of them.
    assert 'viewBox="0 0 360 ' in narrow
    assert set(re.findall(r'font-size="(\d+)"', narrow)) == {"15"}


@pytest.mark.parametrize("place", [0, 1])
def test_no_two_keys_look_alike(place: int) -> None:
    drawing = drawings("other", "densenet")[place]
    assert keys(drawing) == [[GREY, GREEN], [GREY], [GREEN], [NOBODY]]
    first, second = keys(drawings("other", "other")[place])[1:3]
    assert first == [GREY] != second


def test_widths_are_the_photos_shares() -> None:
    # From 16 to 570: four, two and two of eight; nothing where there is none.
    (wide, _) = drawings("other", "densenet")
    outlines = re.findall(
        r'<rect x="([\d.]+)" y="252" width="([\d.]+)" height="34"[^>]*transparent', wide
    )
    assert [(float(x), float(width)) for x, width in outlines] == [
        (16, 277),
        (293, 138.5),
        (431.5, 138.5),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_say_the_same(lang: str) -> None:
    t = text(lang)
    for drawing in drawings("other", "densenet", lang=lang):
        for words in (
            t("train.share_both", count=4),
            t("train.duel_alone", model=TITLES[0], count=2),
            t("train.duel_alone", model=TITLES[1], count=0),
            t("train.share_neither", count=2),
        ):
            assert f">{words}</text>" in drawing
