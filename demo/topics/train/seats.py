"""Who trains now, and who waits for a place: first come, first served."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

AT_ONCE = 4
"""Trainings under way at once: each holds its photos in memory, up to 150 MB."""


class Waiting(NamedTuple):
    """A training that has not begun: its place in the queue, and how many are under way."""

    place: int
    under_way: int


class Seats:
    """Some seats, and a line in front of them.

    count: of the seats.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._lock = threading.Lock()
        self._line: list[object] = []

    @contextmanager
    def taken(self) -> Iterator[Callable[[], int]]:
        """While open, one is in the line; gives what tells its place, 0 once it has a seat."""
        one = object()
        with self._lock:
            self._line.append(one)

        def place() -> int:
            with self._lock:
                return max(self._line.index(one) + 1 - self.count, 0)

        try:
            yield place
        finally:
            with self._lock:
                self._line.remove(one)


SEATS = Seats(AT_ONCE)
"""All trainings of this process."""
