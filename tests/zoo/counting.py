"""Counting without values: on PyTorch's meta device a network has shapes only."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode


def without_values(build: Callable[[], nn.Module]) -> nn.Module:
    with torch.device("meta"):
        return build().eval()


def parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def measure(
    network: nn.Module, size: int, paths: Iterable[str] = ()
) -> tuple[int, dict[str, tuple[int, ...]]]:
    """(multiply-adds of one forward pass, shape of what each path puts out)."""
    shapes: dict[str, tuple[int, ...]] = {}
    handles = []
    for path in paths:

        def keep(module: nn.Module, inputs: object, output: Tensor, path: str = path) -> None:
            shapes[path] = tuple(output.shape)

        handles.append(network.get_submodule(path).register_forward_hook(keep))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.empty(1, 3, size, size, device="meta"))
    for handle in handles:
        handle.remove()
    return counter.get_total_flops() // 2, shapes
