"""One forward pass that remembers: scores, what chosen layers put out, and the way back from them.

The gradient of any class score with respect to any captured layer then costs no new forward pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle


class BlockTrace(NamedTuple):
    """What one block read and what it put out, each (1, C, h, w), safe from in-place changes."""

    input: Tensor
    output: Tensor


@dataclass(frozen=True, eq=False)
class Trace:
    """What one forward pass left behind. Holds tensors: keep it in a bounded cache.

    logits: (1, classes). activations: path -> output of that module, (1, C, h, w) for a
    convolutional one. blocks: path -> what that module read and what it put out, without the way
    back. seconds: the forward pass. nbytes: what keeping this record keeps in memory, the graph
    included, the network's own weights not.
    """

    logits: Tensor
    activations: Mapping[str, Tensor]
    blocks: Mapping[str, BlockTrace]
    seconds: float
    nbytes: int

    def gradient(self, path: str, index: int) -> Tensor:
        """Gradient of the logit of class `index` with respect to a captured layer's output.

        Runs backwards from the logits to that layer only; may be asked any number of times.

        Returns:
            a tensor of the activation's shape.

        Raises:
            KeyError: if the path was not captured.
            IndexError: if there is no such class.
            RuntimeError: if the trace was made with graph=False.
        """
        return self.gradients([path], index)[0]

    def gradients(self, paths: Sequence[str], index: int) -> tuple[Tensor, ...]:
        """The same with respect to several layers, on one way back to the first of them."""
        targets = [self.activations[path] for path in paths]
        return torch.autograd.grad(self.logits[0, index], targets, retain_graph=True)


def trace(
    network: nn.Module,
    x: Tensor,
    modules: Sequence[str],
    graph: bool = True,
    blocks: Sequence[str] = (),
) -> Trace:
    """Run the network once on one prepared photo and capture the outputs of the named modules.

    The parameters must not require a gradient. Autograd then records nothing before the first
    captured layer, whose output becomes the leaf, and everything after it.

    Args:
        network: in eval mode; it has no hook of ours afterwards, whatever happens.
        x: (1, 3, H, W).
        modules: their paths as `get_submodule` takes them. Of a module that runs more than once,
            the last output is kept.
        graph: False keeps the activations alone, without the way back.
        blocks: the same of modules with one input and one output whose both ends are kept too.

    Raises:
        AttributeError: if the network has no module of that path.
        ValueError: if a named module put out no tensor, or never ran.
    """
    with (
        captured(network, modules, graph) as activations,
        both_ends(network, blocks) as ends,
        torch.set_grad_enabled(graph),
    ):
        began = time.perf_counter()
        logits = network(x.detach())
        seconds = time.perf_counter() - began
    silent = [path for path in (*modules, *blocks) if path not in activations and path not in ends]
    if silent:
        raise ValueError(f"never ran: {', '.join(silent)}")
    kept = [logits, *activations.values(), *(end for block in ends.values() for end in block)]
    return Trace(logits, activations, ends, seconds, held_bytes(kept, without=network))


@contextmanager
def captured(
    network: nn.Module, modules: Iterable[str], graph: bool = True
) -> Iterator[dict[str, Tensor]]:
    """While open, each forward pass of the network fills the yielded dict: path -> output.

    The hooks are removed on leaving, after an exception too. Not for two threads at once on one
    network: hold the model's lock.

    Raises:
        AttributeError: if the network has no module of that path.
    """
    activations: dict[str, Tensor] = {}
    handles = []
    try:
        for path in dict.fromkeys(modules):
            module = network.get_submodule(path)
            handles.append(module.register_forward_hook(_keeper(activations, path, graph)))
        yield activations
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def both_ends(network: nn.Module, modules: Iterable[str]) -> Iterator[dict[str, BlockTrace]]:
    """While open, each forward pass fills the yielded dict: path -> what went in and came out.

    Hooks, threads and errors as in `captured`; ValueError if an end is not one tensor.
    """
    ends: dict[str, BlockTrace] = {}
    handles = []
    try:
        for path in dict.fromkeys(modules):
            module = network.get_submodule(path)
            handles.extend(_watch(module, path, ends))
        yield ends
    finally:
        for handle in handles:
            handle.remove()


def _watch(
    module: nn.Module, path: str, ends: dict[str, BlockTrace]
) -> tuple[RemovableHandle, RemovableHandle]:
    # The input is copied before the block runs, since its first layer may overwrite it.
    before: list[Tensor] = []

    def enter(module: nn.Module, inputs: tuple[object, ...]) -> None:
        before[:] = [_copy(inputs[0], path)]

    def leave(module: nn.Module, inputs: tuple[object, ...], output: object) -> None:
        ends[path] = BlockTrace(before.pop(), _copy(output, path))

    return module.register_forward_pre_hook(enter), module.register_forward_hook(leave)


def _copy(value: object, path: str) -> Tensor:
    if not isinstance(value, Tensor):
        raise ValueError(f"{path} has an end that is {type(value).__name__}, not a tensor")
    return value.detach().clone()


def _keeper(
    activations: dict[str, Tensor], path: str, graph: bool
) -> Callable[[nn.Module, object, object], Tensor]:
    def keep(module: nn.Module, inputs: object, output: object) -> Tensor:
        if not isinstance(output, Tensor):
            raise ValueError(f"{path} puts out {type(output).__name__}, not a tensor")
        # Two copies: one against what shares memory with the output already (an Identity, an
        # in-place ReLU), one for the network to overwrite (`out += identity`).
        kept = output.clone()
        if graph and not kept.requires_grad:
            kept.requires_grad_()
        activations[path] = kept
        return kept.clone()

    return keep


@contextmanager
def rewritten(
    network: nn.Module, changes: Mapping[str, Callable[[Tensor], Tensor]]
) -> Iterator[None]:
    """While open, what the module of each path puts out goes through its function.

    The function must not change its argument in place. Hooks and threads as in `captured`.

    Raises:
        AttributeError: if the network has no module of that path.
    """

    def hook(change: Callable[[Tensor], Tensor]) -> Callable[..., Tensor]:
        return lambda module, inputs, output: change(output)

    with ExitStack() as hooks:
        for path, change in changes.items():
            module = network.get_submodule(path)
            hooks.callback(module.register_forward_hook(hook(change)).remove)
        yield


def held_bytes(tensors: Iterable[Tensor], without: nn.Module) -> int:
    """Bytes of memory that these tensors and the graphs behind them keep alive.

    Each storage counts once, however many tensors share it; parameters and buffers of `without` do
    not count.
    """
    known = {t.untyped_storage().data_ptr() for t in (*without.parameters(), *without.buffers())}
    total = 0
    for tensor in _reachable(tensors):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            known.add(storage.data_ptr())
            total += storage.nbytes()
    return total


def _reachable(tensors: Iterable[Tensor]) -> Iterator[Tensor]:
    """The tensors, then every tensor that a node of their graphs saved for going backwards."""
    waiting = []
    for tensor in tensors:
        yield tensor
        waiting.append(tensor.grad_fn)
    seen = set()
    while waiting:
        node = waiting.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        for name in _saved_names(type(node)):
            saved = getattr(node, name)
            yield from (
                s for s in (saved if isinstance(saved, tuple) else (saved,)) if s is not None
            )
        waiting.extend(parent for parent, _ in node.next_functions)


@cache
def _saved_names(node: type) -> tuple[str, ...]:
    """Attributes under which this kind of node gives its saved tensors."""
    if issubclass(node, torch.autograd.function.BackwardCFunction):  # written in Python
        return ("saved_tensors",)
    return tuple(name.removeprefix("_raw") for name in dir(node) if name.startswith("_raw_saved_"))
