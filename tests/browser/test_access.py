"""For everybody: axe-core finds nothing, words are explained on a tap, a way past the head."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo.topics.order import TOPICS
from tests.browser.screenshots import READY

Open = Callable[..., Page]

GRADIOS_OWN = {"aria-prohibited-attr": ['<div aria-label="Empty value" class="empty']}
"""Findings in markup that Gradio writes, rule and part of the node: a plot still to come."""


def headings(page: Page) -> list[int]:
    """Levels of the headings that are on the page, in order."""
    return page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => +one.tagName[1])"
    )


@pytest.mark.parametrize(
    ("tab", "theme"),
    [(topic.id, ("light", "dark")[place % 2]) for place, topic in enumerate(TOPICS)],
)
def test_axe_finds_nothing(open_page: Open, tab: str, theme: str) -> None:
    # Nothing at all in one theme; what is serious is sought in every scene in both.
    lang = "ja" if theme == "dark" else "en"
    page = open_page(lang, f"?tab={tab}&__theme={theme}&example=ship")
    expect(page.locator(READY[tab]).first).to_be_visible()
    expect(page.locator("#compare-results .skeleton:visible")).to_have_count(0)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [
        (one["id"], node["html"][:160])
        for one in found
        for node in one["nodes"]
        if not any(part in node["html"] for part in GRADIOS_OWN.get(one["id"], ()))
    ] == []
    levels = headings(page)
    assert levels[:2] == [1, 2]
    assert levels.count(1) == 1
    assert all(b <= a + 1 for a, b in pairwise(levels))


@pytest.mark.parametrize(("lang", "says"), [("en", "found evidence"), ("ja", "根拠を見つけたか")])
def test_a_word_is_explained_by_tap_and_keyboard(open_page: Open, lang: str, says: str) -> None:
    page = open_page(lang, "?models=mini_resnet&imagenet=none&example=ship", width=390, height=844)
    word = page.locator("#compare-results button.term", has_text="Grad-CAM")
    expect(word).to_have_attribute("aria-expanded", "false")
    note = page.locator("#term-note")
    word.click()
    expect(note).to_contain_text(says)
    expect(word).to_have_attribute("aria-expanded", "true")
    box = note.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    expect(note).to_be_hidden()
    expect(word).to_be_focused()
    page.keyboard.press("Enter")
    expect(note).to_be_visible()
    page.locator("h1").click()
    expect(note).to_be_hidden()
    expect(word).to_have_attribute("aria-expanded", "false")


def test_each_family_has_its_line_where_networks_are_chosen(open_page: Open) -> None:
    page = open_page("en", "?example=ship")
    words = page.locator("#families li")
    expect(words).to_have_count(4)
    assert [word.split()[0] for word in words.all_inner_texts()] == ["+", "▤", "Ψ", "∥"]
    words.nth(1).locator("button").click()
    expect(page.locator("#term-note")).to_contain_text("puts its new maps beside all earlier ones")


def test_the_keyboard_skips_the_head(open_page: Open) -> None:
    page = open_page("en", "?tab=reduction")
    expect(page.locator(READY["reduction"])).to_be_visible()
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    inside = page.evaluate("document.querySelector('#tabs').contains(document.activeElement)")
    assert inside
