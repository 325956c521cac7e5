"""Grading: right or not, and the reason that fits this very answer."""

from __future__ import annotations

import math

from demo.records import Notice
from demo.topics.lesson.numbers.reading import Written, letters, number, pairs
from demo.topics.lesson.records import LETTERS, Asked, Exercise, Verdict, wording

PASSED = "passed"
"""The answer of an exercise by doing whose condition the browser has seen fulfilled."""
RIGHT = Notice("lesson.right")
_EXACT = 1e-9
_NEAR = 5e-4


def grade(exercise: Exercise, asked: Asked, answer: str) -> Verdict:
    """The verdict on an answer, whatever it is: nonsense gets a sentence too.

    answer: a letter or number (choice, predict), a number with or without its unit, letters in
    order, "1a 2b 3c", `PASSED` (doing), or the numbers of the ticked points (free).
    """
    if not answer.strip():
        return _verdict(exercise, asked, None, Notice("lesson.read.nothing"))
    if exercise.kind == "number":
        correct, reason = _number(exercise, asked, answer)
    elif exercise.kind == "order":
        correct, reason = _order(exercise, asked, answer)
    elif exercise.kind == "match":
        correct, reason = _match(exercise, asked, answer)
    elif exercise.kind == "doing":
        passed = answer.strip().lower() == PASSED
        correct = True if passed else None
        reason = RIGHT if passed else Notice("lesson.read.doing")
    elif exercise.kind == "free":
        correct, reason = _free(asked, answer)
    else:
        correct, reason = _choice(exercise, asked, answer)
    return _verdict(exercise, asked, correct, reason)


def _verdict(exercise: Exercise, asked: Asked, correct: bool | None, reason: Notice) -> Verdict:
    told = (wording(exercise, asked, part) for part in ("solution", "hint"))
    return Verdict(correct, reason, *told)


def _wrong(exercise: Exercise, asked: Asked, name: str, **more: object) -> Notice:
    return Notice(f"exercise.{exercise.id}.wrong.{name}", **{**asked.values, **more})


def _choice(exercise: Exercise, asked: Asked, answer: str) -> tuple[bool | None, Notice]:
    places = letters(answer, len(asked.options))
    if places is None or len(places) != 1:
        return None, Notice("lesson.read.choice", last=LETTERS[len(asked.options) - 1])
    chosen = asked.options[places[0]]
    if chosen == asked.rights[0]:
        return True, RIGHT
    return False, _wrong(exercise, asked, chosen)


def _number(exercise: Exercise, asked: Asked, answer: str) -> tuple[bool | None, Notice]:
    written = number(answer)
    if written is None:
        return None, Notice("lesson.read.number")
    assert asked.truth is not None
    if written.percent and asked.unit != "percent":
        return None, Notice("lesson.read.no_percent")
    values = _readings(written, asked)
    if any(_near(value, asked.truth, _EXACT) for value in values):
        return True, RIGHT
    for within in (_EXACT, _NEAR):
        # An exact slip is one though it lies within what rounding may do.
        if within == _NEAR and any(_near(v, asked.truth, asked.tolerance) for v in values):
            return True, RIGHT
        for mistake in asked.mistakes:
            if any(_near(value, mistake.value, within) for value in values):
                return False, _wrong(exercise, asked, mistake.name, answer=mistake.value)
    return False, _off(max(values, key=abs), asked.truth)


def _readings(written: Written, asked: Asked) -> list[float]:
    """What it may mean: where percent are asked, 0.31 is 31 % as well."""
    if asked.unit != "percent" or written.percent or not 0 < written.value < 1:
        return [written.value]
    return [written.value, 100 * written.value]


def _near(value: float, other: float, within: float) -> bool:
    return math.isclose(value, other, rel_tol=within, abs_tol=_EXACT)


def _off(value: float, truth: float) -> Notice:
    if value <= 0:
        return Notice("lesson.off.sign")
    ratio = value / truth
    if max(ratio, 1 / ratio) < 1.1:
        return Notice("lesson.off.close")
    if ratio > 1:
        return Notice("lesson.off.large", times=f"{ratio:.2g}" if ratio < 100 else "100")
    return Notice("lesson.off.small", times=f"{1 / ratio:.2g}" if ratio > 0.01 else "100")


def _order(exercise: Exercise, asked: Asked, answer: str) -> tuple[bool | None, Notice]:
    places = letters(answer, len(asked.options))
    if places is None or sorted(places) != list(range(len(asked.options))):
        return None, Notice("lesson.read.order", count=len(asked.options))
    given = [asked.options[place] for place in places]
    if tuple(given) == asked.rights:
        return True, RIGHT
    for wrong, right in zip(given, asked.rights, strict=True):
        if wrong != right:
            return False, Notice(
                "lesson.order_wrong",
                right=wording(exercise, asked, "option", right),
                given=wording(exercise, asked, "option", wrong),
                why=_wrong(exercise, asked, right),
            )
    raise AssertionError(given)


def _match(exercise: Exercise, asked: Asked, answer: str) -> tuple[bool | None, Notice]:
    places = pairs(answer, len(asked.lefts), len(asked.options))
    if places is None:
        last = LETTERS[len(asked.options) - 1]
        return None, Notice("lesson.read.match", count=len(asked.lefts), last=last)
    given = [asked.options[place] for place in places]
    wrong = [
        left
        for left, chosen, right in zip(asked.lefts, given, asked.rights, strict=True)
        if chosen != right
    ]
    if not wrong:
        return True, RIGHT
    return False, Notice(
        "lesson.match_wrong",
        count=len(asked.lefts) - len(wrong),
        all=len(asked.lefts),
        why=_wrong(exercise, asked, wrong[0]),
    )


def _free(asked: Asked, answer: str) -> tuple[bool | None, Notice]:
    ticked = set(letters(answer, len(asked.points)) or ())
    if not ticked:
        return None, Notice("lesson.read.free", count=len(asked.points))
    done = len(ticked) == len(asked.points)
    key = "lesson.free_all" if done else "lesson.free_some"
    return done or None, Notice(key, count=len(ticked), all=len(asked.points))
