"""Inside DenseNet: channels that grow, addition beside concatenation, who reads whom."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from demo.explain.passage import dense_passage, residual_passage
from demo.figures import dense_passage as lanes
from demo.figures.terms import explained
from demo.records import Photo, Problem
from demo.tabs import densenet_growth, densenet_reuse, fetching
from demo.tabs.page import Page, appearing, place
from demo.tabs.scene import Scene
from demo.tabs.wiring import told
from demo.zoo.catalogue import able
from demo.zoo.loading import load

ID = "densenet"
SCENES: tuple[Scene, ...] = ()
PAIRS = {
    name: (able("stages", dataset)[0].key, able("growth", dataset)[0].key)
    for name, dataset in (("mini", "cifar10"), ("large", "imagenet"))
}
"""The first network that adds and the first that concatenates, of each data set."""
MOST_STEPS = 3


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{explained(t("densenet.intro"), t)}</p>')
    grown = densenet_growth.build(page, ID)
    _title(t("densenet.passage_title"), t("densenet.passage_hint"))
    _passage(page)
    _title(t("densenet.reuse_title"), t("densenet.reuse_hint"))
    densenet_reuse.build(page, ID)
    _title(t("densenet.guide_title"), t("densenet.guide_hint"))
    densenet_growth.guide(page, grown)


def _title(words: str, hint: str) -> None:
    gr.HTML(
        f'<h3 class="dense-title">{html.escape(words)}</h3><p class="hint">{html.escape(hint)}</p>'
    )


def _passage(page: Page) -> None:
    t = page.words
    pair = gr.Radio(
        [(t(f"densenet.pair_{key}"), key) for key in PAIRS],
        value="mini",
        label=t("densenet.pair"),
        elem_id="passage-pair",
    )
    notice = place()
    shown = gr.HTML(js_on_load=lanes.SCRIPT, elem_id="passage")
    fetched = fetching.on_choice(page, pair, notice, PAIRS.__getitem__)

    def show(photo: Photo, key: str) -> Any:
        return [appearing(""), drawn(photo, key)]

    def drawn(photo: Photo, key: str) -> str:
        residual, dense = PAIRS[key]
        try:
            above = residual_passage(load(residual), photo, MOST_STEPS)
            below = dense_passage(load(dense), photo, len(above.added))
        except Problem as problem:
            return told(problem, t, t("densenet.absent"))
        return lanes.lanes(above, below, t)

    page.on_photo(ID, show, [pair], [notice, shown], also=[pair.change, fetched.change])
    page.link("pair", pair)
