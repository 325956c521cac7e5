"""Each page speaks one language, in what is seen and in what is read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.spoken import english, spoken

Open = Callable[..., Page]


def settled(page: Page) -> None:
    """The link is restored, and the open tab has drawn its photo or needs none."""
    page.wait_for_function("location.search.includes('tab=')")
    expect(page.locator(".skeleton, .generating")).to_have_count(0)


FIRST = "#compare-results .bar[data-rank='1']"


def test_no_japanese_is_on_the_english_page_of_a_japanese_browser(
    browser: Browser, app_url: str
) -> None:
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(f"{app_url}?tab=compare&models=mini_resnet")
    expect(page.locator(FIRST).first).to_be_visible()
    settled(page)
    said = spoken(page)
    context.close()
    assert "Use via API" in said
    assert [text for text in said if re.search(r"[ぁ-ゖァ-ヺ一-鿿]", text)] == ["日本語"]


def test_tool_tips_hold_no_internal_names(open_page: Open) -> None:
    page = open_page("en", "?models=mini_resnet")
    expect(page.locator(FIRST).first).to_be_visible()
    titles = page.locator("[title]").evaluate_all("nodes => nodes.map((node) => node.title)")
    assert [title for title in titles if re.search(r"mini_|_32x4d|densenet\d", title)] == []


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("画像を削除", False),
        ("EfficientNet-Lite0・465万個・同梱", False),
        ("DenseNet-121の特徴マップは129.8 MB", False),
        ("Remove Image", True),
        ("初期値 default", True),
        ("mini_resnet", True),
        ("resnext50_32x4d", True),
    ],
)
def test_what_counts_as_english(said: str, left: bool) -> None:
    assert bool(english([said])) is left
