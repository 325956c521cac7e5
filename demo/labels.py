"""What a class is called, and which class somebody means who writes its name.

A network's spec holds the data set's own labels, which links and the API keep. A reader sees
`label_name`: in Japanese on the Japanese page, and in English with a word beside it where the label
alone is taken for something else. ImageNet's names are in assets/labels, the ten others among the
page's words.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from demo.records import Problem
from demo.text import LANGUAGES, Words, text

_FILE = Path(__file__).parent.parent / "assets" / "labels" / "imagenet.toml"
_KATAKANA = range(ord("ァ"), ord("ヶ") + 1)
_TO_HIRAGANA = {code: code - ord("ァ") + ord("ぁ") for code in _KATAKANA}


@cache
def imagenet(lang: str) -> dict[str, str]:
    """ImageNet's labels, in order of their indices, each with its name in that language."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))
    return {row["label"]: row.get(lang, row["label"]) for row in rows.values()}


def label_name(t: Words, dataset: str, label: str) -> str:
    """A class in the reader's language; a label that is not ImageNet's stays as it is.

    So do those of a network that somebody trained here: they named them themselves.
    """
    if dataset == "own":
        return label
    return t(f"label.{label}") if dataset == "cifar10" else imagenet(t.lang).get(label, label)


def folded(name: str) -> str:
    """What two spellings of a name share: neither case, width, kana, spaces nor signs.

    "Ｌion " -> "lion", "ボーダー・コリー" -> "ぼーだーこりー".
    """
    wide = unicodedata.normalize("NFKC", name).casefold().translate(_TO_HIRAGANA)
    return "".join(letter for letter in wide if letter.isalnum())


@cache
def _spellings(dataset: str, labels: tuple[str, ...]) -> dict[str, list[int]]:
    """Every folded name of a class -> indices of those that are called so."""
    called: dict[str, list[int]] = {}
    for index, label in enumerate(labels):
        names = {label, *(label_name(text(lang), dataset, label) for lang in LANGUAGES)}
        for name in {folded(name) for name in names}:
            called.setdefault(name, []).append(index)
    return called


def index_of(dataset: str, labels: tuple[str, ...], asked: str | int, model: str) -> int:
    """Index of the class that somebody names: by index, label, or name in any language.

    Case, width and spaces do not matter, except where only they tell two classes apart.

    Args:
        labels: the network's, in output order.
        model: the network's title, for the refusal.

    Raises:
        Problem: "api.no_index" or "api.no_label" if the network does not know it,
            "api.two_labels" if several classes are called so.
    """
    words = str(asked).strip()
    number = unicodedata.normalize("NFKC", words)
    if number.lstrip("-").isdecimal():
        if not 0 <= int(number) < len(labels):
            raise Problem("api.no_index", model=model, index=words, last=len(labels) - 1)
        return int(number)
    if words in labels:
        return labels.index(words)
    indices = _spellings(dataset, labels).get(folded(words), [])
    if not indices:
        raise Problem("api.no_label", model=model, label=words)
    if len(indices) > 1:
        raise Problem("api.two_labels", label=words, labels=_told_apart(dataset, labels, indices))
    return indices[0]


def _told_apart(dataset: str, labels: Sequence[str], indices: Sequence[int]) -> str:
    """`264 "Cardigan (dog)", 474 "cardigan (knitwear)"`, in the API's language."""
    names = (label_name(text("en"), dataset, labels[index]) for index in indices)
    return ", ".join(f'{index} "{name}"' for index, name in zip(indices, names, strict=True))
