"""The scenes of "Train your own" as HTML, of a set, a network, a mode and a seed."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence

from demo.drawing.stage import staged
from demo.drawing.style import listed, percent
from demo.engine.ask import ask
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.lane import Turn
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.train import heads
from demo.topics.train.figures import answer as answers, curves, photos as rows, result as results
from demo.topics.train.linear import EPOCHS
from demo.topics.train.numbers import FEW, FEWEST, check, split, two_components
from demo.topics.train.records import PhotoSet, Result, Step
from demo.topics.train.scenes import back, visits, work
from demo.topics.train.scenes.said import accuracy, offer, photos_of, queued, waiting
from demo.topics.train.scenes.seats import Waiting
from demo.topics.train.training import Features, Trained
from demo.topics.train.tuning import EPOCHS as BLOCK_EPOCHS
from demo.zoo.catalogue import spec

Shown = Iterator[str | Turn]
EACH = 6
"""A drawing is sent for the first epochs, then for one of so many."""


def classes(t: Words, token: str, seed: str) -> str:
    """The photos, a row a class, and how they are divided; of a visit's own, what may be changed.

    A set that is not whole yet says what it lacks.
    """
    photos = photos_of(token, t)
    parts, names = split(photos, work.seed_of(seed)), photos.classes
    drawn = rows.rows(photos, parts, t, bool(token))
    count = {"count": len(photos.photos), "classes": len(names)}
    lacks = lacking(photos, t)
    if lacks:
        return staged(drawn, html.escape(t.sentences(t("train.draft_say", **count), lacks)))
    words = t("train.classes_say", train=len(parts.train), held=len(parts.held_out), **count)
    drawn_ones = "" if token else t("train.drawn_say")
    return staged(drawn, html.escape(t.sentences(words, warning(photos, t), drawn_ones)))


def lacking(photos: PhotoSet, t: Words) -> str:
    """What a set needs before anything can be learned from it, "" for nothing."""
    if len(photos.classes) < FEWEST:
        return t("train.more_classes", least=FEWEST)
    try:
        check(photos.classes, photos.labels.tolist())
    except Problem as problem:
        return t(problem.key, **problem.values)
    return ""


def warning(photos: PhotoSet, t: Words) -> str:
    """What is to be feared of so few photos, or so uneven ones, "" for nothing."""
    few = [name for name, n in zip(photos.classes, photos.counts, strict=True) if n < FEW]
    if few:
        return t("train.few_say", names=listed(few, t), few=FEW)
    least, most = min(photos.counts), max(photos.counts)
    return t("train.uneven_say", least=least, most=most) if most > 3 * least else ""


def learning(t: Words, token: str, key: str, mode: str, seed: str) -> Shown:
    """The layer that is replaced, and the curves as they grow."""
    photos = photos_of(token, t)
    if lacks := lacking(photos, t):
        yield unready(lacks, t)
        return
    layers = curves.replaced(heads.planned(spec(key), len(photos.classes)), t)
    most = EPOCHS if mode == "head" else BLOCK_EPOCHS
    yield _learning(layers, [], most, t("train.begins"), t)
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Waiting):
            yield _learning(layers, [], most, queued(reached, t), t)
        elif isinstance(reached, Features):
            yield _learning(layers, [], most, t("train.looks", done=reached.done, of=reached.of), t)
        elif isinstance(reached, Trained):
            offer(reached, key, photos.classes)
            steps, words = reached.result.steps, _said(reached.result, mode, key, t)
            yield _learning(layers, steps, most, words, t)
        elif isinstance(reached, list):
            last = reached[-1]
            if last.epoch <= EACH or last.epoch % EACH == 0:
                words = t("train.epoch", epoch=last.epoch, of=most, share=percent(last.accuracy))
                yield _learning(layers, reached, most, words, t)
        else:
            yield reached


def unready(lacks: str, t: Words) -> str:
    """What stands there while the set is not whole, with the way to where it is made."""
    words = html.escape(t("train.to_photos"))
    button = f'<button type="button" class="instead" data-open-scene="classes">{words}</button>'
    return staged(f'<div class="train train-unready">{button}</div>', html.escape(lacks))


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
        **accuracy(result),
    )


def learned(t: Words, token: str, key: str, mode: str, seed: str) -> Shown:
    """The confusion matrix, the map of all photos, and the photos that it gets wrong."""
    photos = photos_of(token, t)
    if lacks := lacking(photos, t):
        yield unready(lacks, t)
        return
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Trained):
            yield Turn.NETWORK
            offer(reached, key, photos.classes)
            result = reached.result
            first = result.wrong[: results.MOST_WRONG]
            maps = [ask(heat_map, reached.loaded, photos.photos[place]) for place in first]
            places = two_components(reached.features)
            drawn = results.result(result, places, photos, maps, t)
            words = t("train.learned_say", **accuracy(result))
            yield staged(drawn, html.escape(words))
        else:
            yield waiting(reached, t)


def tried(
    t: Words, photo: Photo, token: str, key: str, mode: str, seed: str, loaded: str = ""
) -> Shown:
    """The new network's answer about the photo of the page.

    loaded: stands for one that was loaded from a file, "" for the one that is trained here.
    """
    if loaded:
        yield back.answered(t, photo, loaded)
        return
    photos = photos_of(token, t)
    if lacks := lacking(photos, t):
        yield unready(lacks, t)
        return
    names = photos.classes
    for reached in work.trained(token, key, mode, work.seed_of(seed)):
        if isinstance(reached, Trained):
            yield Turn.NETWORK
            offer(reached, key, names)
            found = ask(scores, reached.loaded, photo)
            heat = ask(heat_map, reached.loaded, photo)
            share = percent(float(found.probabilities[found.top]))
            words = t("train.try_say", label=names[found.top], share=share)
            yield staged(answers.answer(found, heat, photo, names, t), html.escape(words))
        else:
            yield waiting(reached, t)


def bare_tried(t: Words, token: str, key: str, mode: str, seed: str, loaded: str = "") -> str:
    """The same without a photo: the layer that answers."""
    one, count = spec(key), len(visits.kept(token).classes)
    if loaded:
        known = back.network(loaded).spec
        one, count = spec(known.architecture), len(known.labels)
    layers = curves.replaced(heads.planned(one, count), t)
    return staged(f'<div class="train">{layers}</div>', html.escape(t("train.try_bare")))
