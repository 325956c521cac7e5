"""How long a visitor waits while another one attacks.

`python -m benchmarks.hostile`: for each attack of a public server's first bad day, another visitor
sends small photos from an address of their own to the four small networks, again and again, until
the attack is over. Goal: each is answered within 3 s. Linux only.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from benchmarks.running import DEFAULT, MINIS, App, photo, running
from tests import hostile_photos as bombs

LEAST = 12.0
"""Seconds that an attack is repeated at least."""
API = "gradio_api"
Attack = Callable[["Visitor"], None]


class Visitor:
    """One client with an address of its own, and what became of its calls."""

    def __init__(self, url: str, address: str) -> None:
        transport = httpx.HTTPTransport(local_address=address, limits=httpx.Limits())
        self.http = httpx.Client(base_url=url, transport=transport, timeout=120)
        self.outcomes: Counter[str] = Counter()

    def upload(self, content: bytes, name: str) -> str | None:
        """The path that the server gives an upload; None where it refuses it."""
        answer = self.http.post(f"{API}/upload", files={"files": (name, content)})
        self.outcomes["upload taken" if answer.is_success else "upload refused"] += 1
        return answer.json()[0] if answer.is_success else None

    def call(self, name: str, *arguments: Any) -> Any:
        """What /name answers; None where it refuses."""
        sent = self.http.post(f"{API}/call/{name}", json={"data": list(arguments)})
        event = sent.json().get("event_id") if sent.is_success else None
        if event is None:
            self.outcomes["call refused"] += 1
            return None
        kind = ""
        with self.http.stream("GET", f"{API}/call/{name}/{event}") as lines:
            for line in lines.iter_lines():
                if line.startswith("event: "):
                    kind = line.removeprefix("event: ")
                elif line.startswith("data: ") and kind in ("complete", "error"):
                    break
        self.outcomes["answered" if kind == "complete" else "call refused"] += 1
        return json.loads(line.removeprefix("data: ")) if kind == "complete" else None

    def predict(self, content: bytes, name: str, models: list[str]) -> dict[str, Any] | None:
        """Upload a photo and ask the networks about it."""
        path = self.upload(content, name)
        if path is None:
            return None
        image = {"path": path, "meta": {"_type": "gradio.FileData"}}
        answer = self.call("predict", image, models, 3)
        return answer[0] if answer else None


def scans(attacker: Visitor) -> None:
    """A small progressive JPEG whose 300 scans each walk all of its 169 megapixels."""
    content = bombs.progressive_jpeg(13_000, 300)
    _together(8, lambda _: attacker.predict(content + uuid.uuid4().bytes, "scans.jpg", MINIS))


def headers(attacker: Visitor) -> None:
    """Pictures of a few bytes that unpack to gigabytes."""
    made = [bombs.webp_of_one_colour(8_900), bombs.webp_of_one_colour(16_000)]
    _together(
        16,
        lambda i: attacker.predict(made[i % 2] + uuid.uuid4().bytes, f"{i}.webp", DEFAULT),
    )


def rubbish(attacker: Visitor) -> None:
    """Uploads of 18 MB of noise that nobody ever opens."""
    noise = np.random.default_rng().bytes(18_000_000)
    _together(4, lambda i: attacker.upload(noise, f"{i}.bin"))


def queue(attacker: Visitor) -> None:
    """101 measurements of the largest network, and 24 calls past the queue."""
    direct = {"data": [None, ["efficientnet_lite0"], 3]}

    def run(index: int) -> None:
        if index < 24:
            answer = attacker.http.post(f"{API}/run/predict", json=direct)
            attacker.outcomes["run taken" if answer.is_success else "run refused"] += 1
        else:
            attacker.call("profile", "efficientnet_b7")

    _together(125, run)


def sessions(attacker: Visitor) -> None:
    """200 invented sessions, each of which asks something."""
    config = attacker.http.get("config").json()
    index = next(one["id"] for one in config["dependencies"] if one["api_name"] == "models")

    def join(_: int) -> None:
        body = {"data": [], "fn_index": index, "session_hash": uuid.uuid4().hex[:11]}
        answer = attacker.http.post(f"{API}/queue/join", json=body)
        attacker.outcomes["join taken" if answer.is_success else "join refused"] += 1

    _together(200, join)


ATTACKS: dict[str, Attack] = {
    "none": lambda attacker: time.sleep(LEAST),
    "scan bomb": scans,
    "header bombs": headers,
    "rubbish uploads": rubbish,
    "full queue": queue,
    "invented sessions": sessions,
}


def _together(count: int, work: Callable[[int], Any]) -> None:
    with ThreadPoolExecutor(min(count, 40)) as pool:
        list(pool.map(work, range(count)))


class Watch(threading.Thread):
    """The most memory, threads and disk that the app took while it was watched."""

    def __init__(self, app: App) -> None:
        super().__init__(daemon=True)
        self._app, self._over = app, threading.Event()
        self.memory = self.disk = 0.0
        self.threads = 0

    def run(self) -> None:
        """Look five times a second."""
        while not self._over.wait(0.2):
            self.memory = max(self.memory, self._app.memory().resident)
            self.disk = max(self.disk, self._app.disk())
            self.threads = max(self.threads, self._app.threads())

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        self.join()


def measure(app: App, name: str, folder: Path, seeds: range) -> dict[str, Any]:
    """One row: what a visitor felt while the attack was repeated."""
    attacker, visitor = Visitor(app.url, "127.0.0.1"), Visitor(app.url, "127.0.0.2")
    over = threading.Event()
    watch = Watch(app)

    def repeat() -> None:
        until = time.monotonic() + LEAST
        while time.monotonic() < until:
            ATTACKS[name](attacker)
        over.set()

    attack = threading.Thread(target=repeat)
    watch.start()
    attack.start()
    seconds: list[float] = []
    for seed in seeds:
        content = photo(folder, seed).read_bytes()
        began = time.perf_counter()
        answer = visitor.predict(content, "photo.jpg", MINIS)
        seconds.append(time.perf_counter() - began)
        assert answer and all("predictions" in answer[key] for key in MINIS), answer
        if over.wait(0.3):
            break
    attack.join()
    watch.end()
    return {
        "attack": name,
        "answers": len(seconds),
        "median_s": round(statistics.median(seconds), 2),
        "slowest_s": round(max(seconds), 2),
        "attacker": dict(attacker.outcomes),
        "peak_mb": round(watch.memory),
        "disk_mb": round(watch.disk),
        "threads": watch.threads,
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=ATTACKS, help="one attack")
    args = parser.parse_args()
    rows = []
    with running() as app, tempfile.TemporaryDirectory() as folder:
        # The first answer waits for the networks to be read.
        Visitor(app.url, "127.0.0.2").predict(
            photo(Path(folder), 0).read_bytes(), "first.jpg", MINIS
        )
        for number, name in enumerate([args.only] if args.only else ATTACKS, start=1):
            seeds = range(1_000 * number, 1_000 * (number + 1))
            rows.append(measure(app, name, Path(folder), seeds))
            if not args.json:
                print(_line(rows[-1]), flush=True)
    if args.json:
        print(json.dumps(rows, indent=1))


def _line(row: dict[str, Any]) -> str:
    outcomes = ", ".join(f"{count} {what}" for what, count in sorted(row["attacker"].items()))
    return (
        f"{row['attack']:18} {row['answers']:3} answers, median {row['median_s']:5.2f} s, "
        f"slowest {row['slowest_s']:5.2f} s; {row['peak_mb']:5} MB, {row['threads']:3} threads, "
        f"{row['disk_mb']:4} MB on disk; {outcomes}"
    )


if __name__ == "__main__":
    main()
