"""The gate in front of Gradio: what is not served, or asked without sense, never reaches it."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from typing import Any
from urllib.parse import parse_qs

import gradio as gr
import httpx
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.page import streams
from demo.records import Problem
from demo.server import asked, fetching, replies
from demo.server.pages import Pages
from demo.server.streamed import Streamed
from demo.server.turns import Turns
from demo.server.uploads import Uploads, visitor_of

LOG = logging.getLogger("demo.server")
_MISSING = ("server.no_endpoint", "server.no_event")


class Gate:
    """ASGI middleware.

    ready: tells whether the first photo need not wait for the networks. documents: address -> JSON
    that a page asks for when it needs it.
    """

    def __init__(
        self,
        app: ASGIApp,
        uploads: Uploads,
        ready: Callable[[], bool],
        documents: Mapping[str, Callable[[], bytes]],
    ) -> None:
        self._app = app
        self._documents = documents
        self._pages = Pages(app)
        self._streamed = Streamed(app)
        self._uploads = uploads
        self._turns = Turns()
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what can be answered here, and hand on the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method, path = scope["method"], _path(scope)
        blocks: gr.Blocks = scope["app"].get_blocks()
        if path in ("/healthz", "/readyz"):
            await self._health(path)(scope, receive, send)
        elif method == "GET" and path in self._documents:
            document = Response(self._documents[path](), media_type="application/json")
            await document(scope, receive, send)
        elif not asked.served(method, path, blocks):
            await replies.refusal(Problem("server.nothing_here"), 404, scope)(scope, receive, send)
        elif method == "HEAD" and asked.is_page(path, b"", blocks):
            # Gradio gives up its own start where this takes 3 s, as the whole page may on a machine
            # that is busy.
            await Response(media_type="text/html")(scope, receive, send)
        elif method == "POST" and path.rstrip("/") == f"{asked.API}/upload":
            await (await self._uploads.take(scope, receive))(scope, receive, send)
        elif method == "POST":
            await self._question(scope, receive, send, path, blocks)
        elif not _is_awaited(scope, path, blocks):
            gone = Problem("server.no_session")
            answer = replies.refusal(gone, 404, scope)
            if path.startswith(f"{asked.API}/queue/"):
                answer = replies.stream_error(gone, scope)
            await answer(scope, receive, send)
        else:
            if asked.is_file(path):
                send = replies.as_declared(send)
            page = method == "GET" and asked.is_page(path, scope["query_string"], blocks)
            session = _listener(scope, path, blocks)
            onward = self._pages if page else self._streamed if session else self._app
            with streams.opened(session) if session else nullcontext():
                await self._guarded(scope, receive, send, onward)

    def _health(self, path: str) -> JSONResponse:
        if path == "/healthz":
            return JSONResponse({"up": True})
        ready = self._ready()
        return JSONResponse({"ready": ready}, 200 if ready else 503)

    async def _question(
        self, scope: Scope, receive: Receive, send: Send, path: str, blocks: gr.Blocks
    ) -> None:
        body = await _body(receive)
        if body is None:
            large = Problem("server.question_large", most=asked.MOST_BYTES // 2**20)
            await replies.refusal(large, 413, scope)(scope, receive, send)
            return
        try:
            checked = asked.question(path, body, blocks)
        except Problem as problem:
            status = 404 if problem.key in _MISSING else 400
            await replies.refusal(problem, status, scope)(scope, receive, send)
            return
        await self._pictures(checked, scope)
        written = json.dumps(checked).encode()
        at_once = asked.is_answered_at_once(path)
        async with nullcontext() if at_once else self._turns.turn(visitor_of(scope)):
            await self._guarded(_json(scope, written), _again(written, receive), send, self._app)

    async def _pictures(self, question: dict[str, Any], scope: Scope) -> None:
        """Fetch the pictures that it names by address, before anything waits in a queue."""
        given = question.get("data", question)
        places = enumerate(given) if isinstance(given, list) else given.items()
        named = [place for place, value in places if fetching.is_named(value)]
        # More than that no endpoint takes; they are refused where the arguments are checked.
        for place in named[:2]:
            given[place] = await self._uploads.fetch(given[place], scope)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send, app: ASGIApp) -> None:
        """Hand it on; a failure of Gradio's own is one sentence, and no trace for rubbish."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await app(scope, receive, watched)
        except (TypeError, httpx.InvalidURL) as error:
            # Arguments that are missing or too many, or a Host header that is no address.
            if started:
                raise
            wrong = Problem("server.wrong_arguments", reason=str(error).split(".")[0])
            await replies.refusal(wrong, 400, scope)(scope, receive, send)
        except Exception:
            if started:
                raise
            LOG.exception("a request failed")
            await replies.refusal(Problem("page.unexpected"), 500, scope)(scope, receive, send)


def _path(scope: Scope) -> str:
    path, root = scope["path"], scope.get("root_path", "")
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is larger than a question may be."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        if sum(map(len, parts)) > asked.MOST_BYTES:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives this body, then what else the client does."""
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _json(scope: Scope, body: bytes) -> Scope:
    told = {b"content-length": str(len(body)).encode(), b"content-type": b"application/json"}
    headers = [(name, value) for name, value in scope["headers"] if name not in told]
    return {**scope, "headers": [*headers, *told.items()]}


def _listener(scope: Scope, path: str, blocks: gr.Blocks) -> str:
    """The session whose stream of events this is, "" for anything else."""
    if scope["method"] != "GET":
        return ""
    if path.rstrip("/") == f"{asked.API}/queue/data":
        return _session(scope)
    if path.startswith(f"{asked.API}/call/"):
        event = blocks._queue.event_ids_to_events.get(path.rstrip("/").rpartition("/")[2])
        return str(event.session_hash) if event else ""
    return ""


def _session(scope: Scope) -> str:
    sent = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    return sent.get("session_hash", [""])[-1]


def _is_awaited(scope: Scope, path: str, blocks: gr.Blocks) -> bool:
    """False for a stream of events that nobody has asked a question for."""
    queue = blocks._queue
    if path.rstrip("/") == f"{asked.API}/queue/data":
        return _session(scope) in queue.pending_messages_per_session
    if path.startswith(f"{asked.API}/call/"):
        event = path.rstrip("/").rpartition("/")[2]
        return event in queue.event_ids_to_events or any(
            event in events for events in [*queue.pending_event_ids_session.values()]
        )
    return True
