"""DenseNet: growing channels, addition beside concatenation, who reads whom, which growth rate."""

from __future__ import annotations

import html
from collections.abc import Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.terms import explained
from demo.engine.ask import ask
from demo.lane import Turn
from demo.page import fetching
from demo.page.page import Page, hidden, place
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.records import Photo
from demo.scripts import script
from demo.text import Words
from demo.topics.dense import api, links
from demo.topics.dense.figures import matrix as dense_matrix
from demo.topics.dense.numbers.reads import LAYERS
from demo.topics.dense.records import READINGS, LinkEffects
from demo.topics.dense.scenes import plan as densenet_plan, view
from demo.zoo.catalogue import spec

ID = "densenet"
GROWTH = Scene(ID, "growth", ("photo",), ("dense-plan",))
PASSAGE = Scene(ID, "passage", ("photo", "weights"), ("dense-pair",))
READERS = Scene(ID, "readers", ("photo", "weights"), ("dense-network",))
RATE = Scene(ID, "rate", (), ("dense-plan",))
READS = Scene(ID, "reads")
SCENES = (GROWTH, PASSAGE, READS, READERS, RATE)

CELL = "dense-cell"
BLOCK = "dense-block"
_PROGRESS = gr.Progress()


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    with GROWTH.stage(t):
        grown = densenet_plan.pictures(page)
        with more(t("scene.how")):
            notes(
                explained(t("densenet.intro"), t),
                html.escape(t("densenet.maps_empty")),
                html.escape(t("densenet.own_hint")),
            )
    with PASSAGE.stage(t):
        passage = gr.HTML(
            view.bare_passage(t, "mini"), js_on_load=script("dense_passage"), elem_id="passage"
        )
        with more(t("scene.how")):
            notes(html.escape(t("densenet.passage_hint")))
    with READS.stage(t):
        _reads(page)
    with READERS.stage(t):
        readers = gr.HTML(js_on_load=dense_matrix.SCRIPT, elem_id="reuse")
        with controls():
            reading = _reading(t)
        with more(t("densenet.readers_more")):
            each = gr.Checkbox(True, label=t("densenet.each"), container=False)
            notes(html.escape(t("densenet.reuse_hint")), html.escape(t("densenet.cut_hint")))
            observed = gr.HTML(elem_id="reuse-observations")
            button = gr.Button(t("densenet.cut_all"), elem_id="cut-all")
            notes(html.escape(t("densenet.cut_all_hint")))
            effects = gr.HTML(js_on_load=dense_matrix.SCRIPT, elem_id="cut-matrix")
    with RATE.stage(t):
        charts = densenet_plan.charts(page)
        with more(t("scene.how")):
            notes(html.escape(t("densenet.guide_hint")))
    plan = densenet_plan.controls_of(page)
    densenet_plan.wire(page, replace(GROWTH, needs=()), grown, plan)
    densenet_plan.wire_maps(page, replace(GROWTH, needs=("photo", "weights")), grown, plan)
    densenet_plan.wire_charts(page, RATE, charts, plan)
    _passage(page, passage)
    _readers(page, readers, reading, each, observed, button, effects)


def _reads(page: Page) -> None:
    t = page.words
    shown = gr.HTML(view.reads(t, view.READER), elem_id="in-reads")
    with controls():
        layer = gr.Slider(
            1, LAYERS, view.READER, step=1, label=t("densenet.reads_layer"), elem_id="reads-layer"
        )
    with more(t("scene.how")):
        notes(html.escape(t("densenet.reads_hint")), html.escape(t("densenet.reads_claim")))
    page.on_scene(READS, partial(view.reads, t), [layer], shown, there=True)
    page.link("reads_layer", layer)


def _passage(page: Page, shown: gr.HTML) -> None:
    t, notice = page.words, place()
    with controls("dense-pair"):
        pair = gr.Radio(
            [(t(f"densenet.pair_{key}"), key) for key in view.PAIRS],
            value="mini",
            label=t("densenet.pair"),
            elem_id="passage-pair",
        )
    fetched = fetching.on_choice(page, pair, notice, view.PAIRS.__getitem__)
    page.on_scene(
        PASSAGE,
        partial(view.passage, t),
        [pair],
        shown,
        bare=partial(view.bare_passage, t),
        after=[fetched],
    )
    page.link("pair", pair)


def _reading(t: Words) -> gr.Radio:
    return gr.Radio(
        [(t(f"densenet.reading_{name}"), name) for name in READINGS],
        value="raw",
        label=t("densenet.reading"),
        info=t("densenet.reading_info"),
        elem_id="reuse-reading",
    )


def _readers(
    page: Page,
    shown: gr.HTML,
    reading: gr.Radio,
    each: gr.Checkbox,
    observed: gr.HTML,
    button: gr.Button,
    effects: gr.HTML,
) -> None:
    t, notice = page.words, place()
    block, cell = hidden(BLOCK), hidden(CELL)
    with controls("dense-network"):
        model = gr.Radio(
            [(one.title, one.key) for one in view.MODELS],
            value=view.START,
            label=t("densenet.model"),
            elem_id="reuse-model",
        )
        strip = gr.HTML(
            view.blocks(t, view.START, ""), js_on_load=script("pick"), elem_id="reuse-block"
        )
    fetched = fetching.on_choice(page, model, notice)
    page.on_scene(
        READERS,
        partial(view.readers, t),
        [model, block, reading, each, cell],
        shown,
        bare=partial(view.bare_readers, t),
        instead=spec(view.START),
        after=[fetched],
    )
    page.on_scene(
        READERS,
        partial(view.observed, t),
        [model, reading],
        observed,
        after=[fetched],
    )
    page.on([model.change, block.change], partial(view.blocks, t), [model, block], strip)
    page.picks(strip, BLOCK, block)
    for matrix in (shown, effects):
        page.picks(matrix, CELL, cell)
    _every_link(page, model, block, button, effects)
    page.link("dense", model)
    page.link("dense_block", block)
    page.link("reading", reading)
    page.link("dense_each", each)
    page.link("dense_cell", cell)


def _every_link(
    page: Page, model: gr.Radio, block: gr.Textbox, button: gr.Button, shown: gr.HTML
) -> None:
    """All links of the block cut, one at a time; the page says how far it is."""
    t = page.words

    def run(
        photo: Photo | None, key: str, name: str, progress: gr.Progress = _PROGRESS
    ) -> Iterator[Any]:
        if photo is None:
            yield gr.skip()
            return
        number = view.opened(key, name)

        def told() -> Generator[Turn, None, LinkEffects]:
            steps = ask(links.effects, key, photo, number)
            while True:
                try:
                    done, total = next(steps)
                except StopIteration as end:
                    return end.value
                words = t("densenet.effects_progress", done=done, total=total)
                progress((done, total), desc=words)
                yield Turn.NETWORK

        found = yield from told()
        yield view.effects(t, key, found)

    inputs = [page.photo, model, block]
    page.on(button.click, run, inputs, shown, heavy=True, show_progress="full")
    # What it shows is of that photo, network and block alone.
    changes = [model.change, block.change, page.photo_key.change]
    page.on(changes, None, None, shown, js="() => ''")


DENSE = Topic(ID, SCENES, build, api.register)
