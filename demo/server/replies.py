"""Answers that the app gives before Gradio is asked: a sentence in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Message, Scope, Send

from demo.page.wiring import sentence
from demo.records import Problem
from demo.text import LANGUAGES, text


def language(scope: Scope) -> str:
    """Language of the page that sent the request; English for everybody else."""
    sender = urlsplit(Headers(scope=scope).get("referer", "")).path
    last = sender.rstrip("/").rpartition("/")[2]
    return last if last in LANGUAGES else LANGUAGES[0]


def words_of(problem: Problem, scope: Scope) -> str:
    """The problem's sentence for whoever sent the request."""
    return sentence(problem, text(language(scope)))


def refusal(problem: Problem, status: int, scope: Scope) -> Response:
    """The problem as JSON, as Gradio words its own: {"detail": sentence}."""
    return JSONResponse({"detail": words_of(problem, scope)}, status)


def plain(problem: Problem, status: int, scope: Scope) -> Response:
    """The problem as plain text, which the page shows as it is."""
    return PlainTextResponse(words_of(problem, scope), status)


def stream_error(problem: Problem, scope: Scope) -> Response:
    """The problem as the only message of a stream of events."""
    message: Mapping[str, object] = {
        "msg": "unexpected_error",
        "message": words_of(problem, scope),
        "session_not_found": True,
        "success": False,
    }
    return Response(f"data: {json.dumps(message)}\n\n", media_type="text/event-stream")


def as_declared(send: Send) -> Send:
    """A `send` that forbids the browser to guess another type than the one that is declared."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["x-content-type-options"] = "nosniff"
        await send(message)

    return sent
