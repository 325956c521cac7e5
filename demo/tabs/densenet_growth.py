"""The growing diagram with its presets and sliders, a layer's maps, the growth-rate guide."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from demo.arithmetic.dense import PRESETS, checked, growth, steps
from demo.explain.dense import layer_maps
from demo.explain.runs import run
from demo.figures import dense_growth, dense_guide, dense_maps
from demo.figures.heat import photo_ratio, photo_uri
from demo.records import Photo, Problem
from demo.records.dense import DensePlan, Growth
from demo.tabs import fetching
from demo.tabs.page import Page, hidden
from demo.tabs.sent import number_of, one_of, text_of
from demo.tabs.wiring import LATEST, told
from demo.text import Words
from demo.zoo.catalogue import CATALOGUE, able
from demo.zoo.loading import load

START = "lecture"
BLOCKS = 4
LOADABLE = {one.key for one in able("growth")}


@dataclass(frozen=True)
class Grown:
    """Inputs from which a plan follows, and the events that change it."""

    inputs: list[gr.components.Component]
    changes: list[Any]


def build(page: Page, tab: str) -> Grown:
    """Presets, sliders, the diagram, and what one layer made of the photo."""
    t = page.words
    with gr.Row(equal_height=True, elem_classes="dense-presets"):
        preset = gr.Radio(
            [(_name(key, t), key) for key in PRESETS],
            value=START,
            label=t("densenet.preset"),
            elem_id="dense-preset",
            scale=5,
        )
        exercise = gr.Button(t("densenet.exercise"), elem_id="dense-exercise", scale=1)
    # What the sliders start from; it changes together with them, never before. Behind a "#" stands
    # a wish to see it played, which travels with the numbers it is about and comes back with them.
    base = hidden("dense-base", START)
    sliders = _sliders(t)
    diagram = gr.HTML(
        payload_of(t, START, *values(PRESETS[START])),
        html_template=dense_growth.TEMPLATE,
        js_on_load=dense_growth.SCRIPT,
        apply_default_css=False,
        elem_id="dense-growth",
    )
    maps = gr.HTML(
        f'<div class="empty">{html.escape(t("densenet.maps_empty"))}</div>', elem_id="dense-maps"
    )
    grown = Grown([base, *sliders], [base.change, *(one.change for one in sliders)])
    _choose(page, preset, exercise, grown)
    page.on(
        grown.changes,
        lambda *chosen: payload_of(t, *chosen),
        grown.inputs,
        diagram,
        **LATEST,
    )
    _maps(page, tab, diagram, maps)
    page.link("plan", preset)
    names = ("plan_k", "plan_initial", "plan_theta", "plan_bottleneck", "plan_size")
    for name, one in zip((*names, *(f"plan_{i + 1}" for i in range(BLOCKS))), sliders, strict=True):
        page.link(name, one)
    return grown


def guide(page: Page, grown: Grown) -> None:
    """Published errors against parameters, with the plan's own place on that axis."""
    t = page.words

    def draw(*chosen: Any) -> list[Any]:
        parameters = growth(plan_of(*chosen)).parameters
        return [
            dense_guide.guide(dense_guide.CIFAR10, t("densenet.guide_cifar10"), parameters, t),
            dense_guide.guide(dense_guide.IMAGENET, t("densenet.guide_imagenet"), parameters, t),
        ]

    first, second = draw(START, *values(PRESETS[START]))
    with gr.Row():
        plots = [
            gr.Plot(
                figure,
                label=words,
                show_label=False,
                elem_id=f"dense-guide-{name}",
                min_width=320,
            )
            for name, words, figure in (
                ("cifar10", t("densenet.guide_cifar10"), first),
                ("imagenet", t("densenet.guide_imagenet"), second),
            )
        ]
    page.on(grown.changes, draw, grown.inputs, plots, **LATEST)


def _name(key: str, t: Words) -> str:
    titles = {one.key: one.title for one in CATALOGUE}
    return titles[key] if key in titles else t(f"densenet.preset_{key}")


def values(plan: DensePlan) -> list[Any]:
    """A plan as the sliders' values: k, initial, theta, bottleneck, size, layers of four blocks."""
    layers = [*plan.blocks, *[0] * BLOCKS][:BLOCKS]
    return [plan.k, plan.initial, plan.theta, plan.bottleneck, plan.size, *layers]


def plan_of(
    base: str, k: float, initial: float, theta: float, bottleneck: bool, size: float, *layers: float
) -> DensePlan:
    """The plan that the sliders ask for; stem and classifier are those of the base.

    Raises:
        Problem: if a number is out of bounds.
    """
    return checked(
        replace(
            PRESETS[one_of(_key(base), PRESETS)],
            blocks=tuple(int(n) for n in layers if n),
            k=int(k),
            initial=int(initial),
            theta=float(theta),
            bottleneck=bottleneck,
            size=int(size),
        )
    )


def payload_of(t: Words, base: str, *chosen: Any) -> str:
    """What the diagram's script gets for a base and the sliders' values.

    Raises:
        Problem: if they make no network.
    """
    grown: Growth = growth(plan_of(base, *chosen))
    key, _, wish = base.partition("#")
    model = key if grown.plan == PRESETS[key] and key in LOADABLE else ""
    return dense_growth.payload(steps(grown), grown.plan.k, grown.plan.theta, model, wish, t)


def parts_of(wanted: str) -> tuple[str, int, int]:
    """Network, block and layer of a click that was kept as "network|block|layer|when".

    Raises:
        Problem: "server.no_event" if it is no such text.
    """
    model, *places = wanted.split("|")[:3]
    if model not in LOADABLE or len(places) < 2 or not all(map(str.isdecimal, places)):
        raise Problem("server.no_event")
    return model, int(places[0][:6]), int(places[1][:6])


def _key(base: str) -> str:
    return base.partition("#")[0]


def _sliders(t: Words) -> list[gr.components.Component]:
    k, initial, theta, bottleneck, size, *layers = values(PRESETS[START])
    with gr.Accordion(t("densenet.own"), open=False, elem_id="dense-own"):
        gr.HTML(f'<p class="hint">{html.escape(t("densenet.own_hint"))}</p>')
        with gr.Row():
            first = [
                gr.Slider(
                    4,
                    64,
                    k,
                    step=4,
                    label=t("densenet.k"),
                    info=t("densenet.k_info"),
                    min_width=200,
                    elem_id="dense-k",
                ),
                gr.Slider(
                    8,
                    256,
                    initial,
                    step=8,
                    label=t("densenet.initial"),
                    info=t("densenet.initial_info"),
                    min_width=200,
                ),
                gr.Slider(
                    0.1,
                    1,
                    theta,
                    step=0.05,
                    label=t("densenet.theta"),
                    info=t("densenet.theta_info"),
                    min_width=200,
                    elem_id="dense-theta",
                ),
            ]
        with gr.Row():
            blocks = [
                gr.Slider(
                    0 if number else 1,
                    64,
                    count,
                    step=1,
                    label=t("densenet.layers_of", block=number + 1),
                    info=t("densenet.layers_none") if number else None,
                    min_width=150,
                )
                for number, count in enumerate(layers)
            ]
        with gr.Row():
            tick = gr.Checkbox(bottleneck, label=t("densenet.bottleneck"), min_width=200)
            side = gr.Slider(
                8,
                512,
                size,
                step=8,
                label=t("densenet.size"),
                info=t("densenet.size_info"),
                min_width=200,
            )
    return [*first, tick, side, *blocks]


def _choose(page: Page, preset: gr.Radio, exercise: gr.Button, grown: Grown) -> None:
    """A preset sets all sliders, in the browser: the diagram is asked for once."""
    table = json.dumps({key: [key, *values(plan)] for key, plan in PRESETS.items()})
    page.on(preset.input, None, preset, grown.inputs, js=f"(key) => ({table})[key]")
    # From a link the sliders come with their own values.
    page.on(
        preset.change,
        None,
        [preset, grown.inputs[0]],
        grown.inputs[0],
        js='(key, base) => (base.split("#")[0] === key ? base : key)',
    )
    page.on(
        exercise.click,
        None,
        None,
        [preset, *grown.inputs],
        js=f"""() => {{
          const [key, ...sliders] = ({table})[{json.dumps(START)}];
          return [key, `${{key}}#${{Date.now()}}`, ...sliders];
        }}""",
    )


def _maps(page: Page, tab: str, diagram: gr.HTML, maps: gr.HTML) -> None:
    """What exactly one layer made of the photo, when the reader asks; follows a new photo."""
    t = page.words
    asked = hidden()

    def ask(event: gr.EventData) -> Iterator[Any]:
        model = one_of(text_of(event, "model"), LOADABLE)
        place = "|".join(str(number_of(event, name, 1_000)) for name in ("block", "layer"))
        # A download waits here, where it holds up nobody who runs a network.
        for drawn, _ in fetching.downloads([model], t):
            yield drawn or gr.skip(), gr.skip()
        yield gr.skip(), f"{model}|{place}|{text_of(event, 'asked')}"

    page.on(diagram.select, ask, None, [maps, asked])

    def show(photo: Photo, wanted: str) -> Any:
        if not wanted:
            return gr.skip()
        model, block, layer = parts_of(wanted)
        try:
            loaded = load(model)
        except Problem as problem:
            return told(problem, t, t("densenet.absent"))
        found = layer_maps(loaded, photo, block, layer)
        return dense_maps.view(
            found,
            photo_uri(photo.pixels, side=360),
            photo_ratio(photo.pixels),
            run(loaded, photo).scores.seen,
            t,
        )

    page.on_photo(tab, show, [asked], maps, also=[asked.change])
