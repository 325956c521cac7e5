"""The card as a reader sees it, its tasks held against the live scenes' own drawings."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from demo.page.scene import Scene
from demo.records import Problem
from demo.records.condition import Condition
from demo.text import LANGUAGES, text
from demo.topics.dense.numbers.growth import PRESETS, growth, steps
from demo.topics.lesson.figures.card import sentence
from demo.topics.lesson.figures.words import marked
from demo.topics.lesson.questions.every import EXERCISES, MOST, QUESTIONS, asked
from demo.topics.lesson.scenes.view import draw
from demo.topics.order import TOPICS
from demo.topics.reduction.scenes.builder import NAMES, draw as built
from demo.topics.reduction.topic import draw as calculated

T = text("en")
SCENES: dict[str, Scene] = {scene.id: scene for topic in TOPICS for scene in topic.scenes}


def attribute(drawn: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', drawn)
    assert found is not None, name
    return unescape(found[1])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [one.id for one in EXERCISES])
def test_each_exercise_is_drawn(lang: str, name: str) -> None:
    drawn = draw(text(lang), name, "5", "")
    assert drawn.count('class="exercise-verdict') == 0
    assert 'data-picture="html"' in drawn
    assert attribute(drawn, "data-exercise") == name
    assert "{" not in re.sub(r"<[^>]*>", "", drawn)
    exercise, made = asked(name, 5)
    assert f'href="?chapter={exercise.chapter}"' in drawn
    assert drawn.count("exercise-choice") - 1 == len(made.options) or exercise.kind not in (
        "choice",
        "predict",
    )
    assert drawn.count("<select>") == len(made.lefts)
    assert drawn.count('data-move="1"') == (len(made.options) if exercise.kind == "order" else 0)
    # Until somebody has answered, the solution is nowhere on the page.
    assert T("lesson.show_solution") not in drawn


def test_an_answer_is_told_what_went_wrong_and_the_solution() -> None:
    drawn = draw(T, "grown", "0", "grown:0:192")
    assert attribute(drawn, "data-correct") == "false"
    assert "192 = 6 × 32 is what the layers add" in drawn
    assert "64 + 6 × 32 = 256 channels" in drawn
    right = draw(T, "grown", "0", "grown:0:２５６")
    assert attribute(right, "data-correct") == "true"
    assert attribute(draw(T, "grown", "0", "grown:0:many"), "data-correct") == "none"


def test_an_answer_counts_for_its_own_exercise_and_seed_alone() -> None:
    fresh = draw(T, "grown", "1", "")
    assert draw(T, "grown", "1", "grown:0:256") == fresh
    assert draw(T, "grown", "1", "squeezed:1:256") == fresh
    assert draw(T, "grown", "1", "grown:1:256") != fresh


def test_what_somebody_writes_is_no_markup() -> None:
    drawn = draw(T, "grown", "0", 'grown:0:"><script>alert(1)</script>')
    assert "<script" not in drawn
    assert marked("a < `b > c`") == "a &lt; <code>b &gt; c</code>"


def test_an_order_and_a_match_keep_what_was_answered() -> None:
    drawn = draw(T, "inside", "0", "inside:0:dcba")
    assert re.findall(r'<li data-letter="(.)"', drawn) == ["d", "c", "b", "a"]
    drawn = draw(T, "roles", "0", "roles:0:bca")
    assert re.findall(r'value="(.)" selected', drawn) == ["b", "c", "a"]


def test_bars_of_a_prediction_come_with_the_answer() -> None:
    assert "exercise-bars" not in draw(T, "heaviest", "0", "")
    drawn = draw(T, "heaviest", "0", "heaviest:0:a")
    widths = [float(one) for one in re.findall(r"width:([\d.]+)%", drawn)]
    assert len(widths) == 4
    assert max(widths) == 100


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "", "1000000", "٣", "9" * 40])
def test_a_seed_that_is_none_is_said(seed: str) -> None:
    with pytest.raises(Problem, match=r"lesson\.problem\.seed"):
        draw(T, "grown", seed, "")


def test_the_sentence_says_where_one_is() -> None:
    exercise, made = asked("grown", 0)
    assert sentence(exercise, made, EXERCISES, T) == (
        "Exercise 1 of 4 in “The growth rate k”: Channels at the end of a block."
        " A number is asked for."
    )
    japanese = sentence(exercise, made, EXERCISES, text("ja"))
    assert japanese == "「成長率k」の4問中1問目「ブロックの最後のチャンネル数」です。数を答えます。"


def met(drawn: str, conditions: tuple[Condition, ...]) -> bool:
    """Whether a drawing fulfils the conditions."""
    holds = {"==": float.__eq__, "<=": float.__le__, "<": float.__lt__}
    return all(
        holds[one.op](float(attribute(drawn, one.attribute)), float(one.value))
        for one in conditions
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_calculator_passes_the_best_reduction_and_refuses_its_neighbours(seed: int) -> None:
    _, made = asked("at_most", seed)
    assert made.task is not None
    v = made.values
    for reduced, passes in ((v["most"], True), (v["most"] + 1, False), (v["most"] - 1, False)):
        drawn = calculated(T, v["c"], reduced, str(v["kernel"]), v["out"], 28)
        assert met(drawn, made.task.conditions) is passes
    assert 1 <= v["most"] <= 512


@pytest.mark.parametrize("seed", range(10))
def test_the_builder_passes_a_lean_module_and_refuses_a_narrower_one(seed: int) -> None:
    _, made = asked("leanest", seed)
    assert made.task is not None
    start = {name.removeprefix("module_"): int(value) for name, value in made.task.state}
    assert list(start) == list(NAMES)

    def passes(**changes: int) -> bool:
        numbers = {**start, **changes}
        return met(built(T, *numbers.values()), made.task.conditions)

    assert not passes()
    assert passes(ch3x3_reduce=32)
    assert not passes(ch3x3_reduce=32, pool_proj=31)
    assert not passes(ch3x3_reduce=32, in_channels=191)
    # The limit itself passes; a single reduced channel more is refused.
    cost = 192 + 9 * 128
    most = (made.values["limit"] - 163_328 + 96 * cost) // cost
    assert passes(ch3x3_reduce=most)
    assert not passes(ch3x3_reduce=most + 1)


def test_a_block_of_the_growing_diagram_has_that_many_steps() -> None:
    for seed in range(40):
        _, made = asked("reach", seed)
        assert made.task is not None
        v = made.values
        plan = replace(PRESETS["lecture"], blocks=(v["layers"],), k=v["k"])
        walk = steps(growth(plan))
        channels, count, last = (one.value for one in made.task.conditions)
        assert walk[int(last)].out_channels == channels == v["target"]
        assert len(walk) == count


def test_each_task_begins_in_a_scene_that_there_is() -> None:
    for question in QUESTIONS:
        task = question.asked(0).task
        assert (task is not None) == (question.exercise.kind == "doing")
        if task is not None:
            assert SCENES[task.scene].topic == task.topic
            drawn = draw(T, question.exercise.id, "0", "")
            told = json.loads(attribute(drawn, "data-task"))
            assert told["back"] == (
                f"?tab=lesson&scene=exercises&lesson_exercise={question.exercise.id}&lesson_seed=0"
            )
            assert attribute(drawn, "href").startswith(f"?tab={task.topic}&scene={task.scene}&")


def test_a_link_may_name_the_largest_seed() -> None:
    assert attribute(draw(T, "grown", str(MOST), ""), "data-seed") == str(MOST)
