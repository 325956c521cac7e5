"""Look closer: one explanation by several methods, against a class, through depth, and tested."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

import gradio as gr

from demo.page import fetching, own
from demo.page.components import changing
from demo.page.page import Page, place
from demo.page.picker import follow, linked, picker
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.scripts import script
from demo.topics.closer import api
from demo.topics.closer.figures.randomised import probe_name
from demo.topics.closer.records.breaking import KINDS
from demo.topics.closer.records.maps import METHODS as EVERY
from demo.topics.closer.records.sanity import PROBES
from demo.topics.closer.scenes import (
    breaking,
    fooling,
    mark,
    methods,
    parts,
    randomised,
    view,
)
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
BREAK = Scene(ID, "break", _LOOKS, ("closer-harm", "closer-networks"))
FOOL = Scene(ID, "fool", _LOOKS, ("closer-patch", "closer-networks"))
SCENES = (METHODS, AGAINST, LAYERS, FEATURES, MARK, BELIEVE, RANDOMISED, MEASURED, BREAK, FOOL)
SCRIPTS = {
    LAYERS: ("words", "closer_depth"),
    MARK: ("words", "closer_focus", "closer_mark", "closer_paint"),
    BREAK: ("words", "closer_focus", "closer_break", "closer_paint"),
    FOOL: ("words", "closer_focus", "closer_fool"),
}
"""Of the scenes whose picture takes a pointer and keys."""
MORE = {
    AGAINST: "closer.scale_more",
    LAYERS: "closer.scale_more",
    BREAK: "closer.break_more",
}
"""What the fold of a scene says, where it holds more than how to read it."""
STOPPED = (BELIEVE, RANDOMISED, BREAK, FOOL)
"""What may take long enough to be stopped, beside the methods."""


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t, notices = page.words, (place(), place())
    with METHODS.stage(t):
        maps = gr.HTML(
            methods.bare(t, START, "", "1/4", "1/2"), elem_id="in-methods", padding=False
        )
        stops = {METHODS: parts.stop(page, METHODS)}
        with more(t("closer.methods_more")):
            window, stride = parts.occlusion(t)
            notes(*(html.escape(t(f"closer.methods_hint.{name}")) for name in ("colours", "ask")))
    shown, scales = {METHODS: maps}, dict[Scene, gr.Checkbox]()
    for scene, drawn in (
        (AGAINST, view.bare_against(t, FIVE, "", "")),
        (LAYERS, view.bare_layers(t, FIVE, "")),
        (MARK, mark.bare(t, FIVE, "", "")),
        (BELIEVE, view.bare_believe(t, FIVE, "", "gradcam")),
        (RANDOMISED, randomised.bare(t, START, "", PROBES[0])),
        (BREAK, breaking.bare(t, FIVE, "", KINDS[0], breaking.BEGIN, "", "")),
        (FOOL, fooling.bare(t, FIVE, "", fooling.BEGIN, "")),
    ):
        source = script(*SCRIPTS[scene]) if scene in SCRIPTS else None
        with scene.stage(t):
            shown[scene] = gr.HTML(
                drawn, js_on_load=source, elem_id=f"in-{scene.id}", padding=False
            )
            if scene in STOPPED:
                stops[scene] = parts.stop(page, scene)
            with more(t(MORE.get(scene, "scene.how"))):
                if scene in (AGAINST, LAYERS):
                    scales[scene] = gr.Checkbox(
                        label=t("closer.one_scale"), elem_id=f"closer-{scene.id}-scale"
                    )
                if scene is BREAK:
                    folded = parts.class_box(t, "closer-break-class")
                notes(html.escape(t(f"closer.{scene.id}_hint")))
                if scene is LAYERS:
                    notes(html.escape(t("closer.depth_hint")))
    channels = features_stage(page, FEATURES)
    measured_scene(page, MEASURED)
    with controls("closer-class"):
        box = parts.class_box(t, "closer-class")
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
    kind, strength = parts.harm(t)
    side = parts.patch(t)
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
    label, other = linked(page, "closer_class", box, folded), linked(page, "closer_other", versus)
    fetched = fetching.on_choice(page, model, notices[0])
    all_fetched = fetching.on_choice(page, networks, notices[1], list)
    revealed = parts.marked(page, shown[MARK])
    harmed = parts.harmed(page, shown[BREAK])
    spot, search = parts.patched(page, shown[FOOL], side)
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
        (BREAK, breaking.breaking, breaking.bare, [networks, label, kind, strength, *harmed]),
        (FOOL, fooling.fooling, fooling.bare, [networks, spot, side, search]),
    ):
        drawing[scene] = page.on_scene(
            scene,
            partial(fn, t),
            inputs,
            shown[scene],
            bare=partial(bare, t),
            after=[all_fetched, page.own],
        )
    scrubbed(page, shown[LAYERS])
    wire_features(page, FEATURES, channels, model, label, fetched)
    for scene, stop in stops.items():
        page.on(stop.click, None, None, None, cancels=[drawing[scene]])
    page.on(second.click, None, None, other, js="() => ''")
    for one in ("closer-class", "closer-break-class"):
        follow(page, one, model, networks)
    follow(page, "closer-other", networks)
    for name, component in (
        ("closer", model),
        ("closer_networks", networks),
        ("closer_method", method),
        ("closer_window", window),
        ("closer_stride", stride),
        ("closer_probe", probe),
        ("closer_kind", kind),
        ("closer_strength", strength),
        ("closer_side", side),
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


CLOSER = Topic(ID, SCENES, build, api.register)
