"""A picture that an API client names by its address: public ones only, and no more than 20 MB."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urljoin

import httpx
from safehttpx import AsyncSecureTransport, is_public_ip

from demo.photo import MOST_BYTES
from demo.records import Problem

PATIENCE = 20.0
"""Seconds for one address, redirects and all."""
REDIRECTS = 5
_AT_ONCE = asyncio.Semaphore(8)


def is_named(value: Any) -> bool:
    """Whether an argument is a file that is named by its address on the network."""
    path = value.get("path") if isinstance(value, dict) else None
    return isinstance(path, str) and path.strip().lower().startswith(("http:", "https:"))


async def fetch(address: str, folder: Path, count: Callable[[int], Awaitable[None]]) -> Path:
    """Fetch a picture into the folder.

    Gradio would do it too, but whole into memory, however large, while the networks wait, and it
    asks a name server far away for names that are not public.

    Args:
        count: told each chunk's bytes before they are written; may raise.

    Raises:
        Problem: "server.no_address" if it cannot be had, and what `count` raises.
    """
    try:
        async with asyncio.timeout(PATIENCE), _AT_ONCE:
            return await _download(address.strip(), folder, count)
    except (TimeoutError, OSError, ValueError, httpx.HTTPError, httpx.InvalidURL):
        raise Problem("server.no_address", address=address) from None


async def _download(address: str, folder: Path, count: Callable[[int], Awaitable[None]]) -> Path:
    for _ in range(REDIRECTS + 1):
        url = httpx.URL(address)
        transport = AsyncSecureTransport(await _public_ip(url.host))
        async with (
            httpx.AsyncClient(transport=transport, timeout=PATIENCE) as client,
            client.stream("GET", url) as answer,
        ):
            if answer.has_redirect_location:
                address = urljoin(address, answer.headers["location"])
                continue
            answer.raise_for_status()
            return await _kept(answer, address, folder, count)
    raise ValueError(address)


async def _public_ip(host: str) -> str:
    """An address of the host, if all that it has are public."""
    known = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    addresses = [str(entry[4][0]) for entry in known]
    if not addresses or not all(is_public_ip(address) for address in addresses):
        raise ValueError(host)
    return addresses[0]


async def _kept(
    answer: httpx.Response, address: str, folder: Path, count: Callable[[int], Awaitable[None]]
) -> Path:
    suffix = PurePosixPath(unquote(httpx.URL(address).path)).suffix
    name = hashlib.sha256(address.encode("utf-8", "replace")).hexdigest()[:16]
    path = folder / f"{name}{suffix if suffix[1:].isalnum() and len(suffix) < 8 else ''}"
    size = 0
    with path.open("wb") as file:
        async for chunk in answer.aiter_bytes():
            size += len(chunk)
            if size > MOST_BYTES:
                raise ValueError(address)
            await count(len(chunk))
            file.write(chunk)
    return path
