"""A network of one's own within a budget: counted while it is changed, drawn, printed as code."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.stage import staged
from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.page.wiring import sentence as said
from demo.records import Problem
from demo.scripts import script
from demo.text import Words
from demo.topics.lesson.figures.code import form
from demo.topics.lesson.figures.design import label, picture, printed, sentence
from demo.topics.lesson.numbers.design import code, design
from demo.topics.lesson.numbers.fields import checked
from demo.topics.lesson.records.code import Field
from demo.topics.lesson.records.design import DESIGNS

RUN = "design-numbers"
"""Under which the script hands the numbers over, as "dense:24,50,32,1,4,14"."""
START = "dense"


def build(page: Page, scene: Scene) -> None:
    """Which family and its numbers; the network above its budget, its code folded."""
    t = page.words
    given = hidden("lesson-design-given")
    drawing, fields, text_of = draw(t, START, "")
    shown = gr.HTML(drawing, elem_id="in-design", padding=False)
    with controls():
        kind = gr.Dropdown(
            [(t(f"family.name.{one.family}"), one.name) for one in DESIGNS.values()],
            value=START,
            label=t("design.family"),
            filterable=False,
            elem_id="design-family",
        )
        numbers = gr.HTML(
            fields, js_on_load=script("lesson_numbers"), elem_id="design-form", padding=False
        )
    with more(t("design.code")):
        listing = gr.HTML(
            text_of, js_on_load=script("lesson_copy"), elem_id="design-code", padding=False
        )
    with more(t("scene.how")):
        notes(html.escape(t("design.hint")))
    page.picks(numbers, RUN, given)

    def drawn(name: str, run: str) -> dict[Any, str]:
        return dict(zip((shown, numbers, listing), draw(t, name, run), strict=True))

    page.on_scene(scene, drawn, [kind, given], [shown, numbers, listing], there=True)
    page.link("design_family", kind)
    page.link("design_numbers", given)


def draw(t: Words, kind: str, run: str) -> tuple[str, str, str]:
    """The scene of a network of such blocks, the form of its numbers, and its code.

    Args:
        run: the numbers, which count only for the kind that they name; "" for the first ones.
    """
    block = DESIGNS[kind]
    mine = f"{kind}:"
    given = run.removeprefix(mine).split(",") if run.startswith(mine) else []
    try:
        made = design(kind, checked(block, given) if given else block.start)
        words = sentence(made, t)
    except Problem as problem:
        made = design(kind, block.start)
        words = html.escape(said(_called(problem, block.fields, t), t))
    shown = staged(picture(made, t), words, "drawing")
    values = given[: len(block.fields)]
    return shown, form(block, values, t, partial(_label, t=t), RUN), printed(code(made), t)


def _label(field: Field, t: Words) -> str:
    return html.escape(label(field, t))


def _called(problem: Problem, fields: tuple[Field, ...], t: Words) -> Problem:
    """The problem, in which a number is called as the form calls it."""
    names = {field.name: label(field, t) for field in fields}
    values = dict(problem.values)
    if "name" in values:
        values["name"] = names[str(values["name"])]
    return Problem(problem.key, **values)
