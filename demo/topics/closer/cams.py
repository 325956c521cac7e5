"""Class activation maps from the one forward pass that all share, before ReLU.

Grad-CAM: Selvaraju et al. (2017). Grad-CAM++: Chattopadhay et al., "Grad-CAM++: Generalized
Gradient-based Visual Explanations for Deep Convolutional Networks" (2018), equations 10 and 19 for
an exponential score. HiRes-CAM: Draelos and Carin, "Use HiResCAM instead of Grad-CAM" (2020).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from demo.engine.gradcam import weighted_sum
from demo.engine.runs import way_back
from demo.records import Photo
from demo.zoo.loading import LoadedModel

Map = NDArray[np.float32]


def gradcam_pp(activation: Tensor, gradient: Tensor) -> Map:
    """Sum over channels of w_k A^k, w_k = sum of alpha * ReLU(g): both (1, C, h, w) -> (h, w)."""
    square, cube = gradient**2, gradient**3
    below = 2 * square + activation.sum(dim=(2, 3), keepdim=True) * cube
    alpha = torch.where(below != 0, square / below, torch.zeros_like(below))
    weights = (alpha * gradient.clamp(min=0)).sum(dim=(2, 3), keepdim=True)
    return _numbers((weights * activation).sum(dim=1)[0])


def hirescam(activation: Tensor, gradient: Tensor) -> Map:
    """Sum over channels of g * A at each place by itself: both (1, C, h, w) -> (h, w)."""
    return _numbers((gradient * activation).sum(dim=1)[0])


CAMS: dict[str, Callable[[Tensor, Tensor], Map]] = {
    "gradcam": weighted_sum,
    "gradcam_pp": gradcam_pp,
    "hirescam": hirescam,
}


def cam(
    loaded: LoadedModel, photo: Photo, method: str, path: str, index: int, against: int | None
) -> Map:
    """A map of the logit of one class, minus that of another where there is one; no new forward
    pass.

    Args:
        method: of `CAMS`.
        path: of a layer that the spec names.
    """
    trace = way_back(loaded, photo)
    with loaded.lock:
        gradient = trace.gradient(path, index)
        if against is not None:
            gradient = gradient - trace.gradient(path, against)
    return CAMS[method](trace.activations[path].detach().float(), gradient.float())


def _numbers(values: Tensor) -> Map:
    """As numpy; a place where the network overflowed counts as 0."""
    return torch.nan_to_num(values, posinf=0.0, neginf=0.0).cpu().numpy()
