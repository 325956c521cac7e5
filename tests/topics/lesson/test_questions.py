"""Every exercise, asked 200 times: its own answer is right, every other option has its reason."""

from __future__ import annotations

from collections import Counter

import pytest
import torch

from demo.blocks.networks import resnet50, resnext50
from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.lesson.figures.words import asks, named, say
from demo.topics.lesson.numbers.grading import PASSED, grade
from demo.topics.lesson.questions.branching import TRAINED, V3_SHRINKS, v3_places
from demo.topics.lesson.questions.densenet import FEATURES
from demo.topics.lesson.questions.every import EXERCISES, MOST, QUESTIONS, asked
from demo.topics.lesson.questions.paths import SCENARIOS
from demo.topics.lesson.records import CHAPTERS, KINDS, LETTERS, Asked, Exercise
from demo.zoo.catalogue import spec
from demo.zoo.vision import torchvision

SEEDS = range(200)


def letter(made: Asked, name: str) -> str:
    return LETTERS[made.options.index(name)]


def right_answer(exercise: Exercise, made: Asked) -> str:
    """What somebody writes who knows it."""
    if exercise.kind == "number":
        return repr(made.truth)
    if exercise.kind == "doing":
        return PASSED
    if exercise.kind == "free":
        return ",".join(str(place + 1) for place in range(len(made.points)))
    return " ".join(letter(made, name) for name in made.rights)


def wrong_answers(exercise: Exercise, made: Asked) -> dict[str, str]:
    """Answers that have a reason of their own, by the name of it."""
    if exercise.kind in ("choice", "predict"):
        others = (name for name in made.options if name != made.rights[0])
        return {name: letter(made, name) for name in others}
    if exercise.kind == "number":
        return {slip.name: repr(slip.value) for slip in made.mistakes}
    return {}


def test_enough_of_every_kind_over_every_chapter() -> None:
    kinds = Counter(one.kind for one in EXERCISES)
    assert set(kinds) == set(KINDS)
    assert min(kinds["choice"], kinds["number"]) >= 3
    assert min(kinds[kind] for kind in ("order", "match", "predict", "doing")) >= 2
    assert [one.chapter for one in EXERCISES] == sorted(
        (one.chapter for one in EXERCISES), key=CHAPTERS.index
    )
    assert {one.chapter for one in EXERCISES} == set(CHAPTERS)
    own = [one.id for one in EXERCISES if one.lecture]
    assert own == [
        *("three_views", "grown", "squeezed", "module_out", "module_weights", "scenarios"),
    ]
    assert len(EXERCISES) - len(own) >= 20


@pytest.mark.parametrize("name", [one.id for one in EXERCISES])
def test_its_own_answer_is_right_and_each_slip_has_its_reason(name: str) -> None:
    for seed in SEEDS:
        exercise, made = asked(name, seed)
        assert grade(exercise, made, right_answer(exercise, made)).correct is True, seed
        if exercise.kind == "number":
            assert made.mistakes, seed
        reasons = []
        for slip, answer in wrong_answers(exercise, made).items():
            verdict = grade(exercise, made, answer)
            assert (verdict.correct, verdict.reason.key) == (
                False,
                f"exercise.{name}.wrong.{slip}",
            ), (seed, answer)
            reasons.append(say(verdict.reason, text("en")))
        assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize("name", [one.id for one in EXERCISES if one.kind == "order"])
def test_every_wrong_order_is_told_what_belongs_where(name: str) -> None:
    for seed in SEEDS:
        exercise, made = asked(name, seed)
        assert made.options != made.rights
        for place in range(len(made.rights) - 1):
            given = list(made.rights)
            given[place], given[place + 1] = given[place + 1], given[place]
            verdict = grade(exercise, made, ",".join(letter(made, one) for one in given))
            assert verdict.correct is False
            assert verdict.reason.values["why"].key == f"exercise.{name}.wrong.{made.rights[place]}"


@pytest.mark.parametrize("name", [one.id for one in EXERCISES if one.kind == "match"])
def test_every_wrong_pair_is_told_why(name: str) -> None:
    for seed in SEEDS:
        exercise, made = asked(name, seed)
        for place, left in enumerate(made.lefts):
            for other in set(made.options) - {made.rights[place]}:
                given = [*made.rights[:place], other, *made.rights[place + 1 :]]
                verdict = grade(exercise, made, "".join(letter(made, one) for one in given))
                assert verdict.correct is False
                assert verdict.reason.values["why"].key == f"exercise.{name}.wrong.{left}"
                assert verdict.reason.values["count"] == len(made.lefts) - 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_words_can_be_said(lang: str) -> None:
    t = text(lang)
    for question in QUESTIONS:
        exercise, name = question.exercise, question.exercise.id
        for seed in (0, 1, 2, 3):
            made = question.asked(seed)
            for part in ("title", "prompt", "hint", "solution"):
                assert "{" not in named(exercise, made, part, t)
            assert asks(exercise, made, t)
            for kind, names in (
                ("option", made.options),
                ("left", made.lefts),
                ("point", made.points),
                ("bar", [bar.name for bar in made.bars]),
            ):
                said = [named(exercise, made, kind, t, one) for one in names]
                assert len(set(said)) == len(said), name
            for answer in wrong_answers(exercise, made).values():
                assert "{" not in say(grade(exercise, made, answer).reason, t)


def test_the_same_seed_asks_the_same_and_others_ask_otherwise() -> None:
    for question in QUESTIONS:
        assert question.asked(7) == question.asked(7)
        if question.exercise.kind not in ("free", "match"):
            assert len({repr(question.asked(seed)) for seed in SEEDS}) > 3, question.exercise.id


def test_what_there_is_not_is_said() -> None:
    with pytest.raises(Problem, match=r"lesson\.problem\.exercise"):
        asked("nothing", 0)
    for seed in (-1, MOST + 1):
        with pytest.raises(Problem, match=r"lesson\.problem\.seed"):
            asked("grown", seed)
    assert asked("grown", MOST)[0].id == "grown"


def test_the_lectures_own_numbers() -> None:
    assert asked("grown", 0)[1].truth == 64 + 6 * 32 == 256
    assert asked("squeezed", 0)[1].truth == 256 // 2 == 128
    assert asked("module_out", 0)[1].truth == 64 + 128 + 32 + 32 == 256
    by_hand = 192 * 64 + (192 * 96 + 9 * 96 * 128) + (192 * 16 + 25 * 16 * 32) + 192 * 32
    assert asked("module_weights", 0)[1].truth == by_hand == 163_328
    slips = {slip.name: slip.value for slip in asked("module_weights", 0)[1].mistakes}
    assert slips["as_torchvision"] == 155_136
    assert slips["biases"] == 163_696
    made = asked("scenarios", 0)[1]
    advised = ("resnet50", "densenet121", "densenet121", "resnext50_32x4d")
    assert (made.lefts, made.rights) == (SCENARIOS, advised)


def test_numbers_by_hand_for_every_seed() -> None:
    """Formulas of this test's own for the lecture's exercises and what they are made of."""
    for seed in SEEDS:
        grown, squeezed = asked("grown", seed)[1], asked("squeezed", seed)[1]
        v = grown.values
        assert grown.truth == v["c"] + v["layers"] * v["k"]
        v = squeezed.values
        assert squeezed.truth == int(v["theta"] * (v["c"] + v["layers"] * v["k"]))
        out, weighed = asked("module_out", seed)[1], asked("module_weights", seed)[1]
        v = out.values
        assert out.truth == v["one"] + v["three"] + v["five"] + v["pool"]
        v = weighed.values
        by_hand = v["c"] * (v["one"] + v["r3"] + v["r5"] + v["pool"])
        by_hand += 9 * v["r3"] * v["three"] + 25 * v["r5"] * v["five"]
        assert weighed.truth == by_hand
        reads, links = asked("reads", seed)[1], asked("links", seed)[1]
        v = reads.values
        assert reads.truth == v["c"] + (v["layer"] - 1) * v["k"]
        assert links.truth == sum(range(1, links.values["layers"] + 1))
        widest = asked("widest", seed)[1]
        v = widest.values
        assert widest.truth == (v["limit"] - v["c"]) // v["layers"]
        detour, grouped = asked("detour", seed)[1], asked("grouped", seed)[1]
        v = detour.values
        assert detour.truth == v["c"] * v["r"] + v["kernel"] ** 2 * v["r"] * v["out"]
        v = grouped.values
        assert grouped.truth == 9 * v["paths"] * v["d"] ** 2
        made = asked("layer_weights", seed)[1]
        k = made.values["k"]
        assert made.truth == made.values["c"] * 4 * k + 9 * 4 * k * k
        depth = asked("depth", seed)[1]
        layers = [int(part) for part in depth.values["blocks"].split(", ")]
        assert depth.truth == 1 + 2 * sum(layers) + len(layers) - 1 + 1


def test_classifiers_read_what_the_live_modules_read() -> None:
    with torch.device("meta"):
        live = {"resnet50": resnet50(), "resnext50_32x4d": resnext50()}
    for key, network in live.items():
        assert network.fc.in_features == FEATURES[key] == 2048
    assert FEATURES["densenet121"] == 1024
    after = {
        made.values["title"]: (made.truth, made.values["n"])
        for made in (asked("swapped", seed)[1] for seed in SEEDS)
    }
    truth, classes = after[spec("densenet121").title]
    assert truth == 7_978_856 - 1_025_000 + 1025 * classes


@pytest.mark.parametrize("side", [160, 192, 224, 256, TRAINED])
def test_the_last_map_of_inception_v3_is_as_large_as_the_live_one(side: int) -> None:
    with torch.device("meta"):
        network = torchvision.models.inception_v3(init_weights=False).eval()
        seen: list[int] = []
        network.Mixed_7c.register_forward_hook(lambda *given: seen.append(given[2].shape[-1]))
        network(torch.empty(1, 3, side, side))
    assert seen == [v3_places(side)]
    assert len(V3_SHRINKS) == 9
