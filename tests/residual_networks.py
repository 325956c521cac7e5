"""Residual networks with seeded random weights, loaded as the app loads them."""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import nn

from demo.records import Photo
from demo.zoo.catalogue import spec
from demo.zoo.loading import MEMORY_FORMAT, LoadedModel


@cache
def loaded(key: str) -> LoadedModel:
    """A network of the catalogue whose BatchNorms are no identity; its answer means nothing."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        network = spec(key).build().eval().requires_grad_(False)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                nn.init.uniform_(module.weight, 0.3, 0.9)
                nn.init.uniform_(module.bias, -0.3, 0.3)
                module.running_mean.uniform_(-0.3, 0.3)
                module.running_var.uniform_(0.5, 1.5)
    return LoadedModel(spec(key), network.to(memory_format=MEMORY_FORMAT), "bundled")


def noise(seed: int = 0) -> Photo:
    """A photo of noise, 40 x 32."""
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 40, 3), dtype=np.uint8)
    return Photo(f"noise {seed}", pixels)
