"""The Japanese of the page is in one style: punctuation, spaces, counting, one word an idea."""

from __future__ import annotations

import re

import pytest

from demo.labels import imagenet
from demo.text import entries

LETTER = "ぁ-ゖァ-ヺー一-鿿々"
WIDE = f"{LETTER}。、「」（）：？！／・…"
VALUE = r"\{[^}]*\}"
# What keeps its own punctuation: code, calls and formulas, addresses, markup, a command in 「」.
AS_IT_IS = re.compile(
    r"`[^`]*`"
    r"|\w+\([a-z]+\)|https?://[^\s（）「」。]*|<[^>]*>|「python [^」]*」|python run\.py [^」。]*"
)

STYLE = {
    "half-width punctuation beside Japanese": (
        rf"[{WIDE}](?:[()?!:;]|,(?!\d))|[()?!:;][{WIDE}]|,[{LETTER}]|[()]|\}}[?!:;]"
    ),
    "a space between Japanese and Latin letters, digits or a value": (
        rf"[{WIDE}] [A-Za-z0-9Ͱ-Ͽ{{|×]|[A-Za-z0-9Ͱ-Ͽ}}%|×] [{WIDE}]"
    ),
    "a space amid Japanese": rf"[{WIDE}] +[{WIDE}]|[{WIDE}] $|。 ",
    "a space before a particle": r" [はがをのにでとも](?![ぁ-ゖ])",
    "a counter in kanji": r"[一二三四五六七八九十][つ枚通個本]",
    "個 for networks": r"個とも|個中|ネットワーク\d*個|\d個のネットワーク|\}個のうち",
    "地図 beside マップ": "地図",
    "誤差 for an error rate": "(?<!丸め)(?<!標準)誤差",
    "切る for switching off": "切る|切った|切って|切れ、|切ら",
    "手がかり beside 根拠": "手がかり",
    "自信 beside 確信": "自信",
    "第…段 for a stage": r"第(?:\d|\{\w+\})段|残差ブロックの段",
    "枝 for a branch": "枝(?!分かれ)",
    "密ブロック for a Dense Block": "密ブロック",
    "Transition Layer for a Transition層": "Transition [Ll]ayer",
    "a shortened pooling": r"プール(?!し)|(?:最大|平均)(?:\{kernel\}|\d×)",
    "実時間 for real time": "実時間",
    "an internal name": r"resnext\w*_\d|stage\d\.|densenet\d{3}\b",
    "一番 beside 最も": "一番",
    "マシン and 機械 beside コンピューター": "(?<!スロット)(?<!エスプレッソ)マシン|機械(?!学習)",
    "動かす for inference": "動かすのに|動かすとき",
}


PATTERNS = {"term.number.word"}
"""Entries that find words and are not read."""


def faults(entry: str) -> list[str]:
    """The rules that an entry breaks."""
    plain = AS_IT_IS.sub("A", entry)
    return [name for name, pattern in STYLE.items() if re.search(pattern, plain)]


def test_every_entry_keeps_the_style() -> None:
    speaking = {
        key: entry
        for key, entry in entries("ja").items()
        if re.search(f"[{LETTER}]", entry) and key not in PATTERNS
    }
    broken = {key: (faults(entry), entry) for key, entry in speaking.items() if faults(entry)}
    assert broken == {}
    assert len(speaking) > 400


def test_names_of_classes_keep_the_style() -> None:
    assert [name for name in imagenet("ja").values() if faults(name)] == []


@pytest.mark.parametrize(
    ("entry", "broken"),
    [
        ("4つとも同じ答えです：{label}", []),
        ("入力は{size} pxで、F(x)をxに足します。", []),
        ("パラメータ{parameters}個・積和演算{macs}回", []),
        ("1,000種類を見分けます（ImageNet）。", []),
        ("k = 12〜16は軽量です。", []),
        ("平均プーリング3×3、丸め誤差、標準誤差", []),
        ("すべて(ImageNet)", ["half-width punctuation beside Japanese"]),
        ("どれを使う?", ["half-width punctuation beside Japanese"]),
        ("{title}:{done}回目", ["half-width punctuation beside Japanese"]),
        (
            "{label} の答え",
            [
                "a space between Japanese and Latin letters, digits or a value",
                "a space before a particle",
            ],
        ),
        ("ブロック 3です", ["a space between Japanese and Latin letters, digits or a value"]),
        (
            "ReLU の後",
            [
                "a space between Japanese and Latin letters, digits or a value",
                "a space before a particle",
            ],
        ),
        ("終わりです。 次へ", ["a space amid Japanese"]),
        ("三つの形", ["a counter in kanji"]),
        ("{count}個中{place}位", ["個 for networks"]),
        ("地図の配色", ["地図 beside マップ"]),
        ("top-1誤差（%）", ["誤差 for an error rate"]),
        ("ショートカットを切る", ["切る for switching off"]),
        ("最大3×3", ["a shortened pooling"]),
        ("第{number}段", ["第…段 for a stage"]),
    ],
)
def test_a_broken_rule_is_seen(entry: str, broken: list[str]) -> None:
    assert faults(entry) == broken
