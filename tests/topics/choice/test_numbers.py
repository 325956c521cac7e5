"""The answer follows from the table: literal points, and a number changed changes the answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo.topics.choice.candidates import candidates
from demo.topics.choice.numbers import (
    PRESETS,
    answer,
    members,
    points,
    preset_of,
    value,
    verdict,
)
from demo.topics.choice.records import Candidate, Footprint, Timing, Wish

MB = 2**20
EQUAL = {"speed": 1, "size": 1, "memory": 1, "accuracy": 1, "detail": 1}
TABLE = candidates()


def row(key: str, accuracy: float = 70.0, millions: int = 10, **more: object) -> Candidate:
    """A network of the tests' own: 10 M parameters, 1 G multiply-adds, 10 MB of maps, 7 places."""
    made = Candidate(
        key=key,
        architecture=key,
        title=key.upper(),
        family="other",
        dataset="imagenet",
        recipe="v1",
        accuracy=accuracy,
        measured=False,
        interval=None,
        parameters=millions * 1_000_000,
        macs=1_000_000_000,
        input_size=224,
        footprint=Footprint(100 * MB, 10 * MB, 7, 0.0),
        ready=True,
    )
    return replace(made, **more)


def first(table: list[Candidate] | tuple[Candidate, ...], wish: Wish) -> str:
    found = answer(table, wish).first
    assert found is not None
    return found.key


def test_points_are_literal() -> None:
    rows = [row("a", 80.0, 10), row("b", 77.5, 100), row("c", 60.0, 2000)]
    assert [points(one, rows, "size", False) for one in rows] == pytest.approx([1, 0, 0])
    assert [points(one, rows, "accuracy", False) for one in rows] == [1.0, 0.75, 0.0]
    assert points(row("d", millions=20), rows, "size", False) == pytest.approx(1 - 0.30103)
    fine = row("e", footprint=Footprint(1, 1, 70, 0.0))
    assert points(rows[0], [*rows, fine], "detail", False) == pytest.approx(0.0)
    assert value(rows[0], "memory", False) == 40_000_000 + 10 * MB
    assert value(rows[0], "speed", False) == 1e9


def test_a_score_is_the_weighted_mean() -> None:
    table = [row("small", 75.0, 10), row("large", 80.0, 100)]
    found = answer(table, Wish({"size": 1, "accuracy": 3}))
    assert [(one.candidate.key, one.score) for one in found.ranked] == [
        ("large", pytest.approx(0.75)),
        ("small", pytest.approx((1 + 3 * 0.5) / 4)),
    ]
    assert first(table, Wish({"size": 3, "accuracy": 1})) == "small"


def test_limits_exclude_and_say_why() -> None:
    slow, quick = Timing(0.2, 0.1, 0.3, 9), Timing(0.02, 0.01, 0.03, 9)
    table = [
        row("away", ready=False, download_bytes=7 * MB, timing=quick),
        row("heavy", millions=100, timing=quick),
        row("slow", timing=slow),
        row("untimed"),
        row("fits", timing=quick),
    ]
    found = answer(table, Wish(EQUAL, megabytes=100, milliseconds=50, offline=True))
    assert [one.candidate.key for one in found.ranked] == ["fits"]
    assert [(one.candidate.key, one.why, one.value) for one in found.excluded] == [
        ("away", "offline", 7 * MB),
        ("heavy", "megabytes", 400_000_000 + 10 * MB),
        ("slow", "milliseconds", 0.2),
        ("untimed", "untimed", 0.0),
    ]
    nobody = answer(table, Wish(EQUAL, megabytes=1))
    assert nobody.first is None
    assert nobody.ranked == ()


def test_speed_is_time_only_where_all_were_timed() -> None:
    few = row("few", macs=10**9, timing=Timing(0.3, 0.3, 0.3, 9))
    many = row("many", macs=3 * 10**9, timing=Timing(0.1, 0.1, 0.1, 9))
    speed = Wish({"speed": 1})
    assert (first([few, many], speed), answer([few, many], speed).timed) == ("many", True)
    untimed = replace(many, timing=None)
    assert (first([few, untimed], speed), answer([few, untimed], speed).timed) == ("few", False)


def test_reasons_compare_with_resnet50_or_the_runner_up() -> None:
    usual = replace(row("resnet50", 76.0, 30), title="ResNet-50")
    found = answer([usual, row("tiny", 70.0, 10)], Wish({"size": 5, "accuracy": 1}))
    (size, accuracy) = found.reasons
    assert (size.criterion, size.value, size.other, size.versus) == ("size", 1e7, 3e7, "ResNet-50")
    assert (size.place, size.count, size.better) == (1, 2, True)
    assert (accuracy.value, accuracy.other, accuracy.place, accuracy.better) == (70, 76, 2, False)
    assert found.price is not None
    assert found.price.criterion == "accuracy"
    other = answer([usual, row("tiny", 70.0, 10)], Wish({"accuracy": 1}))
    assert other.reasons[0].versus == "TINY"
    assert answer([usual], Wish(EQUAL)).reasons == ()


def test_accuracies_of_two_data_sets_never_meet() -> None:
    for pool in ("four", "imagenet", "cifar10"):
        for second in (False, True):
            assert len({one.dataset for one in members(TABLE, pool, second)}) == 1
    assert [one.key for one in members(TABLE, "four")] == [
        "resnet50",
        "densenet121",
        "inception_v3",
        "resnext50_32x4d",
    ]
    assert {one.recipe for one in members(TABLE, "imagenet")} == {"v1"}
    assert "resnet50_v2" in [one.key for one in members(TABLE, "four", True)]


ANSWERS = {
    ("phone", "four"): ("densenet121", False),
    ("phone", "imagenet"): ("mobilenet_v3_large", True),
    ("embedded", "four"): ("densenet121", True),
    ("embedded", "imagenet"): ("efficientnet_b0", False),
    ("medical", "four"): ("inception_v3", False),
    ("medical", "imagenet"): ("efficientnet_b7", False),
    ("competition", "four"): ("resnext50_32x4d", True),
    ("competition", "imagenet"): ("efficientnet_b7", True),
    ("balanced", "four"): ("densenet121", False),
    ("balanced", "imagenet"): ("efficientnet_b0", False),
}


@pytest.fixture
def untimed() -> tuple[Candidate, ...]:
    return tuple(replace(one, timing=None, ready=True) for one in TABLE)


@pytest.mark.parametrize(("preset", "pool"), ANSWERS)
def test_a_scenario_s_answer_follows_from_the_table(
    preset: str, pool: str, untimed: tuple[Candidate, ...]
) -> None:
    wish = replace(PRESETS[preset].wish, pool=pool)
    found = answer(untimed, wish)
    said = verdict(found, preset)
    assert found.first is not None
    assert said is not None
    assert (found.first.key, said.agrees) == ANSWERS[preset, pool]
    assert preset_of(wish) == preset
    # The same table with the winner's numbers worse: another answer.
    footprint = Footprint(10**10, 10**10, 1, 0.0)
    worse = {"accuracy": 50.0, "parameters": 10**9, "macs": 10**12, "footprint": footprint}
    changed = [replace(one, **worse) if one is found.first else one for one in untimed]
    assert first(changed, wish) == found.ranked[1].candidate.key


def test_the_lecture_s_advice_for_a_phone_is_right_once_time_is_measured(
    untimed: tuple[Candidate, ...],
) -> None:
    seconds = {"resnet50": 0.05, "densenet121": 0.09, "inception_v3": 0.07}
    timed = [
        replace(one, timing=Timing(seconds.get(one.key, 0.06), 0.01, 0.1, 9)) for one in untimed
    ]
    wish = replace(PRESETS["phone"].wish, pool="four")
    found = answer(timed, wish)
    assert found.timed
    assert first(timed, wish) == "resnet50"
    said = verdict(found, "phone")
    assert said is not None
    assert said.agrees


def test_where_the_advice_loses(untimed: tuple[Candidate, ...]) -> None:
    found = answer(untimed, replace(PRESETS["medical"].wish, pool="four"))
    said = verdict(found, "medical")
    assert said is not None
    assert (said.place, said.best.key if said.best else "") == (4, "densenet121")
    assert said.loses is not None
    assert (said.loses.criterion, said.loses.value, said.loses.other) == (
        "accuracy",
        74.434,
        77.294,
    )
    assert said.loses.better is False
    bundled = answer(untimed, replace(PRESETS["medical"].wish, pool="cifar10"))
    assert verdict(bundled, "medical") is None
