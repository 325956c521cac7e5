"""Whether gradients reach every block, a scene of the ResNet topic; also for dense links."""

from __future__ import annotations

import html
from functools import partial

import gradio as gr

from demo.drawing.stage import staged
from demo.engine.ask import ask
from demo.page import photos
from demo.page.page import Page
from demo.page.scene import Scene, controls, more, notes
from demo.records import Photo
from demo.text import Words
from demo.topics.residual.figures import gradients as drawing
from demo.topics.residual.gradients import MODELS, gradients
from demo.zoo.catalogue import spec

START = "mini_resnet"
NORMS = ("stored", "live")
EXAMPLE = "ship"


def build(page: Page, scene: Scene) -> None:
    """Which network, and by what its BatchNorms normalise."""
    t = page.words
    shown = gr.HTML("", elem_id="in-flow")
    with controls():
        model = gr.Radio(
            [(one.title, one.key) for one in MODELS],
            value=START,
            label=t("residual.model"),
            elem_id="flow-model",
        )
        norm = gr.Radio(
            [(t(f"residual.flow_norm_{one}"), one) for one in NORMS],
            value="stored",
            label=t("residual.flow_norm"),
            elem_id="flow-norm",
        )
    with more(t("scene.how")):
        notes(html.escape(t("residual.flow_hint")), html.escape(t("residual.flow_claim")))
    page.on_scene(
        scene,
        partial(draw, t),
        [model, norm],
        shown,
        bare=partial(bare, t),
        instead=spec(START),
    )
    page.link("flow", model)
    page.link("flow_norm", norm)


def draw(t: Words, photo: Photo, key: str, norm: str) -> str:
    """The gradients of one network on the photo."""
    return _staged(t, photo, key, norm)


def bare(t: Words, key: str, norm: str) -> str:
    """The same of a drawn example where there is no photo: the networks are always here."""
    photo = photos.load(photos.of_example(EXAMPLE))
    assert photo is not None
    return _staged(t, photo, key, norm, t("residual.flow_bare"))


def _staged(t: Words, photo: Photo, key: str, norm: str, first: str = "") -> str:
    found = ask(gradients, key, photo, norm == "live")
    drawn = drawing.gradients(found, spec(key).family, t)
    words = t.sentences(html.escape(first), drawing.sentence(found, t))
    return staged(drawn, words, "drawing")
