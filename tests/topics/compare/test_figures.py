from __future__ import annotations

import re

import numpy as np
import pytest

from demo.drawing.refusal import refusal
from demo.records import Agreement, Box
from demo.records.known import Known
from demo.text import text
from demo.topics.compare.figures import card_details, cards, grid, sentence as compare_sentence
from demo.topics.compare.records import Answered, Several
from tests.compared import CIFAR10, card, heat

EN, JA = text("en"), text("ja")
NASTY = '<img src=x onerror="alert(1)">'
ESCAPED = "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;"
TOP = ((3, 0.75), (5, 0.2), (0, 0.0004))
EMPTY = heat([[0, 0], [0, 0]], 3, raw_max=-0.5)


def bars_of(found: str) -> list[tuple[str, ...]]:
    """(kind, rank, class, number, width) of each bar, in order."""
    return re.findall(
        r'<div class="(bar|bar first)" data-rank="(\d+)"><span class="name" title="[^"]*">([^<]*)'
        r'</span><span class="number" title="[^"]*">([^<]*)</span><i><b style="width:([^"]*)">',
        found,
    )


def marked(found: str) -> list[str]:
    return [bar[2] for bar in bars_of(found) if bar[0] == "bar first"]


def labels_of_overlays(found: str) -> list[str]:
    return re.findall(r'<div class="overlay" role="img" aria-label="([^"]*)"', found)


def said(found: str) -> str:
    """What a reader sees: the text without its tags."""
    return re.sub(r"<[^>]*>", "", found)


def test_bars_are_in_order_and_as_wide_as_the_probabilities() -> None:
    assert bars_of(card_details.detail(card(TOP), EN)) == [
        ("bar first", "1", "cat", "75.0 %", "75.00%"),
        ("bar", "2", "dog", "20.0 %", "20.00%"),
        # Too small a bar to see is drawn 0.4 % wide.
        ("bar", "3", "airplane", "&lt; 0.1 %", "0.40%"),
    ]


def test_a_card_says_whose_it_is_and_what_it_costs() -> None:
    behind = card_details.detail(card(TOP), EN)
    found = cards.card(card(TOP), EN, 1.5, depth_name="stage 3, 8×8")
    for drawn in (found, behind):
        assert 'data-model="mini" style="--family:var(--family-densenet)"' in drawn
    facts = "79.9 k parameters · 12.3 M multiply-adds · 12 ms · ships with the app"
    assert facts in re.sub(r"</?button[^>]*>", "", behind)
    assert "79,888 parameters; 12,345,678 multiply-adds" in behind
    assert "--ratio:1.5" in found
    assert labels_of_overlays(found) == ["Where Mini finds what speaks for cat"]
    assert "Grad-CAM for cat · stage 3, 8×8" in said(found)
    assert "<span>0</span><i></i><span>2.5</span>" in found


def places(found: str, *parts: str) -> list[int]:
    return [found.index(part) for part in parts]


def test_the_answer_and_the_map_come_first() -> None:
    found = cards.card(card(TOP), EN, 1.5)
    answer = '<p class="answer"><b title="cat">cat</b> <span>75.0 %</span></p>'
    order = places(found, "<h4>", answer, 'class="overlay"', "colour-bar", "Grad-CAM")
    assert order == sorted(order)
    behind = places(card_details.detail(card(TOP), EN), "<h4>", 'class="bars"', 'class="facts"')
    assert behind == sorted(behind)


@pytest.mark.parametrize(
    ("lang", "label", "name"),
    [
        ("en", "lion", '<b title="lion">'),
        ("en", "Egyptian cat", '<b class="long" title="Egyptian cat">'),
        ("ja", "lion", '<b title="ライオン">'),
        ("ja", "racer", '<b class="long" title="レーシングカー">'),
    ],
)
def test_a_long_answer_is_marked(lang: str, label: str, name: str) -> None:
    answer = card(((0, 0.75),), labels=(label, "hay"), dataset="imagenet")
    assert name in cards.card(answer, text(lang), 1.5)


def test_a_place_is_kept_that_is_as_large_as_the_card() -> None:
    kept = cards.waiting("mini", "Mini", "resnet", "in a moment", 0.75)
    assert '<div class="framed ghost" style="--ratio:0.75"></div>' in kept
    behind = card_details.waiting("mini", "Mini", "resnet", 3)
    assert behind.count('<div class="bar">') == 3
    rows = ("<header>", "answer", 'class="stage"', 'class="legend"')
    assert places(kept, *rows) == sorted(places(kept, *rows))
    assert 'role="status">in a moment<' in kept


@pytest.mark.parametrize(("ratio", "kind"), [(0.5, "cards"), (2.4, "cards"), (8, "cards stacked")])
def test_maps_of_a_panorama_lie_below_each_other(ratio: float, kind: str) -> None:
    found = cards.cards(["<a>", "<b>", "<c>"], ratio, "photo.webp", "<p>above</p>")
    assert f'<div class="{kind}" data-count="3"' in found
    assert f"--ratio:{ratio:g};--photo:url(photo.webp)" in found
    assert found.startswith("<p>above</p><div")
    assert found.endswith("<a><b><c></div></div>")


@pytest.mark.parametrize(
    ("count", "ratio", "columns", "rows"),
    [
        (1, 1.5, 1, 1),
        (4, 1.0, 4, 1),
        (5, 1.0, 5, 1),
        (5, 0.6, 5, 1),
        (5, 1.5, 3, 2),
        (8, 1.5, 4, 2),
        (10, 1.0, 5, 2),
        (5, 8.0, 1, 5),
    ],
)
def test_maps_are_arranged_as_large_as_the_wall_lets_them(
    count: int, ratio: float, columns: int, rows: int
) -> None:
    assert cards.arranged(count, ratio) == (columns, rows)
    drawn = cards.cards(["<a>"] * count, ratio)
    assert f'data-rows="{rows}" style="--count:{count};--columns:{columns};--rows:{rows};' in drawn


def test_a_network_without_a_photo_says_what_it_is() -> None:
    found = cards.bare("mini", "Mini", "resnet", "80 k parameters")
    assert 'class="card bare" data-model="mini"' in found
    assert said(found) == "Mini+&nbsp;80 k parameters"
    assert "skeleton" not in found


def test_a_card_in_japanese() -> None:
    found = cards.card(card(TOP), JA, 1.0, depth_name="ステージ 3")
    behind = card_details.detail(card(TOP), JA)
    assert [bar[2] for bar in bars_of(behind)] == ["猫", "犬", "飛行機"]
    assert labels_of_overlays(found) == ["Miniが「猫」の根拠を見つけた場所"]
    assert "「猫」のGrad-CAM・ステージ 3" in said(found)
    assert "cat" not in said(found + behind)


def test_names_of_imagenet_are_the_reader_s() -> None:
    fish = card(((1, 0.9), (0, 0.1)), ("tench", "crane"), dataset="imagenet")
    assert [bar[2] for bar in bars_of(card_details.detail(fish, JA))] == ["クレーン", "テンチ"]
    assert [bar[2] for bar in bars_of(card_details.detail(fish, EN))] == [
        "crane (machine)",
        "tench",
    ]


def test_the_class_that_was_asked_for_is_marked() -> None:
    asked = card(TOP, heat=heat([[1.0]], 5))
    assert marked(card_details.detail(asked, EN, "dog")) == ["dog"]
    # It may have no bar.
    asked = card(TOP, heat=heat([[1.0]], 8))
    found = cards.card(asked, EN, 1.0, asked="ship")
    assert marked(card_details.detail(asked, EN, "ship")) == []
    assert labels_of_overlays(found) == ["Where Mini finds what speaks for ship"]


def test_a_class_that_the_network_does_not_know_is_named_and_its_own_choice_marked() -> None:
    found = cards.card(card(TOP), EN, 1.0, asked=NASTY)
    assert marked(card_details.detail(card(TOP), EN, NASTY)) == ["cat"]
    assert f"It has no class “{ESCAPED}”, so its own first choice is explained." in found
    assert NASTY not in found


def test_of_two_classes_with_one_name_one_is_marked() -> None:
    twice = card(((0, 0.5), (1, 0.4)), ("crane", "crane"), dataset="imagenet")
    assert [bar[0] for bar in bars_of(card_details.detail(twice, EN))] == ["bar first", "bar"]


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Nothing at this layer speaks for cat: the largest value is -0.5."),
        ("ja", "この層には「猫」の根拠がありません（最大値-0.5）。"),
    ],
)
def test_an_empty_map_says_so_instead_of_a_scale(lang: str, sentence: str) -> None:
    found = cards.card(card(TOP, heat=EMPTY), text(lang), 1.0)
    assert sentence in said(found)
    assert "colour-bar" not in found
    assert sentence not in cards.card(card(TOP), text(lang), 1.0)


def test_the_map_lies_where_the_network_looked() -> None:
    seen = card(TOP, heat=heat([[1.0]], 3, Box(0.25, 0, 0.75, 1)))
    assert "left:25.00%;top:0.00%;width:50.00%;height:100.00%" in cards.card(seen, EN, 2.0)


def test_whatever_is_named_is_escaped() -> None:
    nasty = card(((0, 0.9),), (NASTY, "b"), dataset="imagenet", title=NASTY)
    drawn = (
        cards.card(nasty, EN, 1.0, depth_name=NASTY),
        cards.waiting("mini", NASTY, "resnet", NASTY),
        cards.refused("mini", NASTY, "resnet", refusal(NASTY, NASTY, EN)),
        cards.bare("mini", NASTY, "resnet", NASTY),
        card_details.detail(nasty, EN),
        card_details.waiting("mini", NASTY, "resnet", 2),
        card_details.note(NASTY),
        compare_sentence.one_photo([nasty], [], EN),
        compare_sentence.several_photos(Several((Answered(NASTY, (nasty,)),)), EN),
        grid.grid([grid.Row(NASTY, (nasty,), "photo.webp")], [(NASTY, "resnet")], EN),
        grid.grid([grid.Row(NASTY, (NASTY,))], [(NASTY, "resnet")], EN),
    )
    for found in drawn:
        assert "<img src=x" not in found
        assert ESCAPED in found


def agreement(*groups: tuple[int, tuple[str, ...]]) -> Agreement:
    mean = np.zeros(10, np.float32)
    mean[[3, 5, 0]] = 0.5, 0.25, 0.125
    return Agreement("cifar10", groups, mean)


TITLES = {"a": "Alpha", "b": "Beta", "c": NASTY}


MEAN = {"en": "Their mean says cat, 50.0 %.", "ja": "平均では「猫」が50.0 %です。"}


@pytest.mark.parametrize(
    ("lang", "groups", "sentence"),
    [
        ("en", [(3, ("a", "b"))], "Both see the same thing: cat. "),
        ("ja", [(3, ("a", "b"))], "2つとも同じ答えです：猫。"),
        (
            "ja",
            [(3, ("a", "b")), (5, ("c",))],
            f"答えが分かれました。Alpha、Betaは「猫」、{NASTY}は「犬」と答えました。",
        ),
        (
            "ja",
            [(3, ("a",)), (5, ("b",))],
            "2つの答えは異なります。Alphaは「猫」、Betaは「犬」と答えました。",
        ),
    ],
)
def test_what_the_models_say_together(
    lang: str, groups: list[tuple[int, tuple[str, ...]]], sentence: str
) -> None:
    found = compare_sentence.agreed(agreement(*groups), TITLES, CIFAR10, text(lang))
    assert found == sentence + MEAN[lang]
    drawn = card_details.together(agreement(*groups), 2, CIFAR10, text(lang), 2)
    names = ["猫", "犬"] if lang == "ja" else ["cat", "dog"]
    assert [(bar[2], bar[4]) for bar in bars_of(drawn)] == list(
        zip(names, ["50.00%", "25.00%"], strict=True)
    )


def test_the_sentence_names_who_answers_alone_after_those_who_agree() -> None:
    fish = card(((1, 0.9), (0, 0.1)), ("tench", "crane"), dataset="imagenet", title="Large")
    small = [card(TOP, model="a", title="Alpha"), card(TOP, model="b", title="Beta")]
    said = compare_sentence.one_photo([fish, *small], [agreement((3, ("a", "b")))], EN)
    assert said == (
        "Both see the same thing: cat. Their mean says cat, 50.0 %. "
        "Large sees crane (machine), 90.0 %."
    )


def test_the_sentence_of_several_photos_counts_and_names_the_surest() -> None:
    cat, dog = card(TOP, title="Alpha"), card(((5, 0.6),), title="Beta")
    alone = card(((0, 0.99),), ("tench",), dataset="imagenet", title="Large")
    seen = Several(
        (Answered("one", (cat, cat)), Answered("two", (cat, dog)), Answered("three", (alone,)))
    )
    assert [row.agree for row in seen.rows] == [True, False, None]
    assert seen.agreed == (1, 2)
    assert compare_sentence.several_photos(seen, EN) == (
        "On 1 of 2 photos the networks that know the same things agree. "
        "Surest: Large on “three”, tench, 99.0 %. Least sure: Beta on “two”, dog, 60.0 %."
    )
    nothing = Several((Answered("one", ()),))
    assert (nothing.agreed, nothing.surest, nothing.least_sure) == (None, None, None)
    assert compare_sentence.several_photos(nothing, EN) == ""


def test_a_grid_has_photos_as_rows_and_models_as_columns() -> None:
    lion = Known(False, "lion", 0.9)
    rows = [
        grid.Row("one", (card(TOP), "no weights"), "1.webp"),
        grid.Row("two", ("cannot be read",)),
        grid.Row("three", ("none", card(((5, 0.6),), heat=EMPTY)), "3.webp", 2.0, lion),
    ]
    found = grid.grid(rows, [("Alpha", "resnet"), ("Beta", "resnext")], JA)
    assert re.findall(r'<th scope="col" style="--family:var\(--family-(\w+)\)">(\w+)', found) == [
        ("resnet", "Alpha"),
        ("resnext", "Beta"),
    ]
    first, second, third = re.findall(r"<tr[ >].*?</tr>", found.split("<tbody>")[1])
    assert 'style="--ratio:1;--photo:url(1.webp)"' in first
    assert 'data-index="0" title="one"' in first
    assert "<b>猫</b> <span>75.0 %</span>" in first
    assert '<div class="caption">no weights</div>' in first
    assert '<td colspan="2"><div class="notice">cannot be read</div></td>' in second
    assert "<button" not in second
    assert 'data-index="2"' in third
    assert third.index("none") < third.index("<b>犬</b> <span>60.0 %</span>")
    assert labels_of_overlays(third) == ["Miniが「犬」の根拠を見つけた場所"]
    assert third.count("--ratio:2") == 3
    assert "ライオンのようです。10種類には入っていません" in third
    assert "none-of-ten" not in first + second
    assert "data-choose-several" not in found


def test_below_a_photo_alone_stands_what_brings_more() -> None:
    alone = grid.grid([grid.Row("one", (card(TOP),), "1.webp")], [("Alpha", "resnet")], EN)
    more = alone.split("<tr ")[-1]
    assert 'colspan="2"' in more
    assert "data-choose-several>Several photos at once (up to 16)</button>" in more
    assert grid.grid([], [("Alpha", "resnet")], EN).count("data-choose-several") == 1
