"""How long scores and one Grad-CAM take, against one bare forward pass, measured in one run.

`python -m benchmarks.gradcam`: random weights, fp32, batch 1; medians of interleaved repetitions.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch import nn

from demo.blocks import networks
from demo.engine.gradcam import normalised, weighted_sum
from demo.trace import trace
from demo.zoo.vision import torchvision

STAGES = ("stages.stage1", "stages.stage2", "stages.stage3")
BLOCKS = ("stages.block1", "stages.block2", "stages.relu")
NETWORKS: dict[str, tuple[Callable[[], nn.Module], int, tuple[str, ...]]] = {
    "mini_resnet": (networks.mini_resnet, 32, STAGES),
    "mini_densenet": (networks.mini_densenet, 32, BLOCKS),
    "mini_googlenet": (networks.mini_googlenet, 32, STAGES),
    "mini_resnext": (networks.mini_resnext, 32, STAGES),
    "resnet50": (torchvision.models.resnet50, 224, ("layer1", "layer2", "layer3", "layer4")),
}


def seconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def measure(name: str, repeats: int) -> str:
    """One row: bare forward, trace and map of the last layer, and of all layers; graph size."""
    build, size, paths = NETWORKS[name]
    network = build().eval().requires_grad_(False)
    x = torch.randn(1, 3, size, size)

    def bare() -> None:
        with torch.no_grad():
            network(x)

    def explained(layers: tuple[str, ...]) -> int:
        traced = trace(network, x, layers)
        gradient = traced.gradient(layers[-1], int(traced.logits.argmax()))
        normalised(weighted_sum(traced.activations[layers[-1]].detach(), gradient))
        return traced.nbytes

    calls: list[Callable[[], object]] = [
        bare,
        lambda: explained(paths[-1:]),
        lambda: explained(paths),
    ]
    for call in calls:
        call()
    times = [[seconds(call) for call in calls] for _ in range(repeats)]
    base, one, every = (statistics.median(column) for column in zip(*times, strict=True))
    megabytes = explained(paths) / 2**20
    return (
        f"{name:16} {base * 1000:8.1f} ms {one / base:10.2f} {every / base:10.2f} "
        f"{megabytes:8.1f} MB"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=20)
    repeats = parser.parse_args().repeats
    print(f"{torch.get_num_threads()} threads; last, all: trace + map / bare forward")
    print(f"{'network':16} {'bare':>11} {'last':>10} {'all':>10} {'kept':>11}")
    for name in NETWORKS:
        print(measure(name, repeats), flush=True)


if __name__ == "__main__":
    main()
