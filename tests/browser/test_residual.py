"""ResNet and ResNeXt in the browser: blocks, forms, switches, cardinality, the 1x1 calculator."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.notices import folded

Open = Callable[..., Page]


def opened(open_page: Open, scene: str, lang: str = "en", query: str = "", **size: int) -> Page:
    page = open_page(lang, f"?tab=residual&scene={scene}{query}", **size)
    page.wait_for_selector(f"#scene-{scene} .scene-sentence")
    return page


def walked(page: Page, scene: str) -> None:
    """Open another scene of the topic by its name."""
    page.locator(f'#scenes-residual [data-open-scene="{scene}"]').click()
    expect(page.locator(f"#in-{scene}")).to_be_visible()


def unfolded(page: Page, scene: str) -> None:
    """Open what a scene has folded."""
    page.locator(f"#scene-{scene} .scene-more > button").click()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_photo_in_a_block(open_page: Open, lang: str) -> None:
    page = opened(open_page, "adds", lang)
    expect(page.locator("#in-adds [data-ratio]")).to_have_count(8)
    block = {"en": "stage3.2", "ja": "ステージ3のブロック2"}[lang]
    page.locator('#in-adds [data-pick="stage3.2"]').click()
    page.wait_for_function("location.search.includes('residual_block=stage3.2')")
    walked(page, "pair")
    expect(page.locator("#in-pair svg")).to_have_count(2)
    expect(page.locator("#in-pair")).to_contain_text(block)
    walked(page, "sum")
    expect(page.locator("#in-sum .terms .heat")).to_have_count(3)
    expect(page.locator("#in-sum .scene-sentence")).to_contain_text(block)
    # Chosen beside the picture, too.
    page.locator('#residual-strip [data-pick="stage3.4"]').click()
    other = {"en": "stage3.4", "ja": "ステージ3のブロック4"}[lang]
    expect(page.locator("#in-sum .scene-sentence")).to_contain_text(other)
    walked(page, "forms")
    expect(page.locator("#in-forms [data-form]")).to_have_count(3)
    result = page.locator("#in-forms .result")
    assert 0 < float(result.get_attribute("data-largest") or "nan") < 1e-4
    walked(page, "off")
    expect(page.locator("#in-off .path-tiles button")).to_have_count(8)
    # The paper's figures for networks that were trained anew.
    unfolded(page, "off")
    expect(page.locator("#scene-off .retrained")).to_contain_text("31.2")


@pytest.mark.parametrize("lang", ["ja"])
def test_switching_parts_off_moves_the_answer(open_page: Open, lang: str) -> None:
    page = opened(open_page, "off", lang, "&residual_block=stage3.4")
    moved = page.locator("#in-off .moved")
    expect(moved).to_have_count(0)
    page.locator('#in-off [data-pick="shortcut"]').click()
    expect(moved).not_to_have_text("")
    alone = moved.get_attribute("data-change")
    page.locator('#in-off [data-pick="2"]').click()
    page.wait_for_function("location.search.includes('residual_off=shortcut%2C2')")
    expect(moved).not_to_have_attribute("data-change", alone or "")
    for part in ("shortcut", "2"):
        page.locator(f'#in-off [data-pick="{part}"]').click()
    expect(moved).to_have_count(0)
    unfolded(page, "off")
    page.locator("#residual-every-button").click()
    expect(page.locator("#residual-every [data-off]")).to_have_count(16)


def test_the_link_brings_switches_back(open_page: Open) -> None:
    page = opened(open_page, "off", "en", "&residual_block=stage2.3&residual_off=branch,1")
    expect(page.locator('#in-off [aria-pressed="true"]')).to_have_count(2)
    expect(page.locator("#in-off .worth .after").first).to_contain_text("path 2")


@pytest.mark.parametrize("lang", ["ja"])
def test_cardinality_at_equal_cost(open_page: Open, lang: str) -> None:
    page = opened(open_page, "cardinality", lang)
    shown = page.locator("#cardinality-explorer .explorer")
    expect(shown).to_have_attribute("data-parameters", "70144")
    expect(shown).to_have_attribute("data-network", "25028904")
    page.locator("#cardinality-preset input").first.check()
    expect(shown).to_have_attribute("data-parameters", "69632")
    expect(shown).to_have_attribute("data-network", "25557032")
    expect(page.locator("#cardinality-explorer .error-words")).to_contain_text("23.9")
    paths = page.locator('#cardinality-c input[type="number"]')
    paths.fill("8")
    paths.press("Enter")
    expect(page.locator('#cardinality-d input[type="number"]')).to_have_value("14")
    expect(shown).to_have_attribute("data-parameters", "71456")
    paths.fill("16")
    paths.press("Enter")
    expect(page.locator('#cardinality-explorer [data-measured="no"]')).to_be_visible()
    page.wait_for_function("location.search.includes('C=16')")


def test_gradients_vanish_without_links_where_nothing_normalises(open_page: Open) -> None:
    page = open_page("ja", "?tab=residual&scene=flow&example=ship&flow=mini_densenet")
    shown = page.locator("#in-flow .drawn.wide")
    expect(shown).to_have_attribute("data-lost", "true")
    expect(page.locator("#in-flow .scene-sentence")).to_contain_text("1兆分の1未満")
    page.locator('#flow-norm input[value="live"]').check()
    expect(shown).to_have_attribute("data-lost", "false")
    page.wait_for_function("location.search.includes('flow_norm=live')")
    assert "flow=mini_densenet" in page.url


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_calculator(open_page: Open, lang: str) -> None:
    page = open_page(lang, "?tab=reduction")
    shown = page.locator("#in-calculator .calculator")
    expect(shown).to_be_visible()
    expect(shown).to_have_attribute("data-direct", "153600")
    expect(shown).to_have_attribute("data-through", "15872")
    ratio = {"en": "9.68", "ja": "約9.7分の1"}[lang]
    expect(page.locator("#in-calculator .verdict")).to_contain_text(ratio)
    reduced = page.locator('#reduction-r input[type="number"]')
    reduced.fill("32")
    reduced.press("Enter")
    expect(shown).to_have_attribute("data-through", str(192 * 32 + 25 * 32 * 32))
    page.wait_for_function("location.search.includes('reduction_r=32')")


def test_a_module_is_built_from_a_preset_and_numbers_of_ones_own(open_page: Open) -> None:
    page = open_page("ja", "?tab=reduction&scene=builder&module_ch5x5_reduce=32")
    shown = page.locator("#in-builder .drawn.wide")
    # 3a but for its 5x5, which reads 32 channels: 16 * (192 + 25 * 32) weights more.
    expect(shown).to_have_attribute("data-weights", str(163_328 + 15_872))
    expect(page.locator("#builder-preset input:checked")).to_have_count(0)
    page.locator('#builder-preset input[value="5b"]').check()
    expect(shown).to_have_attribute("data-out", "1024")
    page.wait_for_function("location.search.includes('module_in_channels=832')")
    expect(page.locator('#builder-preset input[value="5b"]')).to_be_checked()
    reduced = page.locator('#builder-ch3x3_reduce input[type="number"]')
    reduced.fill("1")
    reduced.press("Enter")
    expect(page.locator("#builder-preset input:checked")).to_have_count(0)
    expect(shown).to_have_attribute("data-out", "1024")


@pytest.mark.parametrize("lang", ["en"])
def test_a_network_that_needs_a_download_still_shows_its_blocks(open_page: Open, lang: str) -> None:
    page = open_page(lang, "?tab=residual&residual=resnext50_32x4d")
    notice = page.locator("#in-adds .notice", has_text="run.py fetch resnext50_32x4d")
    folded(notice, "resnext50_32x4d")
    expect(page.locator("#in-adds [data-pick]")).to_have_count(16)
    page.locator('#in-adds [data-pick="stage4.2"]').click()
    walked(page, "pair")
    expect(page.locator("#in-pair")).to_contain_text("×7×7")
    walked(page, "sum")
    expect(page.locator("#in-sum .terms")).to_have_count(0)
    page.locator("#in-sum [data-use-network]").click()
    expect(page.locator("#in-sum .terms .heat")).to_have_count(3)
