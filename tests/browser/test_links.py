"""Links: copied, told to a Space's page, in a language, without a network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, Route, expect

from tests.browser.conftest import PATIENCE
from tests.browser.test_photo_in_sight import first_answers, noise, upload  # noqa: F401
from tests.chromium import FLAGS

Open = Callable[..., Page]

PARENT = """<!doctype html><title>parent</title>
<script>
  window.told = [];
  window.addEventListener('message', (event) => {
    if (event.data && 'queryString' in event.data) window.told.push([event.origin, event.data]);
  });
</script>
<iframe src="APP" width="1200" height="700" allow="clipboard-write"></iframe>"""


class _Parent(BaseHTTPRequestHandler):
    page = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def framing(app_url: str) -> Iterator[str]:
    """A page on another port that shows the app, with a query, in a frame."""
    handler = type("Parent", (_Parent,), {"page": PARENT.replace("APP", app_url + QUERY).encode()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


QUERY = "?example=ship&models=mini_resnet,mini_resnext&imagenet=none"


@pytest.fixture
def outer(browser: Browser, chromium: str) -> Iterator[Page]:
    # A page of the internet may show one of this machine in a frame: the hub is played here.
    flags = [*FLAGS, "--disable-features=LocalNetworkAccessChecks"]
    started = browser.browser_type.launch(executable_path=chromium, args=flags)
    context = started.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    started.close()


def cards(app: FrameLocator | Page, count: int) -> None:
    expect(app.locator("#compare-results .card:not(.skeleton, .bare)")).to_have_count(count)


def choose(app: FrameLocator | Page, network: str) -> None:
    app.locator("[data-panel=networks-panel]").first.click()
    app.get_by_label(network).check()
    app.locator("h1").click()


def copied(app: FrameLocator | Page) -> str:
    """The address that the button gives."""
    app.locator("[data-scene]:visible [data-copy-link]").click()
    expect(app.locator(".link-copied")).to_be_visible()
    return app.locator(".link-copied input").input_value()


def test_in_a_frame_on_another_port_links_work(outer: Page, framing: str, app_url: str) -> None:
    outer.goto(framing)
    app = outer.frame_locator("iframe")
    cards(app, 2)
    choose(app, "Mini DenseNet")
    cards(app, 3)
    link = copied(app)
    assert link.startswith(app_url)
    app.get_by_role("link", name="日本語").click()
    expect(app.locator('[data-page-language="ja"]')).to_be_visible()
    cards(app, 3)
    assert outer.evaluate("window.told") == []
    # What was copied opens the same view, outside the frame.
    outer.goto(link)
    cards(outer, 3)
    expect(outer.locator("#examples [aria-pressed=true]")).to_have_attribute("data-example", "ship")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_under_the_hub_its_page_is_told_and_its_address_is_copied(
    outer: Page, app_url: str, lang: str
) -> None:
    space = "https://huggingface.co/spaces/someone/four-families"
    named = "&lang=ja" if lang == "ja" else ""

    def hub(route: Route) -> None:
        page = PARENT.replace("APP", app_url + QUERY + named)
        # The hub may or may not name its page to the frame; here it does.
        headers = {"Referrer-Policy": "unsafe-url"}
        route.fulfill(body=page, content_type="text/html", headers=headers)

    outer.route("https://huggingface.co/**", hub)
    outer.goto(space)
    app = outer.frame_locator("iframe")
    expect(app.locator(f'[data-page-language="{lang}"]')).to_be_attached()
    cards(app, 2)
    choose(app, "Mini DenseNet")
    outer.wait_for_function("window.told.at(-1)?.[1].queryString.includes('mini_densenet')")
    origin, said = outer.evaluate("window.told.at(-1)")
    assert origin == app_url.rstrip("/")
    assert said["hash"] == ""
    assert said["queryString"].endswith(named)
    assert "example=ship" in said["queryString"]
    link = copied(app)
    assert link == f"{space}?{said['queryString']}"


def test_a_copied_link_says_what_travels(open_page: Open, noise: object) -> None:  # noqa: F811
    page = open_page("en", "?k=3&example=ship&imagenet=none")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    first_answers(page)
    page.wait_for_function("location.search.includes('example=ship')")
    assert copied(page) == page.url
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    said = page.locator(".link-copied p")
    expect(said).to_have_text("Link copied: it opens this view with these settings.")
    page.keyboard.press("Escape")
    expect(page.locator(".link-copied")).to_be_hidden()
    upload(page, noise)  # type: ignore[arg-type]
    expect(page.locator("body")).to_have_attribute("data-photo", "upload")
    copied(page)
    expect(said).to_contain_text("Your own photo does not travel with it")


def test_without_a_clipboard_the_address_stands_there_to_be_copied(open_page: Open) -> None:
    page = open_page("ja", "?tab=reduction")
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})"
    )
    page.wait_for_function("location.search.includes('scene=calculator')")
    assert copied(page) == page.url
    expect(page.locator(".link-copied p")).to_contain_text("ここからアドレスをコピー")
    assert page.evaluate("getSelection().toString() || document.activeElement.value") == page.url


def test_a_link_names_a_language_or_no_network(open_page: Open) -> None:
    page = open_page("ja", "?lang=ja&models=none&imagenet=none&example=ship")
    assert "lang=" not in page.url
    expect(page.locator("#compare-results .empty")).to_be_visible()
    page.wait_for_function("location.search.includes('models=none')")
    page.goto(page.url.replace("/ja?", "/?lang=ja&"))
    page.wait_for_selector('[data-page-language="ja"]')
    expect(page.locator("#compare-results .empty")).to_be_visible()
    page.wait_for_function("location.search.includes('tab=compare')")
    page.goto(page.url.replace("/ja?", "/ja?lang=en&"))
    page.wait_for_selector('[data-page-language="en"]')
    assert page.url.split("?")[0].endswith("/")
    page.wait_for_function("location.search.includes('models=none')")
    expect(page.locator(".models input:checked")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_on_a_phone_the_copied_link_lies_in_the_window(open_page: Open, lang: str) -> None:
    page = open_page(lang, QUERY, width=390, height=844)
    cards(page, 2)
    copied(page)
    box = page.locator(".link-copied").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["y"] + box["height"] <= 844


def test_who_walks_on_before_the_link_is_restored_stays_there(open_page: Open) -> None:
    page = open_page("en", "?tab=residual&scene=adds&example=ship")
    page.wait_for_function("document.body.dataset.photo === 'example'")
    held: list[Route] = []
    page.route("**/queue/join*", lambda route: held.append(route))
    page.reload()
    page.get_by_role("tab", name="ResNet").click()
    expect(page.locator("body")).to_have_attribute("data-on-scene", "adds")
    page.locator("#scenes-residual [data-scene-step='1']").click()
    expect(page.locator("body")).to_have_attribute("data-on-scene", "pair")
    for route in held:
        route.continue_()
    page.unroute("**/queue/join*")
    page.wait_for_function("location.search.includes('scene=pair')")
    expect(page.locator("body")).to_have_attribute("data-photo", "example")
    expect(page.locator("body")).to_have_attribute("data-on-scene", "pair")
