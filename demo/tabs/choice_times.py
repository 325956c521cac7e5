"""The table of all networks, and their times measured one after the other on demand."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.arithmetic.choice import members
from demo.explain.candidates import candidates
from demo.explain.profile import TIMES, timing
from demo.figures.choice_table import table
from demo.scripts import script
from demo.tabs.page import Page, hidden
from demo.text import Words
from demo.zoo.catalogue import spec

SETS = ("small", "four", "imagenet")


def build(page: Page, measured: Any) -> None:
    """The table and its measuring; `measured` changes whenever a time is new."""
    t = page.words
    gr.HTML(f"<h3>{html.escape(t('choice.table_title'))}</h3>")
    with gr.Row(elem_id="choice-measure"):
        which = gr.Radio(
            [(t(f"choice.measure_{name}"), name) for name in SETS],
            value="small",
            label=t("choice.measure_which"),
            elem_id="choice-which",
        )
        start = gr.Button(
            t("choice.measure"), variant="primary", scale=0, elem_id="choice-measure-now"
        )
        stop = gr.Button(t("choice.stop"), scale=0, visible="hidden", elem_id="choice-stop")
    status = gr.HTML(elem_id="choice-status")
    sort = script("sorted_table")
    rows = gr.HTML(table(candidates(), t), js_on_load=sort, elem_id="choice-table")
    gr.HTML(
        f'<p class="hint">{html.escape(t("choice.table_hint"))}</p>'
        f'<p class="hint">{html.escape(t("choice.measure_note"))}</p>'
    )
    # What is still to be timed, one network an event: each waits its turn in the networks' queue,
    # so that a long list keeps nobody else waiting for more than one network.
    waiting = hidden("choice-waiting")
    page.on(start.click, lambda name: ",".join(chosen(name)), which, waiting)

    def measure(left: str, seen: str) -> Iterator[list[Any]]:
        yield from _measure(left, seen, t)

    running = page.on(
        waiting.change,
        measure,
        [waiting, measured],
        [waiting, measured, status, stop],
        heavy=True,
        patient=True,
    )
    page.on(
        stop.click,
        lambda: ["", _status(t("choice.stopped")), gr.update(visible="hidden")],
        None,
        [waiting, status, stop],
        cancels=[running],
    )
    page.on(measured.change, lambda: table(candidates(), t), None, rows)
    # Whoever opens the page later sees what was measured before: table, chart and answer.
    root = gr.context.Context.root_block
    page.on(root.load, lambda: " ".join(TIMES), None, measured)


def chosen(name: str) -> list[str]:
    """Keys of a set, in the order in which they are timed. V2 weights take V1's time."""
    if name == "small":
        rows = [row for row in candidates() if row.dataset == "cifar10"]
        return [*(row.key for row in rows), "efficientnet_lite0"]
    return [row.key for row in members(candidates(), "four" if name == "four" else "imagenet")]


def _measure(left: str, seen: str, t: Words) -> Iterator[list[Any]]:
    """Time the first of the keys, then hand on the rest."""
    if not left:
        yield [gr.skip()] * 4
        return
    key, _, rest = left.partition(",")
    one, count = spec(key), len(rest.split(",")) if rest else 0
    words = t("choice.measuring_start", title=one.title, left=count)
    yield [gr.skip(), gr.skip(), _status(words), gr.update(visible=True)]
    for done, total in timing(one):
        if done:
            words = t("choice.measuring", title=one.title, done=done, all=total, left=count)
        yield [gr.skip(), gr.skip(), _status(words), gr.update(visible=True)]
    final = _status(t("choice.measured_all")) if not rest else gr.skip()
    yield [rest, f"{seen} {key}", final, gr.update(visible=True if rest else "hidden")]


def _status(words: str) -> str:
    return f'<p class="choice-status" role="status">{html.escape(words)}</p>'
