"""Grad-CAM: where in the photo a network finds what speaks for a class.

Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization" (2017), equations 1 and 2.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demo.engine.runs import Run, run
from demo.records import HeatMap, Photo, Problem
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import Layer


def heat_map(
    loaded: LoadedModel, photo: Photo, layer: str = "", index: int | None = None
) -> HeatMap:
    """Grad-CAM of one class at one layer.

    Costs no forward pass where the photo has been through this network before, whatever layer and
    class it was asked for.

    Args:
        loaded: the network.
        photo: the picture.
        layer: name of one of the spec's layers; "" is its default.
        index: class to explain; None is the most probable one.

    Raises:
        Problem: "problem.no_layer" if the network has no layer of that name, "problem.no_class" if
            it has no class of that index.
    """
    chosen = _layer(loaded, layer)
    forward = run(loaded, photo)
    return _explain(loaded, forward, chosen, forward.scores.top if index is None else index)


def _layer(loaded: LoadedModel, name: str) -> Layer:
    try:
        return loaded.spec.layer(name)
    except KeyError:
        names = ", ".join(layer.name for layer in loaded.spec.layers)
        raise Problem(
            "problem.no_layer", model=loaded.spec.title, layer=name, layers=names
        ) from None


def _explain(loaded: LoadedModel, forward: Run, layer: Layer, index: int) -> HeatMap:
    scores = forward.scores
    if not 0 <= index < len(scores.logits):
        raise Problem(
            "problem.no_class", model=loaded.spec.title, index=index, count=len(scores.logits)
        )
    with loaded.lock:
        gradient = forward.trace.gradient(layer.path, index)
    raw = weighted_sum(forward.trace.activations[layer.path].detach(), gradient)
    return HeatMap(
        model=scores.model,
        photo=scores.photo,
        layer=layer.name,
        index=index,
        values=normalised(raw),
        raw_min=float(raw.min()),
        raw_max=float(raw.max()),
        seen=scores.seen,
    )


def weighted_sum(activation: Tensor, gradient: Tensor) -> NDArray[np.float32]:
    """Sum over channels of alpha_k A^k, alpha_k the mean gradient of channel k, before ReLU.

    Equation 1 and the inside of equation 2: both (1, C, h, w) -> (h, w). A place where the network
    overflowed into NaN counts as 0.
    """
    weights = gradient.float().mean(dim=(2, 3), keepdim=True)  # alpha_k: 1 x C x 1 x 1
    raw = (weights * activation.float()).sum(dim=1)[0]  # h x w
    return torch.nan_to_num(raw).cpu().numpy()


def normalised(raw: NDArray[np.float32]) -> NDArray[np.float32]:
    """ReLU, then divided by the maximum: values in [0, 1], all zero if none is positive."""
    positive = np.maximum(raw, 0)
    return positive / positive.max() if positive.max() > 0 else positive
