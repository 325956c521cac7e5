"""A class at once: clients and browsers that ask about photos of their own.

`python -m benchmarks.load [--clients 30] [--browsers 10] [--json]`: every client asks the default
five networks about three photos, once with no network at all and once with all of them; then every
answer is asked for again alone and must be the same. Browsers upload a photo, compare, open an
Inception block and step through the DenseNet diagram meanwhile, on what cores the app leaves to
them. Goals: no error, none swapped, page and upload within 1 s, throughput at least 0.7 of the same
calls with no network asked.

`--cluster` has the networks in a cluster of Ray's (`run.py cluster-test` makes the environment for
it), `--workers N` in so many processes, and `--kill` ends one of them once half is answered.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from gradio_client import Client, handle_file

from benchmarks.beside import PATIENCE, beside
from benchmarks.running import DEFAULT, App, family, photo, running

EACH = 3


def nothing() -> None:
    """Nothing is done after an answer."""


def answers(
    client: Client, paths: list[Path], models: list[str], then: Callable[[], None] = nothing
) -> list[tuple[float, Any]]:
    """(seconds, answer or error) of each photo, one after the other; then: done after each."""
    found = []
    for path in paths:
        began = time.perf_counter()
        try:
            answer: Any = client.predict(handle_file(path), models, 3, api_name="/predict")
        except Exception as error:
            answer = error
        found.append((time.perf_counter() - began, answer))
        then()
    return found


def all_at_once(
    clients: list[Client],
    photos: list[list[Path]],
    models: list[str],
    then: Callable[[], None] = nothing,
) -> tuple[float, list[list[tuple[float, Any]]]]:
    """Photos a second, and what each client got."""
    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as pool:
        found = list(
            pool.map(
                lambda pair: answers(pair[0], pair[1], models, then),
                zip(clients, photos, strict=True),
            )
        )
    return len(clients) * EACH / (time.perf_counter() - began), found


def differs(one: Any, other: Any) -> bool:
    """Whether two answers about a photo name other classes or probabilities."""
    return any(
        [row["label"] for row in one[key]["predictions"]]
        != [row["label"] for row in other[key]["predictions"]]
        or abs(
            one[key]["predictions"][0]["probability"] - other[key]["predictions"][0]["probability"]
        )
        > 1e-3
        for key in DEFAULT
    )


class Killing:
    """Ends a process of the app in which networks run, once so many answers are there."""

    def __init__(self, app: App, after: int) -> None:
        self.killed = 0
        self._app, self._left = app, after
        self._lock = threading.Lock()

    def __call__(self) -> None:
        """One more answer is there."""
        with self._lock:
            self._left -= 1
            if self._left:
                return
        workers = [one for one in family(self._app.pid) if _works(" ".join(one.cmdline()))]
        workers[0].kill()
        self.killed += 1


def _works(command: str) -> bool:
    return "demo.engine.worker" in command or "ServeReplica" in command


def measure(count: int, browsers: int, kill: bool, environment: dict[str, str]) -> dict[str, Any]:
    """All of it, as one table."""
    with running(**environment) as app, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        patient = {"timeout": PATIENCE}
        clients = [Client(app.url, verbose=False, httpx_kwargs=patient) for _ in range(count)]
        photos = [[photo(folder, EACH * i + j) for j in range(EACH)] for i in range(count)]
        answers(clients[0], [photo(folder, 9_999)], DEFAULT)
        bare, _ = all_at_once(clients, photos, [])
        theirs = [photo(folder, 20_000 + i) for i in range(browsers)]
        with (
            beside("watch", app.url, photo(folder, 10_000)) as watch,
            beside("lesson", app.url, *theirs) as lesson,
        ):
            killing = Killing(app, count * EACH // 2 if kill else 0)
            rate, found = all_at_once(clients, photos, DEFAULT, killing)
            errors, seen = lesson.found(), watch.found()
        waits = [seconds for rows in found for seconds, _ in rows]
        wrong = [
            str(answer) for rows in found for _, answer in rows if not isinstance(answer, dict)
        ]
        alone = [answers(clients[0], paths, DEFAULT) for paths in photos]
        swapped = sum(
            differs(mine, again)
            for rows, others in zip(found, alone, strict=True)
            for (_, mine), (_, again) in zip(rows, others, strict=True)
            if isinstance(mine, dict) and isinstance(again, dict)
        )
        held = app.memory()
    return {
        "photos": count * EACH,
        "killed": killing.killed,
        "errors": wrong + errors,
        "swapped": swapped,
        "photos_per_second": rate,
        "with_no_network": bare,
        "of_no_network": rate / bare,
        "median_s": statistics.median(waits),
        "slowest_s": max(waits),
        "slowest_of_fair": max(waits) / (count * EACH / rate),
        "page_slowest_s": max(seen["page"]),
        "upload_slowest_s": max(seen["upload"]),
        "resident_mb": held.resident,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--browsers", type=int, default=10)
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("--workers", type=int)
    parser.add_argument("--kill", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    environment = {"FOUR_FAMILIES_CLUSTER": "local"} if args.cluster else {}
    if args.workers is not None:
        environment["FOUR_FAMILIES_WORKERS"] = str(args.workers)
    found = measure(args.clients, args.browsers, args.kill, environment)
    if args.json:
        print(json.dumps(found, indent=1))
        return
    for name, value in found.items():
        print(f"{name:20} {value:.2f}" if isinstance(value, float) else f"{name:20} {value}")


if __name__ == "__main__":
    main()
