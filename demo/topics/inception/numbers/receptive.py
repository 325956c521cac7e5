"""How far the branches of Inception blocks see."""

from __future__ import annotations

from functools import reduce

from demo.records import Box
from demo.records.receptive import PIXEL, Field, fields, through, together
from demo.topics.inception.records import (
    Anatomy,
    Branch,
    Depth,
    Part,
    Sight,
    Sights,
    Split,
)

WHOLE = Box(0.0, 0.0, 1.0, 1.0)


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
