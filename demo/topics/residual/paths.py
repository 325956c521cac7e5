"""Cardinality, seen on a photo: three equal forms, the paths of a block, and life without one.

Source: Xie et al. (2017), Fig. 3.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations

import numpy as np
import torch
from torch import Tensor, nn

from demo.blocks.residual import EarlyConcatenationBranch, ExplicitPathsBranch, ResNeXtBlock
from demo.engine.counterfactual import Change, answers, counterfactuals, unchanged
from demo.engine.runs import block_ends, once
from demo.records import Photo, Problem
from demo.records.counterfactual import Counterfactual
from demo.topics.residual.addition import bottleneck, branch, inside, shortcut_module
from demo.topics.residual.records import BRANCH, SHORTCUT, Bottleneck, Forms, PathMaps
from demo.zoo.loading import LoadedModel


def compare(block: nn.Module, x: Tensor) -> Forms:
    """Compute F(x) and a gradient three times with the same weights.

    The gradient is that of sum(F(x) * r) with respect to x, for one fixed random r.

    Args:
        block: a residual block in eval mode, the lesson's or torchvision's.
        x: (N, in_channels, H, W).
    """
    explicit = ExplicitPathsBranch(block)
    ways = (explicit, EarlyConcatenationBranch(block), lambda value: branch(block, value))
    outputs, gradients = [], []
    probe = None
    for way in ways:
        start = x.detach().clone().requires_grad_()
        with torch.enable_grad():
            out = way(start)
            if probe is None:
                probe = torch.randn(out.shape, generator=torch.Generator().manual_seed(0))
            (gradient,) = torch.autograd.grad((out * probe).sum(), start)
        outputs.append(out.detach())
        gradients.append(gradient)
    return Forms(
        explicit.cardinality,
        explicit.path_width,
        _differences(outputs),
        _differences(gradients),
        float(outputs[-1].abs().max()),
        float(gradients[-1].abs().max()),
    )


def _differences(values: Sequence[Tensor]) -> tuple[float, float, float]:
    first, second, third = (float((a - b).abs().max()) for a, b in combinations(values, 2))
    return first, second, third


def forms(loaded: LoadedModel, photo: Photo, name: str) -> Forms:
    """The three forms of a block of a loaded network on what it read of this photo; kept.

    Raises:
        Problem: if there is no such block, or it has one path only.
    """
    structure = _with_paths(loaded, name)

    def compute() -> Forms:
        x = block_ends(loaded, photo)[structure.path].input
        with loaded.lock:
            return compare(loaded.network.get_submodule(structure.path), x)

    return once(loaded, photo, ("forms", name), compute)


def random_forms(in_channels: int, cardinality: int, width: int, side: int = 14) -> Forms:
    """The three forms of a block with seeded random weights on seeded random input."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        block = ResNeXtBlock(in_channels, in_channels, cardinality, width).eval()
        x = torch.randn(1, in_channels, side, side)
    return compare(block.requires_grad_(False), x)


def path_maps(loaded: LoadedModel, photo: Photo, name: str) -> PathMaps:
    """What each path of a block adds to F(x), the last BatchNorm's scale included; kept.

    The parts and the last BatchNorm's shift add up to F(x).

    Raises:
        Problem: if there is no such block, or it has one path only.
    """
    structure = _with_paths(loaded, name)

    def compute() -> PathMaps:
        maps, lengths = [], []
        for part in _parts(loaded, photo, structure):
            maps.append(part.abs().mean(dim=1)[0].numpy())
            lengths.append(float(part.norm()))
        return PathMaps(name, np.stack(maps), np.array(lengths, dtype=np.float32))

    return once(loaded, photo, ("paths", name), compute)


def _parts(loaded: LoadedModel, photo: Photo, structure: Bottleneck) -> Iterator[Tensor]:
    """What each path adds, (1, out_channels, h, w), one after the other: all would be large."""
    x = block_ends(loaded, photo)[structure.path].input
    block = loaded.network.get_submodule(structure.path)
    scale = block.bn3.weight / torch.sqrt(block.bn3.running_var + block.bn3.eps)
    twin = ExplicitPathsBranch(block)
    for index in range(twin.cardinality):
        yield twin.path(x, index) * scale[None, :, None, None]


def _with_paths(loaded: LoadedModel, name: str) -> Bottleneck:
    loaded.spec.must_show("paths")
    return bottleneck(loaded.spec, name)


def switched(loaded: LoadedModel, photo: Photo, name: str, off: Collection[str]) -> Counterfactual:
    """The network's answer with parts of a block off; kept.

    Args:
        off: of the block's `switches`: "shortcut", "branch", or numbers of paths.

    Raises:
        Problem: if there is no such block or part.
    """
    block = bottleneck(loaded.spec, name)
    unknown = [part for part in off if part not in block.switches]
    if unknown:
        raise Problem(
            "residual.problem.no_part", block=name, part=unknown[0], all=", ".join(block.switches)
        )
    parts = tuple(part for part in block.switches if part in off)
    if not parts:
        return unchanged(loaded, photo, name)
    return once(
        loaded,
        photo,
        ("parts off", name, parts),
        lambda: _each(loaded, photo, [(block, [parts])])[0],
    )


def each_off(
    loaded: LoadedModel, photo: Photo, blocks: Sequence[Bottleneck]
) -> tuple[Counterfactual, ...]:
    """Every block's shortcut off by itself, and every block's branch: one pass for all."""
    return _each(loaded, photo, [(block, [(SHORTCUT,), (BRANCH,)]) for block in blocks])


def _each(
    loaded: LoadedModel,
    photo: Photo,
    plan: Sequence[tuple[Bottleneck, Sequence[tuple[str, ...]]]],
) -> tuple[Counterfactual, ...]:
    """The answer with each set of parts of each block off; blocks in order of depth."""
    ends = block_ends(loaded, photo)

    def change(path: str, some: Sequence[tuple[str, ...]]) -> Change:
        block, x = loaded.network.get_submodule(path), ends[path].input
        return lambda own: torch.cat([without(block, x, off) for off in some])

    changes = {block.path: change(block.path, some) for block, some in plan}
    places = [(block.name, off) for block, some in plan for off in some]
    return counterfactuals(loaded, photo, places, answers(loaded, photo, changes))


def without(block: nn.Module, x: Tensor, off: Collection[str]) -> Tensor:
    """A block's output, (N, C, h, w), with parts of it off.

    A path that is off leaves the sum of paths before the last BatchNorm; the branch or the
    shortcut that is off leaves the sum before the last ReLU.
    """
    middle = inside(block, x)
    size = block.conv2.out_channels // block.conv2.groups
    for part in off:
        if part not in (SHORTCUT, BRANCH):
            start = int(part) * size
            middle[:, start : start + size] = 0
    added = block.bn3(block.conv3(middle))
    if BRANCH in off:
        added = torch.zeros_like(added)
    carried = shortcut_module(block)(x)
    return torch.relu(added if SHORTCUT in off else carried + added)
