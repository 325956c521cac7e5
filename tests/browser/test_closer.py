"""Look closer in the browser: methods that come one by one, the second-best class, depth."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def opened(open_page: Open, scene: str, query: str = "", lang: str = "en") -> Page:
    page = open_page(lang, f"?tab=closer&scene={scene}&example=ship{query}", 1280, 720)
    expect(page.locator(f"#scene-{scene}")).to_have_attribute("aria-busy", "false")
    return page


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_methods_of_a_link(open_page: Open, lang: str) -> None:
    query = "&closer=mini_resnext&closer_class=truck&closer_window=1%2F2&closer_stride=1"
    page = opened(open_page, "methods", query, lang)
    expect(page.locator("#in-methods .methods .signed")).to_have_count(7)
    expect(page.locator("#in-methods [data-method=photo]")).to_contain_text("Mini ResNeXt")
    name = {"en": "truck", "ja": "トラック"}[lang]
    expect(page.locator("#in-methods .scene-sentence")).to_contain_text(name)
    page.wait_for_function("location.search.includes('closer=mini_resnext')")


def test_a_long_method_can_be_stopped(open_page: Open) -> None:
    # 841 places to cover, long on any machine; the other maps come at once.
    square = "closer_window=1%2F8&closer_stride=1%2F4"
    query = f"?tab=closer&scene=methods&example=ship&closer=efficientnet_lite0&{square}"
    page = open_page("en", query, 1280, 720)
    expect(page.locator("#in-methods .under-way progress")).to_be_visible()
    expect(page.locator("#in-methods .methods .signed")).to_have_count(6)
    expect(page.locator("#in-methods .under-way progress")).to_be_visible()
    page.locator("#scene-methods .closer-stop button").click()
    expect(page.locator("#in-methods .when-stopped")).to_be_visible()
    expect(page.locator("#scene-methods .closer-stop button")).to_be_hidden()
    # The line is free again: another network answers.
    page.locator("#closer-model label").filter(has_text="Mini ResNet").first.click()
    expect(page.locator("#in-methods [data-method=photo]")).to_contain_text("Mini ResNet")
    expect(page.locator("#in-methods .methods .signed")).to_have_count(7)


def test_one_click_takes_the_second_best_class(open_page: Open) -> None:
    page = opened(open_page, "against", "&closer_networks=mini_resnet&closer_other=frog")
    bars = page.locator("#in-against .logits b")
    expect(bars).to_have_text(["ship", "frog"])
    before = float(page.locator("#in-against figure").get_attribute("data-margin") or "nan")
    page.locator("#closer-second").click()
    expect(bars.last).not_to_have_text("frog")
    after = float(page.locator("#in-against figure").get_attribute("data-margin") or "nan")
    assert after < before
    page.wait_for_function("!location.search.includes('closer_other')")


def test_depth_of_chosen_networks(open_page: Open) -> None:
    page = opened(open_page, "layers", "&closer_networks=mini_densenet,efficientnet_lite0")
    expect(page.locator("#in-layers [data-layer]")).to_have_count(6)
    expect(page.locator("#in-layers [data-layer=stage9] small:not(.which)")).to_have_text(
        "7×7 · sees all"
    )
    page.locator("#closer-networks label").filter(has_text="Mini GoogLeNet").click()
    expect(page.locator("#in-layers section")).to_have_count(3)
    expect(page.locator("#in-layers [data-layer]")).to_have_count(9)


def test_believe_of_another_method(open_page: Open) -> None:
    page = opened(open_page, "believe", "&closer_networks=mini_resnet,mini_resnext")
    expect(page.locator("#in-believe td.best")).to_have_count(4)
    before = page.locator("#in-believe .scene-sentence").inner_text()
    assert "Grad-CAM" in before
    page.locator("#closer-method label").filter(has_text="Saliency").click()
    expect(page.locator("#in-believe .scene-sentence")).to_contain_text("Saliency")
    page.wait_for_function("location.search.includes('closer_method=saliency')")
