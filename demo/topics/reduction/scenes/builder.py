"""An Inception module of one's own, a scene of the 1x1 topic; needs no photo."""

from __future__ import annotations

import html
import json
from dataclasses import astuple, fields
from functools import partial

import gradio as gr

from demo.drawing.stage import staged
from demo.drawing.style import whole
from demo.page.page import Page
from demo.page.scene import Scene, controls, more, notes
from demo.text import Words
from demo.topics.reduction.figures import builder
from demo.topics.reduction.numbers import MODULES, module, named
from demo.topics.reduction.records import PlannedModule

START = "3a"
NAMES = tuple(field.name for field in fields(PlannedModule))
WIDEST = {"in_channels": 1024, "side": 112}
"""Where a slider ends; at `CHANNELS` otherwise."""
CHANNELS = 512
IN_SIGHT = ("ch3x3_reduce", "ch5x5_reduce")
FOLDED = tuple(name for name in NAMES if name not in IN_SIGHT)


def build(page: Page, scene: Scene) -> None:
    """Presets and the two reductions in sight, the other numbers folded, and the module."""
    t = page.words
    start = MODULES[START]
    shown = gr.HTML(draw(t, *astuple(start)), elem_id="in-builder")
    sliders: dict[str, gr.Slider] = {}

    def slider(name: str) -> None:
        sliders[name] = gr.Slider(
            1,
            WIDEST.get(name, CHANNELS),
            getattr(start, name),
            step=1,
            label=t(f"reduction.number_{name}"),
            elem_id=f"builder-{name}",
        )

    with controls():
        preset = gr.Radio(
            [(t("reduction.exercise") if one == START else one, one) for one in MODULES],
            value=START,
            label=t("reduction.modules"),
            elem_id="builder-preset",
        )
        for name in IN_SIGHT:
            slider(name)
    with more(t("reduction.more_numbers")), gr.Row():
        for name in FOLDED:
            slider(name)
    with more(t("scene.how")):
        notes(*(html.escape(one) for one in _how(start, t)))
    numbers = [sliders[name] for name in NAMES]
    known = {name: list(astuple(one)) for name, one in MODULES.items()}
    page.on(
        preset.input,
        None,
        preset,
        numbers,
        js=f"(name) => ({json.dumps(known)})[name]",
    )
    page.on(
        [one.change for one in numbers],
        None,
        numbers,
        preset,
        js=f"(...now) => Object.entries({json.dumps(known)})"
        ".find(([, one]) => String(one) === String(now))?.[0] ?? null",
    )
    page.on_scene(scene, partial(draw, t), numbers, shown, there=True)
    for name in NAMES:
        page.link(f"module_{name}", sliders[name])


def draw(t: Words, *numbers: float) -> str:
    """The scene of one set of numbers, in the order of `module`."""
    plan = module(*map(int, numbers))
    drawn = builder.module(plan, t)
    return staged(drawn, builder.sentence(plan, named(plan), t), "drawing")


def _how(start: PlannedModule, t: Words) -> tuple[str, str]:
    """How to read it, and why PyTorch counts more parameters in the lecture's own module."""
    counted = t(
        "reduction.module_counted",
        weights=whole(start.weights),
        filters=start.filters,
        norms=2 * start.filters,
        all=whole(start.weights + 3 * start.filters),
    )
    return t("reduction.module_hint"), counted
