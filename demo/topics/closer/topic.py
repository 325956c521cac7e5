"""Look closer: an explanation by several methods, against another class, through depth, tested."""

from __future__ import annotations

import html
from functools import partial

import gradio as gr

from demo.page import fetching
from demo.page.page import Page, place
from demo.page.picker import follow, linked, picker
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.scripts import script
from demo.topics.closer import api
from demo.topics.closer.records.maps import METHODS as EVERY
from demo.topics.closer.scenes import methods, view
from demo.topics.closer.scenes.chosen import FIVE, START, choices
from demo.zoo.catalogue import spec

ID = "closer"
_LOOKS = ("photo", "weights")
METHODS = Scene(ID, "methods", _LOOKS, ("closer-class", "closer-model"))
AGAINST = Scene(ID, "against", _LOOKS, ("closer-class", "closer-other", "closer-networks"))
LAYERS = Scene(ID, "layers", _LOOKS, ("closer-class", "closer-networks"))
BELIEVE = Scene(ID, "believe", _LOOKS, ("closer-class", "closer-method", "closer-networks"))
SCENES = (METHODS, AGAINST, LAYERS, BELIEVE)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t, notices = page.words, (place(), place())
    with METHODS.stage(t):
        maps = gr.HTML(
            methods.bare(t, START, "", "1/4", "1/2"), elem_id="in-methods", padding=False
        )
        stops = {METHODS: _stop(page, METHODS)}
        with more(t("closer.methods_more")):
            window, stride = _occlusion(page)
            notes(*(html.escape(t(f"closer.methods_hint.{name}")) for name in ("colours", "ask")))
    shown = {}
    for scene, drawn in (
        (AGAINST, view.bare_against(t, FIVE, "", "")),
        (LAYERS, view.bare_layers(t, FIVE, "")),
        (BELIEVE, view.bare_believe(t, FIVE, "", "gradcam")),
    ):
        with scene.stage(t):
            shown[scene] = gr.HTML(drawn, elem_id=f"in-{scene.id}", padding=False)
            if scene is BELIEVE:
                stops[scene] = _stop(page, scene)
            with more(t("scene.how")):
                notes(html.escape(t(f"closer.{scene.id}_hint")))
    with controls("closer-class"):
        box = picker(t, t("closer.class"), t("closer.own_class"), [START, *FIVE], "closer-class")
    with controls("closer-other"):
        versus = picker(t, t("closer.other"), t("closer.own_other"), FIVE, "closer-other")
        second = gr.Button(t("closer.second"), elem_id="closer-second", scale=0)
    with controls("closer-method"):
        method = gr.Radio(
            [(t(f"closer.method.{one}"), one) for one in EVERY],
            value=EVERY[0],
            label=t("closer.which_method"),
            elem_id="closer-method",
        )
    with controls("closer-model"):
        model = gr.Radio(choices(), value=START, label=t("closer.model"), elem_id="closer-model")
    with controls("closer-networks"):
        networks = gr.CheckboxGroup(
            choices(), value=FIVE, label=t("closer.networks"), elem_id="closer-networks"
        )
    label, other = linked(page, "closer_class", box), linked(page, "closer_other", versus)
    fetched = fetching.on_choice(page, model, notices[0])
    all_fetched = fetching.on_choice(page, networks, notices[1], list)
    drawing = {}
    drawing[METHODS] = page.on_scene(
        METHODS,
        partial(methods.methods, t),
        [model, label, window, stride],
        maps,
        bare=partial(methods.bare, t),
        instead=spec(START),
        after=[fetched],
    )
    for scene, fn, bare, inputs in (
        (AGAINST, view.against, view.bare_against, [networks, label, other]),
        (LAYERS, view.layers, view.bare_layers, [networks, label]),
        (BELIEVE, view.believe, view.bare_believe, [networks, label, method]),
    ):
        drawing[scene] = page.on_scene(
            scene,
            partial(fn, t),
            inputs,
            shown[scene],
            bare=partial(bare, t),
            after=[all_fetched],
        )
    for scene, stop in stops.items():
        page.on(stop.click, None, None, None, cancels=[drawing[scene]])
    page.on(second.click, None, None, other, js="() => ''")
    follow(page, "closer-class", model, networks)
    follow(page, "closer-other", networks)
    for name, component in (
        ("closer", model),
        ("closer_networks", networks),
        ("closer_method", method),
        ("closer_window", window),
        ("closer_stride", stride),
    ):
        page.link(name, component)


def _stop(page: Page, scene: Scene) -> gr.HTML:
    """The button that stops what is long, there while it is under way."""
    words = html.escape(page.words("closer.stop"))
    return gr.HTML(
        f'<button type="button" data-stop="{scene.id}">{words}</button>',
        js_on_load=script("closer_stop"),
        elem_classes="closer-stop",
        padding=False,
    )


def _occlusion(page: Page) -> tuple[gr.Radio, gr.Radio]:
    """The square that covers, and how far it moves on."""
    t = page.words
    window = gr.Radio(
        list(methods.WINDOWS), value="1/4", label=t("closer.window"), elem_id="closer-window"
    )
    stride = gr.Radio(
        list(methods.STRIDES), value="1/2", label=t("closer.stride"), elem_id="closer-stride"
    )
    return window, stride


CLOSER = Topic(ID, SCENES, build, api.register)
