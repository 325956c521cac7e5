"""For everybody: words are explained on a tap, each family has its line, a way past the head."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.screenshots import READY

Open = Callable[..., Page]


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
