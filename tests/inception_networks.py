"""Networks with Inception blocks for tests: seeded random weights, BatchNorms that do something."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import torch
from torch import Tensor, nn

from demo.blocks.inception import InceptionModule
from demo.blocks.networks import mini_googlenet
from demo.records import Photo
from demo.zoo.spec import Layer, ModelSpec, Preprocess, Weights
from demo.zoo.vision import torchvision
from tests.stand_in import StandIn

NETWORKS = ("mini_googlenet", "googlenet", "inception_v3")


@cache
def stand_in(key: str) -> StandIn:
    """One of NETWORKS with random weights; made once."""
    torch.manual_seed(3)
    makers: dict[str, Callable[[], nn.Module]] = {
        "mini_googlenet": mini_googlenet,
        "googlenet": lambda: torchvision.models.googlenet(
            transform_input=True, aux_logits=False, init_weights=False
        ),
        "inception_v3": lambda: torchvision.models.inception_v3(
            transform_input=True, init_weights=False
        ),
    }
    network = makers[key]()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.05, 0.3)
            nn.init.normal_(module.weight, 1, 0.1)
            nn.init.normal_(module.bias, 0, 0.2)
    size = {"mini_googlenet": 32, "googlenet": 224, "inception_v3": 299}[key]
    return wrap(key, makers[key], network, size, _blocks(network), 10 if size == 32 else 1000)


def wrap(
    key: str,
    build: Callable[[], nn.Module],
    network: nn.Module,
    size: int,
    blocks: dict[str, str],
    classes: int,
) -> StandIn:
    """A stand-in for a network whose layers to look at are the outputs of its blocks."""
    layers = tuple(Layer(name, path, 1, 1) for name, path in blocks.items())
    spec = ModelSpec(
        key=key,
        architecture=key,
        title=key,
        family="inception",
        dataset="imagenet",
        labels=tuple(f"class {i}" for i in range(classes)),
        build=build,
        weights=Weights("bundled", f"{key}.safetensors"),
        preprocess=Preprocess(size, size, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
        layers=layers[-1:],
        parameters=0,
        macs=0,
        default_layer=layers[-1].name,
        capabilities=("predict", "gradcam", "branches"),
        blocks=blocks,
        temperature=2.0,
    )
    return StandIn(spec, network.eval().requires_grad_(False))


def noise(size: int, seed: int = 0) -> Photo:
    """A picture of noise whose values are what networks expect."""
    pixels = np.random.default_rng(seed).normal(size=(size, size, 3)).astype(np.float32)
    return Photo(f"noise {size} {seed}", pixels)


def _blocks(network: nn.Module) -> dict[str, str]:
    found = {}
    for path, module in network.named_modules():
        named = type(module).__name__ in ("InceptionModule", "Inception")
        if named or (path.startswith("Mixed_") and "." not in path):
            found[path.removeprefix("inception").removeprefix("stages.")] = path
    return found


class Countable(nn.Module):
    """One module whose weights are all 1, whose four channels' means are the four logits."""

    def __init__(self) -> None:
        super().__init__()
        self.block = InceptionModule(3, 1, 1, 1, 1, 1, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.ones_(module.weight)
            elif isinstance(module, nn.BatchNorm2d):
                module.eps = 0.0

    def forward(self, x: Tensor) -> Tensor:
        return self.block(x).mean(dim=(2, 3))


def countable(key: str) -> StandIn:
    """The countable network for 4x4 pictures, four classes."""
    return wrap(key, Countable, Countable(), 4, {"only": "block"}, 4)


def ones() -> Photo:
    """The 4x4 picture of ones."""
    return Photo("ones", np.ones((4, 4, 3), dtype=np.float32))
