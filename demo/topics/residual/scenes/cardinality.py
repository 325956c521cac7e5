"""The explorer of cardinality and width, a scene of the ResNet topic; needs no photo."""

from __future__ import annotations

import html
import json
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.stage import staged
from demo.page.page import Page
from demo.page.scene import Scene, controls, more, notes
from demo.text import Words
from demo.topics.residual.addition import whole_network
from demo.topics.residual.figures.cardinality import explorer, sentence
from demo.topics.residual.numbers import ERRORS, REFERENCE, equal_width, setting
from demo.topics.residual.records import Cardinality

START = (32, 4)
MOST_PATHS, MOST_WIDTH = 32, 64


def build(page: Page, scene: Scene) -> None:
    """Presets, two sliders that keep the cost, and what follows from them."""
    t = page.words
    shown = gr.HTML(draw(t, *START), elem_id="cardinality-explorer")
    with controls():
        preset = gr.Radio(
            [(f"{c} × {d}d", f"{c}x{d}") for c, d in ERRORS],
            value="x".join(map(str, START)),
            label=t("residual.preset"),
            elem_id="cardinality-preset",
        )
        paths = gr.Slider(
            1, MOST_PATHS, START[0], step=1, label=t("residual.slider_c"), elem_id="cardinality-c"
        )
        width = gr.Slider(
            1, MOST_WIDTH, START[1], step=1, label=t("residual.slider_d"), elem_id="cardinality-d"
        )
    with more(t("scene.how")):
        same = gr.Checkbox(True, label=t("residual.same_cost"), elem_id="cardinality-same")
        notes(html.escape(t("residual.cardinality_hint")))
    quick: dict[str, Any] = {"queue": False, "trigger_mode": "always_last"}
    page.on(
        preset.input,
        None,
        preset,
        [paths, width],
        js='(name) => name.split("x").map(Number)',
    )

    def follow(c: float, d: float, hold: bool) -> int:
        return min(equal_width(int(c)), MOST_WIDTH) if hold else int(d)

    page.on([paths.input, same.input], follow, [paths, width, same], width, **quick)
    known = json.dumps([f"{c}x{d}" for c, d in ERRORS])
    page.on(
        [paths.change, width.change],
        None,
        [paths, width],
        preset,
        js=f"(c, d) => ({known}.includes(`${{c}}x${{d}}`) ? `${{c}}x${{d}}` : null)",
    )
    # A width of one's own gives the equal cost up.
    page.on(width.input, None, None, same, js="() => false")
    page.on_scene(scene, partial(draw, t), [paths, width], shown, there=True)
    page.link("C", paths)
    page.link("d", width)


def draw(t: Words, c: float, d: float) -> str:
    """The scene of one setting."""
    found = compared(int(c), int(d))
    return staged(f'<div class="residual">{explorer(found, t)}</div>', sentence(found, t))


def compared(paths: int, width: int) -> Cardinality:
    """The setting beside ResNet's, both whole networks counted.

    Raises:
        Problem: "residual.problem.setting" if a number is below 1 or too large.
    """
    networks = whole_network(paths, width), whole_network(*REFERENCE)
    return Cardinality(setting(paths, width), setting(*REFERENCE), *networks, ERRORS)
