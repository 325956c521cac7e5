"""What benchmarks share: the app in a process of its own, and what all its processes hold."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

ROOT = Path(__file__).parent.parent
MINIS = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"]
DEFAULT = [*MINIS, "efficientnet_lite0"]
"""What a new page compares."""


@dataclass(frozen=True)
class Memory:
    """Memory of the app and all processes that it started, in MB.

    resident: the sum of what each holds, so that shared pages count once for each. proportional:
    shared pages divided among those who share them (without them where the system does not say):
    what the machine really gives.
    """

    processes: int
    resident: float
    proportional: float


@dataclass(frozen=True)
class App:
    """A running app. folder: where it keeps its temporary files."""

    url: str
    pid: int
    folder: Path
    seconds: float

    def memory(self) -> Memory:
        """What its processes hold now."""
        found = []
        for process in family(self.pid):
            with suppress(psutil.NoSuchProcess):
                found.append(process.memory_full_info())
        return Memory(
            len(found),
            sum(one.rss for one in found) / 2**20,
            sum(getattr(one, "pss", one.uss) for one in found) / 2**20,
        )

    def threads(self) -> int:
        """Threads of its main process."""
        return psutil.Process(self.pid).num_threads()

    def disk(self) -> float:
        """MB of files in its temporary folder."""
        total = 0
        # Files and folders come and go meanwhile.
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    total += Path(folder, name).stat().st_size
        return total / 1e6


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(checkout: Path = ROOT, **environment: str) -> Iterator[App]:
    """The app as a user would start it, from this checkout or another; it ends with the context."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=checkout,
            env={
                **os.environ,
                "GRADIO_SERVER_NAME": "127.0.0.1",
                "GRADIO_SERVER_PORT": str(port),
                "GRADIO_TEMP_DIR": folder,
                **environment,
            },
            stdout=subprocess.DEVNULL,
        )
        try:
            while process.poll() is None:
                try:
                    urllib.request.urlopen(url, timeout=30).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield App(url, process.pid, Path(folder), time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(30)


def photo(folder: Path, seed: int, size: tuple[int, int] = (640, 480)) -> Path:
    """A JPEG of soft colours with some noise that was never asked for before."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 12, 3)).astype(np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC), np.int16)
    noisy = soft + rng.integers(-12, 13, soft.shape, np.int16)
    path = folder / f"{seed}.jpg"
    Image.fromarray(noisy.clip(0, 255).astype(np.uint8)).save(path, quality=85)
    return path


def family(pid: int) -> list[psutil.Process]:
    """The process and all that it started, and so on; nobody where it has ended."""
    try:
        first = psutil.Process(pid)
        return [first, *first.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
