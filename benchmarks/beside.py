"""What goes on beside a load run, in processes of their own: none waits for the clients' Python.

`python -m benchmarks.beside watch URL FILE` asks for the page and uploads the file every half
second until its input ends; `... lesson URL FILE...` has as many browsers as files do what students
do. Both say what they found as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Error, Page, sync_playwright

from tests import chromium

PATIENCE = 300
"""Seconds after which an answer counts as an error."""
YIELDS = 10
"""How much more willingly than the app the browsers give up cores that are not theirs: in a lesson
each student brings some.
"""


class Beside:
    """One such process. found: what it has found, once it is over."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def found(self) -> Any:
        """Tell it to end, and hear what it says."""
        said, _ = self._process.communicate()
        return json.loads(said)


@contextmanager
def beside(what: str, url: str, *files: Path) -> Iterator[Beside]:
    """It goes on while the context is open."""
    command = [sys.executable, "-m", "benchmarks.beside", what, url, *map(str, files)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        yield Beside(process)
    finally:
        process.kill()
        process.wait()


def watch(url: str, file: Path) -> dict[str, list[float]]:
    """Seconds of each page and of each upload."""
    over = threading.Event()

    def listen() -> None:
        sys.stdin.read()
        over.set()

    threading.Thread(target=listen, daemon=True).start()
    seconds: dict[str, list[float]] = {"page": [], "upload": []}
    content = file.read_bytes()
    with httpx.Client(base_url=url, timeout=60) as client:

        def upload() -> None:
            files = {"files": ("photo.jpg", content, "image/jpeg")}
            client.post("gradio_api/upload", files=files).raise_for_status()

        while not over.wait(0.5):
            seconds["page"].append(_seconds(lambda: client.get("").raise_for_status()))
            seconds["upload"].append(_seconds(upload))
    return seconds


def _seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def student(page: Page, url: str, file: Path) -> None:
    """What one student does in a lesson."""
    page.goto(url)
    page.wait_for_function("document.body.dataset.photo === 'example'")
    page.locator('#photo-input input[type="file"]').set_input_files(str(file))
    page.wait_for_function("document.body.dataset.photo === 'upload'")
    page.wait_for_selector("#compare-results .detail .bar[data-rank='1']")
    page.evaluate("four.openScene('branches')")
    page.wait_for_selector("#in-branches .branch")
    page.evaluate("four.openScene('growth')")
    page.wait_for_selector("#dense-told .dg-says")
    page.locator("[data-do=back]").click()


def lesson(url: str, files: list[Path]) -> list[str]:
    """Errors of as many browsers, each with a context of its own, one thread each."""
    if hasattr(os, "nice"):
        os.nice(YIELDS)

    def one(file: Path) -> str:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium.find(), args=chromium.FLAGS
            )
            page = browser.new_page()
            page.set_default_timeout(PATIENCE * 1000)
            try:
                student(page, url, file)
            except Error as error:
                return str(error).splitlines()[0]
            finally:
                browser.close()
        return ""

    with ThreadPoolExecutor(max(1, len(files))) as pool:
        return [error for error in pool.map(one, files) if error]


def main() -> None:
    """Command line, of `beside`."""
    what, url, *names = sys.argv[1:]
    files = list(map(Path, names))
    print(json.dumps(watch(url, *files) if what == "watch" else lesson(url, files)))


if __name__ == "__main__":
    main()
