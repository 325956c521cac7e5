"""Work that is done in steps, walked to its end."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

Step = TypeVar("Step")
Record = TypeVar("Record")


def walked(
    steps: Generator[Step, None, Record], between: Callable[[], None] = lambda: None
) -> tuple[list[Step], Record]:
    """What each step said, and the record in which they end; between: called after each step."""
    told: list[Step] = []
    while True:
        try:
            told.append(next(steps))
        except StopIteration as end:
            return told, end.value
        between()
