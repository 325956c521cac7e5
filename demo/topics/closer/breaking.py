"""A network's answers about a photo that is covered, blurred, shifted, rotated or cropped."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demo.engine.counterfactual import own_answer
from demo.engine.gradcam import weighted_sum
from demo.engine.runs import once, run
from demo.records import Photo, Problem
from demo.records.counterfactual import Answer
from demo.topics.closer.explain import class_of
from demo.topics.closer.numbers.breaking import Picture, harmed, on_input, region
from demo.topics.closer.records.breaking import KINDS, LEVELS, Broken, Harm, Ladder
from demo.topics.closer.records.maps import Explanation
from demo.trace import trace
from demo.zoo.loading import LoadedModel, as_input, cut_out, part_seen
from demo.zoo.spec import ModelSpec

Climbing = Generator[tuple[int, int], None, Ladder]


def picture_of(spec: ModelSpec, photo: Photo, harm: Harm) -> Picture:
    """What a network is given of a harmed photo, at its input's size.

    Raises:
        Problem: "closer.problem.no_harm"; "closer.problem.no_strength".
    """
    if harm.kind not in KINDS:
        raise Problem("closer.problem.no_harm", kind=harm.kind, kinds=", ".join(KINDS))
    if not 0 <= harm.strength <= 1:
        raise Problem("closer.problem.no_strength", strength=harm.strength)
    how = spec.preprocess
    part = region(harm.square or part_seen(photo, how), harm.kind, harm.strength)
    picture = cut_out(photo, how, part).astype(np.float64) / 255
    covered = on_input(harm.covered.cells, part, how.crop) if harm.covered else None
    return harmed(picture, harm.kind, harm.strength, covered)


def broken(loaded: LoadedModel, photo: Photo, harm: Harm, index: int | None = None) -> Broken:
    """The answers before and after, and the Grad-CAM of one class over what is left; kept.

    Args:
        index: the class of the map; None is the network's first choice for the whole photo.

    Raises:
        Problem: as `picture_of`; "problem.no_class".
    """
    asked = class_of(loaded, photo, index)
    key = ("broken", harm.way, harm.strength, asked)
    return once(loaded, photo, key, lambda: _broken(loaded, photo, harm, asked))


def _broken(loaded: LoadedModel, photo: Photo, harm: Harm, index: int) -> Broken:
    spec = loaded.spec
    layer = spec.layer("")
    x = _input(loaded, picture_of(loaded.spec, photo, harm))
    began = time.perf_counter()
    with loaded.lock:
        traced = trace(loaded.network, x, [layer.path])
        gradient = traced.gradient(layer.path, index)
    raw = weighted_sum(traced.activations[layer.path].detach(), gradient)
    seconds = time.perf_counter() - began
    seen = harm.square or run(loaded, photo).scores.seen
    explained = Explanation(spec.key, "gradcam", layer.name, index, None, raw, seconds, seen)
    logits = traced.logits.detach().float().cpu()
    after = Answer(logits[0].numpy(), spec.probabilities(logits)[0].numpy())
    return Broken(own_answer(loaded, photo), after, explained)


def climbing(loaded: LoadedModel, photo: Photo, harm: Harm) -> Climbing:
    """The network's answers at every strength of this harm, a batch a step: yields (done, total).

    Kept; the strength that the harm has does not matter.

    Raises:
        Problem: as `picture_of`.
    """
    key = ("ladder", harm.way)
    kept = run(loaded, photo).results.peek(key)
    if kept is not None:
        return kept
    batch = len(LEVELS) if loaded.spec.input_size <= 64 else 4
    found: list[NDArray[np.float32]] = []
    for start in range(0, len(LEVELS), batch):
        yield start, len(LEVELS)
        harms = (replace(harm, strength=one) for one in LEVELS[start : start + batch])
        pictures = [picture_of(loaded.spec, photo, one) for one in harms]
        x = torch.cat([_input(loaded, picture) for picture in pictures])
        with loaded.lock, torch.no_grad():
            logits = loaded.network(x)
        found.append(loaded.spec.probabilities(logits).cpu().numpy())
    record = Ladder(np.concatenate(found))
    return once(loaded, photo, key, lambda: record)


def _input(loaded: LoadedModel, picture: Picture) -> Tensor:
    return as_input(picture, loaded.spec.preprocess).to(loaded.device)
