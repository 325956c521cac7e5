"""The JSON API of the DenseNet tab: /dense_growth and /feature_reuse."""

from __future__ import annotations

from typing import Any

import numpy as np

from demo.engine.ask import ask, listed
from demo.page.endpoint import offer
from demo.records import Photo, Problem
from demo.topics.dense.numbers import growth as dense
from demo.topics.dense.reuse import reuse


def register() -> None:
    """Offer the endpoints; called once, inside the app's Blocks context."""
    offer(dense_growth, "dense_growth", heavy=False)
    offer(feature_reuse, "feature_reuse")


def dense_growth(
    model: str = "",
    k: int = 32,
    blocks: list[int] = [6, 12, 24, 16],  # noqa: B006
    initial: int = 64,
    theta: float = 0.5,
    bottleneck: bool = True,
) -> dict:
    """How a DenseNet's channels grow, layer by layer.

    `model` is a DenseNet of /models, "bc100" or "lecture", and the rest is ignored; with "" the
    rest counts: a network with ImageNet's stem, 224 px and 1,000 classes. A layer reads
    `in_channels`, adds `new_channels` (k) and passes `out_channels`, the sum of both, on.
    `memory` is in bytes, for one photo: a copy for every concatenation beside one shared buffer.
    """
    grown = dense.growth(dense.plan(model, k, blocks, initial, theta, bottleneck))
    return {
        "model": model,
        "layers": [
            {
                "block": layer.block,
                "layer": layer.layer,
                "in_channels": layer.in_channels,
                "new_channels": grown.plan.k,
                "out_channels": layer.out_channels,
                "size": layer.size,
                "parameters": layer.parameters,
                "macs": layer.macs,
            }
            for layer in grown.layers
        ],
        "transitions": [
            {
                "in_channels": step.in_channels,
                "out_channels": step.out_channels,
                "size": step.out_size,
                "parameters": step.parameters,
                "macs": step.macs,
            }
            for step in grown.transitions
        ],
        "final_channels": grown.final_channels,
        "parameters": grown.parameters,
        "macs": grown.macs,
        "memory": {"naive": grown.naive_bytes, "shared": grown.shared_bytes},
    }


def feature_reuse(
    model: str = "mini_densenet",
    block: int = 3,
    reading: str = "raw",
    image: Photo | None = None,
) -> dict:
    """How strongly each layer of a dense block reads each source before it (the paper's Fig. 5).

    `block` counts from 1. `reading`: "raw" is mean |w|, "scaled" multiplies it by gamma / sigma of
    the BatchNorm in front, "activation" by what the photo makes of each channel (`image` is
    needed there alone). Rows of `matrix` are `sources`, columns are `targets`; null where a layer
    stands in front of its source.
    """
    if reading == "activation" and image is None:
        raise Problem("api.no_image")
    found = ask(reuse, listed(model), block, reading, image)
    layers = [f"layer{number}" for number in range(1, found.sources)]
    rows: list[list[Any]] = np.round(found.matrix.astype(float), 8).tolist()
    return {
        "model": model,
        "block": block,
        "reading": reading,
        "sources": ["input", *layers],
        "targets": [*layers, found.after],
        "matrix": [[None if value != value else value for value in row] for row in rows],
    }
