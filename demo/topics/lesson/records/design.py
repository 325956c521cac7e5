"""A small network of one's own: what it is made of, what it costs, what the budget is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from demo.topics.lesson.records.code import Block, Field

MOST_PARAMETERS = 800_000
MOST_MACS = 100_000_000
"""The budget: parameters, and multiply-adds on one picture of 32 x 32 pixels."""

Limit = Literal["parameters", "macs"]


def _staged(name: str, values: tuple[int, int, int], low: int, high: int) -> tuple[Field, ...]:
    """A number for each stage, that of the last one in sight."""
    return tuple(
        Field(f"{name}{stage}", value, low, high, seen=stage == 3)
        for stage, value in enumerate(values, start=1)
    )


def _residual(widths: tuple[int, int, int], outs: tuple[int, int, int]) -> tuple[Field, ...]:
    return (
        Field("stem", 32, 8, 128),
        *_staged("blocks", (1, 3, 4), 1, 12),
        *_staged("width", widths, 4, 256),
        *(Field(f"out{stage}", out, 8, 512) for stage, out in enumerate(outs, start=1)),
    )


DESIGNS: dict[str, Block] = {
    block.name: block
    for block in (
        Block(
            "dense",
            "densenet",
            (
                Field("k", 24, 1, 64, seen=True),
                Field("theta", 50, 25, 100),
                Field("stem", 32, 8, 128),
                *_staged("layers", (1, 4, 14), 1, 24),
            ),
        ),
        Block("residual", "resnet", _residual((16, 64, 100), (64, 128, 296))),
        Block(
            "modules",
            "inception",
            (
                Field("stem", 32, 8, 128),
                *_staged("modules", (1, 2, 3), 1, 6),
                *_staged("unit", (16, 32, 48), 2, 64),
                Field("share1", 4, 1, 8),
                Field("share3", 6, 1, 8),
                Field("share5", 2, 1, 8),
                Field("pool", 2, 1, 8),
            ),
        ),
        Block(
            "paths",
            "resnext",
            (
                Field("cardinality", 8, 1, 64, seen=True),
                *(
                    field
                    if field.name != "blocks3"
                    else Field(field.name, field.value, field.low, field.high)
                    for field in _residual((32, 96, 184), (64, 160, 320))
                ),
            ),
        ),
    )
}
"""Kind of block -> its family and numbers, with which it begins within the budget.

theta in percent. unit: an Inception module's channels are multiples of it, half of them.
"""


@dataclass(frozen=True)
class Unit:
    """A block of the network: what it reads and puts out, and what it costs.

    stage: from 1. kind: "block", or "between" for what makes maps smaller between two stages.
    side: of the maps that it puts out.
    """

    stage: int
    kind: Literal["block", "between"]
    into: int
    out: int
    side: int
    parameters: int
    macs: int


@dataclass(frozen=True)
class Design:
    """A network: stem, units, classifier. kind: of its blocks. numbers: of their fields."""

    kind: str
    numbers: tuple[int, ...]
    units: tuple[Unit, ...]
    stem: Unit
    head_parameters: int
    head_macs: int

    @property
    def family(self) -> str:
        """Whose colours it has."""
        return DESIGNS[self.kind].family

    @property
    def parameters(self) -> int:
        """Of all, as PyTorch counts them."""
        inside = sum(unit.parameters for unit in (self.stem, *self.units))
        return inside + self.head_parameters

    @property
    def macs(self) -> int:
        """Multiply-adds of all convolutions and of the classifier on one picture."""
        return sum(unit.macs for unit in (self.stem, *self.units)) + self.head_macs

    @property
    def broken(self) -> tuple[Limit, ...]:
        """What of the budget it exceeds."""
        over: list[Limit] = []
        if self.parameters > MOST_PARAMETERS:
            over.append("parameters")
        if self.macs > MOST_MACS:
            over.append("macs")
        return tuple(over)

    @property
    def dearest(self) -> int:
        """The stage that takes most of what is exceeded; of the parameters where nothing is."""
        by_macs = self.broken == ("macs",)
        cost = {
            stage: sum(
                unit.macs if by_macs else unit.parameters
                for unit in self.units
                if unit.stage == stage
            )
            for stage in (1, 2, 3)
        }
        return max(cost, key=cost.__getitem__)
