"""What a branch is worth: the network's answer with branches switched off, many in one pass.

A branch is set to zero, or each of its channels to its mean over this photo, behind its last ReLU,
where the block puts it out. Cutting a trained network is not the same as training one without the
branch: what is left was never trained to do without.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from demo.cache import ByteCache
from demo.explain.anatomy import anatomy
from demo.explain.branches import block_of, branch_of
from demo.explain.runs import run
from demo.explain.switches import rewritten
from demo.records import Photo
from demo.records.inception import Block, Branch, Cut, CutMatrix, Mode

if TYPE_CHECKING:
    from demo.zoo.loading import LoadedModel

Progress = Callable[[int, int, str], None]
"""Called with (blocks done, blocks in all, name of the block)."""

_CUTS: ByteCache[Cut] = ByteCache(16 * 2**20, size=lambda cut: 2 * cut.logits.nbytes)
_MATRICES: ByteCache[CutMatrix] = ByteCache(
    32 * 2**20, size=lambda matrix: (1 + 2 * len(matrix.cuts)) * matrix.before.nbytes
)


def cut(
    loaded: LoadedModel, photo: Photo, block: str, off: Collection[str], mode: Mode = "zero"
) -> Cut:
    """The network's answer with the branches `off` of a block switched off; kept.

    With nothing off it is the network's own answer, and nothing runs.

    Raises:
        Problem: if there is no such block or branch.
    """
    found = block_of(loaded, block)
    for name in off:
        branch_of(found, name)
    names = tuple(branch.name for branch in found.branches if branch.name in off)
    if not names:
        scores = run(loaded, photo).scores
        return Cut(block, (), scores.logits, scores.probabilities)

    def compute() -> Cut:
        (row,) = answers(loaded, photo, {block: [names]}, mode)[1:]
        return _cut(loaded, block, names, row)

    return _CUTS.get((loaded.spec.key, photo.key, block, names, mode), compute)


def matrix(
    loaded: LoadedModel, photo: Photo, mode: Mode = "zero", progress: Progress | None = None
) -> CutMatrix:
    """Every branch of every block off by itself: one pass of the network for all; kept."""

    def compute() -> CutMatrix:
        plan = {
            name: [(branch.name,) for branch in block.branches]
            for name, block in anatomy(loaded).blocks.items()
        }
        rows = answers(loaded, photo, plan, mode, progress)
        places = [(name, off) for name, variants in plan.items() for off in variants]
        cuts = (_cut(loaded, *at, row) for at, row in zip(places, rows[1:], strict=True))
        return CutMatrix(loaded.spec.key, photo.key, mode, rows[0].numpy(), tuple(cuts))

    return _MATRICES.get((loaded.spec.key, photo.key, mode), compute)


def kept_matrix(loaded: LoadedModel, photo: Photo, mode: Mode) -> CutMatrix | None:
    """The matrix if it has been computed and is still there."""
    return _MATRICES.peek((loaded.spec.key, photo.key, mode))


def answers(
    loaded: LoadedModel,
    photo: Photo,
    plan: Mapping[str, Sequence[Collection[str]]],
    mode: Mode,
    progress: Progress | None = None,
) -> Tensor:
    """Logits of the whole network, then of each variant of the plan, (1 + variants, classes).

    The photo goes in alone. Each block of the plan adds one copy of the photo's own maps a
    variant to the batch, with that variant's branches off, so that what lies in front of a block
    runs once for all of its variants.

    Args:
        plan: block -> variants, each a collection of branch names; blocks in order of depth.
    """
    blocks = anatomy(loaded).blocks
    x, _ = loaded.prepare(photo)
    done = 0

    def grow(name: str) -> Callable[[Tensor], Tensor]:
        def change(output: Tensor) -> Tensor:
            nonlocal done
            own = output[:1]
            rows = [switched_off(own, _named(blocks[name], off), mode) for off in plan[name]]
            done += 1
            if progress is not None:
                progress(done, len(plan), name)
            return torch.cat([output, *rows])

        return change

    changes = {blocks[name].path: grow(name) for name in plan}
    with loaded.lock, torch.no_grad(), rewritten(loaded.network, changes):
        return loaded.network(x).float()


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


def _named(block: Block, off: Collection[str]) -> list[Branch]:
    return [branch for branch in block.branches if branch.name in off]


def _cut(loaded: LoadedModel, block: str, off: Sequence[str], row: Tensor) -> Cut:
    probabilities = torch.softmax(row / loaded.spec.temperature, dim=0)
    return Cut(block, tuple(off), row.numpy(), probabilities.numpy())
