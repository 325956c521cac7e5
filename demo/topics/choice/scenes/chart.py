"""The chart of all networks, with axes to choose."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from demo.drawing.style import listed
from demo.drawing.terms import explained
from demo.page.page import Page
from demo.page.scene import Scene, controls, more, notes
from demo.text import Words
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures.bubbles import (
    AXES,
    NARROW,
    STAGE,
    Axis,
    bubbles,
    drawable,
    sentence,
)
from demo.topics.choice.numbers import members
from demo.topics.choice.records import Candidate

SHOWN = ("v1", "both", "cifar10")


def build(page: Page, scene: Scene, measured: gr.Textbox) -> None:
    """The chart and its controls; drawn again when `measured` changes."""
    t = page.words
    axes = [(t(f"choice.axis_{one}"), one) for one in AXES]
    first = draw(t, "v1", "macs", "accuracy", "parameters")
    named = {"label": scene.title(t), "show_label": False}
    with gr.Column(elem_classes="picture-html"):
        wide = gr.Plot(first[0], **named, elem_id="choice-wide")
        narrow = gr.Plot(first[1], **named, elem_id="choice-narrow")
        large = gr.Plot(first[2], **named, elem_id="choice-large")
    words = gr.HTML(first[3], elem_id="choice-missing")
    with controls():
        x, y, size = (
            gr.Dropdown(
                axes,
                value=value,
                label=t(f"choice.label_{name}"),
                filterable=False,
                elem_id=f"choice-{name}",
            )
            for name, value in (("x", "macs"), ("y", "accuracy"), ("bubble", "parameters"))
        )
    with more(t("scene.how")):
        shown = gr.Radio(
            [(t(f"choice.show_{one}"), one) for one in SHOWN],
            value="v1",
            label=t("choice.show"),
            elem_id="choice-show",
        )
        notes(html.escape(t("choice.chart_hint")), explained(t("choice.chart_words"), t))
    asked = [shown, x, y, size]
    drawn = [wide, narrow, large, words]

    def answer(*values: Any) -> dict[Any, Any]:
        return dict(zip(drawn, draw(t, *values), strict=True))

    page.on_scene(scene, answer, asked, drawn, after=[measured], there=True)
    for name, one in zip(("chart", "x", "y", "bubble"), asked, strict=True):
        page.link(name, one)


def draw(t: Words, shown: str, x: Axis, y: Axis, size: Axis) -> list[Any]:
    """The chart for a wide and a narrow window and the back row; what it says, who is not in it."""
    rows = _rows(shown)
    inside = drawable(rows, x, y, size)
    words = t("choice.chart_nothing")
    if inside:
        words = sentence(inside, x, y, t)
        kept = {row.key for row in inside}
        absent = [row.title for row in rows if row.key not in kept]
        if absent:
            missing = t("choice.chart_missing", titles=listed(absent, t))
            words = t.sentences(words, missing)
    return [
        bubbles(rows, x, y, size, t),
        *(bubbles(rows, x, y, size, t, frame) for frame in (NARROW, STAGE)),
        f'<p class="scene-sentence">{html.escape(words)}</p>',
    ]


def _rows(shown: str) -> list[Candidate]:
    if shown == "cifar10":
        return members(candidates(), "cifar10")
    return members(candidates(), "imagenet", second=shown == "both")
