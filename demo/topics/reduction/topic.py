"""The 1x1 convolution: what it saves before a larger one, and in a module; needs no photo."""

from __future__ import annotations

import html

import gradio as gr

from demo.drawing.stage import staged
from demo.drawing.terms import explained
from demo.page.page import Page
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.text import Words
from demo.topics.reduction.figures.calculator import calculator, sentence
from demo.topics.reduction.numbers import break_even, reduction, sweet_spot
from demo.topics.reduction.scenes import builder

ID = "reduction"
CALCULATOR = Scene(ID, "calculator")
BUILDER = Scene(ID, "builder")
SCENES = (CALCULATOR, BUILDER)
DEFAULTS = (192, 16, 5, 32, 28)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    _calculator(page)
    with BUILDER.stage(page.words):
        builder.build(page, BUILDER)


def _calculator(page: Page) -> None:
    t = page.words
    inside, reduced, kernel, outside, side = DEFAULTS
    with CALCULATOR.stage(t):
        shown = gr.HTML(
            draw(t, inside, reduced, str(kernel), outside, side), elem_id="in-calculator"
        )
        with controls():
            into = gr.Slider(
                8, 1024, inside, step=8, label=t("reduction.in"), elem_id="reduction-in"
            )
            through = gr.Slider(
                1, 512, reduced, step=1, label=t("reduction.reduced"), elem_id="reduction-r"
            )
            size = gr.Radio(
                [(f"{k}×{k}", str(k)) for k in (1, 3, 5, 7)],
                value=str(kernel),
                label=t("reduction.kernel"),
                elem_id="reduction-kernel",
            )
        with more(t("reduction.more")):
            out = gr.Slider(
                8, 1024, outside, step=8, label=t("reduction.out"), elem_id="reduction-out"
            )
            pixels = gr.Slider(
                1, 112, side, step=1, label=t("reduction.side"), elem_id="reduction-side"
            )
        with more(t("scene.how")):
            notes(explained(t("reduction.intro"), t), html.escape(t("reduction.hint")))

    def drawn(*numbers: float | str) -> str:
        return draw(t, *numbers)

    inputs = {"in": into, "r": through, "kernel": size, "out": out, "side": pixels}
    page.on_scene(CALCULATOR, drawn, list(inputs.values()), shown, there=True)
    for name, component in inputs.items():
        page.link(f"reduction_{name}", component)


def draw(t: Words, *numbers: float | str) -> str:
    """The scene of one set of numbers, in the order of `reduction`."""
    found = reduction(*map(int, numbers))
    drawn = calculator(found, break_even(found), sweet_spot(found), t)
    return staged(drawn, sentence(found, t))


REDUCTION = Topic(ID, SCENES, build)
