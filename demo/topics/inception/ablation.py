"""What a branch is worth: the network's answer with branches switched off.

A branch is set to zero, or each of its channels to its mean over this photo, after its last ReLU,
where the block puts it out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import torch
from torch import Tensor

from demo.engine.counterfactual import Change, answers, counterfactuals, unchanged
from demo.engine.runs import once, run
from demo.records import Photo
from demo.records.counterfactual import Counterfactual
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.branches import block_of, branch_of
from demo.topics.inception.records import Branch, CutMatrix, Mode
from demo.zoo.loading import LoadedModel

Progress = Callable[[int, int, str], None]
"""Called with (blocks done, blocks in all, name of the block)."""


def cut(
    loaded: LoadedModel, photo: Photo, block: str, off: Collection[str], mode: Mode = "zero"
) -> Counterfactual:
    """The network's answer with the branches `off` of a block switched off; kept.

    Raises:
        Problem: if there is no such block or branch.
    """
    place = block_of(loaded.spec, block)
    for name in off:
        branch_of(place, name)
    branches = [branch for branch in place.branches if branch.name in off]
    if not branches:
        return unchanged(loaded, photo, block)
    names = tuple(branch.name for branch in branches)

    def compute() -> Counterfactual:
        logits = answers(loaded, photo, {place.path: lambda own: switched_off(own, branches, mode)})
        return counterfactuals(loaded, photo, [(block, names)], logits)[0]

    return once(loaded, photo, ("branches off", block, names, mode), compute)


def matrix(
    loaded: LoadedModel, photo: Photo, mode: Mode = "zero", progress: Progress | None = None
) -> CutMatrix:
    """Every branch of every block off by itself: one pass of the network for all; kept."""

    def compute() -> CutMatrix:
        blocks = anatomy(loaded.spec).blocks

        def each_off(number: int, name: str) -> Change:
            def change(own: Tensor) -> Tensor:
                if progress is not None:
                    progress(number, len(blocks), name)
                branches = blocks[name].branches
                return torch.cat([switched_off(own, [branch], mode) for branch in branches])

            return change

        changes = {
            block.path: each_off(number, name)
            for number, (name, block) in enumerate(blocks.items(), start=1)
        }
        places = [
            (name, (branch.name,)) for name, block in blocks.items() for branch in block.branches
        ]
        logits = answers(loaded, photo, changes)
        return CutMatrix(
            loaded.spec.key, photo.key, mode, counterfactuals(loaded, photo, places, logits)
        )

    return once(loaded, photo, ("matrix", mode), compute)


def kept_matrix(loaded: LoadedModel, photo: Photo, mode: Mode) -> CutMatrix | None:
    """The matrix if it has been computed and is still there."""
    return run(loaded, photo).results.peek(("matrix", mode))


def switched_off(output: Tensor, branches: Sequence[Branch], mode: Mode) -> Tensor:
    """A copy of a block's output, (N, C, h, w), with these branches off."""
    changed = output.clone()
    for branch in branches:
        part = changed[:, branch.start : branch.stop]
        if mode == "zero":
            part.zero_()
        else:
            part.copy_(part.mean(dim=(2, 3), keepdim=True).expand_as(part))
    return changed
