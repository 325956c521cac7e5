"""A column for each chosen network, each as it is done, and one sentence about all of them."""

from __future__ import annotations

import html
import inspect
import math
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any, TypeVar

from demo.drawing.heat import frame, photo_ratio, photo_uri
from demo.drawing.stage import staged
from demo.drawing.style import family_var
from demo.lane import Turn
from demo.page.own import load_of, spec_of
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.closer.figures.columns import column, columns
from demo.topics.closer.figures.maps import colourless
from demo.zoo.loading import LoadedModel

Record = TypeVar("Record")


def several(
    t: Words,
    photo: Photo,
    keys: Sequence[str],
    compute: Callable[[LoadedModel], Record | Generator[tuple[int, int], None, Record]],
    draw: Callable[[LoadedModel, Record], str],
    say: Callable[[list[tuple[str, Record]]], str],
    key: str = "",
    rank: Callable[[Record], float] | None = None,
    again: Callable[[list[Record]], Callable[[LoadedModel, Record], str]] | None = None,
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
    """
    if not keys:
        yield none_chosen(t)
        return
    ratio, address = photo_ratio(photo.pixels), photo_uri(colourless(photo.pixels), side=360)
    shape = html.escape(frame(ratio, address), quote=True)
    waiting = f'<p class="waiting">{html.escape(t("closer.waiting"))}</p>'
    drawn, found = [waiting] * len(keys), []
    places, answers = [*range(len(keys))], dict[int, tuple[LoadedModel, Record]]()

    def page(words: str) -> str:
        rows = [_column(keys[place], drawn[place]) for place in places]
        picture = f'<div class="closer" style="{shape}">{columns(rows)}{key}</div>'
        return staged(picture, html.escape(words), "laid")

    for place, one in enumerate(keys):
        words = t("compare.answering", done=place, count=len(keys))
        yield page(words)
        yield Turn.NETWORK
        try:
            loaded = load_of(one)
            steps = _in_steps(compute(loaded))
            while True:
                try:
                    drawn[place] = _step(*next(steps), t)
                except StopIteration as end:
                    record = end.value
                    break
                yield page(words)
                yield Turn.NETWORK
        except Problem as problem:
            drawn[place] = told(problem, t)
            continue
        found.append((loaded.spec.title, record))
        drawn[place] = draw(loaded, record)
        answers[place] = loaded, record
    if again:
        redraw = again([record for _, record in answers.values()])
        for place, (loaded, record) in answers.items():
            drawn[place] = redraw(loaded, record)
    if rank:
        # Who gave no answer comes last.
        ranks = {place: rank(record) for place, (_, record) in answers.items()}
        places.sort(key=lambda place: ranks.get(place, math.inf))
    yield page(say(found) if found else t("compare.none_answered"))


def _in_steps(record: Any) -> Generator[tuple[int, int], None, Any]:
    """What was computed, at once or in steps, as steps."""
    return (yield from record) if inspect.isgenerator(record) else record


def _step(done: int, total: int, t: Words) -> str:
    words = html.escape(t("closer.step", done=done, total=total))
    bar = f'<progress max="{total}" value="{done}"></progress>'
    return (
        f'<div class="under-way"><p>{words}</p>{bar}'
        f'<p class="when-stopped">{html.escape(t("closer.stopped"))}</p></div>'
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
