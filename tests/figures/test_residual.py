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
    Cardinality,
    Forms,
    PathMaps,
    ResidualSum,
    Share,
    Shares,
)
from demo.text import LANGUAGES, text
from tests.figures.compared import counterfactual
from tests.figures.drawn import assert_as_stored

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
    assert re.findall(r"height:([\d.]+)px", drawn) == ["170.0", "85.0"]
    assert drawn.count('class="ratio projected"') == 1
    assert re.findall(r"--blocks:(\d)", drawn) == ["2"]
    assert "Stage 1</b><small>128 <span>× 16×16</span>" in drawn
    assert 'aria-label="stage1.2: 0.75"' in drawn
    assert drawn.count('aria-pressed="true"') == 1
    bare = residual_strip.strip(blocks, None, "stage1.2", T)
    assert "data-ratio" not in bare
    assert bare.count("data-pick=") == 2


def summed() -> ResidualSum:
    shortcut = np.full((2, 2, 2), 1.0, dtype=np.float32)
    branch = np.stack([np.full((2, 2), -3.0), np.full((2, 2), 1.0)]).astype(np.float32)
    return ResidualSum(block(), shortcut, branch, np.maximum(shortcut + branch, 0), FULL)


def test_a_sum_knows_its_largest_value_and_what_changes_most() -> None:
    found = summed()
    assert found.means == (1.0, 2.0, 1.0)
    assert [values.tolist() for values in found.maps] == [
        [[1.0, 1.0], [1.0, 1.0]],
        [[2.0, 2.0], [2.0, 2.0]],
        [[1.0, 1.0], [1.0, 1.0]],
    ]
    assert found.largest == 2.0
    assert found.changed(8) == [0, 1]
    assert found.changed(1) == [0]


def test_the_terms_share_one_scale() -> None:
    drawn = residual_maps.terms(summed(), 1.0, T)
    assert re.findall(r'data-term="(\w+)"', drawn) == ["shortcut", "branch", "sum"]
    assert "mean 1.00" in drawn
    assert "mean 2.00" in drawn
    assert "<span>2.00</span>" in drawn
    # Three maps, and two channels of each.
    assert drawn.count("<img") == 3 + 6
    assert drawn.count('aria-label="Channels that change most: 0, 1"') == 3


@pytest.mark.parametrize(
    ("ratio", "kind"), [(0.5, "upright"), (1.0, "level"), (1.5, "level"), (3.5, "rows")]
)
def test_the_terms_are_laid_out_for_the_photos_shape(ratio: float, kind: str) -> None:
    assert f'class="terms {kind}"' in residual_maps.terms(summed(), ratio, T)


@pytest.mark.parametrize(
    ("value", "words"), [(4.8e-7, "4.8 × 10⁻⁷"), (0.0, "0"), (1.3e-5, "1.3 × 10⁻⁵")]
)
def test_scientific(value: float, words: str) -> None:
    assert residual_forms.scientific(value) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_forms_show_the_largest_difference(lang: str) -> None:
    found = Forms(8, 12, (1e-7, 9e-7, 3e-7), (0.0, 2e-6, 2e-6), 2.5, 4.0)
    drawn = residual_forms.forms(8, 12, text(lang))
    assert re.findall(r'data-form="(\w+)"', drawn) == ["paths", "early", "grouped"]
    said = residual_forms.sentence(found, text(lang))
    assert 'data-largest="9.000e-07"' in said
    assert 'data-gradient="2.000e-06"' in said
    assert "9.0 × 10⁻⁷" in said
    assert residual_forms.differences(found, text(lang)).count("9.0 × 10⁻⁷") == 1


def test_switches_remember_what_is_off() -> None:
    maps = np.ones((4, 2, 2), dtype=np.float32)
    found = PathMaps("b", maps, np.array([1.0, 2.0, 4.0, 0.0], dtype=np.float32))
    assert found.largest == 1.0
    assert found.shares.tolist() == [0.25, 0.5, 1.0, 0.0]
    drawn = residual_paths.switches(block(cardinality=4), found, ["1", "shortcut"], T)
    assert re.findall(r'data-pick="(\w+)" aria-pressed="true"', drawn) == ["shortcut", "1"]
    assert re.findall(r'data-pick="(\w+)"', drawn) == ["shortcut", "branch", "0", "1", "2", "3"]
    assert re.findall(r'<i style="width:([\d.]+%)', drawn) == ["25.0%", "50.0%", "100.0%", "0.0%"]
    assert "<span>path 2</span>" in drawn
    assert residual_paths.switches(block(cardinality=1), None, [], T).count("data-pick=") == 2
    # What is switched off can be chosen before there is a photo; many paths are numbered only.
    many = residual_paths.switches(block(cardinality=32), None, ["31"], T)
    assert many.count("data-pick=") == 34
    assert "<span>32</span>" in many
    assert "<img" not in many


def test_paths_that_add_nothing_have_no_share() -> None:
    found = PathMaps("b", np.zeros((2, 2, 2), np.float32), np.zeros(2, np.float32))
    assert found.shares.tolist() == [0.0, 0.0]


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
    t = text(lang)
    found = Cardinality(setting(c, d), setting(1, 64), 1, 25_557_032, ERRORS)
    drawn = cardinality_explorer.explorer(found, t)
    said = cardinality_explorer.sentence(found, t)
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
    assert found.error == pair


def test_costs_are_pairs_of_bars() -> None:
    found = Cardinality(setting(32, 4), setting(1, 64), 25_028_904, 25_557_032, ERRORS)
    assert found.change == pytest.approx(70_144 / 69_632 - 1)
    drawn = cardinality_explorer.costs(found, T)
    assert re.findall(r'data-row="(\w+)"', drawn) == ["weights", "group_width", "macs", "network"]
    widths = re.findall(r'<u style="width:([\d.]+%)', drawn)
    assert widths == [
        "100.00%",
        "99.27%",
        "100.00%",
        "50.00%",
        "100.00%",
        "99.27%",
        "97.93%",
        "100.00%",
    ]
    for number in ("70,144", "69,632", "128", "64", "220 M", "218 M", "25,028,904", "25,557,032"):
        assert f"<em>{number}</em>" in drawn
    assert re.findall(r"flex:(\d+)", drawn) == ["32768", "4608", "32768", "16384", "36864", "16384"]


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
    drawn += reduction_calculator.sentence(found, text(lang))
    assert 'data-direct="153600" data-through="15872" data-ratio="9.6774"' in drawn
    for number in ("153,600", "15,872", ratio, "3,072", "12,800", "154"):
        assert number in drawn
    widths = re.findall(r'<b class="(\w+)" style="width:([\d.]+)%', drawn)[:3]
    assert widths == [("plain", "100.000"), ("squeeze", "2.000"), ("after", "8.333")]


@pytest.mark.parametrize("numbers", [(8, 512, 1, 8, 1), (1024, 1, 7, 1024, 112), (8, 1, 3, 8, 1)])
def test_extreme_numbers_are_drawn(numbers: tuple[int, int, int, int, int]) -> None:
    found = reduction(*numbers)
    drawn = reduction_calculator.calculator(found, break_even(found), sweet_spot(found), T)
    assert "nan" not in drawn
    assert ("saves nothing" in reduction_calculator.sentence(found, T)) == (not found.saves)
    assert found.saves == (found.ratio > 1)


def test_drawings_are_those_that_were_kept() -> None:
    rows = [("A", "resnet", block(cardinality=1)), ("B", "resnext", block(identity=False))]
    assert_as_stored("residual_pair", residual_bottleneck.pair(rows, T))
    assert_as_stored("residual_forms", residual_forms.forms(8, 12, T))
    found = Cardinality(setting(32, 4), setting(1, 64), 25_028_904, 25_557_032, ERRORS)
    assert_as_stored("cardinality_matrix", cardinality_explorer.matrix(setting(8, 14), T))
    assert_as_stored("cardinality_chart", cardinality_explorer.chart(found, T))
    saving = reduction(192, 16, 5, 32, 28)
    assert_as_stored(
        "calculator",
        reduction_calculator.calculator(saving, break_even(saving), sweet_spot(saving), T),
    )
