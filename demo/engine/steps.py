"""What a network does to its maps, step by step, read from the live modules.

The network runs once without weights or values (on PyTorch's meta device); every convolution,
pooling and concatenation writes itself down with the kernel and the sizes that it really has.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from demo.engine.depth import stops
from demo.records.receptive import Field, Kind, Pair, Step, fields
from demo.zoo.spec import ModelSpec

_POOLS: dict[object, Kind] = {
    torch.ops.aten.max_pool2d_with_indices.default: "max",
    torch.ops.aten.avg_pool2d.default: "avg",
}


@lru_cache(maxsize=64)
def fields_of(spec: ModelSpec) -> Mapping[str, Field]:
    """Name of each of `depth.stops` -> what one of its places sees of the network's input; its
    weights need not be here. Kept for the last 64 networks.
    """
    with torch.device("meta"):
        network = spec.build()
    twin = without_values(network.eval())
    book, after = Book(twin), {}
    for name, path in stops(spec).items():
        twin.get_submodule(path).register_forward_hook(
            lambda _, inputs, output, name=name: after.update({name: book.index(output)})
        )
    book.run(spec.input_size)
    seen = fields(book.steps)
    return {name: seen[after[name]] for name in after}


def without_values(network: nn.Module) -> nn.Module:
    """A copy whose parameters and buffers have shapes but no values."""
    memo: dict[int, Any] = {}
    for weight in network.parameters():
        shape = torch.empty_like(weight, device="meta")
        memo[id(weight)] = nn.Parameter(shape, requires_grad=False)
    for buffer in network.buffers():
        memo[id(buffer)] = torch.empty_like(buffer, device="meta")
    return copy.deepcopy(network, memo)


class Book(TorchDispatchMode):
    """Writes down the steps of what runs while it is open."""

    def __init__(self, twin: nn.Module) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self._twin = twin
        self._names = {id(weight): name for name, weight in twin.named_parameters()}
        self._index: dict[int, int] = {}
        # An id names a tensor only as long as it lives.
        self._alive: list[Tensor] = []

    def run(self, size: int) -> None:
        """Send an input of that side through the network, which has no values, and write."""
        x = torch.empty(1, 3, size, size, device="meta")
        self.write("input", x, ())
        with torch.no_grad(), self:
            self._twin(x)

    def index(self, tensor: Tensor) -> int:
        """The step that put out this tensor."""
        return self._index[id(tensor)]

    def write(self, kind: Kind, output: Tensor, sources: tuple[int, ...], **more: Any) -> None:
        """Add a step."""
        channels, height, width = output.shape[1:]
        in_channels = sum(self.steps[i].channels for i in sources)
        step = Step(kind, sources, in_channels, channels, height, width, **more)
        self.steps.append(step)
        self._remember(output, len(self.steps) - 1)

    def _remember(self, tensor: Tensor, index: int) -> None:
        self._alive.append(tensor)
        self._index[id(tensor)] = index

    def __torch_dispatch__(
        self,
        func: Any,
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        result = func(*args, **(kwargs or {}))
        known = (id(leaf) for leaf in tree_leaves(args))
        sources = tuple(dict.fromkeys(self._index[i] for i in known if i in self._index))
        output = next((leaf for leaf in tree_leaves(result) if isinstance(leaf, Tensor)), None)
        if output is None or not sources:
            return result
        if func is torch.ops.aten.convolution.default:
            _, weight, _, stride, padding, *_, groups = args
            more = {"kernel": _pair(weight.shape[2:]), "stride": _pair(stride)}
            more |= {"padding": _pair(padding), "groups": groups, "path": self._path(weight)}
            self.write("conv", output, sources, **more)
        elif func in _POOLS:
            kernel, stride, padding = (*args[1:4], *([], 0)[len(args[1:4]) - 1 :])
            more = {"kernel": _pair(kernel), "stride": _pair(stride or kernel)}
            self.write(_POOLS[func], output, sources, padding=_pair(padding), **more)
        elif len(sources) > 1:
            self.write("merge", output, sources)
        else:
            self._remember(output, sources[0])
        return result

    def _path(self, weight: Tensor) -> str:
        return self._names[id(weight)].removesuffix(".weight")


def _pair(value: int | Sequence[int]) -> Pair:
    """3, [3] and [3, 3] -> (3, 3)."""
    if isinstance(value, int):
        return value, value
    return int(value[0]), int(value[-1])
