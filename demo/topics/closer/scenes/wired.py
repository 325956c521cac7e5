"""Scenes whose pictures are picked in or scrubbed, put on the page."""

from __future__ import annotations

import html
import json
from functools import partial
from typing import Any

import gradio as gr

from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.scripts import script
from demo.topics.closer.figures.channels import CHANNEL, SORT
from demo.topics.closer.figures.layers import PICKS as DEPTH
from demo.topics.closer.records.channels import BY
from demo.topics.closer.records.measured import DECOYS
from demo.topics.closer.scenes import features, measured
from demo.topics.closer.scenes.chosen import START
from demo.zoo.catalogue import spec


def scrubbed(page: Page, board: gr.HTML) -> None:
    """How deep the reader is, in a hidden box: the browser alone draws it."""
    page.link("closer_depth", _picked(page, board, DEPTH))


def features_stage(page: Page, scene: Scene) -> tuple[gr.HTML, gr.Radio]:
    """The picture of the feature maps, and which layer they are of."""
    t = page.words
    with scene.stage(t):
        board = gr.HTML(
            features.bare(t, START, "", features.PLACES[-1], "", ""),
            js_on_load=script("pick"),
            elem_id="in-features",
            padding=False,
        )
        with controls():
            place = gr.Radio(
                [(t(f"closer.place.{one}"), one) for one in features.PLACES],
                value=features.PLACES[-1],
                label=t("closer.which_place"),
                elem_id="closer-place",
            )
        with more(t("scene.how")):
            notes(html.escape(t("closer.features_hint")))
    return board, place


def wire_features(
    page: Page,
    scene: Scene,
    built: tuple[gr.HTML, gr.Radio],
    model: gr.Radio,
    label: Any,
    fetched: Any,
) -> None:
    """Keep the feature maps true to network, class, layer, order and channel."""
    t, (board, place) = page.words, built
    sort, channel = (_picked(page, board, one) for one in (SORT, CHANNEL))
    page.on_scene(
        scene,
        partial(features.features, t),
        [model, label, place, sort, channel],
        board,
        bare=partial(features.bare, t),
        instead=spec(START),
        after=[fetched, page.own],
    )
    page.link("closer_place", place)
    page.link("closer_sort", sort, BY)
    page.link("closer_channel", channel)


def measured_scene(page: Page, scene: Scene) -> None:
    """What was measured on many pictures; the decoy is its one control."""
    t = page.words
    with scene.stage(t):
        board = gr.HTML(measured.measured(t, DECOYS[0]), elem_id=f"in-{scene.id}", padding=False)
        with controls():
            decoy = gr.Radio(
                [(t(f"closer.decoy.{one}"), one) for one in DECOYS],
                value=DECOYS[0],
                label=t("closer.which_decoy"),
                elem_id="closer-decoy",
            )
        with more(t("scene.how")):
            notes(*map(html.escape, measured.how(t)))
    page.on_scene(scene, partial(measured.measured, t), [decoy], board, there=True)
    page.link("closer_decoy", decoy)


def _picked(page: Page, board: gr.HTML, name: str) -> gr.Textbox:
    """The hidden box of what is picked in a picture; a link's value is told to its script."""
    box = hidden()
    page.picks(board, name, box)
    page.on(box.change, None, box, None, js=f"(value) => four.tell({json.dumps(name)}, value)")
    return box
