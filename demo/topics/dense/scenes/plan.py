"""The plan of a DenseNet, from presets and sliders, and the scenes that show it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.heat import photo_address, photo_ratio
from demo.engine.ask import ask
from demo.engine.predict import scores
from demo.page import fetching
from demo.page.page import Page, hidden, place
from demo.page.scene import Scene, controls
from demo.page.sent import one_of
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.dense.anatomy import layer_maps
from demo.topics.dense.figures import growth as dense_growth, guide, maps as dense_maps
from demo.topics.dense.numbers.growth import PRESETS, checked, growth, steps
from demo.topics.dense.numbers.published import CIFAR10, IMAGENET
from demo.topics.dense.records import DensePlan
from demo.zoo.catalogue import CATALOGUE, able

START = "lecture"
BLOCKS = 4
LOADABLE = {one.key for one in able("growth")}
STEP = "dense-step"
MAPS = "dense-maps"


@dataclass(frozen=True)
class Grown:
    """The diagram, and what one of its layers made of the photo."""

    diagram: gr.HTML
    maps: gr.HTML


@dataclass(frozen=True)
class Charts:
    """Published errors on both data sets, and what they say."""

    cifar10: gr.Plot
    imagenet: gr.Plot
    sentence: gr.HTML


def pictures(page: Page) -> Grown:
    """The picture of the growing scene; its script puts sentence and buttons below it."""
    t = page.words
    with gr.Row(elem_classes=["picture-drawing", "dense-picture"]):
        diagram = gr.HTML(
            growing(t, START, *values(PRESETS[START])),
            html_template=dense_growth.TEMPLATE,
            js_on_load=dense_growth.SCRIPT,
            apply_default_css=False,
            padding=False,
            elem_id="dense-growth",
        )
        maps = gr.HTML(elem_id="dense-maps", padding=False)
    gr.HTML(
        html_template=dense_growth.BELOW,
        apply_default_css=False,
        padding=False,
        elem_id="dense-told",
    )
    return Grown(diagram, maps)


def charts(page: Page) -> Charts:
    """Two charts beside each other, and their sentence."""
    t = page.words
    first = growth(PRESETS[START]).parameters
    with gr.Row(elem_classes=["picture-chart", "dense-guides"]):
        plots = [
            gr.Plot(
                guide.guide(published, label, first, t),
                label=label,
                show_label=False,
                elem_id=f"dense-guide-{name}",
                min_width=300,
            )
            for name, published, label in (
                ("cifar10", CIFAR10, t("densenet.guide_cifar10")),
                ("imagenet", IMAGENET, t("densenet.guide_imagenet")),
            )
        ]
    says = guide.sentence(CIFAR10, IMAGENET, first, t)
    return Charts(*plots, gr.HTML(says, elem_id="dense-guide-says", padding=False))


def controls_of(page: Page) -> list[gr.components.Component]:
    """Presets, exercise and sliders; gives the inputs from which a plan follows."""
    t = page.words
    # What the sliders start from; it changes together with them, never before. After a "#" stands
    # a wish to see it played, which travels with the numbers it is about and comes back with them.
    base = hidden("dense-base", START)
    with controls("dense-plan"):
        with gr.Row(equal_height=True, elem_classes="dense-presets"):
            preset = gr.Radio(
                [(_name(key, t), key) for key in PRESETS],
                value=START,
                label=t("densenet.preset"),
                elem_id="dense-preset",
                scale=5,
            )
            exercise = gr.Button(t("densenet.exercise"), elem_id="dense-exercise", scale=1)
        sliders = _sliders(t)
    inputs = [base, *sliders]
    _choose(page, preset, exercise, inputs)
    page.link("plan", preset)
    names = ("plan_k", "plan_initial", "plan_theta", "plan_bottleneck", "plan_size")
    for name, one in zip((*names, *(f"plan_{i + 1}" for i in range(BLOCKS))), sliders, strict=True):
        page.link(name, one)
    return inputs


def wire(page: Page, scene: Scene, grown: Grown, plan: list[gr.components.Component]) -> None:
    """The diagram follows the plan, and its step the link."""
    page.on_scene(scene, partial(growing, page.words), plan, grown.diagram, there=True)
    step = hidden(STEP)
    _both_ways(page, grown.diagram, STEP, step)
    page.link("dense_step", step)


def wire_maps(page: Page, scene: Scene, grown: Grown, plan: list[gr.components.Component]) -> None:
    """The maps of the layer that is opened in the diagram; its network is fetched if need be."""
    t, layer, notice = page.words, hidden(MAPS), place()
    _both_ways(page, grown.diagram, MAPS, layer)
    fetched = fetching.on_choice(page, layer, notice, lambda value: list(layer_of(value)[:1]))
    page.on_scene(scene, partial(maps, t), [layer, *plan], grown.maps, after=[fetched])
    page.link("dense_layer", layer)


def wire_charts(
    page: Page, scene: Scene, shown: Charts, plan: list[gr.components.Component]
) -> None:
    """The charts follow the plan."""
    t = page.words

    def draw(*chosen: Any) -> dict[gr.components.Component, Any]:
        try:
            parameters = growth(plan_of(*chosen)).parameters
        except Problem as problem:
            return {shown.sentence: told(problem, t)}
        return {
            shown.cifar10: guide.guide(CIFAR10, t("densenet.guide_cifar10"), parameters, t),
            shown.imagenet: guide.guide(IMAGENET, t("densenet.guide_imagenet"), parameters, t),
            shown.sentence: guide.sentence(CIFAR10, IMAGENET, parameters, t),
        }

    page.on_scene(scene, draw, plan, [shown.cifar10, shown.imagenet, shown.sentence], there=True)


def growing(t: Words, base: str, *chosen: Any) -> str:
    """What the diagram's script gets for a base and the sliders' values: numbers, or a refusal."""
    try:
        grown = growth(plan_of(base, *chosen))
    except Problem as problem:
        return told(problem, t)
    wish = base.partition("#")[2]
    model = model_of(base, *chosen)
    return dense_growth.payload(steps(grown), grown.plan.k, grown.plan.theta, model, wish, t)


def model_of(base: str, *chosen: Any) -> str:
    """The loadable network that the plan is; "" where there is none."""
    key = _key(base)
    return key if key in LOADABLE and plan_of(base, *chosen) == PRESETS[key] else ""


def maps(t: Words, photo: Photo, layer: str, base: str, *chosen: Any) -> str:
    """What exactly one layer made of the photo; nothing where the plan is another network."""
    wanted = layer_of(layer)
    try:
        model = model_of(base, *chosen)
    except Problem:
        return ""
    if not wanted or wanted[0] != model:
        return ""
    return dense_maps.view(
        ask(layer_maps, model, photo, *wanted[1:]),
        photo_address(photo, side=360),
        photo_ratio(photo.pixels),
        ask(scores, model, photo).seen,
        t,
    )


def layer_of(name: str) -> tuple[()] | tuple[str, int, int]:
    """Network, block and layer of "network,block,layer"; () where there is no such layer."""
    model, *places = name.split(",")
    if model not in LOADABLE or len(places) != 2:
        return ()
    if not all(place.isdecimal() and len(place) < 4 for place in places):
        return ()
    block, layer = map(int, places)
    counts = PRESETS[model].blocks
    inside = 1 <= block <= len(counts) and 1 <= layer <= counts[block - 1]
    return (model, block, layer) if inside else ()


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


def _name(key: str, t: Words) -> str:
    titles = {one.key: one.title for one in CATALOGUE}
    return titles[key] if key in titles else t(f"densenet.preset_{key}")


def _key(base: str) -> str:
    return base.partition("#")[0]


def _sliders(t: Words) -> list[gr.components.Component]:
    k, initial, theta, bottleneck, size, *layers = values(PRESETS[START])
    with gr.Accordion(t("densenet.own"), open=False, elem_id="dense-own"):
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
                elem_id="dense-size",
                label=t("densenet.size"),
                info=t("densenet.size_info"),
                min_width=200,
            )
    return [*first, tick, side, *blocks]


def _both_ways(page: Page, diagram: gr.HTML, name: str, box: gr.Textbox) -> None:
    """What is chosen in the diagram is kept in the box, and what a link puts there is drawn."""
    page.picks(diagram, name, box)
    page.on(box.change, None, box, None, js=f"(value) => four.tell({json.dumps(name)}, value)")


def _choose(
    page: Page, preset: gr.Radio, exercise: gr.Button, plan: list[gr.components.Component]
) -> None:
    """A preset sets all sliders, in the browser: the diagram is asked for once."""
    table = json.dumps({key: [key, *values(plan)] for key, plan in PRESETS.items()})
    page.on(preset.input, None, preset, plan, js=f"(key) => ({table})[key]")
    # From a link the sliders come with their own values.
    page.on(
        preset.change,
        None,
        [preset, plan[0]],
        plan[0],
        js='(key, base) => (base.split("#")[0] === key ? base : key)',
    )
    numbers = json.dumps(values(PRESETS[START]))
    page.on(
        exercise.click,
        None,
        None,
        [preset, *plan],
        js=f'() => ["{START}", `{START}#${{Date.now()}}`, ...{numbers}]',
    )
