"""Grad-CAM: where in the photo a network finds what speaks for a class.

Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based
Localization" (2017), equations 1 and 2. Where only a mean over all places and one linear layer
follow, the gradient is that layer's row everywhere, and the map is the class activation map of Zhou
et al., "Learning Deep Features for Discriminative Localization" (2016): Grad-CAM generalises it
(section 3 there), and needs no way back then.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demo.engine.runs import Run, run, way_back
from demo.records import HeatMap, Photo, Problem
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import Layer


def heat_map(
    loaded: LoadedModel, photo: Photo, layer: str = "", index: int | None = None
) -> HeatMap:
    """Grad-CAM of one class at one layer.

    Costs no forward pass where the photo has been through this network before; one more for the
    first map at a layer that is not the default one.

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
    asked = forward.scores.top if index is None else index
    return _explain(loaded, photo, forward, chosen, asked)


def _layer(loaded: LoadedModel, name: str) -> Layer:
    try:
        return loaded.spec.layer(name)
    except KeyError:
        names = ", ".join(layer.name for layer in loaded.spec.layers)
        raise Problem(
            "problem.no_layer", model=loaded.spec.title, layer=name, layers=names
        ) from None


def _explain(loaded: LoadedModel, photo: Photo, forward: Run, layer: Layer, index: int) -> HeatMap:
    scores = forward.scores
    if not 0 <= index < len(scores.logits):
        raise Problem(
            "problem.no_class", model=loaded.spec.title, index=index, count=len(scores.logits)
        )
    if loaded.spec.pooled and layer.name == loaded.spec.default_layer:
        raw = pooled_sum(loaded, forward.last, index)
    else:
        raw = _through_the_graph(loaded, photo, layer, index)
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


def pooled_sum(loaded: LoadedModel, activation: Tensor, index: int) -> NDArray[np.float32]:
    """As `weighted_sum`, at a layer of which the classifier sees the mean over h x w places.

    The gradient is the classifier's row over h w at every place, and so is alpha.
    """
    row = loaded.network.get_submodule(loaded.spec.classifier).weight[index].cpu().numpy()
    places = activation[0].float().cpu().numpy()
    height, width = places.shape[1:]
    raw = (row @ places.reshape(len(row), -1)).reshape(height, width) / (height * width)
    return raw if np.isfinite(raw).all() else np.nan_to_num(raw)


def _through_the_graph(
    loaded: LoadedModel, photo: Photo, layer: Layer, index: int
) -> NDArray[np.float32]:
    traced = way_back(loaded, photo)
    with loaded.lock:
        gradient = traced.gradient(layer.path, index)
    return weighted_sum(traced.activations[layer.path].detach(), gradient)


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
