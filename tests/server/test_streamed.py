"""Answers in steps travel compressed, each to be read when it comes."""

from __future__ import annotations

from typing import Any

import brotli
import pytest
from starlette.types import Message, Receive, Scope, Send

from demo.server.streamed import Streamed
from tests.loops import finished

STEPS = [f"data: {'a card and its map ' * 500}{number}\n\n".encode() for number in range(5)]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    headers = [(b"content-type", b"text/event-stream")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for step in STEPS:
        await send({"type": "http.response.body", "body": step, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def sent(accepted: bytes) -> tuple[dict[bytes, bytes], list[bytes]]:
    """Headers, and the parts of the body."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Any:
        raise AssertionError("nothing is asked of the client")

    scope: Scope = {"type": "http", "headers": [(b"accept-encoding", accepted)]}
    finished(Streamed(app)(scope, receive, send))
    return dict(messages[0]["headers"]), [one["body"] for one in messages[1:]]


def test_each_step_can_be_read_when_it_has_come() -> None:
    headers, parts = sent(b"gzip, br")
    assert headers[b"content-encoding"] == b"br"
    assert headers[b"vary"] == b"Accept-Encoding"
    reader = brotli.Decompressor()
    assert [reader.process(part) for part in parts] == [*STEPS, b""]
    assert reader.is_finished()
    # What a step repeats costs next to nothing.
    assert sum(map(len, parts[1:])) < len(STEPS[0]) / 50


@pytest.mark.parametrize("accepted", [b"", b"gzip, deflate"])
def test_who_cannot_read_it_is_sent_it_as_it_is(accepted: bytes) -> None:
    headers, parts = sent(accepted)
    assert b"content-encoding" not in headers
    assert parts == [*STEPS, b""]
