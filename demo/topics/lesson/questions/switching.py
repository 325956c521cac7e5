"""A branch switched off on a photo: measured with the bundled network, passed in its live scene."""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from demo.records import Notice
from demo.records.condition import Condition
from demo.topics.lesson.questions.asking import Question, doing
from demo.topics.lesson.records import Asked, Exercise
from demo.zoo.catalogue import spec

CUT_NETWORK = "mini_googlenet"


class Cut(NamedTuple):
    """An answer of the bundled network that hangs on a branch.

    photo: an example. label: its first class, with a share of so many percent. branches: those of
    the block any one of which, switched off alone, brings the class below 50 %.
    """

    photo: str
    label: str
    block: str
    share: int
    branches: tuple[str, ...]


CUTS = (
    Cut("lion", "cat", "3c", 78, ("3x3", "5x5")),
    Cut("truck", "truck", "2b", 99, ("3x3",)),
    Cut("plane", "airplane", "3c", 99, ("3x3",)),
    Cut("car", "automobile", "2a", 98, ("3x3",)),
    Cut("horse", "horse", "1a", 97, ("1x1", "3x3")),
)
"""Measured with the bundled Mini GoogLeNet; none of its answers lies near the half."""


def switched(chance: Random) -> Asked:
    """A branch without which the network no longer gives its answer, on a photo."""
    return _switched(chance.choice(CUTS))


def _switched(cut: Cut) -> Asked:
    place = spec(CUT_NETWORK).labels.index(cut.label)
    drawn = f'#in-worth .worth-view[data-network="{CUT_NETWORK}"][data-block="{cut.block}"]'
    row = f'{drawn} .change[data-class="{place}"]'
    state = {"inception": CUT_NETWORK, "block": cut.block, "cut": "zero", "example": cut.photo}
    conditions = (
        Condition(f'#examples [data-example="{cut.photo}"][aria-pressed="true"]'),
        Condition(drawn, "data-off", "==", 1),
        # It is the answer with all branches: another photo's picture may still stand there.
        Condition(row, "data-before", ">", 0.6),
        Condition(row, "data-after", "<", 0.5),
    )
    return doing(
        "inception",
        "worth",
        state,
        conditions,
        photo=Notice(f"example.{cut.photo}"),
        name=Notice(f"label.{cut.label}"),
        title=spec(CUT_NETWORK).title,
        block=cut.block,
        share=cut.share,
        off=" / ".join(name.replace("x", "×") for name in cut.branches),
    )


SWITCHED = Question(Exercise("switched", "idea", "doing"), switched, lambda: _switched(CUTS[0]))
