"""Who listens for an answer, as the gate sees streams open and end."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from starlette.types import Receive, Scope, Send

from demo.page import streams
from demo.server.disk import Disk
from demo.server.gate import Gate
from demo.server.uploads import Uploads


@pytest.mark.parametrize(
    ("path", "query", "listens"),
    [
        ("/gradio_api/queue/data", b"session_hash=page", True),
        ("/gradio_api/call/transfer/event", b"", True),
        ("/gradio_api/heartbeat/page", b"", False),
    ],
)
def test_a_session_listens_while_its_stream_is_open(
    tmp_path: Path, path: str, query: bytes, listens: bool
) -> None:
    with gr.Blocks() as blocks:
        pass
    blocks._queue.pending_messages_per_session["page"] = None
    blocks._queue.event_ids_to_events["event"] = SimpleNamespace(session_hash="page")
    seen = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(streams.heard("page", grace=0)())

    gate = Gate(app, Uploads(Disk(tmp_path, 2**20, 2**20)), lambda: True, {})
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": []}
    scope["app"] = SimpleNamespace(get_blocks=lambda: blocks)
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, gate(scope, None, None)).result()
    assert seen == [listens]
    assert not streams.heard("page", grace=0)()


def test_who_has_only_just_asked_counts_as_listening() -> None:
    assert streams.heard("nobody")()
    assert not streams.heard("nobody", grace=0)()
