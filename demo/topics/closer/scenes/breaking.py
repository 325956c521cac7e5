"""Try to break it: one harm for all networks, and how long each holds its answer."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from demo.drawing.heat import photo_address, photo_ratio
from demo.engine.ask import Network, ask
from demo.lane import Turn
from demo.page.own import spec_of
from demo.page.sent import one_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer.breaking import broken, climbing, picture_of
from demo.topics.closer.figures import breaking as figure
from demo.topics.closer.figures.maps import legend
from demo.topics.closer.figures.square import board
from demo.topics.closer.records.breaking import KINDS, Broken, Harm, Kind, Ladder, square_of
from demo.topics.closer.records.marks import owner, painted, shape_of
from demo.topics.closer.scenes.chosen import class_name, index_of
from demo.topics.closer.scenes.several import bare as bare_columns, several
from demo.zoo.loading import part_seen
from demo.zoo.spec import ModelSpec

BEGIN = 40
"""Strength at first, in per cent."""


@dataclass(frozen=True, eq=False)
class _Answer:
    """What one network answers by this harm, and by the same of all strengths."""

    broken: Broken
    ladder: Ladder


def harm_of(photo: Photo, kind: Kind, strength: float, cover: str, square: str) -> Harm:
    """The harm that the controls and the texts of the board ask for.

    Args:
        strength: in per cent. cover, square: as `painted` and `square_of` take them.

    Raises:
        Problem: "server.no_event" if the page does not offer that kind.
    """
    size = photo.pixels.shape[:2]
    mark = painted(cover, photo.key, shape_of(*size))
    return Harm(
        one_of(kind, KINDS),
        min(max(strength, 0), 100) / 100,
        square_of(square, photo.key, *size),
        None if mark is None or mark.empty else mark,
    )


def breaking(
    t: Words,
    photo: Photo,
    keys: list[str],
    label: str,
    kind: Kind,
    strength: float,
    cover: str,
    square: str,
) -> Iterator[str | Turn]:
    """The photo to be harmed, and each network's map and answers.

    Args:
        label: the class whose map is asked, "" each network's first choice for the whole photo.
        kind, strength, cover, square: as `harm_of` takes them.
    """
    harm, ratio = harm_of(photo, kind, strength, cover, square), photo_ratio(photo.pixels)
    shape = shape_of(*photo.pixels.shape[:2])
    seen = [part_seen(photo, spec_of(key).preprocess) for key in keys]
    address = photo_address(photo)
    beside = board(address, owner(photo.key), shape, harm, seen, ratio, t) if keys else ""

    def compute(network: Network) -> Generator[tuple[int, int], None, _Answer]:
        ladder = yield from ask(climbing, network, photo, harm)
        index = index_of(network.spec, label)
        return _Answer(ask(broken, network, photo, harm, index), ladder)

    def draw(spec: ModelSpec, found: _Answer) -> str:
        given = np.rint(255 * picture_of(spec, photo, harm)).astype(np.uint8)
        names = partial(class_name, spec, t=t)
        return figure.network(found.broken, found.ladder, harm, given, names, t)

    def say(found: list[tuple[str, _Answer]]) -> str:
        rows = [(title, one.broken, one.ladder) for title, one in found]
        return figure.sentence(rows, harm, t)

    yield from several(t, photo, keys, compute, draw, say, legend(t), board=beside)


def bare(
    t: Words, keys: list[str], label: str, kind: Kind, strength: float, cover: str, square: str
) -> str:
    """The same without a photo."""
    return bare_columns(t, keys, t("closer.break_bare"))
