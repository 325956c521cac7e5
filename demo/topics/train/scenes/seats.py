"""Who trains now, and who waits for a place: the addresses take turns, and in each its pages."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from demo.lane import Bounds, Visitor
from demo.records import Problem

AT_ONCE = 4
"""Trainings under way at once: each holds its photos in memory, up to 150 MB."""
BOUNDS = Bounds(2, 40, 120)
"""Trainings under way or waiting: a school behind one address has room."""


class Waiting(NamedTuple):
    """A training that has not begun: its place in the queue, and how many are under way."""

    place: int
    under_way: int


@dataclass(eq=False)
class _One:
    visitor: Visitor
    seated: bool = False


class Seats:
    """Some seats, and a line in front of them.

    count: of the seats. bounds: how many trainings are let in.
    """

    def __init__(self, count: int, bounds: Bounds = BOUNDS) -> None:
        self.count = count
        self._bounds = bounds
        self._lock = threading.Lock()
        self._all: list[_One] = []

    @contextmanager
    def taken(self, visitor: Visitor, heard: Callable[[], bool]) -> Iterator[Callable[[], int]]:
        """While open, one is in the line or on a seat.

        Gives what tells its place, 0 once it has a seat; that raises "train.problem.unheard" where
        nobody listens any more.

        Args:
            heard: tells whether somebody does.

        Raises:
            Problem: "train.problem.yours" or "train.problem.busy" if there are too many already.
        """
        one = _One(visitor)
        with self._lock:
            self._let_in(visitor)
            self._all.append(one)
            self._seat()

        def place() -> int:
            if not heard():
                raise Problem("train.problem.unheard")
            with self._lock:
                return 0 if one.seated else self._line().index(one) + 1

        try:
            yield place
        finally:
            with self._lock:
                self._all.remove(one)
                self._seat()

    def _let_in(self, visitor: Visitor) -> None:
        mine = sum(one.visitor == visitor for one in self._all)
        if mine >= self._bounds.session:
            raise Problem("train.problem.yours", count=mine)
        near = sum(one.visitor.address == visitor.address for one in self._all)
        if near >= self._bounds.address or len(self._all) >= self._bounds.total:
            raise Problem("train.problem.busy")

    def _seat(self) -> None:
        while sum(one.seated for one in self._all) < self.count and (line := self._line()):
            line[0].seated = True

    def _line(self) -> list[_One]:
        """Who waits: who has fewest seats, and places further ahead in the line, is next."""
        # Those with a seat count as the first of their visitor; each sort keeps the order in ties.
        everybody = sorted(self._all, key=lambda one: not one.seated)
        turns = _in_turns(everybody, lambda one: one.visitor)
        fair = _in_turns(
            sorted(turns, key=lambda one: not one.seated), lambda one: one.visitor.address
        )
        return [one for one in fair if not one.seated]


def _in_turns(all_of_them: list[_One], whose: Callable[[_One], object]) -> list[_One]:
    """First everybody's first, then everybody's second, and so on."""
    before: Counter[object] = Counter()
    ranked: list[tuple[int, _One]] = []
    for one in all_of_them:
        ranked.append((before[whose(one)], one))
        before[whose(one)] += 1
    return [one for _, one in sorted(ranked, key=lambda pair: pair[0])]


SEATS = Seats(AT_ONCE)
"""All trainings of this process."""
