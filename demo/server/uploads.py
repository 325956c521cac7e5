"""Uploads: of at most 20 MB, counted while they arrive, gone where they were cut."""

from __future__ import annotations

import functools
import logging
from pathlib import Path
from typing import Any

import anyio
from gradio.route_utils import upload_fn
from gradio.routes import file_upload_statuses
from starlette.background import BackgroundTask
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope

from demo.photo import MOST_BYTES
from demo.records import Problem
from demo.server import fetching, replies
from demo.server.disk import Disk
from demo.visitor import visitor

LOG = logging.getLogger("demo.server")
AT_ONCE = 2**18
"""Bytes that are gathered before they are written: each write waits for a thread, and a photo of a
phone comes in sixty parts. Who sends slowly holds as many in memory."""


class Uploads:
    """What stands in for Gradio's own address for uploads; its parser does the reading."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk

    async def take(self, scope: Scope, receive: Receive) -> Response:
        """Read the files of a request; the paths under which Gradio finds them, or a sentence."""
        visitor = visitor_of(scope)
        folder = self.disk.enter(visitor)
        kept = False
        try:
            paths = await self._read(scope, gathered(self._counted(visitor, receive)), folder)
            kept = bool(paths)
            # What came was counted already: nobody waits for its being measured.
            measured = BackgroundTask(self.disk.measure, visitor) if kept else None
            return JSONResponse(paths, background=measured)
        except Problem as problem:
            return replies.plain(problem, 413, scope)
        except MultiPartException as error:
            if "File size exceeded" in error.message:
                problem = Problem("server.file_large", most=MOST_BYTES // 2**20)
                return replies.plain(problem, 413, scope)
            return replies.plain(Problem("server.upload_broken"), 400, scope)
        except ClientDisconnect:
            # Nobody is there to read it.
            return Response(status_code=400)
        except (HTTPException, KeyError, TypeError, AttributeError, ValueError, OSError) as error:
            # What Gradio's parser trips over in a request that is no upload.
            LOG.info("an upload could not be read: %s", error)
            return replies.plain(Problem("server.upload_broken"), 400, scope)
        finally:
            if not kept:
                await self._left(visitor, folder)

    async def fetch(self, named: dict[str, Any], scope: Scope) -> dict[str, Any]:
        """A file that is named by its address, as if it had been uploaded.

        Where it cannot be had, {"refused": sentence}: the event that waits for it says so.
        """
        visitor = visitor_of(scope)
        folder = self.disk.enter(visitor)
        kept = False
        try:
            path = await fetching.fetch(
                named["path"], folder, functools.partial(self._count, visitor)
            )
            kept = True
            return {"path": str(path), "meta": {"_type": "gradio.FileData"}}
        except Problem as problem:
            return {"refused": replies.words_of(problem, scope)}
        finally:
            await self._left(visitor, folder, kept)

    async def _left(self, visitor: str, folder: Path, kept: bool = False) -> None:
        # Even where the request is cancelled: what was cut is deleted.
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(self.disk.leave, visitor, folder, kept)

    async def _read(self, scope: Scope, receive: Receive, folder: Path) -> list[str]:
        request = Request(scope, receive)
        progress = request.query_params.get("upload_id")
        try:
            paths, _, _ = await upload_fn(
                request,
                folder,
                MOST_BYTES,
                progress,
                upload_progress=file_upload_statuses if progress else None,
            )
        finally:
            if progress:
                file_upload_statuses.set_done(progress)
        return [str(path) for path in paths]

    def _counted(self, visitor: str, receive: Receive) -> Receive:
        async def counted() -> Message:
            message = await receive()
            await self._count(visitor, len(message.get("body", b"")))
            return message

        return counted

    async def _count(self, visitor: str, size: int) -> None:
        if not self.disk.has_room(visitor, size):
            await anyio.to_thread.run_sync(self.disk.make_room, visitor, size)


def gathered(receive: Receive, size: int = AT_ONCE) -> Receive:
    """The same request in parts of at least `size` bytes, but for its last."""
    behind: list[Message] = []

    async def part() -> Message:
        if behind:
            return behind.pop()
        message = await receive()
        # One by one they may be as small as a byte.
        body = bytearray(message.get("body", b""))
        while message.get("more_body") and len(body) < size:
            further = await receive()
            if further["type"] != message["type"]:
                # Whoever sends is gone: that comes behind what was sent.
                behind.append(further)
                break
            message = further
            body += message.get("body", b"")
        return {**message, "body": bytes(body)} if body else message

    return part


def visitor_of(scope: Scope) -> str:
    """Whose request it is."""
    client, headers = scope.get("client"), Headers(scope=scope)
    return visitor(client[0] if client else "", headers.get("x-forwarded-for", ""))
