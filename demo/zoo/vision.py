"""torchvision and timm, importable beside a CPU-only torch.

The torchvision wheel on the package index is built against CUDA. Beside a CPU build of torch its
compiled operators do not load, and its import then fails while it describes two of them
(pytorch/vision issue 9077). This app uses none of the compiled operators, so declaring the two
names is enough. timm and captum import torchvision themselves, so import them after this module
(timm from here, captum behind it).
"""

from __future__ import annotations

import torch

_DETECTION_OPERATORS = ("nms", "qnms")
_library = torch.library.Library("torchvision", "FRAGMENT")

try:
    import torchvision
except RuntimeError as error:
    if "torchvision::" not in str(error):
        raise
    for _name in _DETECTION_OPERATORS:
        _library.define(f"{_name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision

import timm  # noqa: E402
import timm.optim  # noqa: E402, F401

__all__ = ["timm", "torchvision"]
