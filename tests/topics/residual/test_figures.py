"""What the ResNet topic draws, held to its records."""

from __future__ import annotations

import re

import numpy as np
import pytest

from demo.records import Box
from demo.text import LANGUAGES, text
from demo.topics.residual.figures import (
    bottleneck,
    cardinality as cardinality_explorer,
    forms,
    maps as residual_maps,
    paths,
    strip,
)
from demo.topics.residual.numbers import ERRORS, setting
from demo.topics.residual.records import (
    Bottleneck,
    Cardinality,
    Forms,
    PathMaps,
    ResidualSum,
    Share,
    Shares,
)
from tests.compared import counterfactual
from tests.drawing.drawn import assert_as_stored

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
    drawn = bottleneck.pair(
        [("A", "resnet", block(cardinality=1)), ("B", "resnext", block(identity=False))], text(lang)
    )
    assert re.findall(r'data-weights="(\d+)"', drawn) == ["17408", "18688"]
    assert "4,096 + 9,216 + 4,096" in drawn
    assert "4,096 + 2,304 + 4,096 + 8,192 = 18,688" in drawn
    assert drawn.count("×16×16") == 10
    assert "F(x) + x" in drawn
    assert "F(x) + W x" in drawn


def test_each_path_is_a_stripe_of_its_own() -> None:
    one = bottleneck.diagram(block(cardinality=1), "resnet", 1.0, T)
    four = bottleneck.diagram(block(cardinality=4), "resnext", 1.0, T)
    assert four.count("3×3, 32 → 32") == 4
    assert one.count("3×3, 32 → 32") == 1


def test_heights_of_a_block_are_channels() -> None:
    drawn = bottleneck.diagram(block(cardinality=1), "resnet", 0.5, T)
    heights = [float(h) for h in re.findall(r'width="13" height="([\d.]+)"', drawn)]
    assert heights == [64, 64]
    assert 'width="52" height="16"' in drawn


def test_the_strip_is_to_scale() -> None:
    blocks = [block("stage1.1", identity=False), block("stage1.2")]
    found = Shares((Share("stage1.1", False, 3.0, 2.0), Share("stage1.2", True, 3.0, 4.0)))
    drawn = strip.strip(blocks, found, "stage1.2", T)
    assert re.findall(r'data-ratio="([\d.]+)"', drawn) == ["1.500000", "0.750000"]
    assert re.findall(r"height:([\d.]+)px", drawn) == ["170.0", "85.0"]
    assert drawn.count('class="ratio projected"') == 1
    assert re.findall(r"--blocks:(\d)", drawn) == ["2"]
    assert "Stage 1</b><small>128 <span>× 16×16</span>" in drawn
    assert 'aria-label="stage1.2: 0.75"' in drawn
    assert drawn.count('aria-pressed="true"') == 1
    bare = strip.strip(blocks, None, "stage1.2", T)
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
    assert forms.scientific(value) == words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_forms_show_the_largest_difference(lang: str) -> None:
    found = Forms(8, 12, (1e-7, 9e-7, 3e-7), (0.0, 2e-6, 2e-6), 2.5, 4.0)
    drawn = forms.forms(8, 12, text(lang))
    assert re.findall(r'data-form="(\w+)"', drawn) == ["paths", "early", "grouped"]
    said = forms.sentence(found, text(lang))
    assert 'data-largest="9.000e-07"' in said
    assert 'data-gradient="2.000e-06"' in said
    assert "9.0 × 10⁻⁷" in said
    assert forms.differences(found, text(lang)).count("9.0 × 10⁻⁷") == 1


def test_switches_remember_what_is_off() -> None:
    maps = np.ones((4, 2, 2), dtype=np.float32)
    found = PathMaps("b", maps, np.array([1.0, 2.0, 4.0, 0.0], dtype=np.float32))
    assert found.largest == 1.0
    assert found.shares.tolist() == [0.25, 0.5, 1.0, 0.0]
    drawn = paths.switches(block(cardinality=4), found, ["1", "shortcut"], T)
    assert re.findall(r'data-pick="(\w+)" aria-pressed="true"', drawn) == ["shortcut", "1"]
    assert re.findall(r'data-pick="(\w+)"', drawn) == ["shortcut", "branch", "0", "1", "2", "3"]
    assert re.findall(r'<i style="width:([\d.]+%)', drawn) == ["25.0%", "50.0%", "100.0%", "0.0%"]
    assert "<span>path 2</span>" in drawn
    assert paths.switches(block(cardinality=1), None, [], T).count("data-pick=") == 2
    # What is switched off can be chosen before there is a photo; many paths are numbered only.
    many = paths.switches(block(cardinality=32), None, ["31"], T)
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
    drawn = paths.every_block(rows, names, T)
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


def test_drawings_are_those_that_were_kept() -> None:
    rows = [("A", "resnet", block(cardinality=1)), ("B", "resnext", block(identity=False))]
    assert_as_stored("residual_pair", bottleneck.pair(rows, T))
    assert_as_stored("residual_forms", forms.forms(8, 12, T))
    found = Cardinality(setting(32, 4), setting(1, 64), 25_028_904, 25_557_032, ERRORS)
    assert_as_stored("cardinality_matrix", cardinality_explorer.matrix(setting(8, 14), T))
    assert_as_stored("cardinality_chart", cardinality_explorer.chart(found, T))
