"""Each page speaks one language, in what is seen and in what is read aloud."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from demo.topics.order import TOPICS

Open = Callable[..., Page]

SPOKEN = """() => {
  const said = new Set();
  const tell = (text) => { if (text && text.trim()) said.add(text.trim()); };
  const named = ["aria-label", "title", "data-title", "placeholder", "alt"];
  for (const node of document.body.querySelectorAll("*")) {
    if (node.closest("script, style, code, pre") || !node.checkVisibility()) continue;
    for (const name of named) tell(node.getAttribute(name));
    for (const child of node.childNodes) if (child.nodeType === 3) tell(child.textContent);
  }
  return [...said];
}"""

# Names, units, and words that a Japanese textbook writes as they are.
ALLOWED = re.compile(
    r"Mini |ResNet|DenseNet|Inception|ResNeXt|GoogLeNet|MobileNet(V3)?( Large)?|EfficientNet|Lite0"
    r"|(Guided )?Grad-CAM|HiRes-CAM|CIFAR|ImageNet|PyTorch|torchvision|TensorFlow|Kaggle"
    r"|Plotly\.js|logomark|plotly-"
    r"|English|PNG|SVG|CSV|API|HEIC|JPEG|WebP|BC-\d+|Dense Block|Transition|BatchNorm|ReLU|MACs?"
    r"|top-1|viridis|inferno|magma|cividis|plasma|pytorch/vision|issue|\.js|handle_file|python"
    r"|ATM|CD|iPod|zip|(?<![A-Za-z])(ms|MB|GB|px)(?![A-Za-z])"
)


def spoken(page: Page) -> list[str]:
    return page.evaluate(SPOKEN)


def english(said: list[str]) -> list[str]:
    """What has an English word in it that is no name and no unit."""
    return [text for text in said if re.search(r"[A-Za-z]{2,}", ALLOWED.sub(" ", text))]


def settled(page: Page) -> None:
    """The link is restored, and the open tab has drawn its photo or needs none."""
    page.wait_for_function("location.search.includes('tab=')")
    expect(page.locator(".skeleton, .generating")).to_have_count(0)


ANSWERED = {
    "compare": "#compare-results .bar[data-rank='1']",
    "inception": "#in-block .scene-sentence",
    "densenet": "#dense-told .dg-says",
    "closer": "#in-methods .scene-sentence",
    "residual": "#in-adds .scene-sentence",
    "reduction": ".calculator",
    "choice": "#choice-answer [data-criterion]",
    "train": "#in-classes .train-thumbs",
    "lesson": "#in-exercises .exercise",
}


def test_every_tab_is_looked_at() -> None:
    assert set(ANSWERED) == {topic.id for topic in TOPICS}


@pytest.mark.parametrize("tab", ANSWERED)
def test_no_english_is_left_on_the_japanese_page(open_page: Open, tab: str) -> None:
    page = open_page("ja", f"?tab={tab}&models=mini_resnet&imagenet=efficientnet_lite0")
    expect(page.locator(ANSWERED[tab]).first).to_be_visible()
    settled(page)
    said = spoken(page)
    assert "APIを介して使用" in said
    assert english(said) == []


def test_no_japanese_is_on_the_english_page_of_a_japanese_browser(
    browser: Browser, app_url: str
) -> None:
    context = browser.new_context(locale="ja-JP")
    page = context.new_page()
    page.goto(f"{app_url}?tab=compare&models=mini_resnet")
    expect(page.locator(ANSWERED["compare"]).first).to_be_visible()
    settled(page)
    said = spoken(page)
    context.close()
    assert "Use via API" in said
    assert [text for text in said if re.search(r"[ぁ-ゖァ-ヺ一-鿿]", text)] == ["日本語"]


def test_tool_tips_hold_no_internal_names(open_page: Open) -> None:
    page = open_page("en", "?models=mini_resnet")
    expect(page.locator(ANSWERED["compare"]).first).to_be_visible()
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
