"""A student says what matters, reads why, chooses axes, sorts the table and measures times."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from demo.zoo.catalogue import CATALOGUE

Open = Callable[..., Page]


SHOWN = {
    "answer": "#choice-answer .choice-first",
    "chart": "[data-scene=chart] .scene-sentence",
    "table": "#choice-table tr[data-key]",
}


def tab(
    open_page: Open, lang: str = "en", query: str = "", scene: str = "answer", **size: int
) -> Page:
    page = open_page(lang, f"?tab=choice&scene={scene}{query}", **size)
    expect(page.locator(SHOWN[scene]).first).to_be_visible()
    return page


def first(page: Page, key: str) -> None:
    expect(page.locator("#choice-answer .choice-answer")).to_have_attribute("data-first", key)


@pytest.mark.parametrize(
    ("lang", "medical", "everything", "reason"),
    [
        ("en", "Medical images", "all that know", "8.0 points more than ResNet-50 (76.1 %)"),
        ("ja", "医療画像", "1,000種類を見分けるもの", "ResNet-50（76.1 %）より8.0ポイント上"),
    ],
)
def test_a_wish_is_answered_with_reasons(
    open_page: Open, lang: str, medical: str, everything: str, reason: str
) -> None:
    page = tab(open_page, lang)
    first(page, "densenet121")
    page.locator("#choice-preset").get_by_text(medical).click()
    first(page, "inception_v3")
    expect(page.locator("#choice-answer .choice-lecture.differs")).to_be_visible()
    page.locator("#choice-pool").get_by_text(everything).click()
    first(page, "efficientnet_b7")
    expect(page.locator("#choice-answer [data-criterion=accuracy]")).to_contain_text(reason)
    page.wait_for_function("() => location.search.includes('among=imagenet')")


def test_a_limit_leaves_networks_out_and_the_link_brings_it_back(open_page: Open) -> None:
    page = tab(open_page, query="&among=imagenet&w_accuracy=5&w_speed=0&mb=50")
    out = page.locator("#choice-answer .choice-out")
    expect(out).to_contain_text("EfficientNet-B7 needs 40")
    expect(out).to_contain_text("ResNet-50 needs 108.0 MB")
    first(page, "efficientnet_b0")
    ranked = page.locator("#choice-answer .choice-ranking li")
    expect(ranked).to_have_count(5)


@pytest.mark.parametrize(
    ("lang", "empty", "phone", "refusal"),
    [
        ("en", "no limit", "Phone", "takes a number from 0 up"),
        ("ja", "制限なし", "スマートフォン", "0以上の数を入力してください"),
    ],
)
def test_limits_are_empty_until_one_is_given(
    open_page: Open, lang: str, empty: str, phone: str, refusal: str
) -> None:
    page = tab(open_page, lang)
    page.locator("#choice-limits > button").click()
    limits = page.locator("#choice-mb input"), page.locator("#choice-ms input")
    for limit in limits:
        expect(limit).to_have_value("")
        expect(limit).to_have_attribute("placeholder", empty)
    options = page.locator("#choice-preset label")
    options.filter(has_text="8 GB").click()
    expect(limits[0]).to_have_value("8192")
    options.filter(has_text=phone).click()
    expect(limits[0]).to_have_value("")
    first(page, "densenet121")
    # Nothing is a limit of 0 either: who types it sees the same answer, and no complaint.
    limits[1].fill("0")
    first(page, "densenet121")
    expect(page.locator(".toast-body")).to_have_count(0)
    limits[1].fill("-3")
    expect(page.locator(".toast-body").first).to_contain_text(refusal)


def test_axes_change_the_chart_and_every_bubble_has_its_name(open_page: Open) -> None:
    page = tab(open_page, scene="chart")
    chart = "document.querySelector('#choice-wide .js-plotly-plot')"
    page.wait_for_function(f"() => {chart} && {chart}._fullData.length === 13")
    names = page.evaluate(f"{chart}._fullLayout.annotations.map((one) => one.text)")
    assert len(set(names)) == 13
    assert "ResNet-50" in names
    signs = page.evaluate(f"{chart}._fullData.map((one) => one.marker.symbol)")
    assert all(sign.endswith("-open") for sign in signs)
    page.locator("#choice-y input").click()
    page.get_by_role("option", name="Memory to run (MB)").click()
    page.wait_for_function(f"() => {chart}._fullLayout.yaxis.type === 'log'")
    signs = page.evaluate(f"{chart}._fullData.map((one) => one.marker.symbol)")
    assert not any(sign.endswith("-open") for sign in signs)


@pytest.mark.parametrize("view", ["", "&view=presentation"])
def test_a_chart_drawn_before_its_scene_is_opened_fills_it(open_page: Open, view: str) -> None:
    page = tab(open_page, query=view, width=1280, height=720)
    drawn = "#choice-large" if view else "#choice-wide"
    expect(page.locator(f"{drawn} .main-svg").first).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-scene=chart] .scene-sentence")).to_be_visible()
    page.wait_for_function(
        """drawn => {
          const wide = (one) => document.querySelector(one).getBoundingClientRect().width;
          return wide(`${drawn} .main-svg`) > 0.95 * wide("[data-scene=chart] [data-picture]");
        }""",
        arg=drawn,
    )


def test_times_are_measured_and_the_table_is_sorted(open_page: Open) -> None:
    page = tab(open_page, scene="table")
    page.locator("[data-scene=table] .scene-more button", has_text="Measure").first.click()
    page.locator("#choice-measure-now").click()
    rows = page.locator("#choice-table tr[data-key]")
    expect(rows).to_have_count(len(CATALOGUE))
    for key in ("mini_resnet", "mini_resnext", "efficientnet_lite0"):
        cell = page.locator(f'#choice-table tr[data-key="{key}"] td').nth(7)
        expect(cell).to_have_text(re.compile(r"[\d.]+ m?s \("))
    expect(page.locator("#choice-status")).to_contain_text("Measured.")
    page.locator('#choice-table [data-sort="2"]').click()
    keys = [
        row.get_attribute("data-key")
        for row in page.locator('#choice-table [data-dataset="imagenet"] tr[data-key]').all()
    ]
    assert (keys[0], keys[-1]) == ("efficientnet_lite0", "resnext101_32x8d_v2")
    expect(page.locator("#choice-table th").nth(2)).to_have_attribute("aria-sort", "ascending")
    # Whoever comes later sees the times, in the answer too.
    later = tab(open_page, "ja", query="&among=cifar10", scene="table")
    cell = later.locator('#choice-table tr[data-key="mini_resnet"] td').nth(7)
    expect(cell).to_have_text(re.compile(r"[\d.]+ m?s \("))
    later.locator("[data-open-scene=answer]").click()
    expect(later.locator("#choice-answer [data-criterion=speed]")).to_contain_text("かかり")


def test_a_phone_shows_no_toolbar_over_a_title(open_page: Open) -> None:
    page = tab(open_page, scene="chart", width=390, height=844)
    plot = page.locator("#choice-narrow .js-plotly-plot")
    plot.hover()
    expect(plot.locator(".modebar-container")).to_be_hidden()
