"""Networks of the catalogue with weights that a test makes."""

from __future__ import annotations

import torch
from torch import nn

from demo.zoo.spec import ModelSpec
from tests.zoo.counting import without_values


def filled(one: ModelSpec) -> nn.Module:
    """The network with random weights that keep the signal's size, and BatchNorms at work."""
    network = without_values(one.build).to_empty(device="cpu").requires_grad_(False)
    generator = torch.Generator().manual_seed(0)
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.Linear):
            inputs = module.weight[0].numel()
            module.weight.normal_(0, (2 / inputs) ** 0.5, generator=generator)
            if module.bias is not None:
                module.bias.zero_()
        if isinstance(module, nn.BatchNorm2d):
            module.weight.uniform_(0.3, 0.9, generator=generator)
            module.bias.uniform_(-0.3, 0.3, generator=generator)
            module.running_mean.uniform_(-0.3, 0.3, generator=generator)
            module.running_var.uniform_(0.5, 1.5, generator=generator)
    return network.eval()
