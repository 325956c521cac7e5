"""The comparison as a file to take away: the opened photo as one PNG, all photos as CSV."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from demo import temporary
from demo.lane import Turn
from demo.page import photos
from demo.page.page import Page
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.compare.figures.export import comparison_csv, comparison_png
from demo.topics.compare.records import Card
from demo.topics.compare.scenes.view import answers, asked

LONGEST = 60
"""Characters of a photo's name in a file's: some systems end at 255 bytes."""


def build(page: Page, choice: list[Any], *, picture: bool) -> None:
    """The buttons of a scene: the numbers of all photos, and the photo in sight as a picture.

    Args:
        choice: the comparison's own controls, as `compare_view.asked` takes their values.
    """
    t = page.words

    def poster(photo_token: str, *chosen: Any) -> Iterator[str | Turn]:
        ref = photos.unseal(photo_token)
        if ref is None:
            raise Problem("compare.nothing_to_export")
        photo, cards = yield from _answers(ref, chosen)
        yield Turn.OUTSIDE
        yield from _file(f"{file_name([ref['name']], t)}.png", comparison_png(photo, cards, t))

    def numbers(tokens: str, *chosen: Any) -> Iterator[str | Turn]:
        table: list[tuple[str, list[Card]]] = []
        refused: Problem = Problem("compare.nothing_to_export")
        for ref in photos.unseal_all(tokens):
            try:
                _, cards = yield from _answers(ref, chosen)
                table.append((ref["name"], cards))
            except Problem as problem:
                # The grid says so in the photo's row; the others' numbers are good.
                refused = problem
        if not table:
            raise refused
        names = [name for name, _ in table]
        yield Turn.OUTSIDE
        yield from _file(f"{file_name(names, t)}.csv", comparison_csv(table, t).encode())

    # A DownloadButton gives what it already has: the file is made on a click, then taken.
    ready = gr.DownloadButton(visible="hidden")
    with gr.Row(elem_classes="export"):
        if picture:
            _wire(page, t("compare.export_png"), poster, [page.photo, *choice], ready)
        _wire(page, t("compare.export_csv"), numbers, [page.photos, *choice], ready)


def _wire(
    page: Page,
    words: str,
    write: Callable[..., Iterator[str | Turn]],
    inputs: list[Any],
    ready: gr.DownloadButton,
) -> None:
    button = gr.Button(words, size="sm")
    page.on(button.click, write, inputs, ready, heavy=True).then(
        None, ready, None, js="(file) => four.take(file)", api_visibility="private"
    )


def file_name(names: Sequence[str], t: Words) -> str:
    """What the file is called, after the photos in it, without its suffix."""
    # What no system or spreadsheet takes in a name; a photo's own suffix says nothing here.
    first = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "_", Path(names[0]).stem)[:LONGEST].strip(" .")
    first = first or t("photo.label")
    if len(names) == 1:
        return t("compare.file_one", name=first)
    return t("compare.file_several", name=first, count=len(names) - 1)


def _answers(
    ref: photos.Ref, choice: Sequence[Any]
) -> Generator[Turn, None, tuple[Photo, list[Card]]]:
    """A photo, read outside the networks, and its cards.

    Raises:
        Problem: if it cannot be read, or no network answers.
    """
    yield Turn.PHOTO
    photo = photos.load(ref)
    assert photo is not None
    found = yield from answers(photo, asked(*choice))
    if not found:
        raise Problem("compare.nothing_to_export")
    return photo, found


def _file(name: str, content: bytes) -> Iterator[str]:
    """The path of a file that the page hands out."""
    path = temporary.place_for(name)
    path.write_bytes(content)
    yield str(path)
