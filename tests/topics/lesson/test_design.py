"""A network of one's own: what the page counts is what PyTorch counts of the printed code."""

from __future__ import annotations

import html
import re
from random import Random

import pytest
import torch
from torch import nn

from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.lesson.figures.design import picture, printed
from demo.topics.lesson.numbers.design import code, design
from demo.topics.lesson.records.design import DESIGNS, MOST_MACS, MOST_PARAMETERS, Design
from demo.topics.lesson.scenes.design import draw
from tests.drawing.drawn import assert_as_stored
from tests.zoo.counting import measure, parameters

BUNDLED = {
    "dense": ((24, 50, 32, 1, 4, 15), 800_502, 97_470_588),
    "residual": ((32, 1, 3, 4, 16, 64, 100, 64, 128, 304), 804_970, 94_432_224),
    "paths": ((8, 32, 1, 3, 4, 32, 96, 184, 64, 160, 336), 812_298, 92_271_904),
}
"""Three of the bundled networks, and what their specs state."""


def built(made: Design) -> nn.Module:
    """What the printed code builds, run as it is printed."""
    names: dict[str, nn.Module] = {}
    with torch.device("meta"):
        exec(code(made), names)
    return names["network"].eval()


def drawn(family: str, seed: int) -> tuple[int, ...]:
    """Numbers of chance within a family's bounds, small enough to be built quickly."""
    chance = Random(f"{family}:{seed}")
    found = {
        field.name: chance.randint(field.low, min(field.high, field.low + 11))
        for field in DESIGNS[family].fields
    }
    if family == "paths":
        for stage in (1, 2, 3):
            found[f"width{stage}"] = found["cardinality"] * chance.randint(4, 9)
    return tuple(found.values())


@pytest.mark.parametrize("family", DESIGNS)
def test_the_printed_code_builds_what_was_counted(
    family: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for numbers in (DESIGNS[family].start, *(drawn(family, seed) for seed in range(6))):
        made = design(family, numbers)
        network = built(made)
        assert int(capsys.readouterr().out) == made.parameters == parameters(network)
        macs, _ = measure(network, 32)
        assert macs == made.macs
        with torch.no_grad():
            assert network(torch.empty(1, 3, 32, 32, device="meta")).shape == (1, 10)


@pytest.mark.parametrize("family", BUNDLED)
def test_the_bundled_networks_are_among_them(family: str) -> None:
    numbers, counted, macs = BUNDLED[family]
    made = design(family, numbers)
    assert (made.parameters, made.macs) == (counted, macs)
    # All of them lie a little above 0.8 M.
    assert made.broken == ("parameters",)


@pytest.mark.parametrize("family", DESIGNS)
def test_each_family_begins_within_the_budget_and_near_it(family: str) -> None:
    made = design(family, DESIGNS[family].start)
    assert made.broken == ()
    assert 0.9 * MOST_PARAMETERS < made.parameters <= MOST_PARAMETERS
    assert made.macs <= MOST_MACS
    assert sum(field.seen for field in DESIGNS[family].fields) == 2


def test_what_breaks_the_budget_is_known() -> None:
    wide = design("dense", (40, 50, 32, 1, 4, 14))
    assert wide.broken == ("parameters", "macs")
    assert wide.dearest == 3
    early = design("dense", (24, 50, 32, 12, 1, 1))
    assert early.broken == ("macs",)
    assert early.dearest == 1


def test_paths_must_divide_the_width() -> None:
    start = DESIGNS["paths"].start
    with pytest.raises(Problem, match="groups"):
        design("paths", (7, *start[1:]))


@pytest.mark.parametrize(
    ("run", "said", "verdict"),
    [
        ("", "740,282 parameters and 93.7 M multiply-adds. Within the budget: 59,718", "0"),
        (
            "dense:40,50,32,1,4,14",
            "Over the budget twice, by 1,210,986 parameters and 150 M",
            "2",
        ),
        ("dense:24,50,32,12,1,1", "Stage 1 costs most of it.", "1"),
        ("dense:0,50,32,1,4,14", "Growth rate k = 0 cannot be", "0"),
        ("dense:24,50,32,1,4,25", "Layers, stage 3 = 25 cannot be", "0"),
        ("residual:24", "740,282", "0"),
    ],
)
def test_the_page_says_what_breaks_the_budget(run: str, said: str, verdict: str) -> None:
    shown, fields, listing = draw(text("en"), "dense", run)
    assert said in shown.partition("scene-sentence")[2]
    assert f'data-broken="{verdict}"' in shown
    assert shown.count("✗") == 2 * int(verdict)
    assert fields.count("<input") == 6
    assert "from demo.blocks.networks import dense_network, small_stem" in listing


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("family", DESIGNS)
def test_each_family_is_drawn_in_both_languages(family: str, lang: str) -> None:
    shown, fields, listing = draw(text(lang), family, "")
    assert "{" not in shown.partition("scene-sentence")[2]
    assert "{" not in fields
    assert 'download="network.py"' in listing
    assert len(shown) < 40_000


@pytest.mark.parametrize(
    ("family", "lang", "words"),
    [
        ("dense", "en", ["1 layer", "4 layers", "14 layers"]),
        ("dense", "ja", ["1層", "4層", "14層"]),
        ("modules", "en", ["1 module", "2 modules", "3 modules"]),
        ("paths", "ja", ["ブロック1個", "ブロック3個", "ブロック4個"]),
    ],
)
def test_a_stage_says_what_it_is_made_of(family: str, lang: str, words: list[str]) -> None:
    t = text(lang)
    shown = picture(design(family, DESIGNS[family].start), t)
    stages = re.findall(r">(\d+ (?:layer|module)s?|\d+層|ブロック\d+個)</text>", shown)
    # Twice: wide, and for narrow screens.
    assert stages == 2 * words
    for key in ("design.grey", "design.classes"):
        assert shown.count(f">{t(key)}</text>") == 2


def test_the_printed_code_is_copied_as_it_is() -> None:
    made = design("dense", DESIGNS["dense"].start)
    (listing,) = re.findall(r"<code>(.*)</code>", printed(code(made), text("en")), re.DOTALL)
    assert html.unescape(re.sub(r"<[^>]+>", "", listing)) == code(made)
    assert '<span style="--indent:4">    num_classes=10' in listing


def test_paths_that_do_not_divide_are_said() -> None:
    numbers = ",".join(map(str, (7, *DESIGNS["paths"].start[1:])))
    shown, _, _ = draw(text("en"), "paths", f"paths:{numbers}")
    assert "7 groups cannot share 32 channels evenly" in shown


def test_boxes_are_to_scale_and_as_they_were_kept() -> None:
    made = design("paths", DESIGNS["paths"].start)
    assert_as_stored("design_resnext", picture(made, text("en")))
