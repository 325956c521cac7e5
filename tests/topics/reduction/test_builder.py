"""An Inception module of one's own: counted, held to the live module, told and drawn."""

from __future__ import annotations

from dataclasses import astuple, replace

import pytest
import torch

from demo.blocks.inception import InceptionModule
from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.reduction.figures import builder
from demo.topics.reduction.numbers import MODULES, module, named
from demo.topics.reduction.records import PlannedModule
from demo.topics.reduction.scenes.builder import draw
from tests.drawing.drawn import assert_as_stored

EXERCISE_2 = module(192, 64, 96, 128, 16, 32, 32, 28)

# GoogLeNet, Table 1: output channels of each module, and what the next one reads.
OUTPUTS = {
    "3a": 256,
    "3b": 480,
    "4a": 512,
    "4b": 512,
    "4c": 512,
    "4d": 528,
    "4e": 832,
    "5a": 832,
    "5b": 1024,
}
OWN = (
    PlannedModule(8, 1, 1, 1, 1, 1, 1, 1),
    PlannedModule(100, 7, 300, 11, 250, 3, 90, 5),
)


def test_exercise_2_term_by_term() -> None:
    assert [branch.weights for branch in EXERCISE_2.branches] == [12_288, 129_024, 15_872, 6_144]
    assert [step.weights for step in EXERCISE_2.branches[1].steps] == [18_432, 110_592]
    assert [step.weights for step in EXERCISE_2.branches[2].steps] == [3_072, 12_800]
    assert (EXERCISE_2.weights, EXERCISE_2.out_channels) == (163_328, 256)
    assert EXERCISE_2.heaviest.name == "3x3"
    # 12,288 + 9*192*128 + 25*192*32 + 6,144.
    assert EXERCISE_2.unreduced == 393_216
    assert EXERCISE_2.ratio == pytest.approx(2.4075, abs=1e-4)
    assert named(EXERCISE_2) == "3a"
    assert named(replace(EXERCISE_2, pool_proj=33)) is None


def test_the_table_fits_together() -> None:
    assert {name: one.out_channels for name, one in MODULES.items()} == OUTPUTS
    reads = [one.in_channels for one in MODULES.values()]
    assert reads == [192, *list(OUTPUTS.values())[:-1]]
    assert [one.side for one in MODULES.values()] == [28] * 2 + [14] * 5 + [7] * 2


@pytest.mark.parametrize("plan", [*MODULES.values(), *OWN], ids=str)
def test_the_live_module_has_these_numbers(plan: PlannedModule) -> None:
    *numbers, side = astuple(plan)
    with torch.device("meta"):
        live = InceptionModule(*numbers).eval()
        out = live(torch.empty(1, plan.in_channels, side, side))
    branches = [live.branch1, live.branch2, live.branch3, live.branch4]
    counted = [sum(p.numel() for p in b.parameters() if p.dim() == 4) for b in branches]
    assert [branch.weights for branch in plan.branches] == counted
    assert sum(p.numel() for p in live.parameters()) == plan.weights + 2 * plan.filters
    assert out.shape == (1, plan.out_channels, side, side)


def test_reductions_may_save_nothing() -> None:
    wide = OWN[1]
    assert wide.unreduced < wide.weights
    assert "save nothing" in builder.sentence(wide, None, text("en"))
    assert "as many" in builder.sentence(EXERCISE_2, "3a", text("en"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene_says_the_exercises_numbers(lang: str) -> None:
    shown = draw(text(lang), *astuple(EXERCISE_2))
    sentence = shown.partition("scene-sentence")[2]
    for words in (
        "[1, 192, 28, 28] → [1, 256, 28, 28]",
        "64 + 128 + 32 + 32 = 256",
        "12,288 + 129,024 + 15,872 + 6,144 = 163,328",
        "393,216",
    ):
        assert words in sentence
    assert 'data-weights="163328"' in shown
    assert "79.0 %" in shown


def test_its_bars_are_to_scale() -> None:
    drawn = draw(text("en"), *astuple(EXERCISE_2))
    # The longest bar is 286 wide: 18,432 and 110,592 of 129,024 weights.
    assert 'width="40.8571"' in drawn
    assert 'width="245.143"' in drawn


@pytest.mark.parametrize("plan", [MODULES["3a"], MODULES["5b"]], ids=["3a", "5b"])
def test_the_module_is_the_one_that_was_kept(plan: PlannedModule) -> None:
    assert_as_stored(f"module_{named(plan)}", builder.module(plan, text("en")))


@pytest.mark.parametrize("number", [0, -1, 4097])
def test_impossible_numbers_are_refused(number: int) -> None:
    with pytest.raises(Problem, match="module"):
        module(192, 64, 96, 128, number, 32, 32, 28)
