"""A real browser at the served app; a console error or a request that leaves fails the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.chromium import FLAGS

LOCAL = ("127.0.0.1", "localhost", "")
PATIENCE = 60_000
"""Milliseconds to wait for something to appear: generous, since a loaded machine is slow."""

expect.set_options(timeout=PATIENCE)

Open = Callable[..., Page]

ABORTED, ERRORED = "AbortError: signal is aborted", "Connection errored out"
"""What Gradio's client says on the console when it closes a stream because its page is left: the
second follows the first, and alone would be a fault."""


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
        closed: list[str] = []

        def console(message: ConsoleMessage) -> None:
            if message.type != "error":
                return
            if ABORTED in message.text:
                closed.append(message.text)
            elif not (ERRORED in message.text and closed):
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
        # Attached: in the presentation view the head is not to be seen.
        page.wait_for_selector(f'[data-page-language="{lang}"]', state="attached")
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
        # What is fitted to the window may stand out for a moment.
        page.wait_for_function(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        )

    return check


@pytest.fixture
def wide_everywhere(wide: Callable[[Page], None]) -> Callable[[Page], None]:
    """The same on a phone, a projector and a laptop in turn."""

    def check(page: Page) -> None:
        for width, height in ((390, 844), (1440, 900), (1280, 720)):
            page.set_viewport_size({"width": width, "height": height})
            wide(page)

    return check
