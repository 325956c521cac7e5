"""What the page says where a photo shows none of the ten things."""

from __future__ import annotations

import re

import pytest

from demo.records.known import Known
from demo.text import text
from demo.topics.compare.figures.known import mark, sentence, thing
from demo.zoo.imagenet import IMAGENET_LABELS

EN, JA = text("en"), text("ja")
LION = Known(False, "lion", 0.9)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("lion", "a lion"),
        ("obelisk", "an obelisk"),
        ("Arctic fox", "an Arctic fox"),
        ("unicycle", "a unicycle"),
        ("hourglass", "an hourglass"),
        ("European gallinule", "a European gallinule"),
        ("guacamole", "guacamole"),
        ("sunglasses", "sunglasses"),
        ("crane", "a crane (machine)"),
    ],
)
def test_a_thing_has_its_article(label: str, words: str) -> None:
    assert thing(EN, label) == words


def test_every_class_can_be_mentioned() -> None:
    assert all(re.match(r"(an? )?\S", thing(EN, label)) for label in IMAGENET_LABELS)
    assert thing(JA, "lion") == "ライオン"


def test_the_sentence_names_what_the_large_network_sees() -> None:
    assert (
        ">This looks like a lion. The small networks know ten things and must choose among them.<"
    ) in sentence(LION, [], EN)
    assert (
        ">写っているのはライオンのようです。小さなネットワークが知っているのは10種類だけなので、"
        "その中から選ぶしかありません。<"
    ) in sentence(LION, [], JA)


def test_nothing_is_named_where_the_large_network_is_unsure() -> None:
    unsure = Known(False, "", 0.12)
    assert ">None of the ten things that the small networks know seems to be here." in sentence(
        unsure, [], EN
    )
    assert ">10種類のどれでもないようです<" in mark(unsure, JA)


@pytest.mark.parametrize(
    ("large", "en", "ja"),
    [
        (
            [],
            "The small networks know ten things.",
            "小さなネットワークが知っているのは10種類です。",
        ),
        (
            ["EfficientNet-Lite0"],
            "The small networks know ten things, EfficientNet-Lite0 knows 1,000.",
            "小さなネットワークが知っているのは10種類、EfficientNet-Lite0は1,000種類です。",
        ),
        (
            ["ResNet-50", "GoogLeNet"],
            "The small networks know ten things, the others 1,000.",
            "小さなネットワークが知っているのは10種類、ほかは1,000種類です。",
        ),
    ],
)
def test_for_one_of_the_ten_the_line_says_how_much_the_networks_know(
    large: list[str], en: str, ja: str
) -> None:
    ship = Known(True, "liner", 0.3)
    for t, words in ((EN, en), (JA, ja)):
        assert re.sub("<[^>]*>", "", sentence(ship, large, t)) == words
        assert "none-of-ten" not in sentence(ship, large, t)
    assert mark(ship, EN) == ""


def test_a_photo_of_several_gets_a_mark() -> None:
    assert mark(LION, EN).startswith('<span class="none-of-ten" title="EfficientNet-Lite0')
    assert ">Looks like a lion: none of the ten things<" in mark(LION, EN)
