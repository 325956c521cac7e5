"""Which model? A chooser, a chart and a table of all networks, and times measured on demand."""

from __future__ import annotations

import html
from typing import Any

import gradio as gr

from demo.arithmetic.choice import PRESETS, answer, preset_of, verdict
from demo.explain.candidates import candidates
from demo.figures import choice_answer, choice_fair, choice_words
from demo.figures.terms import explained
from demo.records.choice import CRITERIA, Pool, Wish
from demo.tabs import choice_chart, choice_times
from demo.tabs.components import optional_number
from demo.tabs.page import Page, hidden
from demo.tabs.scene import Scene
from demo.tabs.wiring import LATEST
from demo.text import Words

ID = "choice"
SCENES: tuple[Scene, ...] = ()
POOLS: tuple[Pool, ...] = ("four", "imagenet", "cifar10")
START = "phone"


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{explained(t("choice.intro"), t)}</p>')
    measured = hidden()
    with gr.Row(elem_id="choice-chooser"):
        with gr.Column(elem_id="choice-wish"):
            preset, controls = _controls(t)
        with gr.Column(elem_id="choice-result"):
            start = [START, "four", *PRESETS[START].wish.weights.values(), None, None, False, False]
            result = gr.HTML(show(t, *start[1:]), elem_id="choice-answer")
    page.on(preset.input, _of_preset, preset, controls[1:7])
    page.on(
        [*(one.change for one in controls), measured.change],
        lambda *values: [preset_of(wish(*values)), show(t, *values)],
        controls,
        [preset, result],
        **LATEST,
    )
    names = ("among", *(f"w_{one}" for one in CRITERIA), "mb", "ms", "offline", "v2")
    for name, one in zip(names, controls, strict=True):
        page.link(name, one)
    choice_chart.build(page, measured)
    choice_times.build(page, measured)
    _fair(t)


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
    name = preset_of(found.wish)
    if name is None:
        return choice_answer.answer(found, "", None, "", t)
    said = verdict(found, name)
    if said is None:
        words = t("choice.no_advice_pool") if found.wish.pool == "cifar10" else ""
        return choice_answer.answer(found, words, None, "", t)
    titles = {row.key: row.title for row in table}
    advice = choice_words.advice(found, said, titles, t)
    note = choice_words.note(name, table, found, t)
    return choice_answer.answer(found, advice, said.agrees, note, t)


def _of_preset(name: str) -> list[Any]:
    chosen = PRESETS[name].wish
    return [*(chosen.weights[one] for one in CRITERIA), chosen.megabytes]


def _controls(t: Words) -> tuple[Any, list[Any]]:
    """The scenarios, and what the answer depends on in the order of `wish`."""
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
    gr.HTML(f'<p class="small-title">{html.escape(t("choice.weights"))}</p>')
    with gr.Group(elem_id="choice-weights"):
        weights = [
            gr.Slider(
                0,
                5,
                PRESETS[START].wish.weights[one],
                step=1,
                label=t(f"choice.criterion_{one}"),
                elem_id=f"choice-w-{one}",
            )
            for one in CRITERIA
        ]
    with gr.Accordion(t("choice.limits"), open=False, elem_id="choice-limits"):
        empty = t("choice.no_limit")
        mb = optional_number(empty, label=t("choice.megabytes"), elem_id="choice-mb")
        ms = optional_number(empty, label=t("choice.milliseconds"), elem_id="choice-ms")
        offline = gr.Checkbox(False, label=t("choice.offline"), elem_id="choice-offline")
        second = gr.Checkbox(False, label=t("choice.second"), elem_id="choice-second")
        gr.HTML(f'<p class="hint">{explained(t("choice.second_info"), t, "recipe")}</p>')
    return preset, [pool, *weights, mb, ms, offline, second]


def _fair(t: Words) -> None:
    rows = [row for row in candidates() if row.dataset == "cifar10"]
    gr.HTML(
        f"<h3>{html.escape(t('choice.fair_title'))}</h3>"
        f"<p>{html.escape(choice_fair.verdict(rows, t))}</p>",
        elem_id="choice-fair-words",
    )
    gr.Plot(
        choice_fair.fair(rows, t),
        label=t("choice.fair_title"),
        show_label=False,
        visible=bool(choice_fair.measured(rows)),
        elem_id="choice-fair",
    )
