"""An exercise, what one seed makes of it, and the verdict on an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from demo.records import Notice
from demo.records.condition import Condition

Kind = Literal["choice", "number", "order", "match", "predict", "doing", "free"]
KINDS: tuple[Kind, ...] = ("choice", "number", "order", "match", "predict", "doing", "free")

CHAPTERS = (
    "addition",
    "dense",
    "growth",
    "transition",
    "densenet121",
    "code",
    "pretrained",
    "idea",
    "pointwise",
    "module",
    "v3",
    "resnext",
    "cardinality",
    "comparison",
)
"""Those of the path, in the lecture's order; the texts "path.NAME.title" are their titles."""

LETTERS = "abcdefgh"
"""By which a reader names an option: the first one shown is a."""

Unit = Literal[
    "channels",
    "weights",
    "parameters",
    "links",
    "layers",
    "percent",
    "megabytes",
]


@dataclass(frozen=True)
class Exercise:
    """One exercise; the texts "exercise.ID.*" are its words. lecture: whether seed 0 is one of the
    lecture's own.
    """

    id: str
    chapter: str
    kind: Kind
    lecture: bool = False


@dataclass(frozen=True)
class Mistake:
    """A wrong number that readers arrive at; the text "exercise.ID.wrong.NAME" says how."""

    name: str
    value: float


@dataclass(frozen=True)
class Bar:
    """A number of the solution as a bar: the text "exercise.ID.bar.NAME" is its label."""

    name: str
    value: float


@dataclass(frozen=True)
class Task:
    """What is passed by doing it: in that scene of that topic, from the state of the link, until
    all conditions hold at once.
    """

    topic: str
    scene: str
    state: tuple[tuple[str, str], ...]
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Asked:
    """What one seed makes of an exercise.

    values: numbers for its words. options: names in the order shown; rights: the right option (a
    choice), all in their right order, or the right one for each of `lefts` (a match). truth, unit,
    tolerance (a share of the truth), mistakes: of a number. points: of a rubric. bars: drawn with
    the solution.
    """

    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    options: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    lefts: tuple[str, ...] = ()
    truth: float | None = None
    unit: Unit | None = None
    tolerance: float = 0.0
    mistakes: tuple[Mistake, ...] = ()
    points: tuple[str, ...] = ()
    bars: tuple[Bar, ...] = ()
    task: Task | None = None


@dataclass(frozen=True)
class Verdict:
    """What there is to say of an answer.

    correct: None where no program should judge: nonsense, and what the reader checks. Notices
    among the values of a notice are sentences or names themselves.
    """

    correct: bool | None
    reason: Notice
    solution: Notice
    hint: Notice


def wording(exercise: Exercise, asked: Asked, kind: str, name: str = "") -> Notice:
    """A text of the exercise with the numbers of this seed: its "prompt", its "option" "double"."""
    key = f"exercise.{exercise.id}.{kind}.{name}" if name else f"exercise.{exercise.id}.{kind}"
    return Notice(key, **asked.values)
