"""A process in which networks run: `python -m demo.engine.worker THREADS SILENT`, driven by
`workers`.

It answers one question at a time, and keeps networks, photos and what it has worked out about them
as any process of this project does. It ends with its parent, in the middle of its work too.
"""

from __future__ import annotations

import logging
import math
import os
import pickle
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from demo import memory
from demo.cache import ByteCache
from demo.engine import messages
from demo.engine.ask import Question
from demo.engine.messages import Message, Reply, Sent
from demo.records import Photo

LOG = logging.getLogger("demo")
PHOTOS = 32 * 2**20
"""Bytes of photos that are kept here; one that has dropped out is asked for again."""
LATER = 15
"""Seconds after its parent would have ended it for its silence, when it ends by itself."""
YIELDS = 5
"""How much more willingly than the page's server it gives the cores up: the page goes first."""


class Desk:
    """What answers, one message after the other."""

    def __init__(self, receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send
        self._photos: ByteCache[Photo] = ByteCache(
            PHOTOS, size=lambda photo: photo.pixels.nbytes, grows=False
        )
        self._steps: dict[int, Generator[Any, None, Any]] = {}

    def open(self) -> None:
        """Say that it begins to answer."""
        self._send(messages.packed(Reply("ready", None)))

    def serve(self) -> None:
        """Answer the next message."""
        try:
            reply = self._answer(pickle.loads(self._receive()))
            packed = messages.packed(reply)
        except Exception as error:
            packed = messages.packed(messages.failed(error, held()))
        self._send(packed)

    def _answer(self, message: Message) -> Reply:
        for number in message.left:
            self._put_away(number)
        if message.kind == "next":
            return self._step(message.number)
        assert message.question is not None
        question = self._whole(message.question, message.photos)
        if message.kind == "call":
            return Reply("value", question.answer(), held())
        self._steps[message.number] = question.answer()
        return self._step(message.number)

    def _put_away(self, number: int) -> None:
        steps = self._steps.pop(number, None)
        try:
            if steps is not None:
                steps.close()
        except Exception:
            # Whoever left them is gone; whoever asks now has nothing to do with it.
            LOG.exception("steps did not end well")

    def _step(self, number: int) -> Reply:
        try:
            return Reply("step", next(self._steps[number]), held())
        except StopIteration as end:
            del self._steps[number]
            return Reply("end", end.value, held())

    def _whole(self, question: Question, photos: tuple[Photo, ...]) -> Question:
        """The question with its photos, and functions that are called where it came from."""
        given = {photo.key: photo for photo in photos}
        sent: list[str] = []
        question.each(lambda one: sent.append(one.key) if isinstance(one, Sent) else None)
        given.update({key: kept for key in sent if (kept := self._photos.peek(key)) is not None})
        lacking = [key for key in sent if key not in given]
        if lacking:
            self._send(messages.packed(Reply("photos", lacking)))
            given.update({photo.key: photo for photo in pickle.loads(self._receive())})
        for key in sent:
            self._photos.get(key, lambda key=key: given[key])
        return messages.whole(question, given, self._tell)

    def _tell(self, number: int, args: tuple[Any, ...]) -> None:
        self._send(messages.packed(Reply("told", (number, args))))


def held() -> int:
    """Bytes of memory that this process takes now, 0 where the platform does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def main() -> None:
    """Answer until the input ends."""
    # Whatever a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # A Ctrl-C in the terminal is the parent's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    modest()
    if hasattr(signal, "alarm"):
        seconds = math.ceil(float(sys.argv[2])) + LATER
        threading.Thread(target=_stay, args=(seconds,), name="stays", daemon=True).start()
    asked: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(asked,), name="listens", daemon=True).start()

    import torch

    torch.set_num_threads(int(sys.argv[1]))
    desk = Desk(asked.get, lambda packed: messages.send(answers, packed))
    desk.open()
    while True:
        desk.serve()


def modest() -> None:
    """Yield to the page, take little memory, and leave nothing of a photo behind."""
    _leave_no_memory()
    memory.few_arenas()
    if hasattr(os, "nice"):
        os.nice(YIELDS)


def _listen(asked: SimpleQueue[bytes]) -> None:
    """Hand on what comes; with the parent gone nobody waits for what is under way."""
    for packed in _messages():
        asked.put(packed)
    os._exit(0)


def _stay(seconds: int) -> None:
    """Put its own end off, again and again.

    Native code that hangs may let no thread run, not even the one that sees the parent go: then
    nothing puts the end off any more, and the system brings it.
    """
    while True:
        signal.alarm(seconds)
        time.sleep(seconds / 4)


def _messages() -> Iterator[bytes]:
    try:
        while True:
            yield messages.receive(sys.stdin.buffer)
    except (OSError, EOFError):
        return


def _leave_no_memory() -> None:
    """Where the platform can: one that is ended leaves no memory of a photo on the disk."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        return


if __name__ == "__main__":
    main()
