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


ANSWERED = """() => {
  window.answered = new Promise((done) => {
    new MutationObserver((_, watching) => {
      if (document.getElementById("scene-photo").getAttribute("aria-busy") !== "false") return;
      watching.disconnect();
      done();
    }).observe(document.getElementById("scene-photo"), { attributeFilter: ["aria-busy"] });
  });
}"""
"""Makes window.answered a promise that the next question about the photo is answered."""


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def listen(page: Page, complaints: list[str]) -> None:
    """Note console errors and requests that leave this machine."""
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


def opened(
    browser: Browser,
    url: str,
    lang: str,
    size: tuple[int, int],
    complaints: list[str],
    before: str = "",
) -> Page:
    """A page of its own whose head is there; before: what runs before its own scripts."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    if before:
        page.add_init_script(before)
    page.set_default_timeout(PATIENCE)
    listen(page, complaints)
    page.goto(url)
    # Attached: in the presentation view the head is not to be seen.
    page.wait_for_selector(f'[data-page-language="{lang}"]', state="attached")
    return page


def whole(page: Page, complaints: list[str]) -> None:
    """No console error, no request that left this machine, no raw key."""
    if "__i18n__" in page.content():
        complaints.append("a raw key is on the page")
    said, complaints[:] = complaints[:], []
    assert said == []


@pytest.fixture
def open_page(browser: Browser, app_url: str) -> Iterator[Open]:
    """open_page("ja", "?tab=compare", width=390): a page whose head is there.

    At the end of the test each is `whole`, and is closed.
    """
    complaints: list[str] = []
    pages: list[Page] = []

    def open_one(
        lang: str = "en", query: str = "", width: int = 1440, height: int = 900, before: str = ""
    ) -> Page:
        url = app_url + ("" if lang == "en" else lang) + query
        pages.append(opened(browser, url, lang, (width, height), complaints, before))
        return pages[-1]

    yield open_one
    try:
        for page in pages:
            whole(page, complaints)
    finally:
        for page in pages:
            page.close()


@pytest.fixture(scope="module")
def kept() -> Iterator[dict[str, tuple[Page, list[str]]]]:
    """Language -> the page that a module's tests share, and what it complained of."""
    pages: dict[str, tuple[Page, list[str]]] = {}
    yield pages
    for page, _ in pages.values():
        page.close()


@pytest.fixture
def same_page(
    browser: Browser, app_url: str, kept: dict[str, tuple[Page, list[str]]]
) -> Iterator[Open]:
    """same_page("ja", width=390): the language's first page, shared by the tests of a module.

    For those that look and leave no more than another photo behind: opening a page costs more than
    most of them. The example with which a page opens is chosen anew.
    """
    used: set[str] = set()

    def show(lang: str = "en", width: int = 1440, height: int = 900) -> Page:
        if lang not in kept:
            complaints: list[str] = []
            url = app_url + ("" if lang == "en" else lang)
            kept[lang] = opened(browser, url, lang, (width, height), complaints), complaints
        page, _ = kept[lang]
        used.add(lang)
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("window.scrollTo(0, 0)")
        expect(page.locator("#scene-photo")).to_have_attribute("aria-busy", "false")
        first = page.locator("#examples [data-example='plane']")
        if first.get_attribute("aria-pressed") != "true":
            page.evaluate(ANSWERED)
            first.dispatch_event("click")
            page.evaluate("window.answered")
        return page

    yield show
    for lang in used:
        whole(*kept[lang])


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
