"""Mark, then reveal, by pointer, keys and link; and maps while a network forgets."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_closer import opened

Open = Callable[..., Page]
TWO = "&closer_networks=mini_resnet,mini_densenet"
BOARD, MAPS = "#in-mark .mark-board", "#in-mark [data-iou]"
VEIL = f"{BOARD} .veil"


def drag(page: Page, *points: tuple[float, float]) -> None:
    """Paint from one point of the board to the others, each a share of its width and height."""
    box = page.locator(BOARD).bounding_box()
    assert box
    for place, (x, y) in enumerate(points):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
        if not place:
            page.mouse.down()
    page.mouse.up()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_maps_come_after_the_mark_and_with_its_link(open_page: Open, lang: str) -> None:
    page = opened(open_page, "mark", TWO, lang)
    expect(page.locator(BOARD)).to_be_visible()
    drag(page, (0.3, 0.5), (0.7, 0.5))
    page.wait_for_function(
        "/closer_mark=\\w{8}\\.\\d+x\\d+\\.[0-9a-f]+(&|$)/.test(location.search)"
    )
    assert page.locator(f"{MAPS}, #in-mark .signed").count() == 0
    # Painted over again from a marked place, it goes.
    drag(page, (0.5, 0.5), (0.7, 0.5))
    drag(page, (0.3, 0.5), (0.48, 0.5))
    page.wait_for_function("!location.search.includes('closer_mark')")
    drag(page, (0.2, 0.4), (0.8, 0.6))
    page.locator("#in-mark [data-mark=reveal]").click()
    expect(page.locator(MAPS)).to_have_count(2)
    expect(page.locator(BOARD)).to_have_count(0)
    page.wait_for_function("location.search.includes('.shown')")
    overlaps = [float(one.get_attribute("data-iou") or "") for one in page.locator(MAPS).all()]
    assert overlaps == sorted(overlaps, reverse=True)
    said = page.locator("#in-mark .scene-sentence").inner_text()
    assert f"{overlaps[0]:.2f}" in said
    page.goto(page.url)
    expect(page.locator(MAPS)).to_have_count(2)
    expect(page.locator("#in-mark .scene-sentence")).to_have_text(said)
    # It is changed where it was, and gone with another photo.
    page.locator("#in-mark [data-mark=again]").click()
    expect(page.locator(VEIL)).to_have_attribute("d", re.compile("^M0 0h"))
    assert page.locator(MAPS).count() == 0
    page.locator("#examples [data-example=horse]").click()
    page.wait_for_function("!location.search.includes('closer_mark')")
    expect(page.locator(VEIL)).to_have_attribute("d", "")


def test_a_mark_by_keys_alone(open_page: Open) -> None:
    page = opened(open_page, "mark", TWO)
    page.locator(BOARD).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#in-mark .scene-sentence")).to_contain_text("Nothing is marked yet")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Space")
    expect(page.locator("#in-mark [data-mark-said]")).to_contain_text(": marked")
    page.keyboard.press("Shift+ArrowRight")
    # Arrows move the square here, and no scene.
    assert page.evaluate("document.body.dataset.onScene") == "mark"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(MAPS)).to_have_count(2)
    expect(page.locator("#in-mark [data-mark=again]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(BOARD)).to_be_focused()
    expect(page.locator(VEIL)).to_have_attribute("d", "")
    page.wait_for_function("!location.search.includes('closer_mark')")


def test_a_network_forgets_by_the_chosen_method(open_page: Open) -> None:
    page = opened(open_page, "randomised", "&closer=mini_resnext&closer_probe=guided")
    tiles = page.locator("#in-randomised [data-part]")
    expect(tiles).to_have_count(6)
    expect(tiles.last).to_have_attribute("data-part", "stem")
    expect(page.locator("#in-randomised .scene-sentence")).to_contain_text("Guided Grad-CAM")
    expect(page.locator("#in-randomised [data-end]")).to_have_count(4)
    page.locator("#closer-probe label").filter(has_text="Edge detector").click()
    expect(page.locator("#in-randomised .scene-sentence")).to_contain_text("does not follow")
    expect(tiles.last).to_have_attribute("data-correlation", "1.0000")
    page.wait_for_function("location.search.includes('closer_probe=edges')")


def test_a_long_cascade_can_be_stopped(open_page: Open) -> None:
    query = "?tab=closer&scene=randomised&example=ship&closer=efficientnet_lite0"
    page = open_page("en", f"{query}&closer_probe=integrated", 1280, 720)
    expect(page.locator("#in-randomised .under-way progress")).to_be_visible()
    page.locator("#scene-randomised .closer-stop button").click()
    expect(page.locator("#in-randomised .when-stopped")).to_be_visible()
    # The line is free again: another network answers.
    page.locator("#closer-probe label").filter(has_text="Saliency").click()
    expect(page.locator("#in-randomised [data-part]")).to_have_count(6)


def test_one_scale_for_all_networks(open_page: Open) -> None:
    page = opened(open_page, "layers", TWO)
    said = page.locator("#in-layers .scene-sentence")
    expect(said).not_to_contain_text("one scale")
    page.locator("#scene-layers .scene-more > button").click()
    page.locator("#closer-layers-scale input").check()
    expect(said).to_contain_text("The maps of a row share one scale.")
    page.wait_for_function("location.search.includes('closer_layers_scale=true')")
