"""Which model? A chooser, a chart and a table of all networks, and the bundled ones' experiment."""

from __future__ import annotations

import html
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.stage import staged
from demo.drawing.terms import explained
from demo.page.components import optional_number
from demo.page.page import Page, hidden
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.page.wiring import LATEST
from demo.text import Words
from demo.topics.choice import api
from demo.topics.choice.candidates import candidates
from demo.topics.choice.efficiency import efficiency
from demo.topics.choice.figures import (
    answer as choice_answer,
    efficiency as claims,
    fair,
    words as choice_words,
)
from demo.topics.choice.numbers import PRESETS, answer, preset_of, verdict
from demo.topics.choice.records import CRITERIA, Pool, Wish
from demo.topics.choice.scenes import chart, times

ID = "choice"
ANSWER = Scene(ID, "answer")
CHART = Scene(ID, "chart")
TABLE = Scene(ID, "table")
FAIR = Scene(ID, "fair")
EFFICIENCY = Scene(ID, "efficiency")
SCENES = (ANSWER, CHART, TABLE, FAIR, EFFICIENCY)
POOLS: tuple[Pool, ...] = ("four", "imagenet", "cifar10")
START = "phone"


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    # Changes whenever a time is new.
    measured = hidden()
    with ANSWER.stage(t):
        _answer(page, measured)
    with CHART.stage(t):
        chart.build(page, CHART, measured)
    with TABLE.stage(t):
        times.build(page, measured)
    with FAIR.stage(t):
        _fair(t)
    with EFFICIENCY.stage(t):
        _efficiency(t)


def _answer(page: Page, measured: gr.Textbox) -> None:
    t = page.words
    start = [START, "four", *PRESETS[START].wish.weights.values(), None, None, False, False]
    shown = gr.HTML(show(t, *start[1:]), elem_id="choice-answer")
    with controls():
        preset = gr.Radio(
            [(t(f"choice.preset_{name}"), name) for name in PRESETS],
            value=START,
            label=t("choice.scenario"),
            elem_id="choice-preset",
        )
        pool = gr.Radio(
            [(t(f"choice.pool_{name}"), name) for name in POOLS],
            value="four",
            label=t("choice.pool"),
            elem_id="choice-pool",
        )
    with more(t("choice.weights")), gr.Row(elem_id="choice-weights"):
        weights = [
            gr.Slider(
                0,
                5,
                PRESETS[START].wish.weights[one],
                step=1,
                label=t(f"choice.criterion_{one}"),
                elem_id=f"choice-w-{one}",
                min_width=200,
            )
            for one in CRITERIA
        ]
    with gr.Accordion(
        t("choice.limits"), open=False, elem_id="choice-limits", elem_classes="scene-more"
    ):
        limits = _limits(t)
    with more(t("scene.how")):
        notes(explained(t("choice.intro"), t), html.escape(t("choice.scoring")))
    asked = [pool, *weights, *limits]
    page.on(preset.input, _of_preset, preset, [*weights, limits[0]])
    page.on(
        [one.change for one in asked],
        lambda *values: preset_of(wish(*values)),
        asked,
        preset,
        **LATEST,
    )
    page.on_scene(ANSWER, partial(show, t), asked, shown, after=[measured], there=True)
    names = ("among", *(f"w_{one}" for one in CRITERIA), "mb", "ms", "offline", "v2")
    for name, one in zip(names, asked, strict=True):
        page.link(name, one)


def _limits(t: Words) -> list[Any]:
    empty = t("choice.no_limit")
    with gr.Row():
        mb = optional_number(empty, label=t("choice.megabytes"), elem_id="choice-mb")
        ms = optional_number(empty, label=t("choice.milliseconds"), elem_id="choice-ms")
    offline = gr.Checkbox(False, label=t("choice.offline"), elem_id="choice-offline")
    second = gr.Checkbox(False, label=t("choice.second"), elem_id="choice-second")
    notes(explained(t("choice.second_info"), t, "recipe"))
    return [mb, ms, offline, second]


def wish(pool: Pool, *values: Any) -> Wish:
    """The controls' values as a record: five weights, MB, ms, offline, V2."""
    weights, (mb, ms, offline, second) = values[:5], values[5:]
    return Wish(
        {one: int(weight) for one, weight in zip(CRITERIA, weights, strict=True)},
        pool,
        float(mb) if mb else None,
        float(ms) if ms else None,
        bool(offline),
        bool(second),
    )


def show(t: Words, *values: Any) -> str:
    """The answer to a wish, with the lecture's advice where the weights are a scenario's."""
    table = candidates()
    found = answer(table, wish(*values))
    advice, agrees, note = "", None, ""
    name = preset_of(found.wish)
    said = verdict(found, name) if name else None
    if name and said:
        titles = {row.key: row.title for row in table}
        advice, agrees = choice_words.advice(found, said, titles, t), said.agrees
        note = choice_words.note(name, table, found, t)
    elif name and found.wish.pool == "cifar10":
        advice = t("choice.no_advice_pool")
    drawn = choice_answer.answer(found, advice, agrees, note, t)
    return staged(drawn, html.escape(choice_words.first_and_next(found, t)))


def _of_preset(name: str) -> list[Any]:
    chosen = PRESETS[name].wish
    return [*(chosen.weights[one] for one in CRITERIA), chosen.megabytes]


def _fair(t: Words) -> None:
    rows = [row for row in candidates() if row.dataset == "cifar10"]
    with gr.Column(elem_classes="picture-html"):
        gr.Plot(
            fair.fair(rows, t),
            label=FAIR.title(t),
            show_label=False,
            visible=bool(fair.measured(rows)),
            elem_id="choice-fair",
        )
    words = html.escape(fair.verdict(rows, t))
    gr.HTML(f'<p class="scene-sentence">{words}</p>', elem_id="choice-fair-words")


def _efficiency(t: Words) -> None:
    found = efficiency()
    gr.HTML(
        staged(claims.efficiency(found, t), claims.sentence(found, t), "drawing"),
        elem_id="choice-efficiency",
    )
    with more(t("scene.how")):
        notes(html.escape(t("choice.efficiency_hint")), html.escape(t("choice.efficiency_claim")))


CHOICE = Topic(ID, SCENES, build, api.register)
