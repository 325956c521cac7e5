"""How long the app takes to serve its page and to answer, what the page weighs, what it holds.

`python -m benchmarks.startup [--json]`: starts the app as a user would, three times in turn with a
bare `import gradio, torch`, which no start can undercut; opens the page in a browser that has seen
nothing; asks the four bundled networks and the default five about photos that are new, and reads
what its processes hold. Goals: 6 s to the page, 0.7 MB over the wire, 2.5 s to the first card.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from gradio_client import Client, handle_file
from playwright.sync_api import sync_playwright

from benchmarks.running import DEFAULT, MINIS, App, photo, running
from tests import chromium

CARD = "#compare-results .detail .bar[data-rank='1']"


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


def ready(app: App) -> float:
    """Seconds until the bundled networks are loaded too."""
    began = time.perf_counter()
    while True:
        try:
            urllib.request.urlopen(f"{app.url}readyz", timeout=30).close()
            return app.seconds + time.perf_counter() - began
        except OSError:
            time.sleep(0.05)


def first_page(app: App) -> tuple[float, float, float]:
    """In a new browser: MB over the wire, those of the HTML alone, seconds to the first card."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        kinds: dict[str, str] = {}
        sizes: dict[str, float] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on(
            "Network.responseReceived", lambda seen: kinds.update({seen["requestId"]: seen["type"]})
        )
        session.on(
            "Network.loadingFinished",
            lambda seen: sizes.update({seen["requestId"]: seen["encodedDataLength"]}),
        )
        began = time.perf_counter()
        page.goto(app.url)
        page.wait_for_selector(CARD)
        seconds = time.perf_counter() - began
        browser.close()
    html = sum(size for number, size in sizes.items() if kinds.get(number) == "Document")
    return sum(sizes.values()) / 1e6, html / 1e6, seconds


def answers(app: App, models: list[str]) -> float:
    """Median seconds of an answer through the API, photo and client's work included."""
    client = Client(app.url, verbose=False)
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(11):
            file = handle_file(photo(Path(folder), seed + 100 * len(models)))
            began = time.perf_counter()
            client.predict(file, models, 5, api_name="/predict")
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[1:])


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    served, ratio = starts()
    with running() as app:
        loaded = ready(app)
        wire, html, card = first_page(app)
        four, five = answers(app, MINIS), answers(app, DEFAULT)
        held = app.memory()
    found = {
        "page_s": served,
        "page_of_imports": ratio,
        "ready_s": loaded,
        "wire_mb": wire,
        "html_mb": html,
        "first_card_s": card,
        "four_answers_s": four,
        "five_answers_s": five,
        "processes": held.processes,
        "resident_mb": held.resident,
    }
    if as_json:
        print(json.dumps(found, indent=1))
        return
    print(f"start to a served page: {served:.1f} s, {ratio:.2f} of `import gradio, torch`")
    print(f"start to loaded bundled networks: {loaded:.1f} s")
    print(f"first page: {wire:.2f} MB over the wire, the HTML {html:.2f}; first card {card:.1f} s")
    print(f"an answer of the four small networks {four:.2f} s, of the default five {five:.2f} s")
    print(f"resident memory of its {held.processes} processes: {held.resident:.0f} MB")


if __name__ == "__main__":
    main()
