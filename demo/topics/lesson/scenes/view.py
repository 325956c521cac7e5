"""The scene of exercises: one at a time, answered, with its score in the browser."""

from __future__ import annotations

import html
import json
from functools import partial

import gradio as gr

from demo.drawing.stage import staged
from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.records import Problem
from demo.scripts import script
from demo.text import Words
from demo.topics.lesson.figures.card import card, sentence
from demo.topics.lesson.numbers.grading import grade
from demo.topics.lesson.questions.every import EXERCISES, MOST, asked
from demo.topics.lesson.records import CHAPTERS

ANSWER = "lesson-answer"
"""Under which the script hands an answer over, as "exercise:seed:answer"."""
START = EXERCISES[0].id
PAIRS = json.dumps([[one.id, one.chapter] for one in EXERCISES])
_NEXT = f"(now) => ((all) => all[(all.findIndex(([id]) => id === now) + 1) % all.length])({PAIRS})"
_FIRST = f"(chapter) => {PAIRS}.find((one) => one[1] === chapter)[0]"
_CHAPTER = f"(now) => ({PAIRS}.find((one) => one[0] === now) ?? {PAIRS}[0])[1]"
_SEED = f"(seed) => String((Number(seed) + 1) % {MOST + 1} || 0)"


def build(page: Page, scene: Scene) -> None:
    """The card, and below it chapter, next exercise, other numbers."""
    t = page.words
    exercise, seed, answer = (hidden(f"lesson-{name}") for name in ("exercise", "seed", "given"))
    exercise.value, seed.value = START, "0"
    shown = gr.HTML(
        draw(t, START, "0", ""),
        js_on_load=script("words", "lesson"),
        elem_id="in-exercises",
        padding=False,
    )
    with controls():
        chapter = gr.Dropdown(
            [(t(f"path.{name}.title"), name) for name in CHAPTERS],
            value=EXERCISES[0].chapter,
            label=t("lesson.which_chapter"),
            filterable=False,
            elem_id="lesson-chapter",
        )
        following = gr.Button(t("lesson.next"), elem_id="lesson-next", scale=0)
        another = gr.Button(t("lesson.another"), elem_id="lesson-another", scale=0)
    with more(t("scene.how")):
        notes(html.escape(t("lesson.hint_scene")))
    page.on(following.click, None, exercise, [exercise, chapter], js=_NEXT)
    page.on(chapter.input, None, chapter, exercise, js=_FIRST)
    # A link names the exercise; the chapter is that of it.
    page.on(exercise.change, None, exercise, chapter, js=_CHAPTER)
    page.on(another.click, None, seed, seed, js=_SEED)
    page.picks(shown, ANSWER, answer)
    page.on_scene(scene, partial(draw, t), [exercise, seed, answer], shown)
    page.link("lesson_exercise", exercise, [one.id for one in EXERCISES])
    page.link("lesson_seed", seed)


def draw(t: Words, name: str, seed: str, given: str) -> str:
    """The scene of one exercise; `given` counts only for the exercise and seed that it names."""
    number = _seed(seed)
    exercise, made = asked(name, number)
    mine = f"{name}:{number}:"
    answer = given.removeprefix(mine) if given.startswith(mine) else ""
    verdict = grade(exercise, made, answer) if answer else None
    drawn = card(exercise, number, made, answer, verdict, EXERCISES, t)
    return staged(drawn, sentence(exercise, made, EXERCISES, t))


def _seed(seed: str) -> int:
    """The number that a link has for a seed.

    Raises:
        Problem: "lesson.problem.seed" if it is none.
    """
    if not seed.isascii() or not seed.isdecimal() or len(seed) > len(str(MOST)):
        raise Problem("lesson.problem.seed", seed=seed, most=MOST)
    return int(seed)
