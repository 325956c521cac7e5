"""Copies of a network that have lost its weights, from the classifier down to a part of it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from demo.engine.steps import without_values
from demo.trace import captured
from demo.zoo.loading import LoadedModel

SEED = 0
CLASSIFIER, STEM = "classifier", "stem"
_DICE = {
    one
    for one in vars(nn.init).values()
    if inspect.isfunction(one) and "generator" in inspect.signature(one).parameters
}
"""The initialisers that draw at random."""


@dataclass(frozen=True)
class Part:
    """A stretch of a network.

    name: "classifier", the layer of the spec that it ends with, or "stem". paths: of the modules
    with weights in it, in the order in which they run.
    """

    name: str
    paths: tuple[str, ...]


class _Seeded(TorchFunctionMode):
    """While open, this thread's initialisers draw from one generator, and nobody else's do."""

    def __init__(self, dice: torch.Generator) -> None:
        super().__init__()
        self._dice = dice

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        given = dict(kwargs or {})
        if func in _DICE:
            given["generator"] = self._dice
        return func(*args, **given)


def parts(loaded: LoadedModel) -> tuple[Part, ...]:
    """The network's parts, the last first: the classifier, what leads to each layer that the spec
    names, the stem. What does not run for an answer belongs to none.
    """
    spec = loaded.spec
    with loaded.lock:
        twin = without_values(loaded.network)
    weighted = {path for path, module in twin.named_modules() if list(module.parameters(False))}
    names = {layer.path: layer.name for layer in spec.layers}
    x = torch.empty(1, 3, spec.input_size, spec.input_size, device="meta")
    with captured(twin, [*weighted, *names], graph=False) as ran, torch.no_grad():
        twin(x)
    found, paths = [], list[str]()
    for path in ran:
        if path in weighted:
            paths.append(path)
        if path in names:
            found.append(Part(names[path], tuple(paths)))
            paths = []
    found.append(Part(CLASSIFIER, tuple(paths)))
    first, *rest = found
    return (*reversed(rest), *_without_stem(first, loaded))


def _without_stem(first: Part, loaded: LoadedModel) -> tuple[Part, ...]:
    """The first part, and its stem by itself: what runs before the first block of the spec, or
    before the second convolution where it names none.
    """
    block = next(iter(loaded.spec.blocks.values()), None)
    if block is None:
        convolutions = [
            path
            for path in first.paths
            if isinstance(loaded.network.get_submodule(path), nn.Conv2d)
        ]
        begins = convolutions[1:2]
    else:
        begins = [path for path in first.paths if path.startswith(f"{block}.")]
    if not begins or begins[0] == first.paths[0]:
        return (first,)
    at = first.paths.index(begins[0])
    return Part(first.name, first.paths[at:]), Part(STEM, first.paths[:at])


def forgotten(loaded: LoadedModel, gone: Sequence[Part], seed: int = SEED) -> LoadedModel:
    """A copy without the weights of these parts, which are the first of `parts`.

    Adebayo et al., "Sanity Checks for Saliency Maps" (2018), section 3: cascading randomisation.
    Each module's own `reset_parameters` gives the new weights, and a BatchNorm the statistics that
    it begins with: the same for the same parts and seed, so that no copy need wait anywhere.
    """
    with loaded.lock:
        network = copy.deepcopy(loaded.network)
    with _Seeded(torch.Generator(loaded.device).manual_seed(seed)):
        for path in (path for part in gone for path in part.paths):
            network.get_submodule(path).reset_parameters()  # type: ignore[operator]
    return LoadedModel(loaded.spec, network, loaded.source, loaded.device)
