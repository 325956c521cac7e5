"""All exercises, by chapter, and one of them with a seed."""

from __future__ import annotations

from demo.records import Problem
from demo.topics.lesson.questions import branching, densenet, growing, paths
from demo.topics.lesson.questions.asking import Question
from demo.topics.lesson.records import Asked, Exercise

QUESTIONS: tuple[Question, ...] = (
    *growing.QUESTIONS,
    *densenet.QUESTIONS,
    *branching.QUESTIONS,
    *paths.QUESTIONS,
)
_BY_ID = {question.exercise.id: question for question in QUESTIONS}
EXERCISES: tuple[Exercise, ...] = tuple(question.exercise for question in QUESTIONS)

MOST = 999_999
"""The largest seed."""


def asked(name: str, seed: int) -> tuple[Exercise, Asked]:
    """The exercise of that id, and what the seed makes of it.

    Raises:
        Problem: "lesson.problem.exercise" if there is none, "lesson.problem.seed" if the seed is
            below 0 or above MOST.
    """
    if name not in _BY_ID:
        raise Problem("lesson.problem.exercise", id=name, ids=", ".join(_BY_ID))
    if not 0 <= seed <= MOST:
        raise Problem("lesson.problem.seed", seed=seed, most=MOST)
    question = _BY_ID[name]
    return question.exercise, question.asked(seed)
