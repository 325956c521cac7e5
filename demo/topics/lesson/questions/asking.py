"""How an exercise is put together, and asked with a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isclose
from random import Random

from demo.records.condition import Condition
from demo.topics.lesson.records import Asked, Bar, Exercise, Mistake, Task, Unit

Make = Callable[[Random], Asked]


@dataclass(frozen=True)
class Question:
    """An exercise and what makes it of a source of chance.

    own: what seed 0 makes of it instead, where that is the lecture's own exercise.
    """

    exercise: Exercise
    make: Make
    own: Callable[[], Asked] | None = None

    def asked(self, seed: int) -> Asked:
        """What the seed makes of it, the same each time; options in an order of chance."""
        chance = Random(f"{self.exercise.id}:{seed}")
        made = self.own() if self.own and seed == 0 else self.make(chance)
        return replace(made, options=_shuffled(made, chance))


def _shuffled(made: Asked, chance: Random) -> tuple[str, ...]:
    """The options in another order than the right one, where there is a right one."""
    shown = list(made.options)
    chance.shuffle(shown)
    if len(shown) > 1 and tuple(shown) == made.rights:
        shown = [*shown[1:], shown[0]]
    return tuple(shown)


def bars(numbers: Mapping[str, float]) -> tuple[Bar, ...]:
    """Bars of these names."""
    return tuple(Bar(name, value) for name, value in numbers.items())


def choice(
    right: str, others: Sequence[str], drawn: Mapping[str, float] | None = None, **values: object
) -> Asked:
    """One option of several; `drawn` are bars that show it."""
    names = [right, *(name for name in others if name != right)]
    return Asked(values, tuple(names), (right,), bars=bars(drawn or {}))


def number(
    truth: float,
    unit: Unit,
    mistakes: Mapping[str, float],
    *,
    tolerance: float = 0.0,
    drawn: Mapping[str, float] | None = None,
    **values: object,
) -> Asked:
    """A number; a mistake that happens to give the right one is none, nor the second of equals."""
    told: dict[str, float] = {}
    for name, value in mistakes.items():
        if not any(isclose(value, other) for other in (truth, *told.values())):
            told[name] = value
    return Asked(
        {**values, "truth": truth},
        truth=truth,
        unit=unit,
        tolerance=tolerance,
        mistakes=tuple(Mistake(name, value) for name, value in told.items()),
        bars=bars(drawn or {}),
    )


def order(
    names: Sequence[str], drawn: Mapping[str, float] | None = None, **values: object
) -> Asked:
    """Things to be put into this order."""
    return Asked(values, tuple(names), tuple(names), bars=bars(drawn or {}))


def match(matching: Mapping[str, str], others: Sequence[str] = (), **values: object) -> Asked:
    """For each left thing its right one; several may have the same, `others` are nobody's."""
    rights = tuple(matching.values())
    return Asked(values, tuple(dict.fromkeys([*rights, *others])), rights, tuple(matching))


def doing(
    topic: str,
    scene: str,
    state: Mapping[str, object],
    conditions: Sequence[Condition],
    **values: object,
) -> Asked:
    """Something to reach in a live scene."""
    link = tuple((name, str(value)) for name, value in state.items())
    return Asked(values, task=Task(topic, scene, link, tuple(conditions)))


def free(points: Sequence[str], **values: object) -> Asked:
    """Words of one's own, to be compared with a rubric."""
    return Asked(values, points=tuple(points))
