"""DenseNets for the tests: one with weights that can be reckoned by hand, two with random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from torch import nn

from demo.blocks import networks
from demo.zoo.vision import torchvision


def pointwise(conv: nn.Conv2d, values: list[float]) -> None:
    """One output; only the kernel's centre counts, nine times: mean |w| is |value|."""
    conv.weight.zero_()
    conv.weight[0, :, 1, 1] = 9 * torch.tensor(values)


def by_hand() -> nn.Module:
    """Block 1 with two layers, a transition, block 2 with one; k = 1; every BatchNorm does nothing.

    The ramp p goes in as three equal channels: layer 1 adds 18 p, layer 2 adds 652.5 p.
    """
    network = networks.dense_network(nn.Identity(), 3, 1, [2, 1], 2, 0.5, bottleneck=False)
    stages = network.stages
    with torch.no_grad():
        pointwise(stages.block1[0].conv1, [1, -2, 3])
        pointwise(stages.block1[1].conv1, [0.5, -0.5, 0.5, 4])
        rows = torch.tensor([[1.0, 1, 1, 2, -3], [3, 3, 3, 0, 1]])
        stages.transition1.conv.weight.copy_(rows.view(2, 5, 1, 1))
        pointwise(stages.block2[0].conv1, [6, -8])
        network.fc.weight.copy_(torch.tensor([[1.0, -1, 2], [3, 5, 4]]))
        network.fc.bias.zero_()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eps = 0.0
    return network


def lesson() -> nn.Module:
    """Three blocks of the lesson's own classes, random weights and BatchNorm statistics."""
    torch.manual_seed(3)
    network = networks.dense_network(networks.small_stem(6), 6, 4, [1, 3, 2], 5)
    return shaken(network)


def vision() -> nn.Module:
    """A small torchvision DenseNet, random likewise."""
    torch.manual_seed(4)
    network = torchvision.models.DenseNet(4, (2, 3, 2, 1), 8, num_classes=5)
    shaken(network)
    # Kaiming's weights let values explode unless the statistics are those of real features.
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = 1.0
    with torch.no_grad():
        network.train()(torch.randn(8, 3, 64, 64))
    return network


def shaken(network: nn.Module) -> nn.Module:
    """Every BatchNorm with statistics and weights of its own."""
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, 0.2, 0.6)
            nn.init.normal_(module.running_mean, std=0.05)
            nn.init.uniform_(module.running_var, 0.05, 0.2)
    return network


def as_dense(standin: Any, paths: list[str]) -> Any:
    """A stand-in whose spec says that it grows, with its dense blocks."""
    blocks = {f"block{i}": path for i, path in enumerate(paths, start=1)}
    standin.spec = replace(standin.spec, capabilities=("predict", "growth"), blocks=blocks)
    return standin


def lesson_paths(count: int) -> list[str]:
    return [f"stages.block{i}" for i in range(1, count + 1)]


def vision_paths(count: int) -> list[str]:
    return [f"features.denseblock{i}" for i in range(1, count + 1)]
