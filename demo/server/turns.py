"""A visitor's questions come to Gradio a few at a time, so that everybody else's stand between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE = 4
"""Questions of one visitor that are read and put into the queue side by side."""


class Turns:
    """Who may ask now: of each visitor so many at once, in the order in which they came."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._visitors: dict[str, tuple[asyncio.Semaphore, int]] = {}

    @asynccontextmanager
    async def turn(self, visitor: str) -> AsyncIterator[None]:
        """Open when it is this visitor's turn, for as long as the question is being taken."""
        free, waiting = self._visitors.get(visitor, (asyncio.Semaphore(self._at_once), 0))
        self._visitors[visitor] = (free, waiting + 1)
        try:
            async with free:
                yield
        finally:
            _, waiting = self._visitors[visitor]
            self._visitors[visitor] = (free, waiting - 1)
            # Nothing is kept of those who have left.
            if waiting == 1:
                del self._visitors[visitor]
