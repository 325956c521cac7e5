"""One call of a handler on its way: who asks, whether they still wait, whose turn it is."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from gradio.server_messages import EstimationMessage

from demo.lane import Lane, Visitor
from demo.page import streams
from demo.visitor import visitor

TOLD = 1.0
"""Seconds between two looks at how many go first."""
_REMEMBERED = 1_000
"""Visitors of whom the newest question to one handler is known."""


class Question:
    """What gradio knows of the call that runs in this context, made when it begins.

    patient: whether it waits until nobody else needs the lane.
    """

    def __init__(self, patient: bool = False) -> None:
        self._patient = patient
        self._event = event = _event()
        self._blocks = LocalContext.blocks.get(None)
        self.asked_at: float = event.enqueue_time if event else time.monotonic()
        self.wanted: Callable[[], bool] = (lambda: event.alive) if event else (lambda: True)
        address, session = asking()
        self.visitor = Visitor(address, session or f"{id(self)}")

    async def ask(self, lane: Lane, work: Callable[[], Any]) -> Any:
        """What the work gives, done on the lane in its turn and in this context.

        Who waits is told every `TOLD` seconds how many go first, when that has changed.

        Raises:
            asyncio.CancelledError: if the visitor left before.
        """
        context = contextvars.copy_context()
        run = functools.partial(context.run, work)
        future = lane.submit(self.visitor, run, self.wanted, self._patient)
        answer, told = asyncio.wrap_future(future), 0
        try:
            while not answer.done():
                await asyncio.wait({answer}, timeout=TOLD)
                ahead = lane.ahead(future)
                if ahead != told:
                    told = ahead
                    self._tell(ahead)
            return await answer
        finally:
            answer.cancel()

    def _tell(self, ahead: int) -> None:
        """Send the visitor's place as gradio sends one of its own queue's."""
        if self._event is not None:
            place = EstimationMessage(rank=ahead, queue_size=ahead + 1)
            self._blocks._queue.send_message(self._event, place)

    def leave(self, lane: Lane, work: Callable[[], Any]) -> None:
        """Have something put away on the lane, and do not wait for it."""
        lane.submit(self.visitor, work)


class Newest:
    """Which question of each visitor to one handler was asked last."""

    def __init__(self) -> None:
        self._asked: OrderedDict[Visitor, float] = OrderedDict()

    def note(self, question: Question) -> None:
        """It has been asked."""
        newest = max(question.asked_at, self._asked.pop(question.visitor, 0.0))
        self._asked[question.visitor] = newest
        while len(self._asked) > _REMEMBERED:
            self._asked.popitem(last=False)

    def outdated(self, question: Question) -> bool:
        """Whether the same visitor asked again since."""
        return question.asked_at < self._asked.get(question.visitor, 0.0)


def asking() -> Visitor:
    """Who asks in this context; a session "" where none is named."""
    request = LocalContext.request.get(None)
    return Visitor(_address(request), (request.session_hash if request else None) or "")


def listening() -> Callable[[], bool]:
    """What tells whether whoever asks in this context still listens, from now on."""
    event = _event()
    # Without an event the request itself is open until the answer is there.
    return streams.heard(str(event.session_hash)) if event else lambda: True


def _address(request: gr.Request | None) -> str:
    if request is None or request.client is None:
        return ""
    return visitor(str(request.client.host), request.headers.get("x-forwarded-for", ""))


def _event() -> Any:
    """Gradio's own record of the call, which knows whether its visitor has left; None without."""
    blocks, key = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    return blocks._queue.event_ids_to_events.get(key) if blocks is not None and key else None
