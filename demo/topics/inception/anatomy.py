"""How a network's Inception blocks are built, read from the live modules, never from a paper.

The network runs once without weights or values (on PyTorch's meta device); every convolution,
pooling and concatenation writes itself down with the kernel and the sizes that it really has.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from demo.topics.inception.records import Anatomy, Block, Branch, Kind, Pair, Step
from demo.zoo.spec import ModelSpec

_POOLS: dict[object, Kind] = {
    torch.ops.aten.max_pool2d_with_indices.default: "max",
    torch.ops.aten.avg_pool2d.default: "avg",
}


@lru_cache(maxsize=64)
def anatomy(spec: ModelSpec) -> Anatomy:
    """The anatomy of a network, whose weights need not be here; kept for the last 64 networks."""

    with torch.device("meta"):
        network = spec.build()
    return read(network.eval(), spec.key, spec.input_size, spec.blocks)


def read(network: nn.Module, model: str, size: int, blocks: Mapping[str, str]) -> Anatomy:
    """Read a network in eval mode.

    Args:
        size: side of its input.
        blocks: name -> module path of its Inception blocks, in order of depth.

    Raises:
        ValueError: if one of the blocks does not end with a concatenation.
    """
    twin = _without_values(network)
    book = _Book({id(weight): name for name, weight in twin.named_parameters()})
    ends: dict[str, tuple[int, int]] = {}
    for path in blocks.values():
        _watch(twin.get_submodule(path), path, book, ends)
    x = torch.empty(1, 3, size, size, device="meta")
    book.write("input", x, ())
    with torch.no_grad(), book:
        twin(x)
    steps = tuple(book.steps)
    return Anatomy(
        model,
        size,
        steps,
        {name: _block(steps, name, path, *ends[path]) for name, path in blocks.items()},
    )


def _without_values(network: nn.Module) -> nn.Module:
    """A copy whose parameters and buffers have shapes but no values."""
    memo: dict[int, Any] = {}
    for weight in network.parameters():
        shape = torch.empty_like(weight, device="meta")
        memo[id(weight)] = nn.Parameter(shape, requires_grad=False)
    for buffer in network.buffers():
        memo[id(buffer)] = torch.empty_like(buffer, device="meta")
    return copy.deepcopy(network, memo)


def _watch(module: nn.Module, path: str, book: _Book, ends: dict[str, tuple[int, int]]) -> None:
    entry: list[int] = []
    module.register_forward_pre_hook(lambda _, inputs: entry.append(book.index(inputs[0])))
    module.register_forward_hook(
        lambda _, inputs, output: ends.update({path: (entry.pop(), book.index(output))})
    )


class _Book(TorchDispatchMode):
    """Writes down the steps of what runs while it is open."""

    def __init__(self, names: Mapping[int, str]) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self._names = names
        self._index: dict[int, int] = {}
        # An id names a tensor only as long as it lives.
        self._alive: list[Tensor] = []

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


def _block(steps: Sequence[Step], name: str, path: str, entry: int, exit: int) -> Block:
    if steps[exit].kind != "merge":
        raise ValueError(f"{path} does not end with a concatenation")
    branches: list[Branch] = []
    start = 0
    for source in steps[exit].sources:
        trunk, ends = _ways(steps, entry, source)
        stop = start + steps[source].channels
        label = _name((*trunk, *(step for end in ends for step in end)), ends)
        same = sum(branch.name.partition("#")[0] == label for branch in branches)
        label = f"{label}#{same + 1}" if same else label
        branches.append(Branch(label, trunk, ends, start, stop, source))
        start = stop

    def shape(index: int) -> tuple[int, int, int]:
        return steps[index].channels, steps[index].height, steps[index].width

    return Block(name, path, shape(entry), shape(exit), tuple(branches), entry, exit)


def _ways(
    steps: Sequence[Step], entry: int, exit: int
) -> tuple[tuple[Step, ...], tuple[tuple[Step, ...], ...]]:
    """The steps from a block's entry to a branch's exit: what all ways share, then each end."""

    def back(index: int) -> Iterator[tuple[int, ...]]:
        if index == entry:
            yield ()
            return
        here = () if steps[index].kind == "merge" else (index,)
        for source in steps[index].sources:
            yield from ((*way, *here) for way in back(source))

    ways = list(back(exit))
    shared = 0
    while all(len(way) > shared for way in ways) and len({way[shared] for way in ways}) == 1:
        shared += 1
    trunk = tuple(steps[i] for i in ways[0][:shared])
    if len(ways) == 1:
        return trunk, ()
    return trunk, tuple(tuple(steps[i] for i in way[shared:]) for way in ways)


def _name(steps: Sequence[Step], ends: Sequence[Sequence[Step]]) -> str:
    """ "pool", or the kernels larger than 1x1 in order; split ends stand side by side."""
    if any(step.kind in ("max", "avg") for step in steps):
        return "pool"

    def kernels(some: Sequence[Step]) -> list[str]:
        return [f"{s.kernel[0]}x{s.kernel[1]}" for s in some if s.kernel != (1, 1)]

    split = {id(step) for end in ends for step in end}
    names = kernels([step for step in steps if id(step) not in split])
    if ends:
        names.append("+".join("-".join(kernels(end)) for end in ends))
    return "-".join(names) or "1x1"
