"""Toy networks whose explanations can be worked out by hand, or that Captum can read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from demo.lane import Turn
from demo.zoo.loading import LoadedModel


def linear() -> nn.Sequential:
    """No ReLU: logits are means over the pixels of 3 R + 10 - G, and of R - 10 + G.

    Layer "0" puts out R and 10 - G of a pixel.
    """
    network = nn.Sequential(
        nn.Conv2d(3, 2, 1), nn.Conv2d(2, 2, 1, bias=False), nn.AvgPool2d(4), nn.Flatten()
    )
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[1.0, 0, 0], [0, -1.0, 0]]).view(2, 3, 1, 1))
        network[0].bias.copy_(torch.tensor([0.0, 10.0]))
        network[1].weight.copy_(torch.tensor([[3.0, 1.0], [1.0, -1.0]]).view(2, 2, 1, 1))
    return network


class Toy(nn.Module):
    """Two convolutions, each with a ReLU behind it, then a mean and a linear layer.

    kind: "fresh", two modules; "reused", one for both; "in place", one that overwrites what it
    reads; "function", no module at all.
    """

    def __init__(self, kind: str, classes: int = 3) -> None:
        super().__init__()
        self.kind = kind
        self.conv1 = nn.Conv2d(3, 4, 3, padding=1)
        self.conv2 = nn.Conv2d(4, 5, 3, padding=1, stride=2)
        self.head = nn.Linear(5, classes)
        self.relu1: Any = nn.ReLU(inplace=kind == "in place")
        self.relu2: Any = nn.ReLU() if kind == "fresh" else self.relu1
        generator = torch.Generator().manual_seed(0)
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.copy_(torch.randn(parameter.shape, generator=generator))
        self.eval().requires_grad_(False)

    def forward(self, x: Tensor) -> Tensor:
        if self.kind == "function":
            out = F.relu(self.conv2(F.relu(self.conv1(x))), inplace=True)
        else:
            out = self.relu2(self.conv2(self.relu1(self.conv1(x))))
        return self.head(out.mean(dim=(2, 3)))


KINDS = ("fresh", "reused", "in place", "function")


def small(made: Any) -> LoadedModel:
    """A stand-in that takes photos as real networks do: values in [0, 1], 4 x 4."""
    return LoadedModel(made.spec, made.network, "bundled")


def last_page(steps: Iterator[str | Turn]) -> str:
    """What a scene shows in the end."""
    pages = [one for one in steps if not isinstance(one, Turn)]
    return pages[-1]
