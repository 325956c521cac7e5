"""Training on a set of photos, in steps that others may come between: progress, then a result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demo.records import Photo
from demo.topics.train import heads, tuning
from demo.topics.train.linear import EPOCHS, fitting
from demo.topics.train.numbers import judged, split
from demo.topics.train.records import Head, Mode, PhotoSet, Result, Step
from demo.trace import both_ends
from demo.zoo.loading import LoadedModel

BATCH = 8
SECONDS = 120.0
"""Of training at most; what is reached by then is the result."""


class Features(NamedTuple):
    """How far the features are: photos done, of so many."""

    done: int
    of: int


class Progress(NamedTuple):
    """An epoch is over."""

    step: Step
    of: int


@dataclass(frozen=True, eq=False)
class Trained:
    """A network that was trained here.

    features: (photos, channels), as its classifier reads them.
    """

    loaded: LoadedModel
    result: Result
    features: NDArray[np.float32]


def never() -> bool:
    """Nobody asks it to stop."""
    return False


def training(
    loaded: LoadedModel,
    photos: PhotoSet,
    key: str,
    mode: Mode = "head",
    seed: int = 0,
    epochs: int = 0,
    per_class: int = 0,
    stop: Callable[[], bool] = never,
    seconds: float = SECONDS,
) -> Iterator[Features | Progress | Trained]:
    """Train a copy of the network on these photos; the last that comes is what was trained.

    The same photos and seed give the same numbers on one machine. Each step runs the network on a
    few photos, or fits for one epoch.

    Args:
        key: of the trained network, unlike any other's.
        epochs: at most; 0 is what suits the mode.
        per_class: photos of each class to learn from; 0 is three quarters.
        stop: asked between steps; what is reached by then is the result.

    Raises:
        Problem: as `heads.must_train`.
    """
    heads.must_train(loaded.spec)
    began = time.monotonic()

    def over() -> bool:
        return stop() or time.monotonic() - began > seconds

    parts = split(photos, seed, per_class)
    rows: list[NDArray[np.float32]] = []
    for place in range(0, len(photos.photos), BATCH):
        rows.append(features_of(loaded, photos.photos[place : place + BATCH]))
        yield Features(min(place + BATCH, len(photos.photos)), len(photos.photos))
    features = np.concatenate(rows)
    steps: list[Step] = []
    head, ended = None, False
    # Without a head of its own the last block would unlearn before it learns.
    most = (epochs or EPOCHS) if mode == "head" else EPOCHS
    for fitted in fitting(features, photos.labels, parts, len(photos.classes), most):
        head = fitted.head
        if mode == "head":
            steps.append(fitted.step)
            yield Progress(fitted.step, most)
        if over():
            ended = True
            break
    assert head is not None
    model = heads.with_head(loaded, photos.classes, head, key)
    if mode == "block" and not ended:
        tuned = tuning.tuning(model, photos, parts, seed, epochs or tuning.EPOCHS, over)
        for reached in tuned:
            if isinstance(reached, Step):
                steps.append(reached)
                yield Progress(reached, epochs or tuning.EPOCHS)
            else:
                yield Features(len(photos.photos), len(photos.photos))
        ended = len(steps) < (epochs or tuning.EPOCHS)
        rows = []
        for place in range(0, len(photos.photos), BATCH):
            rows.append(features_of(model, photos.photos[place : place + BATCH]))
            yield Features(min(place + BATCH, len(photos.photos)), len(photos.photos))
        features = np.concatenate(rows)
    probabilities = answers(model, features)
    result = judged(photos, parts, probabilities, steps, time.monotonic() - began, ended)
    yield Trained(model, result, features)


def batch(loaded: LoadedModel, photos: Sequence[Photo]) -> Tensor:
    """Photos as the network's input, (N, 3, S, S)."""
    return torch.cat([loaded.prepare(photo)[0] for photo in photos])


def features_of(loaded: LoadedModel, photos: Sequence[Photo]) -> NDArray[np.float32]:
    """What the classifier reads of each photo: (photos, channels)."""
    path, x = loaded.spec.classifier, batch(loaded, photos)
    with loaded.lock, both_ends(loaded.network, [path]) as ends, torch.inference_mode():
        loaded.network(x)
    return ends[path].input.float().cpu().numpy()


def answers(loaded: LoadedModel, features: NDArray[np.float32]) -> NDArray[np.float32]:
    """The network's probabilities from what its classifier reads: (photos, classes)."""
    layer = loaded.network.get_submodule(loaded.spec.classifier)
    with torch.inference_mode():
        logits = layer(torch.from_numpy(features).to(loaded.device))
        return loaded.spec.probabilities(logits).cpu().numpy()


def head_of(loaded: LoadedModel) -> Head:
    """The classifier of a network as a record."""
    layer = loaded.network.get_submodule(loaded.spec.classifier)
    return heads.as_head(layer.weight, layer.bias)
