"""How long the app takes to serve its page and to answer, and what memory it holds.

`python -m benchmarks.app`: starts the app as a user would, three times in turn with a bare
`import gradio, torch`, which no start can undercut; asks the four bundled networks for predictions
and maps of photos that it has not seen, and reads what its processes hold.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gradio_client import Client, handle_file

from benchmarks.running import DEFAULT, MINIS, photo, running


def starts(times: int = 3) -> tuple[float, float]:
    """Median seconds from the start to a served page, and their median ratio to the imports."""
    served, ratios = [], []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import gradio, torch"], check=True)
        bare = time.perf_counter() - began
        with running() as app:
            served.append(app.seconds)
        ratios.append(served[-1] / bare)
    return statistics.median(served), statistics.median(ratios)


def main() -> None:
    """Command line."""
    seconds, ratio = starts()
    print(f"start to a served page: {seconds:.1f} s, {ratio:.2f} of `import gradio, torch`")
    with running() as app, tempfile.TemporaryDirectory() as folder:
        client = Client(app.url, verbose=False)
        first = handle_file(photo(Path(folder), 0))
        client.predict(first, DEFAULT, 5, api_name="/predict")
        answers = []
        for seed in range(1, 11):
            file = handle_file(photo(Path(folder), seed))
            started = time.perf_counter()
            client.predict(file, MINIS, 5, api_name="/predict")
            answers.append(time.perf_counter() - started)
        print(
            f"an answer of the four bundled networks: median {statistics.median(answers):.2f} s, "
            f"slowest {max(answers):.2f} s"
        )
        held = app.memory()
        print(
            f"resident memory of its {held.processes} processes, all bundled networks loaded: "
            f"{held.resident:.0f} MB"
        )


if __name__ == "__main__":
    main()
