"""An exercise as a card: question, form, what there is to say of the answer, score."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.style import whole
from demo.text import Blank, Words
from demo.topics.lesson.figures.answers import form
from demo.topics.lesson.figures.words import asks, marked, named, say
from demo.topics.lesson.records import Asked, Exercise, Verdict


def card(
    exercise: Exercise,
    seed: int,
    asked: Asked,
    answer: str,
    verdict: Verdict | None,
    every: Sequence[Exercise],
    t: Words,
) -> str:
    """The card.

    verdict: on the answer, None where none was given yet. every: all exercises, for the score.
    """
    said = "" if verdict is None else str(verdict.correct).lower()
    title = named(exercise, asked, "title", t)
    return (
        f'<article class="exercise" data-exercise="{exercise.id}" data-seed="{seed}"'
        f' data-kind="{exercise.kind}" data-answer="{html.escape(answer, quote=True)}"'
        f' data-correct="{said}" data-ids="{_ids(exercise, every)}"'
        f' data-all="{" ".join(one.id for one in every)}">'
        f"<h4>{html.escape(title)}</h4>"
        f'<p class="exercise-prompt">{marked(named(exercise, asked, "prompt", t))}</p>'
        f"{form(exercise, seed, asked, answer, t)}"
        f"{_said(exercise, asked, verdict, t)}{_score(exercise, every, t)}"
        f'<p class="exercise-chapter"><a href="?chapter={exercise.chapter}">'
        f"{html.escape(t('lesson.to_chapter', title=t(f'path.{exercise.chapter}.title')))}</a></p>"
        "</article>"
    )


def sentence(exercise: Exercise, asked: Asked, every: Sequence[Exercise], t: Words) -> str:
    """Which exercise it is, and what it asks for."""
    mine = [one.id for one in every if one.chapter == exercise.chapter]
    return html.escape(
        t(
            "lesson.sentence",
            place=mine.index(exercise.id) + 1,
            all=len(mine),
            chapter=t(f"path.{exercise.chapter}.title"),
            title=named(exercise, asked, "title", t),
            asks=asks(exercise, asked, t),
        )
    )


def _ids(exercise: Exercise, every: Sequence[Exercise]) -> str:
    return " ".join(one.id for one in every if one.chapter == exercise.chapter)


def _said(exercise: Exercise, asked: Asked, verdict: Verdict | None, t: Words) -> str:
    """The reason first; the solution only once something was answered."""
    hint = _fold(t("lesson.show_hint"), marked(named(exercise, asked, "hint", t)))
    if verdict is None:
        return f'<div class="exercise-folds">{hint}</div>'
    solution = f"<p>{marked(say(verdict.solution, t))}</p>{_bars(exercise, asked, t)}"
    solved = _fold(t("lesson.show_solution"), solution, bool(verdict.correct))
    kind = {True: "right", False: "wrong", None: "open"}[verdict.correct]
    return (
        f'<p class="exercise-verdict {kind}" tabindex="-1">{marked(say(verdict.reason, t))}</p>'
        f'<div class="exercise-folds">{"" if verdict.correct else hint}{solved}</div>'
    )


def _fold(summary: str, inside: str, shown: bool = False) -> str:
    return (
        f"<details{' open' if shown else ''}><summary>{html.escape(summary)}</summary>"
        f"{inside}</details>"
    )


def _bars(exercise: Exercise, asked: Asked, t: Words) -> str:
    """The numbers of the solution, bars from 0 on one scale."""
    if not asked.bars:
        return ""
    most = max(bar.value for bar in asked.bars)
    rows = "".join(
        f"<dt>{html.escape(named(exercise, asked, 'bar', t, bar.name))}</dt>"
        f'<dd><i style="width:{100 * bar.value / most:.1f}%"></i>'
        f"<span>{whole(bar.value) if bar.value >= 100 else f'{bar.value:.1f}'}</span></dd>"
        for bar in asked.bars
    )
    return f'<p>{html.escape(t("lesson.bars"))}</p><dl class="exercise-bars">{rows}</dl>'


def _score(exercise: Exercise, every: Sequence[Exercise], t: Words) -> str:
    """What the script fills in from what this browser remembers."""
    words = t(
        "lesson.score",
        solved=Blank("solved"),
        count=len(_ids(exercise, every).split()),
        done=Blank("done"),
        all=len(every),
    )
    return f'<p class="exercise-score" data-words="{html.escape(words, quote=True)}"></p>'
