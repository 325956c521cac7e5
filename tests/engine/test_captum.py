"""The engine against Captum's LayerGradCam, over all families."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.blocks import networks
from demo.engine.gradcam import heat_map
from demo.records import Photo
from demo.zoo import builders
from demo.zoo.vision import torchvision

from captum.attr import LayerGradCam  # isort: skip  # it needs the torchvision imported above


def densenet121(num_classes: int) -> nn.Module:
    return builders.densenet(32, (6, 12, 24, 16), 64, num_classes)


STAGES = ("stem", "stages.stage1", "stages.stage2", "stages.stage3")
RESIDUAL = ("layer2", "layer3", "layer4")
CASES: dict[str, tuple[Callable[..., nn.Module], int, tuple[str, ...]]] = {
    "mini_resnet": (networks.mini_resnet, 32, STAGES),
    "mini_densenet": (
        networks.mini_densenet,
        32,
        ("stages.block1", "stages.transition1", "stages.block3", "stages.relu"),
    ),
    "mini_googlenet": (networks.mini_googlenet, 32, STAGES),
    "mini_resnext": (networks.mini_resnext, 32, STAGES),
    "densenet121": (densenet121, 96, ("features.transition3.relu", "relu")),
    "resnet50": (torchvision.models.resnet50, 96, RESIDUAL),
    "resnext50_32x4d": (torchvision.models.resnext50_32x4d, 96, RESIDUAL),
    "googlenet": (builders.googlenet, 96, ("inception4a", "inception4e", "inception5b")),
    "inception_v3": (builders.inception_v3, 139, ("Mixed_5d", "Mixed_6e", "Mixed_7c")),
}


def randomise(network: nn.Module) -> None:
    """Weights that keep the signal's size, and BatchNorms that are no identity."""
    generator = torch.Generator().manual_seed(0)

    def between(tensor: torch.Tensor, low: float, high: float) -> None:
        tensor.copy_(low + (high - low) * torch.rand(tensor.shape, generator=generator))

    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, generator=generator)
            if isinstance(module, nn.BatchNorm2d):
                between(module.weight, 0.3, 0.9)
                between(module.bias, -0.3, 0.3)
                between(module.running_mean, -0.3, 0.3)
                between(module.running_var, 0.5, 1.5)


@pytest.mark.parametrize("name", CASES)
def test_equals_captum(
    name: str, loaded: Callable[..., Any], noise: Callable[[int, int], Photo]
) -> None:
    build, size, paths = CASES[name]
    torch.manual_seed(0)
    network = build(num_classes=10)
    randomise(network)
    model = loaded(network, paths, 10)
    photo = noise(size, 1)
    x = model.prepare(photo)[0]
    filled = 0
    for path in paths:
        captum = LayerGradCam(network, network.get_submodule(path))
        for index in (0, 7):
            theirs = captum.attribute(x, target=index, relu_attributions=True)
            theirs = theirs[0, 0].detach().numpy()
            ours = heat_map(model, photo, f"layer {path}", index)
            assert ours.values.shape == theirs.shape
            assert ours.empty == (theirs.max() == 0)
            if not ours.empty:
                filled += 1
                assert theirs.std() > 0
                assert np.abs(ours.values - theirs / theirs.max()).max() < 1e-5
    assert filled >= len(paths)
