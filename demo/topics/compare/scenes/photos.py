"""Several photos by several networks, as a stream of HTML: rows fill from the top."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.drawing.heat import photo_address, photo_ratio
from demo.drawing.stage import staged
from demo.lane import Turn
from demo.page import photos
from demo.page.wiring import sentence
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.compare.figures import grid, sentence as compare_sentence
from demo.topics.compare.records import Answered, Card, Several
from demo.topics.compare.scenes.asking import card_of, turn
from demo.topics.compare.scenes.view import Asked, asked, judged, none_chosen
from demo.zoo import weights
from demo.zoo.spec import ModelSpec


def several_photos(t: Words, tokens: str, *choice: Any) -> Iterator[str | Turn]:
    """The grid of photos and networks; others get in between two cells.

    A photo alone has its row all the same, and the next one says what is still to come.

    Args:
        tokens: of all photos (`photos.seal_all`).
        choice: as `compare_view.asked` takes it.
    """
    chosen = asked(*choice)
    refs = photos.unseal_all(tokens)
    if not chosen.specs:
        yield none_chosen(t)
        return
    rows: list[grid.Row] = []
    seen: list[Answered] = []
    for ref in refs:
        name = t(f"example.{ref['example']}") if ref["example"] else ref["name"]
        yield Turn.PHOTO
        try:
            photo = photos.load(ref)
        except Problem as problem:
            rows.append(grid.Row(name, cells=(sentence(problem, t),)))
        else:
            assert photo is not None
            yield Turn.NETWORK
            verdict = judged(chosen.specs, photo)
            cells = []
            for one in chosen.specs:
                yield turn(one)
                cells.append(_cell(one, photo, chosen, t))
            address = photo_address(photo, side=240)
            rows.append(grid.Row(name, tuple(cells), address, photo_ratio(photo.pixels), verdict))
            seen.append(Answered(name, tuple(one for one in cells if isinstance(one, Card))))
        yield Turn.OUTSIDE
        if len(rows) < len(refs):
            words = html.escape(t("compare.answered_photos", done=len(rows), count=len(refs)))
            yield _page(rows, chosen, words, t)
    words = compare_sentence.several_photos(Several(tuple(seen)), t)
    if len(refs) < 2:
        words = html.escape(t("compare.photos_empty", most=photos.MOST))
    yield _page(rows, chosen, words or html.escape(t("compare.none_answered")), t)


def bare(t: Words, _: str, *choice: Any) -> str:
    """The grid without any photo: what will be in it."""
    chosen = asked(*choice)
    if not chosen.specs:
        return none_chosen(t)
    return _page([], chosen, html.escape(t("compare.photos_empty", most=photos.MOST)), t)


def _page(rows: list[grid.Row], chosen: Asked, words: str, t: Words) -> str:
    titles = [(one.title, one.family) for one in chosen.specs]
    return staged(grid.grid(rows, titles, t), words, "laid")


def _cell(one: ModelSpec, photo: Photo, chosen: Asked, t: Words) -> grid.Cell:
    if weights.readiness(one) == "absent":
        return t("ready.absent")
    try:
        return card_of(one, photo, 1, chosen.label, chosen.depth)
    except Problem as problem:
        return sentence(problem, t)
    except gr.Error as error:
        return str(error.message)
