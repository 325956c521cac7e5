"""What a lesson's photos leave in memory, every process of the app counted.

`python -m benchmarks.memory`: clients that ask the default five networks about photos of their own,
all at once; prints what is held after each quarter. Goal: under 1.5 GB, and within 200 MB between
the first quarter and the last. Linux only.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from gradio_client import Client, handle_file

from benchmarks.running import DEFAULT, photo, running

SIZE = (1600, 1200)
QUARTERS = 4


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=30)
    parser.add_argument("--each", type=int, default=12, help="photos of each client")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    rows = []
    with running() as app, tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor(args.clients) as pool:
            # On a busy machine the server may not say within 5 s that it has heard.
            patient = {"timeout": 300}
            clients = list(
                pool.map(
                    lambda _: Client(app.url, verbose=False, httpx_kwargs=patient),
                    range(args.clients),
                )
            )
            seeds = iter(range(args.clients * args.each))

            def ask(client: Client, paths: list[Path]) -> None:
                for path in paths:
                    answer = client.predict(handle_file(path), DEFAULT, 5, api_name="/predict")
                    assert all("predictions" in one for one in answer.values()), answer

            for quarter in range(QUARTERS):
                count = args.each // QUARTERS
                shares = [
                    [photo(Path(folder), next(seeds), SIZE) for _ in range(count)] for _ in clients
                ]
                began = time.perf_counter()
                list(pool.map(ask, clients, shares))
                held = app.memory()
                rows.append(
                    {
                        "photos": args.clients * count * (quarter + 1),
                        "photos_per_second": args.clients * count / (time.perf_counter() - began),
                        "processes": held.processes,
                        "threads": app.threads(),
                        "resident_mb": round(held.resident),
                        "proportional_mb": round(held.proportional),
                    }
                )
                if not args.json:
                    _say(rows[-1])
        for client in clients:
            client.close()
    spread = max(row["resident_mb"] for row in rows) - min(row["resident_mb"] for row in rows)
    if args.json:
        print(json.dumps({"rows": rows, "spread_mb": spread}, indent=1))
    else:
        print(f"between the quarters: {spread} MB")


def _say(row: dict[str, float]) -> None:
    print(
        f"{row['photos']:4} photos: {row['resident_mb']:5} MB resident, "
        f"{row['proportional_mb']:5} MB proportional, {row['processes']} processes, "
        f"{row['threads']} threads; {row['photos_per_second']:.1f} photos a second",
        flush=True,
    )


if __name__ == "__main__":
    main()
