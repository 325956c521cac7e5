"""Receptive fields, exactly: which input pixels an output position depends on.

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (2019), for
each direction by itself, so that 1x7 and 7x1 kernels come out as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from demo.records import Box
from demo.topics.inception.records import (
    Anatomy,
    Branch,
    Depth,
    Field,
    Part,
    Sight,
    Sights,
    Split,
    Step,
)

WHOLE = Box(0.0, 0.0, 1.0, 1.0)
PIXEL = Field((1, 1), (0, 0), (0, 0))
"""What an input pixel sees of the input: itself."""


def through(field: Field, step: Step) -> Field:
    """What a position sees after one more step."""

    def along(axis: int) -> tuple[int, int, int]:
        jump, pad = field.jump[axis], step.padding[axis]
        return (
            jump * step.stride[axis],
            field.first[axis] - pad * jump,
            field.last[axis] + (step.kernel[axis] - 1 - pad) * jump,
        )

    (jump_y, first_y, last_y), (jump_x, first_x, last_x) = along(0), along(1)
    return Field((jump_y, jump_x), (first_y, first_x), (last_y, last_x))


def together(fields: Iterable[Field]) -> Field:
    """What a position sees that reads several maps of one size: the smallest box around all.

    Raises:
        ValueError: if the maps are not equally far apart in the input.
    """

    def join(field: Field, other: Field) -> Field:
        if field.jump != other.jump:
            raise ValueError(f"maps with jumps {field.jump} and {other.jump} do not fit together")
        first = min(field.first[0], other.first[0]), min(field.first[1], other.first[1])
        last = max(field.last[0], other.last[0]), max(field.last[1], other.last[1])
        return Field(field.jump, first, last)

    return reduce(join, fields)


def fields(steps: Sequence[Step]) -> list[Field]:
    """The field after every step; steps without a source are the input itself."""
    seen_after: list[Field] = []
    for step in steps:
        seen = together(seen_after[i] for i in step.sources) if step.sources else PIXEL
        seen_after.append(through(seen, step))
    return seen_after


def within(branch: Branch) -> Field:
    """What a position of a branch sees of its block's input, in places of that input."""
    trunk = reduce(through, branch.trunk, PIXEL)
    if not branch.ends:
        return trunk
    return together(reduce(through, end, trunk) for end in branch.ends)


def pixels(field: Field, row: int, column: int, size: int) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of the region that position (row, column) sees, inclusive, inside
    an input of size x size pixels.
    """
    top, left = (i * j + f for i, j, f in zip((row, column), field.jump, field.first, strict=True))
    bottom, right = (
        i * j + f for i, j, f in zip((row, column), field.jump, field.last, strict=True)
    )
    return max(top, 0), max(left, 0), min(bottom, size - 1), min(right, size - 1)


def region(field: Field, row: int, column: int, size: int, seen: Box) -> Box:
    """The same region on the photo, of which the network was given the part `seen`."""
    top, left, bottom, right = pixels(field, row, column, size)
    width, height = seen.right - seen.left, seen.bottom - seen.top
    return Box(
        seen.left + width * left / size,
        seen.top + height * top / size,
        seen.left + width * (right + 1) / size,
        seen.top + height * (bottom + 1) / size,
    )


def sights(body: Anatomy, name: str) -> Sights:
    """How far the branches of a block see, from the position in the middle of its output.

    Raises:
        KeyError: if there is no such block.
    """
    block, after = body.blocks[name], fields(body.steps)
    row, column = block.shape_out[1] // 2, block.shape_out[2] // 2

    def sight(branch: Branch) -> Sight:
        near, far = within(branch), after[branch.exit]
        return Sight(
            branch,
            near,
            far,
            region(near, row, column, block.shape_in[1], WHOLE),
            region(far, row, column, body.size, WHOLE),
        )

    branches = tuple(sight(branch) for branch in block.branches)
    return Sights(block, body.size, (row, column), branches)


def depth(body: Anatomy) -> Depth:
    """All blocks, split among their branches by channels; energy takes a photo."""
    return Depth(
        tuple(
            Split(
                block.name,
                tuple(
                    Part(
                        branch.name,
                        branch.pools,
                        max(within(branch).extent),
                        branch.channels / block.shape_out[0],
                    )
                    for branch in block.branches
                ),
            )
            for block in body.blocks.values()
        )
    )
