"""What passes between this process and its workers, or a cluster: a pickled record.

Both ends are this project's own processes; nothing that a visitor sends is ever unpickled.
"""

from __future__ import annotations

import pickle
import struct
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any

from demo.engine.ask import Question
from demo.records import Photo

MOST = 2**30
"""Bytes of a message: far more than any record has."""
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Sent:
    """Stands for a photo that crosses by itself, once."""

    key: str


@dataclass(frozen=True)
class Told:
    """Stands for a function that is called where the question came from."""

    number: int


@dataclass(frozen=True, eq=False)
class Message:
    """What a worker is asked.

    kind: "call" and "begin" bring a question, "next" goes on with the steps of that number. left:
    steps with which nobody goes on. photos: of the question, as far as the worker may lack them.
    """

    kind: str
    number: int
    question: Question | None
    photos: tuple[Photo, ...] = ()
    left: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Reply:
    """What it says: one of "value", "step", "end" and "failed" ends the exchange.

    "ready" comes before all others, once. "photos" asks for the photos of these keys first, and
    "told" has (number, arguments) called. A cluster says "begun" when this question, and no other,
    is at work from now on.
    held: bytes of memory that the worker takes, 0 where nobody can say.
    """

    kind: str
    value: Any
    held: int = 0


def parted(
    question: Question, photos: dict[str, Photo], tellers: list[Callable[..., Any]]
) -> Question:
    """The question as it crosses; its photos and functions are noted in those."""

    def standing(one: Any) -> Any:
        if isinstance(one, Photo):
            photos[one.key] = one
            return Sent(one.key)
        if callable(one):
            tellers.append(one)
            return Told(len(tellers) - 1)
        return one

    return question.each(standing)


def whole(
    question: Question, photos: Mapping[str, Photo], tell: Callable[[int, tuple[Any, ...]], None]
) -> Question:
    """A question that has crossed, with its photos.

    tell: has the function of that number called with these arguments where the question came from.
    """

    def meant(one: Any) -> Any:
        if isinstance(one, Sent):
            return photos[one.key]
        if isinstance(one, Told):
            return lambda *args: tell(one.number, args)
        return one

    return question.each(meant)


def packed(message: Any) -> bytes:
    """The message as bytes.

    Raises:
        Exception: what pickle says of something in it that cannot travel.
    """
    return pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)


def failed(error: Exception, held: int = 0) -> Reply:
    """What is said of an error: itself where it can travel, with the way that it came."""
    way = traceback.format_exc()
    error.add_note(way)
    reply = Reply("failed", error, held)
    try:
        pickle.loads(packed(reply))
    except Exception:
        return Reply("failed", RuntimeError(way), held)
    return reply


def send(pipe: IO[bytes], content: bytes) -> None:
    """Write one packed message.

    Raises:
        OSError: if the other end is gone.
    """
    pipe.write(_LENGTH.pack(len(content)))
    pipe.write(content)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """Read one message, still packed; waits for it.

    Raises:
        EOFError: if the other end is gone, or says what is no message.
    """
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    if length > MOST:
        raise EOFError
    return _exactly(pipe, length)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    content = pipe.read(count)
    if len(content) < count:
        raise EOFError
    return content
