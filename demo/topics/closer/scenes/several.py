"""A column for each chosen network, each as it is done, and one sentence about all of them."""

from __future__ import annotations

import html
import inspect
import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

from demo.drawing.heat import frame, photo_address, photo_ratio
from demo.drawing.stage import staged
from demo.drawing.style import counted, family_var
from demo.engine.ask import Network
from demo.lane import Turn
from demo.page.own import network_of, spec_of
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.closer.figures.columns import column, columns
from demo.zoo.spec import ModelSpec

Record = TypeVar("Record")
MOMENT = 0.4
"""Seconds for which what is there stays in sight while a reader changes it."""


class Columns:
    """The page of a column a network while it grows.

    drawn: HTML of each column, in the order of the networks. places: the order in which they stand.
    below, beside: HTML below all columns, and to the left of them.
    """

    def __init__(
        self, t: Words, photo: Photo, keys: Sequence[str], below: str = "", beside: str = ""
    ) -> None:
        address = photo_address(photo, side=360, colourless=True)
        self._shape = html.escape(frame(photo_ratio(photo.pixels), address), quote=True)
        self._keys, self.beside, self.below = keys, beside, below
        waiting = f'<p class="waiting">{html.escape(t("closer.waiting"))}</p>'
        self.drawn = [waiting] * len(keys)
        self.places = [*range(len(keys))]
        self._shown = time.monotonic()

    def page(self, words: str) -> str:
        """All of it, with a sentence."""
        self._shown = time.monotonic()
        rows = columns([_column(self._keys[place], self.drawn[place]) for place in self.places])
        picture = f'<div class="with-board">{self.beside}{rows}</div>' if self.beside else rows
        picture = f'<div class="closer" style="{self._shape}">{picture}{self.below}</div>'
        return staged(picture, html.escape(words), "laid")

    def soon(self, words: str) -> Iterator[str]:
        """The same, where the last one has stood for a moment: else what is there stays."""
        if time.monotonic() - self._shown >= MOMENT:
            yield self.page(words)


def several(
    t: Words,
    photo: Photo,
    keys: Sequence[str],
    compute: Callable[[Network], Record | Generator[tuple[int, int], None, Record]],
    draw: Callable[[ModelSpec, Record], str],
    say: Callable[[list[tuple[str, Record]]], str],
    key: str = "",
    rank: Callable[[Record], float] | None = None,
    again: Callable[[list[Record]], Callable[[ModelSpec, Record], str]] | None = None,
    board: str = "",
) -> Iterator[str | Turn]:
    """The columns of these networks.

    Args:
        compute: a network's record, at once or in steps that yield (done, of how many); a Problem
            is told in its column.
        draw: the record as HTML.
        say: of the titles and records of all that answered, the sentence.
        key: HTML that stands below all columns.
        rank: of a record, by which the columns stand in the end, the least first.
        again: of all records, what draws each of them once more in the end.
        board: HTML to the left of the columns, with which the reader changes them; the old ones
            stay in sight for a moment then.
    """
    if not keys:
        yield none_chosen(t)
        return
    page = Columns(t, photo, keys, key, board)
    drawn, found, answers = page.drawn, [], dict[int, tuple[ModelSpec, Record]]()

    def shown(words: str) -> Iterator[str]:
        if board:
            yield from page.soon(words)
        else:
            yield page.page(words)

    for place, one in enumerate(keys):
        counts = {"done": counted(place, t), "count": counted(len(keys), t)}
        words = t("compare.answering", **counts)
        yield from shown(words)
        yield Turn.NETWORK
        try:
            network = network_of(one)
            steps = _in_steps(compute(network))
            while True:
                try:
                    drawn[place] = step(*next(steps), t)
                except StopIteration as end:
                    record = end.value
                    break
                yield from shown(words)
                yield Turn.NETWORK
        except Problem as problem:
            drawn[place] = told(problem, t)
            continue
        found.append((network.spec.title, record))
        drawn[place] = draw(network.spec, record)
        answers[place] = network.spec, record
    if again:
        redraw = again([record for _, record in answers.values()])
        for place, (spec, record) in answers.items():
            drawn[place] = redraw(spec, record)
    if rank:
        # Who gave no answer comes last.
        ranks = {place: rank(record) for place, (_, record) in answers.items()}
        page.places.sort(key=lambda place: ranks.get(place, math.inf))
    yield page.page(say(found) if found else t("compare.none_answered"))


def _in_steps(record: Any) -> Generator[tuple[int, int], None, Any]:
    """What was computed, at once or in steps, as steps."""
    return (yield from record) if inspect.isgenerator(record) else record


def step(done: int, total: int, t: Words, stopped: str = "") -> str:
    """How far something long is; `stopped` is what is said once it has been left."""
    words = html.escape(t("closer.step", done=done, total=total))
    bar = f'<progress max="{total}" value="{done}"></progress>'
    return (
        f'<div class="under-way"><p>{words}</p>{bar}'
        f'<p class="when-stopped">{html.escape(stopped or t("closer.stopped"))}</p></div>'
    )


def bare(t: Words, keys: Sequence[str], words: str) -> str:
    """The networks without a photo."""
    if not keys:
        return none_chosen(t)
    empty = f'<p class="waiting">{html.escape(t("closer.needs_photo"))}</p>'
    picture = f'<div class="closer">{columns([_column(one, empty) for one in keys])}</div>'
    return staged(picture, html.escape(words), "laid")


def none_chosen(t: Words) -> str:
    """What stands there while no network is chosen."""
    words = html.escape(t("closer.none_chosen"))
    return staged(f'<div class="empty">{words}</div>', html.escape(t("compare.empty")), "laid")


def _column(key: str, body: str) -> str:
    one = spec_of(key)
    return column(one.key, one.title, family_var(one.family), body)
