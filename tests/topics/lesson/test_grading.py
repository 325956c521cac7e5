"""Equal forms are accepted, nonsense is refused with a sentence, each slip has its own reason."""

from __future__ import annotations

import pytest

from demo.text import LANGUAGES, text
from demo.topics.lesson.figures.words import say
from demo.topics.lesson.numbers.grading import grade
from demo.topics.lesson.numbers.reading import Written, letters, number, pairs
from demo.topics.lesson.questions.every import EXERCISES, asked
from demo.topics.lesson.records import Asked, Exercise, Mistake, Verdict

COUNT = Exercise("swapped", "pretrained", "number")
PARAMETERS = Asked(
    asked("swapped", 1)[1].values, truth=25_028_904, unit="parameters", tolerance=0.005
)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("25028904", 25_028_904),
        ("25,028,904", 25_028_904),
        ("25 028 904", 25_028_904),
        ("25'028'904", 25_028_904),
        ("25_028_904", 25_028_904),
        ("２５，０２８，９０４", 25_028_904),
        ("2502万8904", 25_028_904),
        ("2502万8904個", 25_028_904),
        ("１６万３３２８個です。", 163_328),
        ("約16万個", 160_000),
        ("1億2000万", 120_000_000),
        ("25.0M", 25e6),
        ("25.0 million parameters", 25e6),
        ("2.5e7", 2.5e7),
        ("2.5E+7", 2.5e7),
        ("2.5×10^7", 2.5e7),
        ("2.5万", 25_000),
        ("256 channels", 256),
        ("256ch", 256),
        ("256チャンネル", 256),
        ("= 256", 256),
        ("about 256", 256),
        ("≈256.", 256),
        ("-3", -3),
        ("9,7", 9.7),
        (".5", 0.5),
        ("1/4", 0.25),
        ("4分の1", 0.25),
        ("102.2 MB", 102.2),
        ("102.2MB", 102.2),
        ("3k", 3000),
        ("121層", 121),
    ],
)
def test_a_number_in_its_usual_forms(written: str, value: float) -> None:
    assert number(written) == Written(pytest.approx(value))


@pytest.mark.parametrize("written", ["31.2 %", "３１．２％", "31.2percent", "31.2パーセント"])
def test_a_percent_sign_is_seen(written: str) -> None:
    assert number(written) == Written(31.2, percent=True)


NONSENSE = (
    "xyz",
    "２つくらいかな？",
    "12 34 apples",
    "1.2.3.4.5.6",
    "64+192",
    "nan",
    "inf",
    "1e999",
    "1/0",
    "--5",
    "0x10",
    "<script>alert(1)</script>",
    "\x00",
    "\ud800",
    "９" * 5000,
    "🙂",
    "٣",
    "{count}",
)


@pytest.mark.parametrize("written", [*NONSENSE, "1,2,3", "a"])
def test_what_is_no_number(written: str) -> None:
    assert number(written) is None or written == "٣"


@pytest.mark.parametrize(
    ("answer", "correct"),
    [
        ("25,028,904", True),
        ("25.0M", True),
        ("2.5e7", True),
        ("約2500万個", True),
        ("25.2M", False),
        ("24.8M", False),
        ("25%", None),
        ("-25M", False),
    ],
)
def test_rounded_answers_within_what_is_stated(answer: str, correct: bool | None) -> None:
    assert grade(COUNT, PARAMETERS, answer).correct is correct


def test_an_exact_slip_is_one_even_within_the_tolerance() -> None:
    made = Asked(
        PARAMETERS.values,
        truth=1000,
        unit="parameters",
        tolerance=0.01,
        mistakes=(Mistake("no_bias", 998),),
    )
    assert grade(COUNT, made, "998").reason.key == "exercise.swapped.wrong.no_bias"
    assert grade(COUNT, made, "999").correct is True


@pytest.mark.parametrize(
    ("answer", "key"),
    [("-4", "sign"), ("0", "sign"), ("270", "close"), ("2560", "large"), ("2", "small")],
)
def test_any_other_number_is_told_which_way_it_is_off(answer: str, key: str) -> None:
    exercise, made = asked("grown", 0)
    verdict = grade(exercise, made, answer)
    assert (verdict.correct, verdict.reason.key) == (False, f"lesson.off.{key}")
    assert say(grade(exercise, made, "2560").reason, text("en")).startswith(
        "That is about 10 times"
    )


@pytest.mark.parametrize(
    ("answer", "slip"),
    [("192", "no_start"), ("96", "once"), ("64", "summed"), ("224", "early")],
)
def test_the_usual_slips_of_the_lectures_exercise_3(answer: str, slip: str) -> None:
    exercise, made = asked("grown", 0)
    assert grade(exercise, made, answer).reason.key == f"exercise.grown.wrong.{slip}"
    assert grade(*asked("squeezed", 0), "256").reason.key == "exercise.squeezed.wrong.no_theta"


def share(seed: int, answer: str) -> bool | None:
    return grade(*asked("share", seed), answer).correct


def test_a_share_in_percent_as_a_fraction_or_a_decimal() -> None:
    seed = next(s for s in range(200) if asked("share", s)[1].values["fewer"] == 7_978_856)
    assert asked("share", seed)[1].truth == pytest.approx(31.2, abs=0.05)
    for answer in ("31.2", "31 %", "0.312", "３１．２％", "about 31%", "約31パーセント"):
        assert share(seed, answer) is True, answer
    assert share(seed, "68.8 %") is False
    assert share(seed, "0.31 %") is False


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ("b", (1,)),
        ("Ｂ", (1,)),
        ("(b)", (1,)),
        ("2", (1,)),
        ("b, a, c", (1, 0, 2)),
        ("bac", (1, 0, 2)),
        ("2 1 3", (1, 0, 2)),
        ("b > a > c", (1, 0, 2)),
        ("z", None),
        ("5", None),
        ("", None),
        ("a" * 300, None),
    ],
)
def test_letters(answer: str, places: tuple[int, ...] | None) -> None:
    assert letters(answer, 4) == places


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ("1a 2c 3b", (0, 2, 1)),
        ("3b, 1a, 2c", (0, 2, 1)),
        ("１ａ、２ｃ、３ｂ", (0, 2, 1)),
        ("1→a 2→c 3→b", (0, 2, 1)),
        ("a c b", (0, 2, 1)),
        ("acb", (0, 2, 1)),
        ("aaa", (0, 0, 0)),
        ("1a 2c", None),
        ("1a 1b 2c", None),
        ("4a 2c 3b", None),
        ("a-b", None),
        ("1a 2c 3z", None),
    ],
)
def test_pairs(answer: str, places: tuple[int, ...] | None) -> None:
    assert pairs(answer, 3, 3) == places


@pytest.mark.parametrize("name", [one.id for one in EXERCISES])
def test_nonsense_gets_a_sentence_and_no_verdict(name: str) -> None:
    exercise, made = asked(name, 3)
    for answer in ("", "  ", *NONSENSE):
        verdict = grade(exercise, made, answer)
        assert isinstance(verdict, Verdict)
        if answer != "٣":
            assert verdict.correct is None, answer
        for lang in LANGUAGES:
            assert len(say(verdict.reason, text(lang))) > 5


def test_what_no_program_grades() -> None:
    exercise, made = asked("three_views", 0)
    own = grade(exercise, made, "DenseNet concatenates, ResNet adds.")
    assert (own.correct, own.reason.key) == (None, "lesson.read.free")
    some = grade(exercise, made, "1, 3")
    assert (some.correct, some.reason.key) == (None, "lesson.free_some")
    assert grade(exercise, made, "1,2,3").correct is True
    exercise, made = asked("leanest", 0)
    assert grade(exercise, made, "done!").reason.key == "lesson.read.doing"
    assert grade(exercise, made, "passed").correct is True
