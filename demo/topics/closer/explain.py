"""One question to a network, by any method: where does it find what speaks for a class?"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from demo.engine.runs import once, run
from demo.records import Photo, Problem
from demo.topics.closer.cams import CAMS, cam
from demo.topics.closer.guided import guided_gradient
from demo.topics.closer.pixels import Score, integrated, occlusion, saliency
from demo.topics.closer.records.maps import AT_A_LAYER, METHODS, Explanation, Method
from demo.zoo.loading import LoadedModel

Record = TypeVar("Record")
Explaining = Generator[tuple[int, int], None, Explanation]
"""Yields (done, of how many) of a long method; returns its map."""


@dataclass(frozen=True)
class Question:
    """What is asked of a method.

    index: the class; None is the network's first choice. against: the class that it is weighed
    against. layer: name of one of the spec's, "" its default. window, stride: of occlusion, as
    shares of the input's side.
    """

    method: Method
    index: int | None = None
    against: int | None = None
    layer: str = ""
    window: float = 0.25
    stride: float = 0.125


def explain(loaded: LoadedModel, photo: Photo, question: Question) -> Explanation:
    """The map, worked out at most once while the photo's run is kept.

    Raises:
        Problem: as `explaining`.
    """
    return finished(explaining(loaded, photo, question))


def finished(steps: Generator[Any, None, Record]) -> Record:
    """What is worked out in steps, once all of them are done."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def explaining(loaded: LoadedModel, photo: Photo, question: Question) -> Explaining:
    """The same step by step, so that a long method can say how far it is, and be left.

    Raises:
        Problem: "closer.problem.no_method"; "problem.no_layer"; "problem.no_class".
    """
    asked = _checked(loaded, photo, question)
    key = ("explained", asked)
    kept = run(loaded, photo).results.peek(key)
    if kept is not None:
        return kept
    began = time.perf_counter()
    raw = yield from _raw(loaded, photo, asked)
    values = torch.nan_to_num(raw.float()).cpu().numpy() if isinstance(raw, Tensor) else raw
    layer = loaded.spec.layer(asked.layer).name if asked.method in AT_A_LAYER else ""
    assert asked.index is not None
    found = Explanation(
        loaded.spec.key,
        asked.method,
        layer,
        asked.index,
        asked.against,
        values.astype(np.float32),
        time.perf_counter() - began,
        run(loaded, photo).scores.seen,
    )
    return once(loaded, photo, key, lambda: found)


def _raw(loaded: LoadedModel, photo: Photo, asked: Question) -> Generator:
    """The map before anything is done to it, (h, w), as numpy or torch has it."""
    path, index = loaded.spec.layer(asked.layer).path, asked.index
    assert index is not None
    if asked.method in CAMS:
        return cam(loaded, photo, asked.method, path, index, asked.against)
    x, _ = loaded.prepare(photo)
    score = score_of(index, asked.against)
    if asked.method == "guided":
        heat = cam(loaded, photo, "gradcam", path, index, asked.against)
        return guided_gradcam(loaded, x, score, torch.from_numpy(heat))
    if asked.method == "saliency":
        return saliency(loaded, x, score)
    if asked.method == "integrated":
        return (yield from integrated(loaded, x, score))
    side = x.shape[-1]
    window = min(max(1, round(asked.window * side)), side)
    stride = min(max(1, round(asked.stride * side)), window)
    return (yield from occlusion(loaded, x, score, window, stride))


def guided_gradcam(loaded: LoadedModel, x: Tensor, score: Score, heat: Tensor) -> Tensor:
    """The guided gradient where Grad-CAM is above 0, summed over the colours: (H, W).

    Selvaraju et al. (2017), section 3.2. heat: Grad-CAM before ReLU, (h, w).
    """
    with loaded.lock:
        gradient, _ = guided_gradient(loaded.network, x, score)
    large = F.interpolate(heat.clamp(min=0)[None, None].to(x.device), x.shape[-2:], mode="bilinear")
    return (gradient * large).sum(dim=1)[0]


def score_of(index: int, against: int | None) -> Score:
    """The logit of one class, minus that of another where there is one."""

    def score(logits: Tensor) -> Tensor:
        return logits[:, index] - (logits[:, against] if against is not None else 0)

    return score


def class_of(loaded: LoadedModel, photo: Photo, index: int | None) -> int:
    """The class that is asked about: for None the network's first choice.

    Raises:
        Problem: "problem.no_class" if it has none of that index.
    """
    scores = run(loaded, photo).scores
    asked = scores.top if index is None else index
    if not 0 <= asked < len(scores.logits):
        count = len(scores.logits)
        raise Problem("problem.no_class", model=loaded.spec.title, index=asked, count=count)
    return asked


def _checked(loaded: LoadedModel, photo: Photo, question: Question) -> Question:
    """The question with every choice made."""
    spec = loaded.spec
    if question.method not in METHODS:
        raise Problem(
            "closer.problem.no_method", method=question.method, methods=", ".join(METHODS)
        )
    index = class_of(loaded, photo, question.index)
    if question.against is not None:
        class_of(loaded, photo, question.against)
    try:
        layer = spec.layer(question.layer).name
    except KeyError:
        names = ", ".join(one.name for one in spec.layers)
        raise Problem(
            "problem.no_layer", model=spec.title, layer=question.layer, layers=names
        ) from None
    window = question.window if question.method == "occlusion" else 0.0
    stride = question.stride if question.method == "occlusion" else 0.0
    return Question(question.method, index, question.against, layer, window, stride)
