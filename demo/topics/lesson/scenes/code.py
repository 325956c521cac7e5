"""Code beside its picture: a block of the lesson, its own source, and what it does to a shape."""

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
from demo.topics.lesson.figures.code import argument, form, picture, sentence
from demo.topics.lesson.numbers.fields import checked
from demo.topics.lesson.records.code import BLOCKS
from demo.topics.lesson.walking import walk
from demo.zoo.catalogue import spec

RUN = "code-run"
"""Under which the script hands the numbers over, as "DenseLayer:64,32,56"."""
START = "DenseLayer"
NETWORKS = {
    "DenseLayer": "densenet121",
    "DenseBlock": "densenet121",
    "TransitionLayer": "densenet121",
    "InceptionModule": "googlenet",
    "ResidualBlock": "resnet50",
    "ResNeXtBlock": "resnext50_32x4d",
}
"""Block -> the network of the catalogue that is made of such blocks."""


def build(page: Page, scene: Scene) -> None:
    """Which block and its numbers; the source beside the diagram, which run when that is asked."""
    t = page.words
    given = hidden("lesson-code-given")
    shown = gr.HTML("", js_on_load=script("lesson_code"), elem_id="in-code", padding=False)
    with controls():
        block = gr.Dropdown(
            list(BLOCKS),
            value=START,
            label=t("code.block"),
            filterable=False,
            elem_id="code-block",
        )
        numbers = gr.HTML(
            form(BLOCKS[START], (), t, partial(argument, t=t)),
            js_on_load=script("lesson_numbers"),
            elem_id="code-form",
            padding=False,
        )
    with more(t("scene.how")):
        notes(*(html.escape(t(key)) for key in ("code.hint", "code.differs")))
    page.picks(shown, RUN, given)

    def drawn(name: str, run: str) -> dict[Any, str]:
        picture_of, fields = draw(t, name, run)
        return {shown: picture_of, numbers: fields}

    page.on_scene(scene, drawn, [block, given], [shown, numbers], heavy=True)
    page.link("code_block", block)
    page.link("code_run", given)


def draw(t: Words, name: str, run: str) -> tuple[str, str]:
    """The scene of a block, and the form of its numbers.

    Args:
        run: numbers to run it with, which count only for the block that they name; "" for none.
    """
    block = BLOCKS[name]
    mine = f"{name}:"
    given = run.removeprefix(mine).split(",") if run.startswith(mine) else []
    try:
        numbers = checked(block, given) if given else block.start
        found = walk(name, numbers, real=bool(given))
        words = sentence(found, spec(NETWORKS[name]).parameters, t)
    except Problem as problem:
        found, words = walk(name, block.start), html.escape(said(problem, t))
    drawn = staged(picture(found, t), words, "laid")
    return drawn, form(block, given[: len(block.fields)], t, partial(argument, t=t))
