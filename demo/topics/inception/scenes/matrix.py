"""Every branch of every block switched off, one at a time: asked for, with its progress."""

from __future__ import annotations

import json
from typing import Any

import gradio as gr

from demo.page.page import Page, hidden
from demo.page.scene import more
from demo.records import Photo
from demo.text import Words
from demo.topics.inception.scenes import view
from demo.zoo.catalogue import spec
from demo.zoo.weights import readiness

_PROGRESS = gr.Progress()


def every_branch(t: Words) -> tuple[gr.Button, gr.HTML]:
    """The button, and the place of the matrix, folded below its scene."""
    with more(t("inception.matrix_fold")):
        button = gr.Button(t("inception.matrix_button"), elem_id="inception-matrix-button")
        shown = gr.HTML(view.matrix_hint(t), elem_id="inception-matrix")
    return button, shown


def wire_every_branch(
    page: Page,
    model: gr.Radio,
    mode: gr.Radio,
    asked: gr.Textbox,
    button: gr.Button,
    shown: gr.HTML,
) -> None:
    """Compute it when asked; tell it of another class without running anything again."""
    t = page.words

    # Not empty while there is a matrix.
    drawn, stale = hidden(), hidden()

    def run(
        photo: Photo | None, key: str, mode: Any, asked: str, progress: gr.Progress = _PROGRESS
    ) -> dict[Any, str]:
        if photo is None:
            return {shown: view.matrix_hint(t)}

        def tell(done: int, total: int, name: str) -> None:
            words = t("inception.matrix_progress", block=name)
            progress((done, total), desc=words, unit=t("inception.matrix_unit"))

        return {shown: view.matrix(t, photo, key, mode, asked, tell), drawn: key}

    def again(photo: Photo | None, key: str, mode: Any, asked: str) -> str:
        if photo is None or readiness(spec(key)) == "absent":
            return view.matrix_hint(t)
        return view.kept_matrix(t, photo, key, mode, asked)

    inputs = [page.photo, model, mode, asked]
    page.on(button.click, run, inputs, [shown, drawn], heavy=True, show_progress="full")
    # What it shows is of that photo and that network alone.
    nothing = json.dumps([view.matrix_hint(t), ""])
    page.on(
        [model.change, page.photo_key.change], None, None, [shown, drawn], js=f"() => {nothing}"
    )
    # The browser decides: a matrix that is not there costs nothing.
    page.on(
        [mode.change, asked.change],
        None,
        [drawn, mode, asked, stale],
        stale,
        js="(drawn, mode, asked, seen) => (drawn ? JSON.stringify([mode, asked]) : seen)",
    )
    page.on(stale.change, again, inputs, shown, heavy=True, trigger_mode="always_last")
