"""What the ResNet tab and the calculator draw, held to their records."""

from __future__ import annotations

import re

import numpy as np
import pytest

from demo.arithmetic.cardinality import ERRORS, setting
from demo.arithmetic.reduction import break_even, reduction, sweet_spot
from demo.figures import (
    cardinality_explorer,
    reduction_calculator,
    residual_bottleneck,
    residual_forms,
    residual_maps,
    residual_paths,
    residual_strip,
)
from demo.records import Box
from demo.records.residual import (
    Bottleneck,
    Forms,
    PathMaps,
    ResidualSum,
    Share,
    Shares,
)
from demo.text import LANGUAGES, text
from tests.figures.compared import counterfactual

FULL = Box(0.0, 0.0, 1.0, 1.0)
T = text("en")


def block(name: str = "stage1.2", cardinality: int = 4, identity: bool = True) -> Bottleneck:
    extra = 0 if identity else 64 * 128
    weights = (128 * 32, 9 * 32 * 32 // cardinality, 32 * 128, extra)
    return Bottleneck(
        name, "x", 128, 32, 128, cardinality, 1, (16, 16), (16, 16), identity, weights
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pair_says_both_blocks_numbers(lang: str) -> None:
    drawn = residual_bottleneck.pair(
        [("A", "resnet", block(cardinality=1)), ("B", "resnext", block(identity=False))], text(lang)
    )
    assert re.findall(r'data-weights="(\d+)"', drawn) == ["17408", "18688"]
    assert "4,096 + 9,216 + 4,096" in drawn
    assert "4,096 + 2,304 + 4,096 + 8,192 = 18,688" in drawn
    assert drawn.count("×16×16") == 10
    assert "F(x) + x" in drawn
    assert "F(x) + W x" in drawn


def test_each_path_is_a_stripe_of_its_own() -> None:
    one = residual_bottleneck.diagram(block(cardinality=1), "resnet", 1.0, T)
    four = residual_bottleneck.diagram(block(cardinality=4), "resnext", 1.0, T)
    assert four.count("3×3, 32 → 32") == 4
    assert one.count("3×3, 32 → 32") == 1


def test_heights_of_a_block_are_channels() -> None:
    drawn = residual_bottleneck.diagram(block(cardinality=1), "resnet", 0.5, T)
    heights = [float(h) for h in re.findall(r'width="13" height="([\d.]+)"', drawn)]
    assert heights == [64, 64]
    assert 'width="52" height="16"' in drawn


def test_the_strip_is_to_scale() -> None:
    blocks = [block("stage1.1", identity=False), block("stage1.2")]
    found = Shares((Share("stage1.1", False, 3.0, 2.0), Share("stage1.2", True, 3.0, 4.0)))
    drawn = residual_strip.strip(blocks, found, "stage1.2", T)
    assert re.findall(r'data-ratio="([\d.]+)"', drawn) == ["1.500000", "0.750000"]
    assert re.findall(r"height:([\d.]+)px", drawn) == ["150.0", "75.0"]
    assert drawn.count("projected") == 1
    assert drawn.count('aria-pressed="true"') == 1
    bare = residual_strip.strip(blocks, None, "stage1.2", T)
    assert "data-ratio" not in bare
    assert bare.count("data-pick=") == 2


def test_the_terms_share_one_scale() -> None:
    shortcut = np.full((2, 2, 2), 1.0, dtype=np.float32)
    branch = np.stack([np.full((2, 2), -3.0), np.full((2, 2), 1.0)]).astype(np.float32)
    found = ResidualSum(block(), shortcut, branch, np.maximum(shortcut + branch, 0), FULL)
    drawn = residual_maps.terms(found, 1.0, T)
    assert re.findall(r'data-term="(\w+)"', drawn) == ["shortcut", "branch", "sum"]
    assert "mean 1.00" in drawn
    assert "mean 2.00" in drawn
    assert "<span>2.00</span>" in drawn
    assert residual_maps.changed(found) == [0, 1]
    assert residual_maps.channels(found, T).count("<img") == 6


@pytest.mark.parametrize(
    ("value", "words"), [(4.8e-7, "4.8 × 10⁻⁷"), (0.0, "0"), (1.3e-5, "1.3 × 10⁻⁵")]
)
def test_scientific(value: float, words: str) -> None:
    assert residual_forms.scientific(value) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_forms_show_the_largest_difference(lang: str) -> None:
    found = Forms(8, 12, (1e-7, 9e-7, 3e-7), (0.0, 2e-6, 2e-6), 2.5, 4.0)
    drawn = residual_forms.forms(found, text(lang))
    assert re.findall(r'data-form="(\w+)"', drawn) == ["paths", "early", "grouped"]
    said = residual_forms.sentence(found, text(lang))
    assert 'data-largest="9.000e-07"' in said
    assert 'data-gradient="2.000e-06"' in said
    assert "9.0 × 10⁻⁷" in said
    assert residual_forms.differences(found, text(lang)).count("9.0 × 10⁻⁷") == 1


def test_switches_remember_what_is_off() -> None:
    maps = np.ones((3, 2, 2), dtype=np.float32)
    found = PathMaps("b", maps, np.array([1.0, 2.0, 4.0], dtype=np.float32))
    drawn = residual_paths.switches(found, ["1", "shortcut"], T)
    assert re.findall(r'data-pick="(\w+)" aria-pressed="true"', drawn) == ["shortcut", "1"]
    assert re.findall(r'data-pick="(\w+)"', drawn) == ["shortcut", "branch", "0", "1", "2"]
    assert re.findall(r'<i style="width:([\d.]+%)', drawn) == ["25.0%", "50.0%", "100.0%"]
    assert residual_paths.switches(None, [], T).count("data-pick=") == 2


def test_every_block_is_a_row() -> None:
    rows = [
        counterfactual("b1", ("shortcut",), [0.7, 0.2, 0.1], [0.1, 0.8, 0.1]),
        counterfactual("b1", ("branch",), [0.7, 0.2, 0.1], [0.7, 0.2, 0.1]),
    ]
    names = ["ant", "<bee>", "cat"].__getitem__
    drawn = residual_paths.every_block(rows, names, T)
    assert re.findall(r'data-off="(\w+)" data-share="([\d.]+)"', drawn) == [
        ("shortcut", "0.1000"),
        ("branch", "0.7000"),
    ]
    assert "→ &lt;bee&gt;" in drawn


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("c", "d"), [*ERRORS, (16, 7)])
def test_errors_stand_only_where_they_were_measured(lang: str, c: int, d: int) -> None:
    t, chosen, reference = text(lang), setting(c, d), setting(1, 64)
    drawn = cardinality_explorer.explorer(chosen, reference, 1, 25_557_032, ERRORS, t)
    said = cardinality_explorer.sentence(chosen, reference, ERRORS, t)
    words = re.search(r'<span class="error-words" data-measured="(\w+)">(.*?)</span>', said)
    assert words is not None
    pair = ERRORS.get((c, d))
    assert words[1] == ("no" if pair is None else "yes")
    if pair is None:
        assert "%" not in words[2]
    else:
        assert f"{pair[0]} %" in words[2]
        assert f"{pair[1]} %" in words[2]
    assert len(re.findall("<circle", drawn)) == 10
    assert f'data-parameters="{setting(c, d).parameters}"' in drawn


def test_the_matrix_has_a_square_for_each_path() -> None:
    drawn = cardinality_explorer.matrix(setting(8, 14), T)
    sides = {float(s) for s in re.findall(r'width="([\d.]+)" height="\1"', drawn)}
    assert drawn.count("1,764 weights") == 0
    assert drawn.count("1764 weights") == 8
    assert max(sides) == 250
    assert min(sides) == pytest.approx(250 / 8 - 1.2, abs=0.01)


@pytest.mark.parametrize(("lang", "ratio"), [("en", "9.68"), ("ja", "約9.7分の1")])
def test_the_calculator_tells_the_lectures_numbers(lang: str, ratio: str) -> None:
    found = reduction(192, 16, 5, 32, 28)
    drawn = reduction_calculator.calculator(found, break_even(found), sweet_spot(found), text(lang))
    assert 'data-direct="153600" data-through="15872" data-ratio="9.6774"' in drawn
    for number in ("153,600", "15,872", ratio, "3,072", "12,800", "154"):
        assert number in drawn
    widths = re.findall(r'<b class="(\w+)" style="width:([\d.]+)%', drawn)[:3]
    assert widths == [("plain", "100.000"), ("squeeze", "2.000"), ("behind", "8.333")]


@pytest.mark.parametrize("numbers", [(8, 512, 1, 8, 1), (1024, 1, 7, 1024, 112), (8, 1, 3, 8, 1)])
def test_extreme_numbers_are_drawn(numbers: tuple[int, int, int, int, int]) -> None:
    found = reduction(*numbers)
    drawn = reduction_calculator.calculator(found, break_even(found), sweet_spot(found), T)
    assert "nan" not in drawn
    assert ("saves nothing" in drawn) == (found.ratio <= 1)
