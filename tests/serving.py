"""The app in a process of its own, as `make run` serves it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gradio_client import Client

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """Address of a running app; it ends with the context.

    Its weights folder and its cache of the hub are empty and nothing answers at its mirror, so that
    a network that needs a download says so, on every machine.

    Raises:
        RuntimeError: if it stops by itself or does not answer within two minutes.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with (
        tempfile.TemporaryDirectory() as empty,
        tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log,
    ):
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env={
                **os.environ,
                "GRADIO_SERVER_NAME": "127.0.0.1",
                "GRADIO_SERVER_PORT": str(port),
                "FOUR_FAMILIES_WEIGHTS": empty,
                "HF_HUB_CACHE": empty,
                "FOUR_FAMILIES_MIRROR": f"http://127.0.0.1:{free_port()}/",
                **environment,
            },
            # Into a file: a pipe that nobody reads stops the app once it is full.
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _answers(url, process):
                log.seek(0)
                raise RuntimeError(f"the app did not answer:\n{log.read()}")
            yield url
        finally:
            process.terminate()
            process.wait(20)


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return True
        except OSError:
            time.sleep(0.2)
    return False


def call(client: Client, name: str, *arguments: Any) -> Any:
    """What the endpoint /name answers."""
    return client.predict(*arguments, api_name=f"/{name}")
