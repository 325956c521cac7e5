"""What the scenes of a training share: its photos in the reader's language, its numbers, a wait."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace

from demo.drawing.stage import staged
from demo.drawing.style import percent
from demo.lane import Turn
from demo.page import own
from demo.text import Words
from demo.topics.train.heads import own_spec
from demo.topics.train.records import PhotoSet, Result
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.drawn import PIECES
from demo.topics.train.scenes.seats import Waiting
from demo.topics.train.scenes.work import Reached
from demo.topics.train.training import Features, Trained
from demo.zoo.catalogue import spec


def photos_of(token: str, t: Words) -> PhotoSet:
    """The set of a token; the built-in one speaks the reader's language.

    Raises:
        Problem: as `visits.kept`.
    """
    photos = visits.kept(token)
    if token:
        return photos
    classes = tuple(t(f"train.class.{name}") for name in photos.classes)
    names = tuple(
        f"{classes[label]} {place % PIECES + 1}" for place, label in enumerate(photos.labels)
    )
    return replace(photos, classes=classes, names=names)


def accuracy(result: Result) -> dict[str, object]:
    """Of the photos held out, as the sentences name it."""
    low, high = result.interval
    held = len(result.split.held_out)
    return {
        "share": percent(result.accuracy),
        "right": round(result.accuracy * held),
        "held": held,
        "low": f"{100 * low:.0f}",
        "high": f"{100 * high:.0f}",
    }


def waiting(reached: Reached | Turn, t: Words) -> str | Turn:
    """What stands there while it is trained first."""
    if isinstance(reached, Turn):
        return reached
    words = t("train.begins")
    if isinstance(reached, Waiting):
        words = queued(reached, t)
    elif isinstance(reached, Features):
        words = t("train.looks", done=reached.done, of=reached.of)
    elif isinstance(reached, list) and reached:
        words = t("train.epochs_done", epoch=reached[-1].epoch)
    return staged('<div class="train train-wait"></div>', html.escape(words))


def queued(reached: Waiting, t: Words) -> str:
    """The place in the queue."""
    return t("train.queued", place=reached.place, count=reached.under_way)


def offer(trained: Trained, key: str, names: Sequence[str]) -> None:
    """Let the page's other topics show the network, its classes as the reader calls them.

    key: of the network that it was made of.
    """
    loaded = trained.loaded
    known = own.shown()
    if known is None or known.spec.key != loaded.spec.key or known.spec.labels != tuple(names):
        own.show(replace(loaded, spec=own_spec(spec(key), names, loaded.spec.key)))
