"""A Space with a shared GPU, by the real package with its switch on.

Without a GPU, what the package does with CUDA when a process begins does nothing; all else is real:
it asks for the GPU, forks a process, pickles question and answer, gives the GPU back. A small
network stands for a full-size one, whose weights are not here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.serving import ROOT

# What a CUDA build of torch has and a CPU build lacks, of what the package does and reads.
CUDA_BUILD = """
import sys
import torch

if torch.version.cuda is None:
    torch.version.cuda = "12.8"
    torch._C._cuda_init = lambda: None
    torch.cuda._is_in_bad_fork = bool
    torch.cuda.synchronize = lambda *device: None
    torch.Tensor.cuda = lambda self, *more, **options: self

# Without a GPU the forked process has this one's network itself: no threads of a runtime are in it.
sys.modules["onnxruntime"] = None

from demo.zoo.spec import ModelSpec

ModelSpec.full_size = property(lambda one: one.key == "mini_resnet")
"""


class DeviceApi:
    """What gives GPUs to a Space.

    asked: what it was asked, in order. tokens: in whose names a GPU was asked for. refusal: the
    status with which a GPU is refused, 0 for none.
    """

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.tokens: list[str] = []
        self.refusal = 0
        self.address = ""

    def answer(self, address: str) -> tuple[int, Any]:
        path = urlsplit(address)
        given = {name: values[0] for name, values in parse_qs(path.query).items()}
        said = (path.path, given.get("durationSeconds", ""), given.get("fail", ""))
        self.asked.append(" ".join(one for one in said if one))
        if path.path != "/schedule":
            return 200, None
        self.tokens.append(given.get("token", ""))
        if self.refusal:
            return self.refusal, {"left": 3, "wait": 3600}
        return 200, {"idle": True, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "t"}


@pytest.fixture
def device_api() -> Iterator[DeviceApi]:
    api = DeviceApi()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status, found = api.answer(self.path)
            body = json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    api.address = f"http://127.0.0.1:{server.server_port}"
    yield api
    server.shutdown()
    server.server_close()


@pytest.fixture
def switched_on(tmp_path: Path, device_api: DeviceApi) -> dict[str, str]:
    """The environment of a Space with the shared GPU."""
    (tmp_path / "sitecustomize.py").write_text(CUDA_BUILD, "utf-8")
    return {
        "PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT))),
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": device_api.address,
    }


def said(script: str, **environment: str) -> list[str]:
    """The lines that a process of its own prints, those of the package excepted."""
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    return [line for line in lines if not line.startswith("SPACES_ZERO_GPU_DEBUG")]
