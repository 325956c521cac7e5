"""The 1x1 convolution: a calculator of what it saves in front of a larger one; needs no photo."""

from __future__ import annotations

import gradio as gr

from demo.arithmetic.reduction import break_even, reduction, sweet_spot
from demo.figures.reduction_calculator import calculator
from demo.figures.terms import explained
from demo.tabs.page import Page
from demo.tabs.scene import Scene
from demo.tabs.wiring import LATEST
from demo.text import Words

ID = "reduction"
SCENES: tuple[Scene, ...] = ()
DEFAULTS = (192, 16, 5, 32, 28)


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{explained(t("reduction.intro"), t)}</p>')
    inside, reduced, kernel, outside, side = DEFAULTS
    with gr.Row(elem_classes="reduction-controls"):
        sliders: list[gr.components.Component] = [
            gr.Slider(8, 1024, inside, step=8, label=t("reduction.in"), elem_id="reduction-in"),
            gr.Slider(1, 512, reduced, step=1, label=t("reduction.reduced"), elem_id="reduction-r"),
            gr.Radio(
                [(f"{k}×{k}", str(k)) for k in (1, 3, 5, 7)],
                value=str(kernel),
                label=t("reduction.kernel"),
                elem_id="reduction-kernel",
            ),
            gr.Slider(8, 1024, outside, step=8, label=t("reduction.out"), elem_id="reduction-out"),
            gr.Slider(1, 112, side, step=1, label=t("reduction.side"), elem_id="reduction-side"),
        ]
    shown = gr.HTML(_draw(*DEFAULTS, t), elem_id="reduction-calculator")

    def draw(into: float, through: float, size: str, out: float, pixels: float) -> str:
        return _draw(int(into), int(through), int(size), int(out), int(pixels), t)

    page.on(
        [slider.change for slider in sliders],
        draw,
        sliders,
        shown,
        **LATEST,
    )
    names = ("in", "r", "kernel", "out", "side")
    for name, slider in zip(names, sliders, strict=True):
        page.link(f"reduction_{name}", slider)


def _draw(inside: int, reduced: int, kernel: int, outside: int, side: int, t: Words) -> str:
    found = reduction(inside, reduced, kernel, outside, side)
    return calculator(found, break_even(found), sweet_spot(found), t)
