"""What `launch` is given so that Gradio's app is served behind the gate."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from gradio.routes import App
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from demo import memory
from demo.page import kept, picker
from demo.server.disk import Disk
from demo.server.gate import Gate
from demo.server.sessions import MOST, Sessions
from demo.server.uploads import Uploads
from demo.settings import Settings

EVERY = 60
"""Seconds between two sweeps of the disk."""


def options(
    settings: Settings, begin: Callable[[], None], ready: Callable[[], bool]
) -> dict[str, Any]:
    """Arguments of `gr.Blocks.launch`: the gate, light sessions, a swept disk, no other doors.

    Args:
        begin: what is to begin once the page is served. ready: whether it is done.
    """
    disk = Disk(Path(get_upload_folder()), settings.uploads, settings.visitor)
    kept.count_by(disk)

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        app.state_holder = Sessions()
        app.state_holder.set_blocks(app.get_blocks())
        sweeping = asyncio.create_task(_sweep(disk))
        begin()
        try:
            yield
        finally:
            sweeping.cancel()

    gate = Middleware(Gate, uploads=Uploads(disk), ready=ready, documents=picker.documents())
    return {
        "app_kwargs": {"middleware": [gate], "lifespan": lifespan},
        "state_session_capacity": MOST,
        "run_history": False,
        "ssr_mode": False,
        "pwa": False,
        "enable_monitoring": False,
        "show_error": False,
    }


async def _sweep(disk: Disk) -> None:
    while True:
        await anyio.to_thread.run_sync(disk.sweep)
        await anyio.to_thread.run_sync(memory.give_back)
        await asyncio.sleep(EVERY)
