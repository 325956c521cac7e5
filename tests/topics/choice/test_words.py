"""Reasons are sentences whose numbers come from the table; a changed number changes the words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from demo.text import text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures import words as choice_words
from demo.topics.choice.numbers import PRESETS, answer, verdict
from demo.topics.choice.records import Criterion, Excluded, Reason, Timing

EN, JA = text("en"), text("ja")
TABLE = tuple(replace(row, timing=None, ready=True) for row in candidates())
TITLES = {row.key: row.title for row in TABLE}


def reason(criterion: Criterion, value: float, other: float) -> Reason:
    return Reason(criterion, value, other, "ResNet-50", 1, 4, 5, value < other)


@pytest.mark.parametrize(
    ("criterion", "value", "other", "words"),
    [
        ("size", 7_978_856, 25_557_032, "about 1/3 of the 25.6 M of ResNet-50"),
        ("size", 25_028_904, 25_557_032, "about the same as ResNet-50 (25.6 M)"),
        ("size", 88_791_336, 25_557_032, "3.5 times the 25.6 M of ResNet-50"),
        ("size", 18_000_000, 25_557_032, "70 % of the 25.6 M of ResNet-50"),
        ("accuracy", 77.618, 76.130, "1.5 points more than ResNet-50 (76.1 %)"),
        ("accuracy", 74.434, 76.130, "1.7 points less than ResNet-50 (76.1 %)"),
        ("accuracy", 76.13, 76.13, "about the same as ResNet-50 (76.1 %)"),
    ],
)
def test_how_two_numbers_compare(
    criterion: Criterion, value: float, other: float, words: str
) -> None:
    assert choice_words.comparison(reason(criterion, value, other), False, EN) == words


def test_a_reason_is_a_sentence_with_its_numbers() -> None:
    size = reason("size", 7_978_856, 25_557_032)
    assert choice_words.sentence(size, False, EN) == (
        "7.98 M parameters: about 1/3 of the 25.6 M of ResNet-50."
    )
    assert choice_words.sentence(size, False, JA) == (
        "パラメータは798万個で、ResNet-50（2,556万）の約1/3です。"
    )
    speed = reason("speed", 0.05, 0.1)
    assert "50 ms here: about 1/2 of the 100 ms of" in choice_words.sentence(speed, True, EN)
    macs = reason("speed", 2.8e9, 4.1e9)
    assert choice_words.sentence(macs, False, EN).startswith("2.80 G multiply-adds")


def test_a_time_with_its_spread() -> None:
    assert choice_words.time_of(Timing(0.012, 0.011, 0.015, 9)) == "12 ms (11–15 ms)"
    assert choice_words.time_of(Timing(1.2, 0.9, 1.5, 3)) == "1.20 s (900 ms–1.50 s)"


@pytest.mark.parametrize(
    ("why", "value", "words"),
    [
        ("offline", 0.0, "would have to be downloaded."),
        ("megabytes", 2**30, "needs 1024.0 MB of memory."),
        ("milliseconds", 0.25, "takes 250 ms."),
        ("untimed", 0.0, "was not timed yet: measure it below."),
    ],
)
def test_why_a_network_is_left_out(why: str, value: float, words: str) -> None:
    assert choice_words.why_not(Excluded(TABLE[0], why, value), EN) == words


def advice(preset: str, pool: str, table: tuple = TABLE) -> str:
    found = answer(table, replace(PRESETS[preset].wish, pool=pool))
    said = verdict(found, preset)
    assert said is not None
    return choice_words.advice(found, said, TITLES, EN)


def test_the_advice_and_where_the_table_disagrees() -> None:
    assert advice("competition", "four") == "It advises ResNeXt-50 32x4d."
    words = advice("medical", "four")
    assert words.startswith(
        "It advises DenseNet-121. By this table and these weights, DenseNet-121"
    )
    assert "place 4 of 4" in words
    assert "74.4 % of the test photos right: 2.9 points less than Inception v3 (77.3 %)" in words
    # With better numbers for the network that the lecture advises, the same sentence turns round.
    better = tuple(
        replace(row, accuracy=90.0) if row.key == "densenet121" else row for row in TABLE
    )
    assert advice("medical", "four", better) == "It advises DenseNet-121."


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("words", [EN, JA], ids=["en", "ja"])
def test_every_scenario_has_its_note(preset: str, words: object) -> None:
    found = answer(TABLE, PRESETS[preset].wish)
    note = choice_words.note(preset, TABLE, found, words)
    assert len(note) > 30


def test_a_note_s_numbers_are_the_table_s() -> None:
    found = answer(TABLE, PRESETS["phone"].wish)
    note = choice_words.note("phone", TABLE, found, EN)
    assert "2.83 G multiply-adds and ResNet-50 4.09 G" in note
    assert "129.8 MB of maps instead of 87.3 MB" in note
    changed = tuple(
        replace(row, macs=5_000_000_000) if row.key == "densenet121" else row for row in TABLE
    )
    assert "5.00 G multiply-adds" in choice_words.note("phone", changed, found, EN)
    medical = choice_words.note("medical", TABLE, answer(TABLE, PRESETS["medical"].wish), EN)
    assert "50 % of the channels" in medical
    assert "7 places are left across, as in ResNet-50 (7)" in medical


def test_a_measured_phone_compares_time_with_multiply_adds() -> None:
    seconds = {"resnet50": 0.1, "densenet121": 0.12}
    timed = tuple(
        replace(row, timing=Timing(seconds.get(row.key, 0.2), 0.1, 0.3, 9)) for row in TABLE
    )
    found = answer(timed, replace(PRESETS["phone"].wish, pool="four"))
    note = choice_words.note("phone", timed, found, EN)
    assert "69 % of the multiply-adds of ResNet-50 and takes 120 % of its time" in note
