"""How long the app takes to serve its page and to answer, and what memory it holds.

`python -m benchmarks.app`: starts the app as a user would, asks the four bundled networks for
predictions and maps of photos that it has not seen, and reads what its processes hold.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from gradio_client import Client, handle_file

from benchmarks.running import DEFAULT, MINIS, photo, running


def main() -> None:
    """Command line."""
    with running() as app, tempfile.TemporaryDirectory() as folder:
        print(f"start to a served page: {app.seconds:.1f} s")
        client = Client(app.url, verbose=False)
        first = handle_file(photo(Path(folder), 0))
        client.predict(first, DEFAULT, 5, api_name="/predict")
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
        held = app.memory()
        print(
            f"resident memory of its {held.processes} processes, all bundled networks loaded: "
            f"{held.resident:.0f} MB"
        )


if __name__ == "__main__":
    main()
