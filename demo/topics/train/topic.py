"""Train your own: photos in classes, a new head on a trained network, what it came to, a try."""

from __future__ import annotations

import html
from functools import partial

import gradio as gr

from demo.page import own
from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.page.wiring import guarded
from demo.scripts import script
from demo.topics.train import api
from demo.topics.train.scenes import back, rivals, sets, taken, view, work
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.weights import readiness

ID = "train"
START = "efficientnet_lite0"
RIVAL = "mini_densenet"
CLASSES = Scene(ID, "classes")
LEARNING = Scene(ID, "learning", ("weights",), ("train",))
LEARNED = Scene(ID, "learned", ("weights",), ("train",))
RIVALS = Scene(ID, "rivals", ("weights",), ("train", "train-rival"))
TRIED = Scene(ID, "tried", ("photo", "weights"), ("train",))
SCENES = (CLASSES, LEARNING, LEARNED, RIVALS, TRIED)
SCRIPTS = {CLASSES: ("train_sets",), LEARNED: ("train_cloud",)}
"""Of the scenes whose picture takes a pointer and keys."""


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    token, seed = hidden("train-set"), hidden("train-seed", "0")
    loaded = hidden("train-back")
    shown = {}
    for scene in SCENES:
        with scene.stage(t):
            # Drawn when it is opened: the pictures would make every page half again as large.
            source = script(*SCRIPTS[scene]) if scene in SCRIPTS else None
            shown[scene] = gr.HTML(elem_id=f"in-{scene.id}", js_on_load=source)
            if scene is CLASSES:
                sets.build(page, shown[scene], token, seed)
            if scene is LEARNING:
                with controls():
                    stop = gr.Button(t("train.stop"), size="sm", elem_id="train-stop")
            if scene is TRIED:
                ready = gr.DownloadButton(visible="hidden")
                with controls():
                    take = gr.Button(t("train.take"), size="sm", elem_id="train-take")
                    load, again = back.buttons(t)
                back.wire(page, load, again, loaded)
            with more(t("scene.how")):
                notes(html.escape(t(f"train.{scene.id}_hint")))
    with controls("train"):
        model = gr.Dropdown(
            _offered(),
            value=START,
            label=t("train.model"),
            filterable=False,
            elem_id="train-model",
        )
        mode = gr.Radio(
            [(t(f"train.mode_{one}"), one) for one in work.MODES],
            value=work.MODES[0],
            label=t("train.mode"),
            elem_id="train-mode",
        )
    with controls("train-rival"):
        rival = gr.Dropdown(
            _offered(),
            value=RIVAL,
            label=t("train.rival"),
            filterable=False,
            elem_id="train-rival",
        )
    page.on_scene(CLASSES, partial(view.classes, t), [token, seed], shown[CLASSES])
    asked = [token, model, mode, seed]
    drawing = []
    for scene, fn, inputs in (
        (LEARNING, view.learning, asked),
        (LEARNED, view.learned, asked),
        (RIVALS, rivals.rivals, [*asked, rival]),
    ):
        one = page.on_scene(
            scene, partial(fn, t), inputs, shown[scene], heavy=True, instead=spec(START)
        )
        drawing.append(one)
    bare, trying = partial(view.bare_tried, t), [*asked, loaded]
    drawing.append(
        page.on_scene(
            TRIED, partial(view.tried, t), trying, shown[TRIED], bare=bare, instead=spec(START)
        )
    )
    # What was trained, or loaded, is there for the other topics.
    for one in drawing:
        one.then(
            guarded(own.named, t),
            None,
            page.own,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,
        )
    page.on(stop.click, work.stop)
    page.on(take.click, taken.taken, asked, ready, heavy=True).then(
        None, ready, None, js="(file) => four.take(file)", api_visibility="private"
    )
    page.link("train_model", model)
    page.link("train_mode", mode)
    page.link("train_rival", rival)
    page.link("train_seed", seed, [str(number) for number in range(work.SEEDS)])


def _offered() -> list[tuple[str, str]]:
    """The networks whose weights are here."""
    return [(one.title, one.key) for one in CATALOGUE if readiness(one) != "absent"]


TRAIN = Topic(ID, SCENES, build, api.register)
