"""The endpoints /exercises, /exercise and /grade, called as the server calls them."""

from __future__ import annotations

import json

import pytest

from demo.page.endpoint import typed
from demo.page.wiring import sentence
from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.lesson.api import graded, listed, posed
from demo.topics.lesson.questions.every import EXERCISES

exercises, exercise, grade = typed(listed), typed(posed), typed(graded)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_exercises_are_listed(lang: str) -> None:
    found = exercises(lang)
    assert [one["id"] for one in found] == [one.id for one in EXERCISES]
    assert all(set(one) == {"id", "chapter", "kind", "title"} for one in found)
    titles = {one["id"]: one["title"] for one in found}
    assert titles["grown"] == text(lang)("exercise.grown.title")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", [one.id for one in EXERCISES])
def test_every_exercise_is_posed_and_fits_json(lang: str, name: str) -> None:
    found = exercise(name, 3, lang)
    assert json.loads(json.dumps(found)) == found
    assert found["prompt"]
    needed = {
        "choice": {"choices"},
        "predict": {"choices"},
        "number": {"unit", "tolerance"},
        "order": {"choices"},
        "match": {"choices", "lines"},
        "doing": {"link", "conditions"},
        "free": {"points"},
    }[found["kind"]]
    assert needed <= set(found)
    assert exercise(name, 3, lang) == found


def test_the_lectures_exercise_3_is_posed_and_graded() -> None:
    found = exercise("grown", 0, "en")
    assert "6 layers receives 64 channels; the growth rate is k = 32" in found["prompt"]
    assert found["unit"] == "channels"
    told = grade("grown", 0, "２５６ channels", "en")
    assert told["correct"] is True
    assert told["solution"].startswith("64 + 6 × 32 = 256 channels")
    wrong = grade("grown", 0, "192", "ja")
    assert wrong["correct"] is False
    assert wrong["reason"].startswith("192 = 6 × 32は、層が加える分だけです。")
    assert grade("grown", 0, "many", "ja")["correct"] is None


def test_a_task_tells_a_script_what_to_look_for() -> None:
    found = exercise("leanest", 0, "en")
    assert found["link"]["tab"] == "reduction"
    assert found["link"]["module_ch3x3_reduce"] == "96"
    first = found["conditions"][0]
    assert set(first) == {"selector", "attribute", "op", "value"}
    assert (first["attribute"], first["op"]) == ("data-weights", "<=")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exercise("nothing", 0, "en"), "There is no exercise “nothing”"),
        (lambda: grade("nothing", 0, "1", "en"), "There is no exercise “nothing”"),
        (lambda: exercise("grown", -1, "en"), "The seed -1 is not between 0 and 999999"),
        (lambda: exercise("grown", 10**6, "en"), "The seed 1000000 is not between"),
        (lambda: exercise("grown", 1.5, "en"), "The parameter seed does not fit"),
        (lambda: exercise("grown", "many", "en"), "The parameter seed does not fit"),
        (lambda: exercise("grown", 0, "fr"), "The parameter language does not fit"),
        (lambda: exercises("fr"), "The parameter language does not fit"),
        (lambda: grade("grown", 0, None, "en"), "The parameter answer does not fit"),
    ],
)
def test_a_wrong_question_gets_one_sentence(call: object, words: str) -> None:
    with pytest.raises(Problem) as caught:
        call()
    assert sentence(caught.value, text("en")).startswith(words)
