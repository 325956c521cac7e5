"""Weights that are not on this machine: fetched while the page says how far it is."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Sequence

import gradio as gr

from demo.figures import cards
from demo.records import Problem
from demo.tabs.page import Page, appearing, hidden
from demo.text import Words
from demo.zoo import weights
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec


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
        A hidden value that changes at the end, good or bad.
    """
    fetched = hidden()

    def fetch(value: str) -> Iterator[list[object]]:
        for drawn, _ in downloads(keys(value), page.words):
            yield [appearing(drawn), gr.skip()]
        yield [gr.skip(), value]

    page.on(model.change, fetch, model, [notice, fetched], trigger_mode="always_last")
    return fetched


def downloads(keys: Sequence[str], t: Words) -> Iterator[tuple[str, str]]:
    """Fetch the chosen networks that are absent, outside the networks' queue.

    Yields:
        (what to show, ""), and ("", key) when a download has come to its end, good or bad; what
        went wrong is then in `weights.REFUSED`.
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
        # What went wrong is kept there for all who ask.
        with contextlib.suppress(Problem):
            weights.fetch(self.one, self._report)

    def words(self, t: Words) -> str:
        done, total = (round(size / 1e6) for size in (self.done, self.total))
        return t("card.downloading", done=done, total=total)

    def _report(self, done: int, total: int) -> None:
        self.done, self.total = done, total
