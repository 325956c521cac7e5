"""Addition, seen on a photo: what a shortcut carries, what the branch adds, their sum.

Everything follows from the input of each block that the one forward pass of `runs.run` captured.
Works on the lesson's blocks and on torchvision's: both call their layers conv1 to bn3.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import Tensor, nn

from demo.blocks.networks import ResidualStage, imagenet_stem, residual_network
from demo.engine.runs import block_ends, once, run
from demo.records import Photo, Problem
from demo.topics.residual.records import Bottleneck, ResidualSum, Share, Shares
from demo.trace import both_ends
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

SMALL = 1_000_000
"""Parameters up to which a network is run with any values for its shapes. Without values, PyTorch
needs its compiler, whose import takes a second: of the page's start, which draws such networks."""
CHANNELS = 256
"""Of the first stage's output on ImageNet."""


@lru_cache(maxsize=64)
def bottlenecks(spec: ModelSpec) -> tuple[Bottleneck, ...]:
    """A network's residual blocks in order of depth, as its modules have them; kept.

    Its weights need not be here: it is built and run without values.

    Raises:
        Problem: if it has none.
    """
    spec.must_show("stages")
    with torch.device("meta"):
        network = spec.build().eval()
    x = torch.zeros(1, 3, spec.input_size, spec.input_size)
    if spec.parameters <= SMALL:
        network.to_empty(device="cpu")
    else:
        x = x.to("meta")
    with torch.no_grad(), both_ends(network, spec.blocks.values()) as ends:
        network(x)
    return tuple(
        _read(name, path, network.get_submodule(path), *ends[path])
        for name, path in spec.blocks.items()
    )


def _read(name: str, path: str, block: nn.Module, before: Tensor, after: Tensor) -> Bottleneck:
    extra = sum(p.numel() for p in shortcut_module(block).parameters() if p.dim() == 4)
    return Bottleneck(
        name=name,
        path=path,
        in_channels=before.shape[1],
        width=block.conv2.out_channels,
        out_channels=after.shape[1],
        cardinality=block.conv2.groups,
        stride=block.conv2.stride[0],
        size_in=(before.shape[2], before.shape[3]),
        size_out=(after.shape[2], after.shape[3]),
        identity=extra == 0,
        weights=(
            block.conv1.weight.numel(),
            block.conv2.weight.numel(),
            block.conv3.weight.numel(),
            extra,
        ),
    )


def bottleneck(spec: ModelSpec, name: str) -> Bottleneck:
    """The block of that name.

    Raises:
        Problem: "residual.problem.no_block" if there is none, or as `bottlenecks`.
    """
    for block in bottlenecks(spec):
        if block.name == name:
            return block
    raise Problem(
        "residual.problem.no_block", model=spec.title, block=name, all=", ".join(spec.blocks)
    )


def shortcut_module(block: nn.Module) -> nn.Module:
    """What the shortcut does to x; an Identity where it is x itself."""
    own = getattr(block, "shortcut", None)
    return own or getattr(block, "downsample", None) or nn.Identity()


def inside(block: nn.Module, x: Tensor) -> Tensor:
    """F(x) up to the ReLU after the 3x3 convolution: all paths' channels side by side."""
    out = torch.relu(block.bn1(block.conv1(x)))
    return torch.relu(block.bn2(block.conv2(out)))


def branch(block: nn.Module, x: Tensor) -> Tensor:
    """F(x), what the block adds, before the sum."""
    return block.bn3(block.conv3(inside(block, x)))


def terms(loaded: LoadedModel, photo: Photo, path: str) -> tuple[Tensor, Tensor]:
    """What the shortcut carries and F(x), (1, C, h, w) each, from the captured input."""
    x = block_ends(loaded, photo)[path].input
    block = loaded.network.get_submodule(path)
    with loaded.lock, torch.no_grad():
        return shortcut_module(block)(x), branch(block, x)


def residual_sum(loaded: LoadedModel, photo: Photo, name: str) -> ResidualSum:
    """Both terms of a block and relu of their sum, which is the block's own output.

    Raises:
        Problem: if there is no such block.
    """
    block = bottleneck(loaded.spec, name)
    carried, added = terms(loaded, photo, block.path)
    return ResidualSum(
        block,
        carried[0].numpy(),
        added[0].numpy(),
        torch.relu(carried + added)[0].numpy(),
        run(loaded, photo).scores.seen,
    )


def shares(loaded: LoadedModel, photo: Photo) -> Shares:
    """|F(x)| beside the length of what the shortcut carries, for every block; kept.

    Raises:
        Problem: if the network has no residual blocks.
    """

    def compute() -> Shares:
        rows = []
        for block in bottlenecks(loaded.spec):
            carried, added = terms(loaded, photo, block.path)
            lengths = (float(added.norm()), float(carried.norm()))
            rows.append(Share(block.name, block.identity, *lengths))
        return Shares(tuple(rows))

    return once(loaded, photo, "shares", compute)


@lru_cache(maxsize=256)
def whole_network(cardinality: int, width: int) -> int:
    """Parameters of the 50-layer ImageNet network of C x d paths, counted on its own modules.

    1 x 64 is ResNet-50, 32 x 4 is ResNeXt-50. No weight gets a value.
    """
    counts = (3, 4, 6, 3)
    stages = [
        ResidualStage(blocks, cardinality * width * 2**i, CHANNELS * 2**i, cardinality)
        for i, blocks in enumerate(counts)
    ]
    with torch.device("meta"):
        network = residual_network(imagenet_stem(64), 64, stages, num_classes=1000)
    return sum(p.numel() for p in network.parameters())
