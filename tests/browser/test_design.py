"""A network of one's own in a browser: counted while it is changed, copied, kept in the link."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from demo.text import text
from demo.topics.lesson.topic import OWN
from tests.browser.test_scenes import settled

Open = Callable[..., Page]
T = text("en")
VALUE_BEFORE_ARROW = """(box) => {
  const input = box.querySelector("input");
  const room = parseFloat(getComputedStyle(input).paddingRight);
  const end = input.getBoundingClientRect().right - room;
  return end <= box.querySelector(".icon-wrap").getBoundingClientRect().left;
}"""


def test_it_is_counted_live_and_its_code_is_there(open_page: Open) -> None:
    page = open_page("en", "?tab=lesson&scene=design", width=1280, height=720)
    settled(page, OWN)
    drawn = page.locator("#in-design .drawn.wide")
    expect(drawn).to_have_attribute("data-parameters", "740282")
    layers = page.locator("#design-form input[name=layers3]")
    layers.fill("15")
    layers.press("Tab")
    expect(drawn).to_have_attribute("data-broken", "1")
    said = page.locator("#scene-design .scene-sentence")
    expect(said).to_contain_text("Too many parameters, by 502.")
    layers.fill("14")
    layers.press("Tab")
    expect(drawn).to_have_attribute("data-broken", "0")
    rate = page.locator("#design-form input[name=k]")
    rate.fill("40")
    rate.press("Enter")
    expect(drawn).to_have_attribute("data-broken", "2")
    page.get_by_role("button", name=T("design.code")).click()
    listing = page.locator("#design-code pre")
    expect(listing).to_contain_text("growth_rate=40, blocks=[1, 4, 14]")
    # On a phone its lines go on below, and the value of the family ends before its arrow.
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("innerWidth === 390")
    assert listing.evaluate("(pre) => pre.scrollWidth <= pre.clientWidth")
    assert page.locator("#design-family").evaluate(VALUE_BEFORE_ARROW)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("#design-code [data-copy-code]").click()
    # Copied, or marked where the browser forbids the clipboard.
    page.wait_for_function(
        "getSelection().toString().includes('dense_network')"
        f" || document.querySelector('[data-copy-code]').textContent === '{T('design.copied')}'"
    )
    assert "dense_network" in (page.locator("#design-code a").get_attribute("href") or "")
    page.wait_for_function("decodeURIComponent(location.search).includes('dense:40,50')")
    page.reload()
    settled(page, OWN)
    expect(drawn).to_have_attribute("data-broken", "2")
    expect(rate).to_have_value("40")
    page.locator("#design-family input").click()
    page.get_by_role("option", name="ResNeXt").click()
    expect(drawn).to_have_attribute("data-family", "resnext")
    paths = page.locator("#design-form input[name=cardinality]")
    expect(paths).to_have_value("8")
    paths.fill("7")
    paths.press("Enter")
    expect(said).to_have_text(T("code.problem.groups", groups=7, width=32))
