"""Fool one family only: a patch that the reader places, and a search for the smallest."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from functools import partial

from demo.drawing.heat import photo_address, photo_ratio
from demo.drawing.style import counted
from demo.engine.ask import Network, ask
from demo.lane import Turn
from demo.page.own import network_of
from demo.page.wiring import told
from demo.records import Photo, Problem
from demo.records.counterfactual import Changed
from demo.text import Words
from demo.topics.closer.figures import fooling as figure
from demo.topics.closer.fooling import patched, searching
from demo.topics.closer.records.marks import owner
from demo.topics.closer.records.patches import Search, middle_square, patch_at
from demo.topics.closer.scenes.chosen import class_name
from demo.topics.closer.scenes.several import Columns, bare as bare_columns, none_chosen, step

BEGIN = 4
"""Side of the patch at first, in units."""


def sought(photo_key: str, keys: Sequence[str]) -> str:
    """What is told when the search begins: another photo, or other networks, are another search."""
    return f"{owner(photo_key)}.{zlib.crc32(','.join(keys).encode()):08x}"


def fooling(
    t: Words, photo: Photo, keys: list[str], spot: str, side: int, search: str
) -> Iterator[str | Turn]:
    """The photo with the patch and the networks' answers; then, where it is sought, the smallest.

    Args:
        spot, side: as `patch_at` takes them. search: `sought` of what is searched, with a dot and
            the number of the try behind it; else nothing is.
    """
    if not keys:
        yield none_chosen(t)
        return
    patch, token = patch_at(spot, int(side)), sought(photo.key, keys)
    wanted = search.startswith(f"{token}.")
    ratio, square = photo_ratio(photo.pixels), middle_square(*photo.pixels.shape[:2])
    address = photo_address(photo)
    board = partial(figure.board, address, patch, square, ratio, t=t)
    page = Columns(t, photo, keys, beside=board(token))
    networks, answers = dict[str, Network](), dict[str, Changed]()
    for place, key in enumerate(keys):
        counts = {"done": counted(place, t), "count": counted(len(keys), t)}
        yield from page.soon(t("compare.answering", **counts))
        yield Turn.NETWORK
        try:
            network = network_of(key)
            answers[key] = ask(patched, network, photo, patch)
        except Problem as problem:
            page.drawn[place] = told(problem, t)
            continue
        networks[key] = network
    titles = {key: one.spec.title for key, one in networks.items()}

    def draw(now: Search | None) -> None:
        for key, network in networks.items():
            names, find, below = partial(class_name, network.spec, t=t), None, ""
            if now is not None:
                find = now.finds[key]
                below = figure.none_found(now.over, t)
            if find is not None:
                below = figure.find_of(find, answers[key].top, names, ratio, square, t)
            page.drawn[keys.index(key)] = figure.network(answers[key], names, below, t)

    draw(None)
    if not networks:
        yield page.page(t("compare.none_answered"))
        return
    said = figure.sentence({titles[key]: one for key, one in answers.items()}, patch, t)
    if not wanted:
        yield page.page(said)
        return
    steps, shown = searching([*networks.values()], photo), dict[str, object]()
    while True:
        try:
            now = next(steps)
        except StopIteration as end:
            now = end.value
            break
        draw(now)
        page.below = step(now.done, now.total, t, t("closer.fool_stopped"))
        words = t.sentences(said, figure.searched(now, titles, t))
        if now.finds != shown:
            shown = dict(now.finds)
            yield page.page(words)
        else:
            yield from page.soon(words)
        yield Turn.NETWORK
    draw(now)
    page.below, page.beside = "", board("")
    yield page.page(t.sentences(said, figure.searched(now, titles, t)))


def bare(t: Words, keys: list[str], spot: str, side: int, search: str) -> str:
    """The same without a photo."""
    return bare_columns(t, keys, t("closer.fool_bare"))
