"""Weights that are not on this machine: fetched while the page says how far it is."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import gradio as gr

from demo.figures import cards
from demo.records import Problem
from demo.tabs.page import Page, appearing, hidden
from demo.text import Words
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec

REFUSED: dict[str, Problem] = {}
"""Networks whose last download failed, and why."""


def on_choice(page: Page, model: gr.Dropdown, notice: gr.HTML) -> gr.Textbox:
    """Fetch the network that is chosen, if need be, and show its progress in `notice`.

    Returns:
        A hidden value that changes at the end, good or bad.
    """
    fetched = hidden()

    def fetch(key: str) -> Iterator[list[object]]:
        for drawn, _ in downloads([key], page.words):
            yield [appearing(drawn), gr.skip()]
        yield [gr.skip(), key]

    page.on(model.change, fetch, model, [notice, fetched], trigger_mode="always_last")
    return fetched


def downloads(keys: Sequence[str], t: Words) -> Iterator[tuple[str, str]]:
    """Fetch the chosen networks that are absent, outside the networks' queue.

    Yields:
        (what to show, ""), and ("", key) when a download has come to its end, good or bad; what
        went wrong is then in REFUSED.
    """
    for key in keys:
        one = spec(key)
        if weights.readiness(one) != "absent":
            continue
        transfer = _Transfer(one)
        transfer.start()
        while transfer.is_alive():
            transfer.join(0.4)
            yield cards.waiting(one.key, one.title, one.family, transfer.words(t)), ""
        yield "", key


class _Transfer(threading.Thread):
    """One download, which says how far it is."""

    def __init__(self, one: ModelSpec) -> None:
        super().__init__(daemon=True)
        self.one = one
        self.done, self.total = 0, one.weights.size

    def run(self) -> None:
        REFUSED.pop(self.one.key, None)
        try:
            weights.fetch(self.one, self._report)
        except Problem as problem:
            REFUSED[self.one.key] = problem

    def words(self, t: Words) -> str:
        done, total = (round(size / 1e6) for size in (self.done, self.total))
        return t("card.downloading", done=done, total=total)

    def _report(self, done: int, total: int) -> None:
        self.done, self.total = done, total
