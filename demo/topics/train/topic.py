"""Train your own: photos in classes, a new head on a trained network, what it came to, a try."""

from __future__ import annotations

import html
from functools import partial

import gradio as gr

from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.topics.train import api
from demo.topics.train.scenes import sets, taken, view, work
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.weights import readiness

ID = "train"
START = "efficientnet_lite0"
CLASSES = Scene(ID, "classes")
LEARNING = Scene(ID, "learning", ("weights",), ("train",))
LEARNED = Scene(ID, "learned", ("weights",), ("train",))
TRIED = Scene(ID, "tried", ("photo", "weights"), ("train",))
SCENES = (CLASSES, LEARNING, LEARNED, TRIED)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    token, seed = hidden("train-set"), hidden("train-seed", "0")
    shown = {}
    for scene in SCENES:
        with scene.stage(t):
            # Drawn when it is opened: the pictures would make every page half again as large.
            shown[scene] = gr.HTML(elem_id=f"in-{scene.id}")
            if scene is CLASSES:
                sets.build(page, token, seed)
            if scene is LEARNING:
                with controls():
                    stop = gr.Button(t("train.stop"), size="sm", elem_id="train-stop")
            if scene is TRIED:
                ready = gr.DownloadButton(visible="hidden")
                with controls():
                    take = gr.Button(t("train.take"), size="sm", elem_id="train-take")
            with more(t("scene.how")):
                notes(html.escape(t(f"train.{scene.id}_hint")))
    with controls("train"):
        model = gr.Dropdown(
            [(one.title, one.key) for one in CATALOGUE if readiness(one) != "absent"],
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
    page.on_scene(CLASSES, partial(view.classes, t), [token, seed], shown[CLASSES])
    asked = [token, model, mode, seed]
    for scene, fn in ((LEARNING, view.learning), (LEARNED, view.learned)):
        page.on_scene(scene, partial(fn, t), asked, shown[scene], heavy=True, instead=spec(START))
    bare = partial(view.bare_tried, t)
    page.on_scene(
        TRIED, partial(view.tried, t), asked, shown[TRIED], bare=bare, instead=spec(START)
    )
    page.on(stop.click, work.stop)
    page.on(take.click, taken.taken, asked, ready, heavy=True).then(
        None, ready, None, js="(file) => four.take(file)", api_visibility="private"
    )
    page.link("train_model", model)
    page.link("train_mode", mode)
    page.link("train_seed", seed, [str(number) for number in range(work.SEEDS)])


TRAIN = Topic(ID, SCENES, build, api.register)
