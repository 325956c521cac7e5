"""A served app and a real browser; a console error or a request that leaves fails the test."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOCAL = ("127.0.0.1", "localhost", "")
PATIENCE = 60_000
"""Milliseconds to wait for something to appear: generous, since a loaded machine is slow."""

Open = Callable[..., Page]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of the app, served as `make run` serves it."""
    port = free_port()
    environment = {
        **os.environ,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        # Nothing answers there: what needs a download must say so.
        "FOUR_FAMILIES_MIRROR": f"http://127.0.0.1:{free_port()}/",
    }
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until_served(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_until_served(url: str, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the app stopped:\n{process.stdout.read() if process.stdout else ''}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the app did not answer within two minutes")


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Browser, app_url: str) -> Iterator[Open]:
    """open_page("ja", "?tab=compare", width=390): a page whose head is there.

    At the end of the test: no console error, no request that left this machine, no raw key.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def listen(page: Page) -> None:
        def console(message: ConsoleMessage) -> None:
            if message.type == "error":
                complaints.append(f"console: {message.text}")

        page.on("console", console)
        page.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        page.on(
            "request",
            lambda request: (
                None
                if (urlsplit(request.url).hostname or "") in LOCAL
                else complaints.append(f"left this machine: {request.url[:120]}")
            ),
        )

    def open_one(lang: str = "en", query: str = "", width: int = 1440, height: int = 900) -> Page:
        page = browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(PATIENCE)
        listen(page)
        pages.append(page)
        page.goto(app_url + ("" if lang == "en" else lang) + query)
        page.wait_for_selector(f'[data-page-language="{lang}"]')
        return page

    yield open_one
    for page in pages:
        if "__i18n__" in page.content():
            complaints.append("a raw key is on the page")
        page.close()
    assert complaints == []


@pytest.fixture
def wide(open_page: Open) -> Callable[[Page], None]:
    """Assert that nothing scrolls sideways."""

    def check(page: Page) -> None:
        inner, outer = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert inner <= outer, f"the page is {inner} px wide in a window of {outer} px"

    return check
