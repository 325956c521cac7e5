"""Weights that are not on this machine: fetched while the page says how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.progress import progress
from demo.page import own
from demo.page.page import Page, appearing, hidden
from demo.records import Problem
from demo.text import Words
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec

LOG = logging.getLogger("demo")


def on_choice(
    page: Page,
    model: gr.components.Component,
    notice: gr.HTML,
    keys: Callable[[str], Sequence[str]] = lambda key: [key],
) -> gr.Textbox:
    """Fetch the networks that are chosen, if need be, and show the progress in `notice`.

    Args:
        keys: the networks that a value of `model` stands for.

    Returns:
        A hidden value that changes at the end of each download, good or bad, and at no choice of
        what is here: what depends on it would be asked twice.
    """
    fetched = hidden()
    wire(page, model, notice, fetched, keys)
    return fetched


def wire(
    page: Page,
    model: gr.components.Component,
    notice: gr.HTML,
    fetched: gr.Textbox,
    keys: Callable[[Any], Sequence[str]],
) -> None:
    """As `on_choice`, for a hidden value `fetched` that is there."""

    # Downloads run outside the networks' queue, so nobody else waits for them.
    def fetch(value: Any, token: str) -> Iterator[list[object]]:
        for drawn, ended in ends(keys(value), token, page.words):
            yield [appearing(drawn), ended]

    page.on(model.change, fetch, [model, fetched], [notice, fetched], trigger_mode="always_last")


def ends(keys: Sequence[str], token: str, t: Words) -> Iterator[tuple[str, str]]:
    """The progress bar, and `token`, which grows with each download that has come to its end."""
    for drawn, key in downloads(keys, t):
        token = f"{token} {key}" if key else token
        yield drawn, token


def downloads(keys: Sequence[str], t: Words) -> Iterator[tuple[str, str]]:
    """Fetch the chosen networks that are absent, outside the networks' queue.

    Yields:
        (one progress bar for all of them, ""), and the bar with the key of a network when its
        download has come to its end, good or bad; what went wrong is then in `weights.REFUSED`.
        At last ("", "").
    """
    named = [spec(key) for key in keys if key != own.KEY]
    absent = [one for one in named if weights.readiness(one) == "absent"]
    if not absent:
        return
    transfer = _Transfer(absent)
    transfer.start()
    told = 0
    while transfer.is_alive() or told < len(transfer.ended):
        transfer.join(0.4)
        yield transfer.drawn(t), ""
        while told < len(transfer.ended):
            told += 1
            yield transfer.drawn(t), transfer.ended[told - 1]
    yield "", ""


class _Transfer(threading.Thread):
    """Downloads one after the other, which say how far they are together."""

    def __init__(self, asked: Sequence[ModelSpec]) -> None:
        super().__init__(daemon=True)
        self.asked = asked
        self.ended: list[str] = []
        self._done = {one.key: 0 for one in asked}
        self._total = {one.key: one.weights.size for one in asked}

    def run(self) -> None:
        for one in self.asked:
            try:
                weights.fetch(one, partial(self._report, one.key))
            except Exception as error:
                # A problem is kept there for all who ask; one network's end is not the others'.
                if not isinstance(error, Problem):
                    LOG.exception("the download of %s failed", one.key)
                    weights.REFUSED[one.key] = Problem("page.unexpected")
                self._total[one.key] = self._done[one.key]
            self.ended.append(one.key)

    def drawn(self, t: Words) -> str:
        """The progress bar."""
        titles = [one.title for one in self.asked]
        return progress(titles, sum(self._done.values()), sum(self._total.values()), t)

    def _report(self, key: str, done: int, total: int) -> None:
        self._done[key], self._total[key] = done, total
