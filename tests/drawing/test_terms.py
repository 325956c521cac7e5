"""Words that are explained where they stand."""

from __future__ import annotations

import json
import re

import pytest

from demo.drawing.families import families
from demo.drawing.terms import TERMS, explained, glossary
from demo.text import text

EN, JA = text("en"), text("ja")


def terms(found: str) -> list[tuple[str, str]]:
    """(key, word) of each term in HTML."""
    return re.findall(r'<button[^>]* data-term="([^"]+)">([^<]+)</button>', found)


@pytest.mark.parametrize(
    ("lang", "sentence", "words"),
    [
        ("en", "Grad-CAM for cat · Grad-CAM", [("gradcam", "Grad-CAM")]),
        (
            "en",
            "805 k parameters · 12.3 M multiply-adds · 4 ms",
            [("number", "805 k"), ("macs", "multiply-adds")],
        ),
        (
            "ja",
            "パラメータ80.5万個・積和演算9,440万回・4 ms",
            [("number", "80.5万個"), ("macs", "積和演算")],
        ),
        ("ja", "MACsは積和演算", [("macs", "MACs")]),
        ("ja", "「猫」のGrad-CAM・ステージ3", [("gradcam", "Grad-CAM")]),
        (
            "en",
            "V1 with V2, top-1 by logit",
            [("recipe", "V1"), ("top1", "top-1"), ("logit", "logit")],
        ),
        ("en", "HV1 and logits are others", []),
    ],
)
def test_each_term_is_explained_where_it_comes_first(
    lang: str, sentence: str, words: list[tuple[str, str]]
) -> None:
    found = explained(sentence, text(lang))
    assert terms(found) == [(f"term.{key}.says", word) for key, word in words]
    assert re.sub(r"<[^>]*>", "", found) == sentence


def test_only_the_terms_that_are_asked_for() -> None:
    assert terms(explained("Grad-CAM of a logit", EN, "logit")) == [("term.logit.says", "logit")]


def test_what_stands_around_a_term_is_escaped() -> None:
    found = explained("<b>&</b> Grad-CAM <i>", EN)
    assert found.startswith("&lt;b&gt;&amp;&lt;/b&gt; <button")
    assert found.endswith("</button> &lt;i&gt;")


def test_every_term_of_the_page_is_in_its_glossary() -> None:
    for t in (EN, JA):
        said = json.loads(glossary(t))
        shown = terms(families(t))
        assert [key for key, _ in shown] == [
            f"family.says.{name}" for name in ("resnet", "densenet", "inception", "resnext")
        ]
        assert {key for key, _ in shown} | {f"term.{key}.says" for key in TERMS} == said.keys()
        assert all(len(words) > 40 for words in said.values())
