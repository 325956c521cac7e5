"""Mark, then reveal: the reader says first where the networks look, and then sees their maps."""

from __future__ import annotations

import html
from collections.abc import Iterator

from demo.drawing.heat import photo_ratio, photo_uri
from demo.drawing.stage import staged
from demo.engine.ask import Network, ask
from demo.lane import Turn
from demo.page.own import spec_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer.figures import mark as figure
from demo.topics.closer.marking import marked
from demo.topics.closer.records.marks import Overlap, owner, revealed, shape_of
from demo.topics.closer.scenes.chosen import class_name, index_of
from demo.topics.closer.scenes.several import none_chosen, several
from demo.zoo.loading import part_seen
from demo.zoo.spec import ModelSpec


def mark(t: Words, photo: Photo, keys: list[str], label: str, shown: str) -> Iterator[str | Turn]:
    """The photo to be marked, and nothing of any map; once it is, each network's map with it.

    Args:
        label: the class whose map is asked, "" each network's own first choice.
        shown: the text of the mark whose maps are to be seen, "" while it is being made.
    """
    height, width = photo.pixels.shape[:2]
    made = revealed(shown, photo.key, shape_of(height, width))
    if not keys:
        yield none_chosen(t)
        return
    if made is None or made.empty:
        words = "closer.mark_say" if made is None else "closer.mark_empty"
        yield _to_be_marked(t, photo, keys, t(words))
        return
    ratio = photo_ratio(photo.pixels)

    def compute(network: Network) -> Overlap:
        return ask(marked, network, photo, made, index_of(network.spec, label))

    def draw(spec: ModelSpec, found: Overlap) -> str:
        name = class_name(spec, found.map.index, t)
        return figure.network(found, made, name, ratio, t)

    def say(found: list[tuple[str, Overlap]]) -> str:
        return figure.sentence(found, made, t)

    below = figure.buttons(("again", "clear"), t)
    yield from several(t, photo, keys, compute, draw, say, below, lambda found: -found.iou)


def bare(t: Words, keys: list[str], label: str, shown: str) -> str:
    """The same without a photo."""
    words = html.escape(t("closer.needs_photo"))
    picture = f'<div class="closer"><div class="empty">{words}</div></div>'
    return staged(picture, html.escape(t("closer.mark_bare")), "laid")


def _to_be_marked(t: Words, photo: Photo, keys: list[str], words: str) -> str:
    shape = shape_of(*photo.pixels.shape[:2])
    seen = [part_seen(photo, spec_of(key).preprocess) for key in keys]
    address, ratio = photo_uri(photo.pixels, side=960), photo_ratio(photo.pixels)
    board = figure.board(address, owner(photo.key), shape, seen, ratio, t)
    return staged(f'<div class="closer marking">{board}</div>', html.escape(words), "laid")
