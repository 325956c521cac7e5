"""The connection is lost, or the server takes no more: what the page says, and where it stands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from demo.text import text
from tests.browser.conftest import opened

Open = Callable[..., Page]

TOLD = {
    "en": ["Error", "Connection to the server was lost. Attempting reconnection..."],
    "ja": [
        "エラー",
        "サーバーとの接続が切れました。つながり次第、ページを自動で読み込み直します。",
    ],
}


def lost_and_found(browser: Browser, url: str, lang: str) -> None:
    query = "?tab=closer&scene=layers&example=ship&closer_networks=mini_resnet,mini_densenet"
    # What the browser itself says of a network that is gone is no complaint about the page.
    page = opened(browser, url + ("" if lang == "en" else lang) + query, lang, (1280, 720), [])
    try:
        expect(page.locator("#in-layers section")).to_have_count(2)
        expect(page.locator("#scene-layers")).to_have_attribute("aria-busy", "false")
        page.context.set_offline(True)
        bar = page.locator("#scenes-closer")
        # The first that is asked finds nobody; of the second nobody hears.
        bar.locator("[data-open-scene=features]").click()
        toast = page.locator(".toast-body")
        expect(toast.locator(".toast-title")).to_have_text(TOLD[lang][0])
        expect(toast.get_by_test_id("toast-text")).to_have_text(TOLD[lang][1])
        bar.locator("[data-open-scene=methods]").click()
        assert "scene=methods" in page.evaluate("location.search")
        page.evaluate("window.before = true")
        page.context.set_offline(False)
        page.wait_for_function("!window.before && document.body.dataset.onScene === 'methods'")
        expect(page.locator("#in-methods .methods .signed")).to_have_count(7)
        expect(toast).to_have_count(0)
        assert page.evaluate("document.body.dataset.onScene") == "methods"
    finally:
        page.close()


def test_a_reader_is_told_and_stays_where_they_are(browser: Browser, app_url: str) -> None:
    lost_and_found(browser, app_url, "en")


def test_a_reader_of_japanese_is_told_in_japanese(browser: Browser, app_url: str) -> None:
    lost_and_found(browser, app_url, "ja")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_queue_that_is_full_says_so(browser: Browser, app_url: str, lang: str) -> None:
    page = opened(browser, app_url + ("" if lang == "en" else lang), lang, (1280, 720), [])

    def full(route: Route) -> None:
        # As Gradio's server says it.
        route.fulfill(status=503, json={"detail": "Queue is full. Max size is 80 and size is 80."})

    try:
        expect(page.locator("#scene-photo")).to_have_attribute("aria-busy", "false")
        page.route("**/queue/join*", full)
        page.locator("#examples [data-example='ship']").click()
        toast = page.locator(".toast-body")
        expect(toast.get_by_test_id("toast-text").first).to_have_text(text(lang)("page.queue_full"))
        page.unroute("**/queue/join*")
        # It can be put away, and asking again is answered.
        toast.get_by_test_id("toast-close").click()
        expect(toast).to_have_count(0)
        page.locator("#examples [data-example='horse']").click()
        expect(page.locator("body")).to_have_attribute("data-photo", "example")
        expect(page.locator("#examples [data-example='horse']")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(page.locator("#scene-photo")).to_have_attribute("aria-busy", "false")
    finally:
        page.close()
