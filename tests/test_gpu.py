"""A Space's shared GPU, by the real package: off here, and with its switch on as far as it goes.

Without a GPU, a function that was given one ends where CUDA begins; until there all is as there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from gradio_client import Client, handle_file

from demo import gpu
from demo.page.photos import sample_path
from tests.serving import ROOT, call, served

# What a CUDA build of torch has and a CPU build lacks, of what the package reads when it starts.
CUDA_BUILD = """
import torch

if torch.version.cuda is None:
    torch.version.cuda = "12.8"
    torch._C._cuda_init = lambda: None
    torch.cuda._is_in_bad_fork = bool
"""
BOUND = """
import app

print([one.api_name for one in app.build().fns.values() if hasattr(one.fn, "zerogpu")])
"""


@contextmanager
def device_api() -> Iterator[tuple[str, list[str]]]:
    """Address of what gives GPUs to a Space, and what it was asked, in order."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            path = urlsplit(self.path)
            seconds = parse_qs(path.query).get("durationSeconds", [""])[0]
            asked.append(f"{path.path} {seconds}".strip())
            grant = {"idle": False, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "t"}
            body = json.dumps(grant if path.path == "/schedule" else None).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def switched_on(tmp_path: Path) -> dict[str, str]:
    """The environment of a Space with the shared GPU, but for the address of its device API."""
    (tmp_path / "sitecustomize.py").write_text(CUDA_BUILD)
    return {"PYTHONPATH": str(tmp_path), "SPACES_ZERO_GPU": "true"}


def test_here_a_decorated_function_is_itself() -> None:
    assert gpu.spaces is not None, "the package is a requirement of the tests"

    def task() -> str:
        return "as it is"

    assert gpu.on_gpu(20)(task) is task
    assert not gpu.SHARED


def test_importing_the_package_touches_no_gpu() -> None:
    script = "from demo import gpu; import sys; print('torch' in sys.modules)"
    environment = {**os.environ, "SPACES_ZERO_GPU": ""}
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert found.stdout == "False\n"
    assert not torch.cuda.is_initialized()


def test_the_function_that_an_event_binds_is_the_decorated_one(
    switched_on: dict[str, str],
) -> None:
    with device_api() as (address, _):
        environment = {**os.environ, **switched_on, "SPACES_ZERO_DEVICE_API_URL": address}
        found = subprocess.run(
            [sys.executable, "-c", BOUND], cwd=ROOT, env=environment, capture_output=True, text=True
        )
    assert found.stdout == "['card']\n", found.stderr


def test_a_full_size_network_asks_for_a_short_time_and_small_ones_for_none(
    switched_on: dict[str, str],
) -> None:
    with (
        device_api() as (address, asked),
        served(**switched_on, SPACES_ZERO_DEVICE_API_URL=address) as url,
    ):
        # Without this report, the hub stops the Space.
        assert asked == ["/startup-report"]
        client, picture = Client(url, verbose=False), sample_path("lion")
        answer = call(client, "predict", handle_file(picture), ["mini_resnet"], 3)
        assert len(answer["mini_resnet"]["predictions"]) == 3
        assert len(asked) == 1
        with pytest.raises(Exception) as failure:
            call(client, "card", handle_file(picture), "resnet50", "", "last")
        assert "Traceback" not in str(failure.value)
        assert asked[1:] == ["/schedule 20", "/allow", "/release"]
