"""How long the app takes to serve its page and to answer, and what memory it holds.

`python -m benchmarks.app`: starts the app as a user would, asks the four bundled networks for
predictions and maps of photos that it has not seen, and reads the process's resident memory.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import numpy as np
from gradio_client import Client, handle_file
from PIL import Image

MINIS = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"]
BUNDLED = [*MINIS, "efficientnet_lite0"]


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def resident(pid: int) -> float:
    """Resident memory of a process in MB (Linux)."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmRSS")) / 1024


def photo(folder: Path, seed: int) -> Path:
    """A picture of noise that was never asked for before."""
    pixels = np.random.default_rng(seed).integers(0, 256, (480, 640, 3)).astype(np.uint8)
    path = folder / f"{seed}.png"
    Image.fromarray(pixels).save(path)
    return path


def main() -> None:
    """Command line."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    environment = {
        **os.environ,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
    }
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "app.py"], env=environment)
    try:
        while True:
            try:
                urllib.request.urlopen(url, timeout=5).close()
                break
            except OSError:
                time.sleep(0.05)
        print(f"start to a served page: {time.perf_counter() - began:.1f} s")
        client = Client(url, verbose=False)
        with tempfile.TemporaryDirectory() as folder:
            first = handle_file(photo(Path(folder), 0))
            client.predict(first, BUNDLED, 5, api_name="/predict")
            seconds = []
            for seed in range(1, 11):
                file = handle_file(photo(Path(folder), seed))
                started = time.perf_counter()
                client.predict(file, MINIS, 5, api_name="/predict")
                seconds.append(time.perf_counter() - started)
        print(
            f"an answer of the four bundled networks: median {statistics.median(seconds):.2f} s, "
            f"slowest {max(seconds):.2f} s"
        )
        print(f"resident memory, all bundled networks loaded: {resident(process.pid):.0f} MB")
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
