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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from gradio_client import Client

ROOT = Path(__file__).parent.parent


HERE = ("127.0.0.1", "localhost", "::1", "")


@dataclass(frozen=True)
class Served:
    """A running app: its address, its process, the folder of its temporary folder, its log.

    reached_file: whom its processes turned to, as `watched` writes it.
    """

    url: str
    process: subprocess.Popen[bytes]
    folder: Path
    log_file: Path
    reached_file: Path

    @property
    def log(self) -> str:
        """Everything that it has written to the terminal."""
        return self.log_file.read_text("utf-8", "replace")

    def reached(self, *events: str) -> set[str]:
        """Hosts that its processes turned to, by these of Python's events.

        And those of connections that are open now, whoever opened them: not only Python can.
        """
        noted = (line.split("\t") for line in self.reached_file.read_text("utf-8").splitlines())
        hosts = {host for event, host in noted if event in events}
        first = psutil.Process(self.process.pid)
        for process in (first, *first.children(recursive=True)):
            opened = process.net_connections("inet")
            hosts |= {one.raddr.ip for one in opened if one.raddr}
        return hosts

    @property
    def files(self) -> list[Path]:
        """The files of its temporary folder, its lock excepted."""
        found = [Path(place, name) for place, _, names in os.walk(self.folder) for name in names]
        return [path for path in found if path.name != "lock"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving(checkout: Path = ROOT, **environment: str) -> Iterator[Served]:
    """A running app, from this checkout or another; it ends with the context.

    Its weights folder and its cache of the hub are empty and nothing answers at its mirror, so that
    a network that needs a download says so, on every machine. It notes whom it turns to.

    Raises:
        RuntimeError: if it stops by itself or does not answer within two minutes.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as scratch:
        weights, temporary = Path(scratch, "weights"), Path(scratch, "temporary")
        weights.mkdir()
        temporary.mkdir()
        log_file, reached_file = Path(scratch, "log.txt"), Path(scratch, "reached.txt")
        reached_file.touch()
        # Into a file: a pipe that nobody reads stops the app once it is full.
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=checkout,
                env={
                    **os.environ,
                    "GRADIO_SERVER_NAME": "127.0.0.1",
                    "GRADIO_SERVER_PORT": str(port),
                    "GRADIO_TEMP_DIR": str(temporary),
                    "PYTHONPATH": str(Path(__file__).parent / "watched"),
                    "FOUR_FAMILIES_REACHED": str(reached_file),
                    "FOUR_FAMILIES_WEIGHTS": str(weights),
                    "HF_HUB_CACHE": str(weights),
                    "FOUR_FAMILIES_MIRROR": f"http://127.0.0.1:{free_port()}/",
                    **environment,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        app = Served(url, process, temporary, log_file, reached_file)
        try:
            if not _answers(url, process):
                raise RuntimeError(f"the app did not answer:\n{app.log}")
            # Gradio's client gives up after seconds; the first to ask waits until it is written.
            urllib.request.urlopen(f"{url}config", timeout=120).close()
            yield app
        finally:
            process.terminate()
            process.wait(20)


@contextmanager
def served(**environment: str) -> Iterator[str]:
    """Address of a running app; see `serving`."""
    with serving(**environment) as app:
        yield app.url


def _answers(url: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}healthz", timeout=5):
                return True
        except OSError:
            time.sleep(0.2)
    return False


def call(client: Client, name: str, *arguments: Any) -> Any:
    """What the endpoint /name answers."""
    return client.predict(*arguments, api_name=f"/{name}")
