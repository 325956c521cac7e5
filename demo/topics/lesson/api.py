"""The JSON API of the exercises: /exercises, /exercise and /grade."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from demo.page.endpoint import offer
from demo.text import text
from demo.topics.lesson.figures.words import asks, named, say, unit
from demo.topics.lesson.numbers.grading import grade
from demo.topics.lesson.questions.every import EXERCISES, asked
from demo.topics.lesson.records import LETTERS

Language = Literal["en", "ja"]


def register() -> None:
    """Offer the endpoints; called once, inside the app's Blocks context."""
    for endpoint, name in ((listed, "exercises"), (posed, "exercise"), (graded, "grade")):
        offer(endpoint, name, heavy=False)


def listed(language: Language = "en") -> list[dict]:
    """All exercises in the order of the chapters: `id`, `chapter`, `kind` and `title`.

    `kind` is "choice", "number", "order", "match", "predict" (a guess before the numbers are
    shown), "doing" (in a live scene) or "free" (words of one's own, and a rubric).
    """
    t = text(language)
    return [
        {
            "id": one.id,
            "chapter": one.chapter,
            "kind": one.kind,
            "title": named(one, asked(one.id, 0)[1], "title", t),
        }
        for one in EXERCISES
    ]


def posed(id: str = "grown", seed: int = 0, language: Language = "en") -> dict:
    """One exercise with the numbers of a seed; the same seed gives the same ones.

    `asks` says what an answer is. A choice has `choices` (`letter`, `text`), an order and a match
    too; a match has `lines`, to each of which one letter belongs; a number has its `unit` and the
    `tolerance` of a rounded answer (a share of it); free words have `points` of a rubric; "doing"
    has `link`, the state to begin in, and `conditions` on attributes of the live scene.
    """
    t = text(language)
    exercise, made = asked(id, seed)

    def name(kind: str, of: str = "") -> str:
        return named(exercise, made, kind, t, of)

    answer: dict[str, Any] = {
        "id": exercise.id,
        "chapter": exercise.chapter,
        "kind": exercise.kind,
        "seed": seed,
        "title": name("title"),
        "prompt": name("prompt"),
        "asks": asks(exercise, made, t),
    }
    if made.options:
        answer["choices"] = [
            {"letter": letter, "text": name("option", option)}
            for letter, option in zip(LETTERS, made.options, strict=False)
        ]
    if made.lefts:
        answer["lines"] = [name("left", left) for left in made.lefts]
    if made.unit:
        answer.update(unit=unit(made, t), tolerance=made.tolerance)
    if made.points:
        answer["points"] = [name("point", point) for point in made.points]
    if made.task:
        task = made.task
        answer["link"] = {"tab": task.topic, "scene": task.scene, **dict(task.state)}
        answer["conditions"] = [asdict(condition) for condition in task.conditions]
    return answer


def graded(
    id: str = "grown", seed: int = 0, answer: str = "256", language: Language = "en"
) -> dict:
    """The verdict on an answer to an exercise: `correct`, `reason`, `solution` and `hint`.

    `answer` is text: a letter ("b"), a number in any usual form ("25.0M", "25,028,904"), letters in
    order ("c, a, b"), a letter for each line ("1b 2a"), the numbers of the points that free words
    make ("1, 3"), or "passed". `correct` is null where nothing was graded, and `reason` says why.
    """
    t = text(language)
    exercise, made = asked(id, seed)
    found = grade(exercise, made, answer)
    return {
        "correct": found.correct,
        "reason": say(found.reason, t),
        "solution": say(found.solution, t),
        "hint": say(found.hint, t),
    }
