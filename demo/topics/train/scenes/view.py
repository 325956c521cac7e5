"""The scenes of "Train your own" as HTML, of a set, a network, a mode and a seed."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import replace

from demo.drawing.stage import staged
from demo.drawing.style import listed, percent
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.lane import Turn
from demo.records import Photo
from demo.text import Words
from demo.topics.train import heads
from demo.topics.train.figures import answer as answers, curves, photos as rows, result as results
from demo.topics.train.linear import EPOCHS
from demo.topics.train.numbers import FEW, split, two_components
from demo.topics.train.records import PhotoSet, Result, Step
from demo.topics.train.scenes import visits, work
from demo.topics.train.training import Features, Trained
from demo.topics.train.tuning import EPOCHS as BLOCK_EPOCHS
from demo.zoo.catalogue import spec

Shown = Iterator[str | Turn]
EACH = 6
"""A drawing is sent for the first epochs, then for one of so many."""


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
        f"{classes[label]} {place % visits.PIECES + 1}" for place, label in enumerate(photos.labels)
    )
    return replace(photos, classes=classes, names=names)


def classes(t: Words, token: str, seed: str) -> str:
    """The photos, a row a class, and how they are divided."""
    photos = photos_of(token, t)
    parts, names = split(photos, work.seed_of(seed)), photos.classes
    words = t(
        "train.classes_say",
        count=len(photos.photos),
        classes=len(names),
        train=len(parts.train),
        held=len(parts.held_out),
    )
    few = [name for name, count in zip(names, photos.counts, strict=True) if count < FEW]
    warning = t("train.few_say", names=listed(few, t), few=FEW) if few else ""
    least, most = min(photos.counts), max(photos.counts)
    if not few and most > 3 * least:
        warning = t("train.uneven_say", least=least, most=most)
    return staged(rows.rows(photos, parts, t), html.escape(t.sentences(words, warning)))


def learning(t: Words, token: str, key: str, mode: str, seed: str) -> Shown:
    """The layer that is replaced, and the curves as they grow."""
    count = len(visits.kept(token).classes)
    layers = curves.replaced(heads.planned(spec(key), count), t)
    most = EPOCHS if mode == "head" else BLOCK_EPOCHS
    yield _learning(layers, [], most, t("train.begins"), t)
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Features):
            yield _learning(layers, [], most, t("train.looks", done=reached.done, of=reached.of), t)
        elif isinstance(reached, Trained):
            steps, words = reached.result.steps, _said(reached.result, mode, key, t)
            yield _learning(layers, steps, most, words, t)
        elif isinstance(reached, list):
            last = reached[-1]
            if last.epoch <= EACH or last.epoch % EACH == 0:
                words = t("train.epoch", epoch=last.epoch, of=most, share=percent(last.accuracy))
                yield _learning(layers, reached, most, words, t)
        else:
            yield reached


def _learning(layers: str, steps: Sequence[Step], most: int, words: str, t: Words) -> str:
    drawn = f"{layers}<div>{curves.curves(steps, most, t)}</div>"
    return staged(f'<div class="train train-learning">{drawn}</div>', html.escape(words))


def _said(result: Result, mode: str, key: str, t: Words) -> str:
    return t(
        "train.stopped_say" if result.stopped else f"train.{mode}_say",
        model=spec(key).title,
        seconds=f"{result.seconds:.1f}",
        epochs=len(result.steps),
        train=len(result.split.train),
        **_accuracy(result),
    )


def _accuracy(result: Result) -> dict[str, object]:
    low, high = result.interval
    held = len(result.split.held_out)
    return {
        "share": percent(result.accuracy),
        "right": round(result.accuracy * held),
        "held": held,
        "low": f"{100 * low:.0f}",
        "high": f"{100 * high:.0f}",
    }


def learned(t: Words, token: str, key: str, mode: str, seed: str) -> Shown:
    """The confusion matrix, the map of all photos, and the photos that it gets wrong."""
    photos = photos_of(token, t)
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Trained):
            yield Turn.NETWORK
            result = reached.result
            first = result.wrong[: results.MOST_WRONG]
            maps = [heat_map(reached.loaded, photos.photos[place]) for place in first]
            places = two_components(reached.features)
            drawn = results.result(result, places, photos, maps, t)
            words = t("train.learned_say", **_accuracy(result))
            yield staged(drawn, html.escape(words))
        else:
            yield _waiting(reached, t)


def tried(t: Words, photo: Photo, token: str, key: str, mode: str, seed: str) -> Shown:
    """The new network's answer about the photo of the page."""
    photos = photos_of(token, t)
    names = photos.classes
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Trained):
            yield Turn.NETWORK
            found, heat = scores(reached.loaded, photo), heat_map(reached.loaded, photo)
            share = percent(float(found.probabilities[found.top]))
            words = t("train.try_say", label=names[found.top], share=share)
            yield staged(answers.answer(found, heat, photo, names, t), html.escape(words))
        else:
            yield _waiting(reached, t)


def bare_tried(t: Words, token: str, key: str, mode: str, seed: str) -> str:
    """The same without a photo: the layer that answers."""
    layers = curves.replaced(heads.planned(spec(key), len(visits.kept(token).classes)), t)
    return staged(f'<div class="train">{layers}</div>', html.escape(t("train.try_bare")))


def _waiting(reached: Features | list[Step] | Turn, t: Words) -> str | Turn:
    """What stands there while it is trained first."""
    if isinstance(reached, Turn):
        return reached
    words = t("train.begins")
    if isinstance(reached, Features):
        words = t("train.looks", done=reached.done, of=reached.of)
    elif reached:
        words = t("train.epochs_done", epoch=reached[-1].epoch)
    return staged('<div class="train train-wait"></div>', html.escape(words))
