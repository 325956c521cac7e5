"""Grad-CAM at every named layer of a network, and at the blocks between: one forward pass, one way
back."""

from __future__ import annotations

import time

from demo.engine.depth import stops
from demo.engine.gradcam import weighted_sum
from demo.engine.runs import once, run, way_back
from demo.engine.steps import fields_of
from demo.records import Photo
from demo.topics.closer.explain import class_of
from demo.topics.closer.records.maps import Explanation, LayerMap, Strip
from demo.zoo.loading import LoadedModel


def strip(loaded: LoadedModel, photo: Photo, index: int | None = None) -> Strip:
    """The maps of one class at each of the network's `depth.stops`; kept.

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
    places = stops(spec)
    with loaded.lock:
        gradients = traced.gradients(list(places.values()), index)
    seconds = time.perf_counter() - began
    fields, named, maps = fields_of(spec), {layer.name for layer in spec.layers}, []
    for (name, path), gradient in zip(places.items(), gradients, strict=True):
        raw = weighted_sum(traced.activations[path].detach(), gradient)
        found = Explanation(spec.key, "gradcam", name, index, None, raw, seconds, seen)
        height, width = raw.shape
        extent = fields[name].extent
        size = spec.input_size
        maps.append(LayerMap(found, (height, width), extent, size, name in named))
    return Strip(tuple(maps))
