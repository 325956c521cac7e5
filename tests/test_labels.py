"""Names of classes: all there, all distinct, and found however somebody writes them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from demo.labels import folded, imagenet, index_of, label_name
from demo.records import Problem
from demo.text import LANGUAGES, entries, text
from demo.zoo.bundled import CIFAR10_LABELS
from demo.zoo.imagenet import IMAGENET_LABELS
from demo.zoo.vision import torchvision

KANA_OR_KANJI = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,}")

JAPANESE = {
    1: "金魚",
    134: "ツル",
    162: "ビーグル",
    207: "ゴールデン・レトリーバー",
    264: "コーギー（カーディガン）",
    281: "キジトラ猫",
    291: "ライオン",
    293: "チーター",
    340: "シマウマ",
    353: "ガゼル",
    407: "救急車",
    474: "カーディガン",
    497: "教会",
    517: "クレーン",
    620: "ノートパソコン",
    681: "ノートブック型パソコン",
    817: "スポーツカー",
    837: "サングラス",
    954: "バナナ",
    999: "トイレットペーパー",
}
ENGLISH = {
    134: "crane (bird)",
    264: "Cardigan (dog)",
    291: "lion",
    474: "cardigan (knitwear)",
    517: "crane (machine)",
    638: "maillot (tights)",
    639: "maillot (swimsuit)",
    677: "nail (metal)",
    836: "sunglass (lens)",
    837: "sunglasses",
}


def test_the_file_lists_torchvisions_labels_in_their_order() -> None:
    assert tuple(imagenet("en")) == tuple(imagenet("ja")) == IMAGENET_LABELS
    assert len(IMAGENET_LABELS) == 1000
    stated = torchvision.models.ResNet50_Weights.IMAGENET1K_V1.meta
    assert tuple(stated["categories"]) == IMAGENET_LABELS


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_classes_are_called_the_same(lang: str) -> None:
    ten = [label_name(text(lang), "cifar10", label) for label in CIFAR10_LABELS]
    names = Counter(map(folded, [*imagenet(lang).values(), *ten]))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize(("lang", "known"), [("ja", JAPANESE), ("en", ENGLISH)])
def test_names_that_are_known(lang: str, known: dict[int, str]) -> None:
    names = list(imagenet(lang).values())
    assert {index: names[index] for index in known} == known


def test_japanese_names_are_japanese() -> None:
    names = list(imagenet("ja").values())
    assert [name for name in names if not KANA_OR_KANJI.search(name)] == []
    latin = {name for name in names if LATIN_WORDS.search(name)}
    assert latin == {"CDプレーヤー", "ATM（現金自動預払機）", "iPod（音楽プレーヤー）"}
    assert [name for name in names if re.search(r"[ ()\[\]?!:]|\s", name)] == []


def test_an_english_name_is_the_label_or_begins_with_it() -> None:
    wrong = [
        (label, name)
        for label, name in imagenet("en").items()
        if name != label and not re.fullmatch(rf"{re.escape(label)} \([a-zA-Z -]+\)", name)
    ]
    assert wrong == [
        ("crane bird", "crane (bird)"),
        ("maillot tank suit", "maillot (swimsuit)"),
    ]


def test_the_ten_are_named_by_the_pages_words() -> None:
    assert label_name(text("ja"), "cifar10", "frog") == "カエル"
    assert label_name(text("en"), "cifar10", "frog") == entries("en")["label.frog"]
    assert label_name(text("ja"), "imagenet", "lion") == "ライオン"
    # Who trained a network named its classes: they are called so, whatever ImageNet calls so.
    assert label_name(text("ja"), "own", "lion") == "lion"
    assert label_name(text("en"), "imagenet", "crane") == "crane (machine)"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (" Ｌion ", "lion"),
        ("sea-lion", "sealion"),
        ("ボーダー・コリー", "ぼーだーこりー"),
        ("ﾗｲｵﾝ", "らいおん"),
        ("Cardigan (dog)", "cardigandog"),
        ("ヴァイオリン", "ゔぁいおりん"),
    ],
)
def test_what_spellings_share(name: str, expected: str) -> None:
    assert folded(name) == expected


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("lion", 291),
        ("  LION ", 291),
        (291, 291),
        ("291", 291),
        ("２９１", 291),
        ("0", 0),
        ("ライオン", 291),
        ("らいおん", 291),
        ("sea lion", 150),
        ("Cardigan", 264),
        ("cardigan", 474),
        ("cardigan (KNITWEAR)", 474),
        ("コーギー（カーディガン）", 264),
        ("カーディガン", 474),
        ("crane", 517),
        ("crane bird", 134),
        ("Crane (bird)", 134),
        ("maillot", 638),
        ("シマウマ", 340),
    ],
)
def test_a_class_is_found_by_any_of_its_names(asked: str | int, index: int) -> None:
    assert index_of("imagenet", IMAGENET_LABELS, asked, "X") == index


@pytest.mark.parametrize(("asked", "index"), [("カエル", 6), ("FROG", 6), (9, 9), ("犬", 5)])
def test_one_of_the_ten_is_found_too(asked: str | int, index: int) -> None:
    assert index_of("cifar10", CIFAR10_LABELS, asked, "X") == index


@pytest.mark.parametrize(
    ("asked", "key", "values"),
    [
        ("unicorn", "api.no_label", {"model": "X", "label": "unicorn"}),
        (1000, "api.no_index", {"model": "X", "index": "1000", "last": 999}),
        ("-1", "api.no_index", {"model": "X", "index": "-1", "last": 999}),
        ("()", "api.no_label", {"model": "X", "label": "()"}),
        (
            "CARDIGAN",
            "api.two_labels",
            {"label": "CARDIGAN", "labels": '264 "Cardigan (dog)", 474 "cardigan (knitwear)"'},
        ),
    ],
)
def test_what_is_not_found_is_refused(
    asked: str | int, key: str, values: dict[str, object]
) -> None:
    with pytest.raises(Problem) as refusal:
        index_of("imagenet", IMAGENET_LABELS, asked, "X")
    assert (refusal.value.key, refusal.value.values) == (key, values)
