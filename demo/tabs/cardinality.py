"""The explorer of cardinality and width, a part of the ResNet tab; needs no photo."""

from __future__ import annotations

from typing import Any

import gradio as gr

from demo.arithmetic.cardinality import ERRORS, equal_width, setting
from demo.explain.residual import whole_network
from demo.figures.cardinality_explorer import explorer
from demo.tabs.page import Page
from demo.tabs.wiring import LATEST
from demo.text import Words

START = (32, 4)
REFERENCE = (1, 64)
MOST_PATHS, MOST_WIDTH = 32, 64


def build(page: Page) -> None:
    """Presets, two sliders that keep the cost, and what follows from them."""
    t = page.words
    with gr.Row(elem_classes="cardinality-controls"):
        preset = gr.Radio(
            [(f"{c} × {d}d", f"{c}x{d}") for c, d in ERRORS],
            value="x".join(map(str, START)),
            label=t("residual.preset"),
            elem_id="cardinality-preset",
        )
    with gr.Row(elem_classes="cardinality-controls"):
        paths = gr.Slider(
            1, MOST_PATHS, START[0], step=1, label=t("residual.slider_c"), elem_id="cardinality-c"
        )
        width = gr.Slider(
            1, MOST_WIDTH, START[1], step=1, label=t("residual.slider_d"), elem_id="cardinality-d"
        )
        same = gr.Checkbox(True, label=t("residual.same_cost"), elem_id="cardinality-same")
    shown = gr.HTML(_draw(*START, t), elem_id="cardinality-explorer")
    quick: dict[str, Any] = {"queue": False, "trigger_mode": "always_last"}

    def choose(name: str) -> list[int]:
        c, d = name.split("x")
        return [int(c), int(d)]

    page.on(preset.input, choose, preset, [paths, width], **quick)

    def follow(c: float, d: float, hold: bool) -> int:
        return min(equal_width(int(c)), MOST_WIDTH) if hold else int(d)

    page.on([paths.input, same.input], follow, [paths, width, same], width, **quick)

    def draw(c: float, d: float) -> list[Any]:
        known = (int(c), int(d)) in ERRORS
        return [_draw(int(c), int(d), t), f"{int(c)}x{int(d)}" if known else None]

    page.on([paths.change, width.change], draw, [paths, width], [shown, preset], **LATEST)
    # A width of one's own gives the equal cost up.
    page.on(width.input, lambda: False, None, same, **quick)
    page.link("C", paths)
    page.link("d", width)


def _draw(c: int, d: int, t: Words) -> str:
    return explorer(
        setting(c, d),
        setting(*REFERENCE),
        whole_network(c, d),
        whole_network(*REFERENCE),
        ERRORS,
        t,
    )
