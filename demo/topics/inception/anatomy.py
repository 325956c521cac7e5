"""How a network's Inception blocks are built, read from the live modules, never from a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import torch
from torch import nn

from demo.engine.steps import Book, without_values
from demo.records.receptive import Step
from demo.topics.inception.records import Anatomy, Block, Branch
from demo.zoo.spec import ModelSpec


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
    twin = without_values(network)
    book = Book(twin)
    ends: dict[str, tuple[int, int]] = {}
    for path in blocks.values():
        _watch(twin.get_submodule(path), path, book, ends)
    book.run(size)
    steps = tuple(book.steps)
    return Anatomy(
        model,
        size,
        steps,
        {name: _block(steps, name, path, *ends[path]) for name, path in blocks.items()},
    )


def _watch(module: nn.Module, path: str, book: Book, ends: dict[str, tuple[int, int]]) -> None:
    entry: list[int] = []
    module.register_forward_pre_hook(lambda _, inputs: entry.append(book.index(inputs[0])))
    module.register_forward_hook(
        lambda _, inputs, output: ends.update({path: (entry.pop(), book.index(output))})
    )


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
