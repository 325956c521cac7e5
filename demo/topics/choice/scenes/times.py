"""The table of all networks, and their times measured one after the other on demand."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.drawing.stage import staged
from demo.page.page import Page, hidden
from demo.page.scene import more, notes
from demo.scripts import script
from demo.text import Words
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures import words as choice_words
from demo.topics.choice.figures.table import table
from demo.topics.choice.numbers import members
from demo.topics.choice.profile import TIMES, measuring
from demo.zoo.catalogue import spec

SETS = ("small", "four", "imagenet")


def build(page: Page, measured: Any) -> None:
    """The table and its measuring; `measured` changes whenever a time is new."""
    t = page.words
    rows = gr.HTML(show(t), js_on_load=script("sorted_table"), elem_id="choice-table")
    status = gr.HTML(elem_id="choice-status")
    with more(t("choice.measure")), gr.Row(elem_id="choice-measure"):
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
    with more(t("scene.how")):
        notes(html.escape(t("choice.table_hint")), html.escape(t("choice.measure_note")))
    # What is still to be timed, one network an event: each waits its turn in the networks' queue,
    # so that a long list keeps nobody else waiting for more than one network.
    waiting = hidden("choice-waiting")
    page.on(start.click, lambda name: ",".join(chosen(name)), which, waiting)

    def measure(left: str, seen: str) -> Iterator[dict[Any, Any]]:
        for update in _measure(left, seen, t):
            yield {parts[name]: value for name, value in update.items()}

    parts = {"waiting": waiting, "measured": measured, "status": status, "stop": stop}
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
        lambda: {
            waiting: "",
            status: _status(t("choice.stopped")),
            stop: gr.update(visible="hidden"),
        },
        None,
        [waiting, status, stop],
        cancels=[running],
    )
    page.on(measured.change, lambda: show(t), None, rows)
    # Whoever opens the page later sees what was measured before: table, chart and answer.
    root = gr.context.Context.root_block
    page.on(root.load, lambda: " ".join(TIMES), None, measured)


def chosen(name: str) -> list[str]:
    """Keys of a set, in the order in which they are timed. V2 weights take V1's time."""
    if name == "small":
        rows = [row for row in candidates() if row.dataset == "cifar10"]
        return [*(row.key for row in rows), "efficientnet_lite0"]
    return [row.key for row in members(candidates(), "four" if name == "four" else "imagenet")]


def show(t: Words) -> str:
    """The table with what it says of itself."""
    found = candidates()
    return staged(table(found, t), html.escape(choice_words.extremes(found, t)))


def _measure(left: str, seen: str, t: Words) -> Iterator[dict[str, Any]]:
    """Time the first of the keys, then hand on the rest: what changes, by the names of `parts`."""
    if not left:
        yield {"stop": gr.update(visible="hidden")}
        return
    key, _, rest = left.partition(",")
    one, count = spec(key), len(rest.split(",")) if rest else 0
    words = t("choice.measuring_start", title=one.title, left=count)
    yield {"status": _status(words), "stop": gr.update(visible=True)}
    for done, total in measuring(one):
        if done:
            words = t("choice.measuring", title=one.title, done=done, all=total, left=count)
        yield {"status": _status(words), "stop": gr.update(visible=True)}
    over = {} if rest else {"status": _status(t("choice.measured_all"))}
    yield {
        "waiting": rest,
        "measured": f"{seen} {key}",
        "stop": gr.update(visible=True if rest else "hidden"),
        **over,
    }


def _status(words: str) -> str:
    return f'<p class="choice-status" role="status">{html.escape(words)}</p>'
