"""Grad-CAM at every named layer of a network: one forward pass, one way back."""

from __future__ import annotations

import time

from demo.engine.gradcam import weighted_sum
from demo.engine.runs import once, run, way_back
from demo.engine.steps import fields_of
from demo.records import Photo
from demo.topics.closer.explain import class_of
from demo.topics.closer.records.maps import Explanation, LayerMap, Strip
from demo.zoo.loading import LoadedModel


def strip(loaded: LoadedModel, photo: Photo, index: int | None = None) -> Strip:
    """The maps of one class from the first layer that the spec names to the last; kept.

    Args:
        index: None is the network's first choice.

    Raises:
        Problem: "problem.no_class".
    """
    asked = class_of(loaded, photo, index)
    return once(loaded, photo, ("strip", asked), lambda: _strip(loaded, photo, asked))


def _strip(loaded: LoadedModel, photo: Photo, index: int) -> Strip:
    spec, traced = loaded.spec, way_back(loaded, photo)
    seen = run(loaded, photo).scores.seen
    began = time.perf_counter()
    with loaded.lock:
        gradients = traced.gradients([layer.path for layer in spec.layers], index)
    seconds = time.perf_counter() - began
    fields, maps = fields_of(spec), []
    for layer, gradient in zip(spec.layers, gradients, strict=True):
        raw = weighted_sum(traced.activations[layer.path].detach(), gradient)
        found = Explanation(spec.key, "gradcam", layer.name, index, None, raw, seconds, seen)
        height, width = raw.shape
        extent = fields[layer.name].extent
        maps.append(LayerMap(found, (height, width), extent, spec.input_size))
    return Strip(tuple(maps))
