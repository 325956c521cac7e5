"""What is said of an exercise, in one language."""

from __future__ import annotations

import html
import re

from demo.records import Notice
from demo.text import Words
from demo.topics.lesson.records import Asked, Exercise, wording


def say(notice: Notice, t: Words) -> str:
    """The notice; notices among its values are said too."""
    values = {
        name: say(value, t) if isinstance(value, Notice) else value
        for name, value in notice.values.items()
    }
    return t(notice.key, **values)


def named(exercise: Exercise, asked: Asked, kind: str, t: Words, name: str = "") -> str:
    """A text of the exercise with the numbers of this seed, as `wording` has it."""
    return say(wording(exercise, asked, kind, name), t)


def marked(words: str) -> str:
    """As HTML; what stands between backticks is code."""
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(words))


def asks(exercise: Exercise, asked: Asked, t: Words) -> str:
    """What kind of answer is asked for."""
    count = len(asked.lefts or asked.points or asked.options)
    return t(f"lesson.asks.{exercise.kind}", count=count)


def unit(asked: Asked, t: Words) -> str:
    """The unit of a number, "" where none is asked for."""
    return t(f"lesson.unit.{asked.unit}") if asked.unit else ""
