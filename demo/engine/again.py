"""Who asks a process that ends meanwhile asks once more, and is told in a sentence after that."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Generator
from typing import Any

from demo.records import Problem


class Ended(Exception):
    """A process ended before it had answered; mine: while it worked on this very question."""

    def __init__(self, mine: bool) -> None:
        super().__init__()
        self.mine = mine


def resumed(begin: Callable[[], Generator[Any, None, Any]]) -> Generator[Any, None, Any]:
    """The steps that `begin` asks for; where the process ends they are begun again.

    Those that were seen are not given again.

    Raises:
        Problem: "problem.worker_ended" if a process ends twice while it works on them.
    """
    given = ends = 0
    while ends < 2:
        steps = begin()
        try:
            for place in itertools.count():
                try:
                    value = next(steps)
                except StopIteration as end:
                    return end.value
                if place >= given:
                    given = place + 1
                    yield value
        except Ended as ended:
            # Another's question that ended it is nothing against this one.
            ends += ended.mine
        finally:
            steps.close()
    raise Problem("problem.worker_ended")


def last(steps: Generator[Any, None, Any]) -> Any:
    """The record in which steps end."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
