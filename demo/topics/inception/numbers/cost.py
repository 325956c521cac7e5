"""What the convolutions of an Inception block cost, and what its 1x1 reductions save.

Szegedy et al., "Going Deeper with Convolutions" (2015), section 4. Biases and BatchNorm are left
out, as in the paper.
"""

from __future__ import annotations

from demo.records.receptive import Step
from demo.topics.inception.records import Block, Branch, Reduction, Roles


def weights(step: Step, in_channels: int = 0) -> int:
    """Weights of a convolution, 0 for other steps.

    in_channels: as if it read that many channels instead of its own.
    """
    if step.kind != "conv":
        return 0
    return (
        step.kernel[0]
        * step.kernel[1]
        * (in_channels or step.in_channels)
        * step.channels
        // (step.groups)
    )


def macs(step: Step, in_channels: int = 0) -> int:
    """Multiply-adds of a convolution on its own output size, 0 for other steps."""
    return weights(step, in_channels) * step.height * step.width


def block_weights(block: Block) -> int:
    """Weights of all convolutions of a block."""
    return sum(weights(step) for branch in block.branches for step in branch.steps)


def roles(block: Block) -> Roles:
    """What the 1x1 convolutions of a block are for."""
    reductions = (reduction(branch) for branch in block.branches)
    projections = (projection(branch) for branch in block.branches)
    return Roles(
        tuple(one for one in reductions if one is not None),
        next((step for step in projections if step is not None), None),
    )


def reduction(branch: Branch) -> Reduction | None:
    """The 1x1 convolution with which a branch begins, None if none of its kernels is larger."""
    first, rest = branch.trunk[0] if branch.trunk else None, branch.steps[1:]
    if first is None or not first.pointwise or not rest:
        return None
    readers = branch.trunk[1:2] or tuple(end[0] for end in branch.ends)
    wide = {id(step): first.in_channels for step in readers}
    return Reduction(
        branch.name,
        first.path,
        first.in_channels,
        first.channels,
        sum(weights(step) for step in branch.steps),
        sum(weights(step, wide.get(id(step), 0)) for step in rest),
        sum(macs(step) for step in branch.steps),
        sum(macs(step, wide.get(id(step), 0)) for step in rest),
    )


def projection(branch: Branch) -> Step | None:
    """The 1x1 convolution after a branch's pooling: without it the pooling would pass all on."""
    last = branch.trunk[-1] if branch.trunk else None
    return last if branch.pools and last is not None and last.pointwise else None
