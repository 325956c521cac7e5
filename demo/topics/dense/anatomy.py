"""A live DenseNet taken apart: who reads which channels, and what each layer adds.

Works on the lesson's own networks and torchvision's alike: a dense block is the modules whose first
convolution reads everything before them, whatever the modules are called.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from demo.engine.runs import block_ends
from demo.records import Photo, Problem
from demo.topics.dense.records import LayerMaps
from demo.zoo.loading import LoadedModel


@dataclass(frozen=True, eq=False)
class Reader:
    """What reads a concatenation: weights (out, in, ...) after a BatchNorm and a ReLU."""

    norm: nn.BatchNorm2d
    weight: Tensor


@dataclass(frozen=True, eq=False)
class DenseBlockView:
    """One dense block of a live network.

    number counts from 1. add: for each layer the function (N, in, h, w) -> (N, k, h, w) that makes
    its new channels. readers: one for each layer, then what follows the block. starts: channel at
    which each source begins (the block's input, then every layer), and the channels in all.
    """

    number: int
    path: str
    after: Literal["transition", "classifier"]
    add: tuple[Callable[[Tensor], Tensor], ...]
    readers: tuple[Reader, ...]
    starts: tuple[int, ...]

    def channels(self, source: int) -> slice:
        """Where a source's channels are in the concatenation."""
        return slice(self.starts[source], self.starts[source + 1])


def dense_blocks(loaded: LoadedModel) -> tuple[DenseBlockView, ...]:
    """The network's dense blocks, in order of depth.

    Raises:
        Problem: if it has none.
    """
    spec, network = loaded.spec, loaded.network
    spec.must_show("growth")
    return loaded.results.once(
        "dense blocks",
        lambda: tuple(
            _view(network, number, path)
            for number, path in enumerate(spec.blocks.values(), start=1)
        ),
    )


def dense_block(loaded: LoadedModel, block: int) -> DenseBlockView:
    """The block of that number, from 1.

    Raises:
        Problem: if the network has no such block.
    """
    views = dense_blocks(loaded)
    if not 1 <= block <= len(views):
        raise Problem("densenet.no_block", model=loaded.spec.key, block=block, count=len(views))
    return views[block - 1]


def layer_maps(loaded: LoadedModel, photo: Photo, block: int, layer: int) -> LayerMaps:
    """The k channels that one layer (from 1) added for a photo, cut out of the block's output.

    Raises:
        Problem: if there is no such block or layer.
    """
    view = dense_block(loaded, block)
    if not 1 <= layer <= len(view.add):
        raise Problem("densenet.no_layer", block=block, layer=layer, count=len(view.add))
    maps = block_output(loaded, photo, view)[0, view.channels(layer)]
    return LayerMaps(block, layer, maps.float().contiguous().numpy())


def block_output(loaded: LoadedModel, photo: Photo, view: DenseBlockView) -> Tensor:
    """What the block put out in the photo's run, (1, C, h, w): [input, layer 1, layer 2, ...]."""
    return block_ends(loaded, photo)[view.path].output


def _view(network: nn.Module, number: int, path: str) -> DenseBlockView:
    parent, _, name = path.rpartition(".")
    children = dict(network.get_submodule(parent).named_children())
    names = list(children)
    following = tuple(children[other] for other in names[names.index(name) + 1 :])
    layers = tuple(children[name].children())
    classifier = [module for module in network.modules() if isinstance(module, nn.Linear)][-1]
    transition = getattr(following[0], "conv", None)
    if transition is None:
        last = Reader(_norm([following[0]]), classifier.weight)
    else:
        last = Reader(_norm(following[0].children()), transition.weight)
    readers = (*(_reader(layer) for layer in layers), last)
    return DenseBlockView(
        number=number,
        path=path,
        after="classifier" if transition is None else "transition",
        add=tuple(getattr(layer, "new_features", layer) for layer in layers),
        readers=readers,
        starts=(0, *(reader.weight.shape[1] for reader in readers)),
    )


def _reader(layer: nn.Module) -> Reader:
    return Reader(_norm(layer.children()), layer.conv1.weight)


def _norm(modules: Sequence[nn.Module]) -> nn.BatchNorm2d:
    """The first BatchNorm among them: it stands before the weights that read."""
    return next(module for module in modules if isinstance(module, nn.BatchNorm2d))


def normalised(reader: Reader, features: Tensor) -> Tensor:
    """Features (1, C, h, w) as the weights of a reader get them: after BatchNorm and ReLU."""
    with torch.no_grad():
        return functional.relu(reader.norm(features))
