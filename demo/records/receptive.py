"""Receptive fields, exactly: which input pixels an output position depends on.

Araujo, Norris and Sim, "Computing Receptive Fields of Convolutional Neural Networks" (2019), for
each direction by itself, so that 1x7 and 7x1 kernels come out as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Literal

Pair = tuple[int, int]
Kind = Literal["input", "conv", "max", "avg", "merge"]


@dataclass(frozen=True)
class Step:
    """One thing that a network does to its maps and that moves channels or places.

    Pointwise things (BatchNorm, ReLU) are no steps. sources: indices of the steps that it reads.
    path: the convolution's module path in the network, "" for the others. kernel, stride, padding:
    (vertical, horizontal). channels, height, width: of its output.
    """

    kind: Kind
    sources: tuple[int, ...]
    in_channels: int
    channels: int
    height: int
    width: int
    path: str = ""
    kernel: Pair = (1, 1)
    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    groups: int = 1

    @property
    def pointwise(self) -> bool:
        """Whether it is a 1x1 convolution."""
        return self.kind == "conv" and self.kernel == (1, 1)


@dataclass(frozen=True)
class Field:
    """Which input pixels one output position depends on: i * jump + first ... i * jump + last.

    Each (vertical, horizontal), in pixels of the network's input; padding is not cut off yet.
    """

    jump: Pair
    first: Pair
    last: Pair

    @property
    def extent(self) -> Pair:
        """Height and width of the region."""
        return self.last[0] - self.first[0] + 1, self.last[1] - self.first[1] + 1


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
