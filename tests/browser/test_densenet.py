"""Inside DenseNet: the stack grows in the page, the matrix opens, links are cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
DIAGRAM = "#dense-growth .dense-growth"


def opened(open_page: Open, lang: str = "en", query: str = "", **size: int) -> Page:
    page = open_page(lang, f"?tab=densenet{query}", **size)
    page.wait_for_selector(f"{DIAGRAM} .dg-stage svg")
    return page


def choose(page: Page, group: str, value: str) -> None:
    page.locator(f"{group} label:has(input[value='{value}'])").click()


def steps(page: Page, count: int) -> None:
    """Wait for a diagram of that many steps."""
    expect(page.locator(DIAGRAM)).to_have_attribute("data-steps", str(count))


def watch_steps(page: Page) -> None:
    """From now on window.visited holds every step that the diagram shows."""
    page.evaluate(
        """selector => {
          window.visited = [];
          const diagram = document.querySelector(selector);
          const sum = () => diagram.querySelector('.dg-sum').innerText.replace(/\\s+/g, ' ').trim();
          new MutationObserver(() => {
            const {step, steps, channels} = diagram.dataset;
            window.visited.push({at: step, steps, channels, sum: sum()});
          }).observe(diagram, {attributeFilter: ['data-step']});
        }""",
        DIAGRAM,
    )


def equation(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator(".dg-sum").inner_text()).strip()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_densenet_201_plays_to_its_end(open_page: Open, lang: str) -> None:
    page = opened(open_page, lang)
    choose(page, "#dense-preset", "densenet201")
    steps(page, 1 + 98 + 3 + 1)
    watch_steps(page)
    page.locator("[data-do=first]").click()
    page.locator(".dg-speed select").select_option("4")
    page.locator(".dg-play[data-do=play]").first.click()
    expect(page.locator(DIAGRAM)).to_have_attribute("data-step", "102", timeout=180_000)
    visited = page.evaluate("window.visited")
    assert [int(step["at"]) for step in visited] == list(range(103))
    channels = [int(step["channels"]) for step in visited]
    assert channels[:9] == [64, 96, 128, 160, 192, 224, 256, 128, 160]
    assert channels[-1] == 1920
    assert equation(page) == "1,920 → 1,000"
    assert "20,013,928" in page.locator(".dg-params").inner_text()


@pytest.mark.parametrize("slower", [1, 6])
def test_the_exercise_is_a_thing_to_click(open_page: Open, slower: int) -> None:
    page = opened(open_page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    watch_steps(page)
    page.locator("#dense-exercise").click()
    steps(page, 8)
    diagram = page.locator(DIAGRAM)
    expect(diagram).to_have_attribute("data-step", "7")
    expect(page.locator("#dense-growth .dg-play")).to_have_attribute("aria-pressed", "false")
    # From 63 steps to 8: the new diagram comes in at its first step, and each is seen.
    played = [step for step in page.evaluate("window.visited") if step["steps"] == "8"]
    assert [step["at"] for step in played] == [str(step) for step in range(8)]
    assert played[6]["sum"] == "224 + 32 = 256"
    assert played[7]["sum"] == "256 × 0.5 → 128"
    expect(diagram).to_have_attribute("data-channels", "128")
    # Pressed again, with the same numbers on the screen, it plays again.
    watch_steps(page)
    page.locator("#dense-exercise").click()
    page.wait_for_function("window.visited.some((step) => step.at === '0')")
    expect(diagram).to_have_attribute("data-step", "7")
    # A plan that is chosen afterwards opens whole.
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    expect(diagram).to_have_attribute("data-step", "62")


def test_the_keyboard_steps(open_page: Open) -> None:
    page = opened(open_page)
    stage = page.locator(".dg-stage")
    stage.focus()
    page.keyboard.press("Home")
    assert equation(page) == "64"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert equation(page) == "96 + 32 = 128"
    assert page.locator(".dg-band.on").count() == 3
    assert page.locator(".dg-band.read").count() == 2
    page.keyboard.press("ArrowLeft")
    assert equation(page) == "64 + 32 = 96"


def test_a_slider_moves_everything(open_page: Open) -> None:
    page = opened(open_page)
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    page.locator("#dense-own > button").click()
    page.locator("#dense-k input[type=number]").fill("48")
    page.locator("#dense-k input[type=number]").press("Enter")
    # 64 -> 352 -> 176 -> 752 -> 376 -> 1528 -> 764 -> 1532
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", "1532")
    page.locator("#dense-theta input[type=number]").fill("1")
    page.locator("#dense-theta input[type=number]").press("Enter")
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", str(64 + 58 * 48))
    assert "plan_k=48" in page.url


def test_a_link_brings_the_plan_back(open_page: Open) -> None:
    page = opened(
        open_page,
        "en",
        "&plan=bc100&plan_k=12&plan_initial=24&plan_size=32"
        "&plan_1=16&plan_2=16&plan_3=16&reading=scaled",
    )
    steps(page, 1 + 48 + 2 + 1)
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", "342")
    expect(page.locator("#reuse-matrix .dense-matrix")).to_have_attribute("data-reading", "scaled")


def test_one_layer_is_said_as_one(open_page: Open) -> None:
    page = opened(open_page, "en", "&plan=bc100&plan_size=32&plan_1=1&plan_2=2&plan_3=0")
    steps(page, 1 + 3 + 1 + 1)
    places = page.locator(f"{DIAGRAM} svg").get_by_text(re.compile("layers? ·"))
    assert places.all_text_contents() == ["1 layer · 32 × 32", "2 layers · 16 × 16"]


def test_a_layer_of_mini_densenet_on_the_photo(open_page: Open) -> None:
    page = opened(open_page)
    # The plan of the lecture is no network that could be loaded.
    page.locator("[data-do=back]").click()
    expect(page.locator(".dg-maps")).to_be_disabled()
    choose(page, "#dense-preset", "mini_densenet")
    steps(page, 1 + 20 + 2 + 1)
    page.locator("[data-do=back]").click()
    page.locator(".dg-maps").click()
    page.wait_for_selector("[data-maps='3,15'] .channel-sheet")
    first = page.locator(".channel-sheet").get_attribute("src")
    page.locator("#examples [data-example]").nth(1).click()
    expect(page.locator(".channel-sheet")).not_to_have_attribute("src", first or "")


def test_addition_stays_flat_beside_concatenation(open_page: Open) -> None:
    page = opened(open_page)
    page.wait_for_selector("#passage [data-lane=densenet] svg")
    flat = page.locator("[data-lane=resnet]").get_attribute("data-widths") or ""
    assert len(set(flat.split(" → "))) == 1
    grown = page.locator("[data-lane=densenet]").get_attribute("data-widths") or ""
    widths = [int(width) for width in grown.split(" → ")]
    assert [b - a for a, b in pairwise(widths)] == [24] * (len(widths) - 1)
    page.locator("#passage [data-do=play]").click()
    expect(page.locator("#passage figure.now")).to_have_count(2)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_reads_whom_and_what_a_link_is_worth(open_page: Open, lang: str) -> None:
    page = opened(open_page, lang)
    matrix = page.locator("#reuse-matrix .dense-matrix")
    expect(matrix).to_have_attribute("data-count", "16")
    assert page.locator("#reuse-matrix [data-cell]").count() == 16 * 17 // 2
    readings = []
    for reading in ("raw", "scaled", "activation"):
        choose(page, "#reuse-reading", reading)
        expect(matrix).to_have_attribute("data-reading", reading)
        page.locator("#reuse-matrix [data-cell='0,15']").hover()
        readings.append(page.locator("#reuse-matrix .dm-read").inner_text())
        assert page.locator("[data-observation]").count() == 4
    assert len(set(readings)) == 3
    page.locator("#reuse-matrix [data-cell='2,7']").click()
    page.wait_for_selector("#reuse-detail .worth")
    assert page.locator(".channel-bars i").count() == 24
    page.locator("#cut-all").click()
    page.wait_for_selector("#cut-matrix [data-cell='2,7']", timeout=120_000)
    shown = page.locator("#reuse-detail .moved").get_attribute("data-change") or ""
    page.locator("#cut-matrix [data-cell='2,7']").hover()
    alone = page.locator("#cut-matrix .dm-read").inner_text().replace("−", "-")
    assert f"{abs(float(shown)) * 100:.2f}" in alone


def test_a_network_that_is_not_there_says_so(open_page: Open) -> None:
    page = opened(open_page)
    page.wait_for_selector("#reuse-matrix [data-cell]")
    choose(page, "#passage-pair", "large")
    expect(page.locator("#passage .notice")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_scrolls_sideways(
    open_page: Open, wide: Callable[[Page], None], width: int
) -> None:
    page = opened(open_page, "ja", width=width, height=800)
    choose(page, "#dense-preset", "densenet201")
    steps(page, 103)
    page.wait_for_selector("#reuse-matrix [data-cell]")
    wide(page)
