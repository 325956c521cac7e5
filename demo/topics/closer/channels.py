"""The channels of a named layer, by strength and by weight, and which photos drive one of them.

The weight is Grad-CAM's: Selvaraju et al. (2017), equation 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from demo.cache import ByteCache
from demo.engine.runs import once, run, way_back
from demo.records import Box, Photo
from demo.topics.closer.explain import class_of
from demo.topics.closer.records.channels import Channels, Response
from demo.trace import trace
from demo.zoo.loading import LoadedModel


@dataclass(frozen=True, eq=False)
class _Kept:
    """What each named layer put out for an example photo: path -> (C, h, w)."""

    maps: dict[str, NDArray[np.float32]]
    seen: Box

    @property
    def nbytes(self) -> int:
        return sum(one.nbytes for one in self.maps.values())


_KEPT: ByteCache[_Kept] = ByteCache(32 * 2**20, size=lambda kept: kept.nbytes, grows=False)


def channels(
    loaded: LoadedModel, photo: Photo, layer: str = "", index: int | None = None
) -> Channels:
    """Strength and weight of every channel; kept.

    Args:
        layer: name of one of the spec's, "" its default.
        index: the class; None is the network's first choice.

    Raises:
        Problem: "problem.no_class".
    """
    asked, chosen = class_of(loaded, photo, index), loaded.spec.layer(layer)

    def compute() -> Channels:
        traced = way_back(loaded, photo)
        with loaded.lock:
            gradient = traced.gradient(chosen.path, asked)
        maps = _numbers(traced.activations[chosen.path])[0]
        return Channels(
            chosen.name,
            asked,
            np.abs(maps).mean(axis=(1, 2)),
            _numbers(gradient).mean(axis=(2, 3))[0],
            (maps.shape[1], maps.shape[2]),
            run(loaded, photo).scores.seen,
        )

    return once(loaded, photo, ("channels", chosen.name, asked), compute)


def maps_of(
    loaded: LoadedModel, photo: Photo, layer: str, chosen: list[int]
) -> NDArray[np.float32]:
    """The maps of these channels, (n, h, w)."""
    found = way_back(loaded, photo).activations[loaded.spec.layer(layer).path]
    return _numbers(found[:, chosen])[0]


def response(loaded: LoadedModel, photo: Photo, layer: str, channel: int) -> Response:
    """One channel's map of the reader's photo."""
    (values,) = maps_of(loaded, photo, layer, [channel])
    return Response("", values, run(loaded, photo).scores.seen)


def example_response(
    loaded: LoadedModel, photo: Photo, name: str, layer: str, channel: int
) -> Response:
    """The same of an example photo, whose layers are all kept: no forward pass for the next
    channel.
    """
    paths = [one.path for one in loaded.spec.layers]

    def compute() -> _Kept:
        x, seen = loaded.prepare(photo)
        with loaded.lock:
            traced = trace(loaded.network, x, paths, graph=False)
        maps = {path: _numbers(traced.activations[path])[0] for path in paths}
        return _Kept(maps, seen)

    kept = _KEPT.get(_key(loaded, photo), compute)
    values = kept.maps[loaded.spec.layer(layer).path][channel]
    return Response(name, values, kept.seen)


def known(loaded: LoadedModel, photo: Photo) -> bool:
    """Whether an example photo has been through the network, and its layers are still kept."""
    return _KEPT.peek(_key(loaded, photo)) is not None


def _key(loaded: LoadedModel, photo: Photo) -> tuple[str, str, str]:
    return loaded.spec.key, loaded.device, photo.key


def _numbers(values: torch.Tensor) -> NDArray[np.float32]:
    """As numpy; a place where the network overflowed counts as 0."""
    return torch.nan_to_num(values.detach().float(), posinf=0.0, neginf=0.0).cpu().numpy()
