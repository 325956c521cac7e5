"""The chart of all networks, with axes to choose."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from demo.arithmetic.choice import members
from demo.explain.candidates import candidates
from demo.figures.choice_bubbles import AXES, Axis, bubbles, drawable
from demo.figures.style import listed
from demo.figures.terms import explained
from demo.records.choice import Candidate
from demo.tabs.page import Page
from demo.tabs.wiring import LATEST
from demo.text import Words

SHOWN = ("v1", "both", "cifar10")


def build(page: Page, measured: Any) -> None:
    """The chart and its controls; drawn again when `measured` changes."""
    t = page.words
    gr.HTML(f"<h3>{html.escape(t('choice.chart_title'))}</h3>")
    axes = [(t(f"choice.axis_{one}"), one) for one in AXES]
    with gr.Row(elem_classes="choice-axes"):
        shown = gr.Dropdown(
            [(t(f"choice.show_{one}"), one) for one in SHOWN],
            value="v1",
            label=t("choice.show"),
            filterable=False,
            elem_id="choice-show",
        )
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
    first = draw(t, "v1", "macs", "accuracy", "parameters")
    named = {"label": t("choice.chart_title"), "show_label": False}
    wide = gr.Plot(first[0], **named, elem_id="choice-wide")
    narrow = gr.Plot(first[1], **named, elem_id="choice-narrow")
    missing = gr.HTML(first[2], elem_id="choice-missing")
    gr.HTML(
        f'<p class="hint">{html.escape(t("choice.chart_hint"))}</p>'
        f'<p class="hint">{explained(t("choice.chart_words"), t)}</p>'
    )
    controls = [shown, x, y, size]
    page.on(
        [*(one.change for one in controls), measured.change],
        lambda *values: draw(t, *values),
        controls,
        [wide, narrow, missing],
        **LATEST,
    )
    for name, one in zip(("chart", "x", "y", "bubble"), controls, strict=True):
        page.link(name, one)


def draw(t: Words, shown: str, x: Axis, y: Axis, size: Axis) -> list[Any]:
    """The chart for a wide and for a narrow window, and who is not in it."""
    rows = _rows(shown)
    inside = drawable(rows, x, y, size)
    words = ""
    if not inside:
        words = f'<div class="empty">{html.escape(t("choice.chart_nothing"))}</div>'
    elif len(inside) < len(rows):
        kept = {row.key for row in inside}
        titles = listed([row.title for row in rows if row.key not in kept], t)
        words = f'<p class="hint">{html.escape(t("choice.chart_missing", titles=titles))}</p>'
    return [bubbles(rows, x, y, size, t), bubbles(rows, x, y, size, t, narrow=True), words]


def _rows(shown: str) -> list[Candidate]:
    if shown == "cifar10":
        return members(candidates(), "cifar10")
    return members(candidates(), "imagenet", second=shown == "both")
