"""What a second worker of the cluster brings: answers a second, straight through the seam.

`python -m benchmarks.cluster [--rounds 3] [--json]` (`run.py cluster-test` makes the environment):
questions about new photos, asked by four threads a worker, of one and of two workers of one thread
each in turn. "card" is what Compare asks, some milliseconds of a network; "occlusion" is one of the
explanations, work of a second. Goal: two workers answer near twice as many as one, as long as there
is a core for each of them and for whoever asks.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from demo import settings
from demo.engine.again import last
from demo.engine.ask import ask, put_behind
from demo.engine.cluster import Cluster
from demo.records import Photo
from demo.topics.closer.explain import Question, explaining
from demo.topics.compare.card import card

SECONDS = 10.0
TOGETHER = 4
"""Threads that ask, a worker."""


def _card(photo: Photo) -> None:
    ask(card, "efficientnet_lite0", photo, 3)


def _occlusion(photo: Photo) -> None:
    last(ask(explaining, "mini_densenet", photo, Question("occlusion", 3)))


KINDS: dict[str, Callable[[Photo], None]] = {"card": _card, "occlusion": _occlusion}


def photos() -> Iterator[Photo]:
    """Different ones, for ever."""
    rng = np.random.default_rng(0)
    number = 0
    while True:
        number += 1
        yield Photo(f"new {number}", rng.integers(0, 256, (240, 320, 3)).astype(np.uint8))


def rate(kind: str, workers: int) -> tuple[float, float]:
    """Answers a second, and cores that the machine was busy with meanwhile."""
    new, lock = photos(), threading.Lock()

    def asks(until: float) -> int:
        done = 0
        while time.perf_counter() < until:
            with lock:
                photo = next(new)
            KINDS[kind](photo)
            done += 1
        return done

    with ThreadPoolExecutor(TOGETHER * workers) as pool:

        def for_seconds(seconds: float) -> float:
            began = time.perf_counter()
            each = pool.map(asks, [began + seconds] * TOGETHER * workers)
            return sum(each) / (time.perf_counter() - began)

        # Until the network is at home, and compiled, in all of them.
        for_seconds(SECONDS)
        psutil.cpu_percent()
        found = for_seconds(SECONDS)
        return found, psutil.cpu_percent() * (psutil.cpu_count() or 1) / 100


def here(workers: int) -> dict[str, tuple[float, float]]:
    """The `rate` of each kind, of a cluster that this process begins."""
    chosen = settings.read(
        {"FOUR_FAMILIES_CLUSTER": "local", "FOUR_FAMILIES_WORKERS": str(workers)}
    )
    with tempfile.TemporaryDirectory(prefix="four-", dir="/tmp") as folder:
        cluster = Cluster(chosen, Path(folder))
        put_behind(cluster)
        try:
            return {kind: rate(kind, workers) for kind in KINDS}
        finally:
            cluster.close()


def of(workers: int) -> dict[str, tuple[float, float]]:
    """As `here`, in a process of its own: Ray begins one cluster a process."""
    command = [sys.executable, "-m", "benchmarks.cluster", "--only", str(workers)]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure(rounds: int) -> dict[str, Any]:
    """All of it, as one table."""
    each = [(of(1), of(2)) for _ in range(rounds)]
    return {"cores": settings.cores()} | {
        kind: {
            "one_per_second": [one[kind][0] for one, _ in each],
            "two_per_second": [two[kind][0] for _, two in each],
            "busy_cores": [(one[kind][1], two[kind][1]) for one, two in each],
            "two_of_one": statistics.median(two[kind][0] / one[kind][0] for one, two in each),
        }
        for kind in KINDS
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    if args.only:
        print(json.dumps(here(args.only)))
        return
    found = measure(args.rounds)
    if args.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"{name:16} {value}")


if __name__ == "__main__":
    main()
