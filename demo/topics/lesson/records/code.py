"""A block of the lesson beside its own source: which lines make and call which part."""

from __future__ import annotations

from dataclasses import dataclass

Place = tuple[int, int]
"""A line of source: which piece, and which of its lines, both from 0."""

Shape = tuple[int, ...]
"""(C, H, W)."""


@dataclass(frozen=True)
class Field:
    """A number that the reader may set: an argument of the block, or the input's `side`.

    name: as the source has it. seen: whether it is in sight before the fold is opened.
    """

    name: str
    value: int
    low: int
    high: int
    seen: bool = False


@dataclass(frozen=True)
class Block:
    """A block that can be run. fields: its arguments in their order, then the side of its input."""

    name: str
    family: str
    fields: tuple[Field, ...]

    @property
    def start(self) -> tuple[int, ...]:
        """The lecture's own numbers."""
        return tuple(field.value for field in self.fields)


_IN = ("in_channels", 1, 1024)
_SIDE = ("side", 2, 112)
_STRIDE = Field("stride", 1, 1, 2)


def _field(named: tuple[str, int, int], value: int, seen: bool = False) -> Field:
    name, low, high = named
    return Field(name, value, low, high, seen)


def _channels(name: str, value: int, seen: bool = False) -> Field:
    return Field(name, value, 1, 1024, seen)


BLOCKS: dict[str, Block] = {
    block.name: block
    for block in (
        Block(
            "DenseLayer",
            "densenet",
            (
                _field(_IN, 64, seen=True),
                Field("growth_rate", 32, 1, 128, seen=True),
                _field(_SIDE, 56),
            ),
        ),
        Block(
            "DenseBlock",
            "densenet",
            (
                Field("num_layers", 6, 1, 12, seen=True),
                _field(_IN, 64),
                Field("growth_rate", 32, 1, 128, seen=True),
                _field(_SIDE, 56),
            ),
        ),
        Block(
            "TransitionLayer",
            "densenet",
            (
                _field(_IN, 256, seen=True),
                _channels("out_channels", 128, seen=True),
                _field(_SIDE, 56),
            ),
        ),
        Block(
            "InceptionModule",
            "inception",
            (
                _field(_IN, 192),
                _channels("ch1x1", 64),
                _channels("ch3x3_reduce", 96),
                _channels("ch3x3", 128, seen=True),
                _channels("ch5x5_reduce", 16),
                _channels("ch5x5", 32, seen=True),
                _channels("pool_proj", 32),
                _field(_SIDE, 28),
            ),
        ),
        Block(
            "ResidualBlock",
            "resnet",
            (
                _field(_IN, 256),
                _channels("width", 64, seen=True),
                _channels("out_channels", 256),
                _STRIDE,
                Field("groups", 1, 1, 1024, seen=True),
                _field(_SIDE, 56),
            ),
        ),
        Block(
            "ResNeXtBlock",
            "resnext",
            (
                _field(_IN, 256),
                _channels("out_channels", 256),
                Field("cardinality", 32, 1, 128, seen=True),
                Field("path_width", 4, 1, 128, seen=True),
                _STRIDE,
                _field(_SIDE, 56),
            ),
        ),
    )
}
"""Those of the lecture, with its numbers, and ResNet's own beside them."""


@dataclass(frozen=True)
class Piece:
    """A function of the running source.

    title: as "DenseLayer.forward". file: where it stands. first: number of its first line there.
    lines: without the indentation that they share. idle: lines of statements that did not run.
    """

    title: str
    file: str
    first: int
    lines: tuple[str, ...]
    idle: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Part:
    """A step of the block: a module that it calls, or an operation of its own.

    name: path of the module, with "#2" where it is called a second time; "cat", "add". kind: as
    "conv", "norm". kernel, groups: of a convolution or a pooling, 0 and 1 for others. into:
    channels read. shape: what it puts out. made, called: lines that make it, and that call it.
    """

    name: str
    kind: str
    into: int
    shape: Shape
    called: tuple[Place, ...]
    made: tuple[Place, ...] = ()
    kernel: int = 0
    groups: int = 1

    @property
    def attribute(self) -> str:
        """What the source calls it after "self."; "" for an operation."""
        return "" if self.kind in ("cat", "add") else self.name.split("#")[0].split(".")[0]

    @property
    def lines(self) -> frozenset[Place]:
        """All that belongs to it."""
        return frozenset((*self.made, *self.called))


@dataclass(frozen=True)
class Walk:
    """One pass through a block.

    numbers: of the block's fields. parts: in the order in which they ran. shape_in, shape_out:
    (C, H, W). parameters: as PyTorch counts them. macs: multiply-adds of its convolutions.
    real: whether numbers went through it, not shapes alone. kept: whether they were found again,
    unchanged, as the first channels of what came out.
    """

    block: Block
    numbers: tuple[int, ...]
    pieces: tuple[Piece, ...]
    parts: tuple[Part, ...]
    shape_in: Shape
    shape_out: Shape
    parameters: int
    macs: int
    real: bool = False
    kept: bool = False

    @property
    def call(self) -> str:
        """How the block was built, as its source would be called."""
        named = zip(self.block.fields[:-1], self.numbers, strict=False)
        return f"{self.block.name}({', '.join(f'{one.name}={value}' for one, value in named)})"

    def number(self, name: str) -> int:
        """The number of one of the block's fields."""
        return dict(zip((field.name for field in self.block.fields), self.numbers, strict=True))[
            name
        ]

    def of(self, place: Place) -> tuple[Part, ...]:
        """The parts that a line belongs to."""
        return tuple(part for part in self.parts if place in part.lines)
