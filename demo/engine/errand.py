"""One question at work in a process of a cluster, from its first step to its end."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Callable, Generator
from typing import Any

from demo.engine import messages
from demo.engine.ask import Question
from demo.engine.messages import Reply
from demo.records import Photo


class Errand:
    """A question that has crossed.

    Args:
        packed: the question, parted from its photos.
        say: takes each reply, packed: "begun", then "told", "step", "end" and "failed".
    """

    def __init__(
        self, packed: bytes, photos: tuple[Photo, ...], say: Callable[[bytes], None]
    ) -> None:
        self._packed = packed
        self._photos = {photo.key: photo for photo in photos}
        self._say = say
        self._steps: Generator[Any, None, Any] | None = None

    def go_on(self) -> bool:
        """Work until there is something to say; returns whether more is to come."""
        try:
            reply = self._reply()
            packed = messages.packed(reply)
        except Exception as error:
            self._say(messages.packed(messages.failed(error)))
            return False
        self._say(packed)
        return reply.kind == "step"

    def leave(self) -> None:
        """End its steps, wherever they are."""
        if self._steps is not None:
            self._steps.close()

    def _reply(self) -> Reply:
        if self._steps is None:
            self._say(messages.packed(Reply("begun", None)))
            question: Question = pickle.loads(self._packed)
            question = messages.whole(question, self._photos, self._tell)
            answer = question.answer()
            if not inspect.isgeneratorfunction(question.function):
                return Reply("end", answer)
            self._steps = answer
        try:
            return Reply("step", next(self._steps))
        except StopIteration as end:
            return Reply("end", end.value)

    def _tell(self, number: int, args: tuple[Any, ...]) -> None:
        self._say(messages.packed(Reply("told", (number, args))))
