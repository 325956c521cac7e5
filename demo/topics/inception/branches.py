"""What the branches of an Inception block do on a photo, from the block's captured ends.

Nothing here runs the network again: a branch's output is its channels of the block's output, and a
reduction is recomputed from the block's input.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from demo.engine.runs import block_ends, once
from demo.records import Photo, Problem
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.records import (
    Block,
    BlockActivity,
    Branch,
    BranchActivity,
    Reduction,
    Work,
)
from demo.trace import BlockTrace
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

BINS = 32


def block_of(spec: ModelSpec, name: str) -> Block:
    """The block of that name.

    Raises:
        Problem: if the model has no Inception block of that name.
    """
    spec.must_show("branches")
    blocks = anatomy(spec).blocks
    if name not in blocks:
        known = ", ".join(blocks)
        raise Problem("inception.problem.no_block", model=spec.title, block=name, all=known)
    return blocks[name]


def branch_of(block: Block, name: str) -> Branch:
    """The branch of that name.

    Raises:
        Problem: if the block has no such branch.
    """
    try:
        return block.branch(name)
    except KeyError:
        known = ", ".join(branch.name for branch in block.branches)
        raise Problem(
            "inception.problem.no_branch", block=block.name, branch=name, all=known
        ) from None


def activity(loaded: LoadedModel, photo: Photo, name: str) -> BlockActivity:
    """What each branch of a block put out on this photo; kept.

    Raises:
        Problem: if there is no such block.
    """
    block = block_of(loaded.spec, name)
    key = (loaded.spec.key, photo.key, name)
    return once(
        loaded,
        photo,
        ("activity", name),
        lambda: measure(_ends(loaded, photo, block).output, block, *key),
    )


def measure(output: Tensor, block: Block, model: str, photo: str, name: str) -> BlockActivity:
    """Measure the branches in a block's output, (1, C, h, w)."""
    values = output[0].float()
    highest = float(values.max())
    edges = np.linspace(0, highest if highest > 0 else 1, BINS + 1, dtype=np.float32)
    energies = values.double().square().sum(dim=(1, 2))  # C
    whole = float(energies.sum())
    branches = []
    for branch in block.branches:
        part = values[branch.start : branch.stop]
        energy = float(energies[branch.start : branch.stop].sum())
        counts, _ = np.histogram(part[part > 0].numpy(), edges)
        branches.append(
            BranchActivity(
                name=branch.name,
                heat=part.mean(dim=0).numpy(),
                strength=part.mean(dim=(1, 2)).numpy(),
                channel_share=branch.channels / len(values),
                energy=energy,
                energy_share=energy / whole if whole > 0 else 0.0,
                zeros=float((part == 0).double().mean()),
                silent=int((part.abs().amax(dim=(1, 2)) == 0).sum()),
                highest=float(part.max()),
                counts=counts,
            )
        )
    return BlockActivity(model, photo, name, tuple(branches), edges)


def across(loaded: LoadedModel, photo: Photo) -> tuple[BlockActivity, ...]:
    """The activity of all blocks of a network, in order of depth."""
    return tuple(activity(loaded, photo, name) for name in loaded.spec.blocks)


def work(loaded: LoadedModel, photo: Photo, block: str, reduced: Reduction, count: int) -> Work:
    """What a reduction does on this photo, with the `count` strongest of its channels.

    Raises:
        Problem: if there is no such block.
    """
    maps = reduction_maps(loaded, photo, block, reduced.path)
    shown = strongest(maps.mean(axis=(1, 2)), count)
    return Work(maps, tuple(shown), mixing(loaded, reduced.path))


def maps(loaded: LoadedModel, photo: Photo, block: str, branch: str) -> NDArray[np.float32]:
    """The maps of a branch, (C, h, w), as the block put them out.

    Raises:
        Problem: if there is no such block or branch.
    """
    structure = block_of(loaded.spec, block)
    part = branch_of(structure, branch)
    output = _ends(loaded, photo, structure).output
    return output[0, part.start : part.stop].float().numpy()


def strongest(strength: NDArray[np.floating], count: int) -> list[int]:
    """Indices of the `count` strongest channels, strongest first; of equals the lower first."""
    return np.argsort(-strength, kind="stable")[:count].tolist()


def reduction_maps(loaded: LoadedModel, photo: Photo, block: str, path: str) -> NDArray[np.float32]:
    """What the 1x1 convolution at `path` puts out after its ReLU, (C, h, w).

    path: that of the first convolution of a branch; it is run again on the block's captured input.

    Raises:
        Problem: if there is no such block.
    """
    source = _ends(loaded, photo, block_of(loaded.spec, block)).input
    unit = loaded.network.get_submodule(path.rpartition(".")[0])
    with loaded.lock, torch.no_grad():
        # A clone, because the unit's ReLU may work in place.
        return unit(source.clone())[0].float().numpy()


def mixing(loaded: LoadedModel, path: str) -> NDArray[np.float32]:
    """The weights of a 1x1 convolution as the matrix that mixes channels, (out, in)."""
    convolution = loaded.network.get_submodule(path)
    assert isinstance(convolution, nn.Conv2d)
    return convolution.weight.detach().float()[:, :, 0, 0].contiguous().numpy()


def _ends(loaded: LoadedModel, photo: Photo, block: Block) -> BlockTrace:
    return block_ends(loaded, photo)[block.path]
