"""Look closer: one explanation by several methods, against a class, through depth, and tested."""

from __future__ import annotations

import html
import json
from functools import partial
from typing import Any

import gradio as gr

from demo.page import fetching, own
from demo.page.components import changing
from demo.page.page import Page, hidden, place
from demo.page.picker import follow, linked, picker
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.scripts import script
from demo.topics.closer import api
from demo.topics.closer.figures.mark import PICKS
from demo.topics.closer.figures.randomised import probe_name
from demo.topics.closer.records.maps import METHODS as EVERY
from demo.topics.closer.records.marks import SHOWN
from demo.topics.closer.records.sanity import PROBES
from demo.topics.closer.scenes import mark, methods, randomised, view
from demo.topics.closer.scenes.chosen import FIVE, START, choices
from demo.topics.closer.scenes.wired import features_stage, measured_scene, scrubbed, wire_features
from demo.zoo.catalogue import spec

ID = "closer"
_LOOKS = ("photo", "weights")
METHODS = Scene(ID, "methods", _LOOKS, ("closer-class", "closer-model"))
AGAINST = Scene(ID, "against", _LOOKS, ("closer-class", "closer-other", "closer-networks"))
LAYERS = Scene(ID, "layers", _LOOKS, ("closer-class", "closer-networks"))
BELIEVE = Scene(ID, "believe", _LOOKS, ("closer-class", "closer-method", "closer-networks"))
MARK = Scene(ID, "mark", _LOOKS, ("closer-class", "closer-networks"))
RANDOMISED = Scene(ID, "randomised", _LOOKS, ("closer-class", "closer-probe", "closer-model"))
FEATURES = Scene(ID, "features", _LOOKS, ("closer-class", "closer-model"))
MEASURED = Scene(ID, "methods_measured")
SCENES = (METHODS, AGAINST, LAYERS, MARK, BELIEVE, RANDOMISED, FEATURES, MEASURED)


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
    shown, scales = {METHODS: maps}, dict[Scene, gr.Checkbox]()
    for scene, drawn in (
        (AGAINST, view.bare_against(t, FIVE, "", "")),
        (LAYERS, view.bare_layers(t, FIVE, "")),
        (MARK, mark.bare(t, FIVE, "", "")),
        (BELIEVE, view.bare_believe(t, FIVE, "", "gradcam")),
        (RANDOMISED, randomised.bare(t, START, "", PROBES[0])),
    ):
        own = {MARK: script("words", "closer_mark"), LAYERS: script("words", "closer_depth")}
        with scene.stage(t):
            shown[scene] = gr.HTML(
                drawn, js_on_load=own.get(scene), elem_id=f"in-{scene.id}", padding=False
            )
            if scene in (BELIEVE, RANDOMISED):
                stops[scene] = _stop(page, scene)
            scaled = scene in (AGAINST, LAYERS)
            with more(t("closer.scale_more" if scaled else "scene.how")):
                if scaled:
                    scales[scene] = gr.Checkbox(
                        label=t("closer.one_scale"), elem_id=f"closer-{scene.id}-scale"
                    )
                notes(html.escape(t(f"closer.{scene.id}_hint")))
                if scene is LAYERS:
                    notes(html.escape(t("closer.depth_hint")))
    channels = features_stage(page, FEATURES)
    measured_scene(page, MEASURED)
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
    with controls("closer-probe"):
        probe = gr.Radio(
            [(probe_name(one, t), one) for one in PROBES],
            value=PROBES[0],
            label=t("closer.which_probe"),
            elem_id="closer-probe",
        )
    with controls("closer-model"):
        model = changing(
            gr.Radio(choices(), value=START, label=t("closer.model"), elem_id="closer-model")
        )
    with controls("closer-networks"):
        networks = changing(
            gr.CheckboxGroup(
                choices(), value=FIVE, label=t("closer.networks"), elem_id="closer-networks"
            )
        )
    _offer_own(page, model, networks)
    label, other = linked(page, "closer_class", box), linked(page, "closer_other", versus)
    fetched = fetching.on_choice(page, model, notices[0])
    all_fetched = fetching.on_choice(page, networks, notices[1], list)
    made, revealed = hidden(), hidden()
    drawing = {}
    for scene, fn, bare, inputs in (
        (METHODS, methods.methods, methods.bare, [model, label, window, stride]),
        (RANDOMISED, randomised.randomised, randomised.bare, [model, label, probe]),
    ):
        drawing[scene] = page.on_scene(
            scene,
            partial(fn, t),
            inputs,
            shown[scene],
            bare=partial(bare, t),
            instead=spec(START),
            after=[fetched, page.own],
        )
    for scene, fn, bare, inputs in (
        (AGAINST, view.against, view.bare_against, [networks, label, other, scales[AGAINST]]),
        (LAYERS, view.layers, view.bare_layers, [networks, label, scales[LAYERS]]),
        (MARK, mark.mark, mark.bare, [networks, label, revealed]),
        (BELIEVE, view.believe, view.bare_believe, [networks, label, method]),
    ):
        drawing[scene] = page.on_scene(
            scene,
            partial(fn, t),
            inputs,
            shown[scene],
            bare=partial(bare, t),
            after=[all_fetched, page.own],
        )
    _wire_mark(page, shown[MARK], made, revealed)
    scrubbed(page, shown[LAYERS])
    wire_features(page, FEATURES, channels, model, label, fetched)
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
        ("closer_probe", probe),
        ("closer_mark", made),
        ("closer_against_scale", scales[AGAINST]),
        ("closer_layers_scale", scales[LAYERS]),
    ):
        page.link(name, component)


def _offer_own(page: Page, model: gr.Radio, networks: gr.CheckboxGroup) -> None:
    """The network that the page has trained can be chosen while there is one."""

    def offered(mark: str, one: str, several: list[str]) -> dict[Any, Any]:
        gone = not mark
        return {
            model: gr.update(choices=choices(), value=START if gone and one == own.KEY else one),
            networks: gr.update(
                choices=choices(),
                value=[key for key in several if not (gone and key == own.KEY)],
            ),
        }

    page.on(page.own.change, offered, [page.own, model, networks], [model, networks])


def _wire_mark(page: Page, board: gr.HTML, made: gr.Textbox, revealed: gr.Textbox) -> None:
    """The mark in its hidden box, and in another one only while its maps are to be seen: what is
    painted asks the server nothing.
    """
    name, end = json.dumps(PICKS), json.dumps(f".{SHOWN}")
    page.picks(board, PICKS, made)
    page.on(made.change, None, made, None, js=f"(mark) => four.tell({name}, mark)")
    page.on(made.change, None, made, revealed, js=f"(mark) => (mark.endsWith({end}) ? mark : '')")


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
