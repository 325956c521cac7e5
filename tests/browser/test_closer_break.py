"""Try to break it, and fool one family only: by pointer, keys and link."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from demo.page import photos
from demo.topics.closer.records.marks import owner
from tests.browser.test_closer import opened

Open = Callable[..., Page]
TWO = "&closer_networks=mini_resnet,mini_densenet"


def drag(page: Page, start: str, across: float, down: float) -> None:
    """From the middle of an element, by shares of the photo's width and height."""
    box = page.locator(start).bounding_box()
    photo = page.locator("#in-break .mark-board").bounding_box()
    assert box
    assert photo
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across * photo["width"], y + down * photo["height"])
    page.mouse.up()


def test_a_photo_is_harmed_covered_and_seen_through_another_square(open_page: Open) -> None:
    mine = owner(photos.load(photos.of_example("ship")).key)  # type: ignore[union-attr]
    state = f"&closer_cover={mine}.28x28.{'f' * 98}{'0' * 98}&closer_square={mine}.100.0.900"
    page = opened(open_page, "break", f"{TWO}&closer_strength=50&closer_class=cat{state}")
    said = page.locator("#in-break .scene-sentence")
    board = page.locator("#in-break .mark-board")
    # The link brings back what was painted, and where the square was.
    expect(said).to_contain_text("With the painted places 50 % grey")
    expect(said).to_contain_text("the square that was moved")
    expect(board).to_have_attribute("data-square", "100.0.900")
    expect(page.locator("#in-break .cells")).to_have_attribute("d", re.compile("h1v1h-1z$"))
    expect(page.locator("#in-break [data-after]")).to_have_count(2)
    expect(page.locator("#in-break .broken").first).to_contain_text("cat")
    page.locator("#in-break [data-break=clear]").click()
    page.wait_for_function("!location.search.includes('closer_cover')")
    expect(said).to_contain_text("With a grey square of 50 %")
    # It lies on the large photo, half as wide as the square that the networks are given.
    square = page.locator("#in-break .square").bounding_box()
    grey = page.locator("#in-break .square .covering").bounding_box()
    assert square
    assert grey
    assert abs(grey["width"] - square["width"] / 2) < 1
    assert abs(grey["x"] - square["x"] - square["width"] / 4) < 1
    board.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("/closer_cover=\\w{8}\\.28x28\\.[0-9a-f]+(&|$)/.test(location.search)")
    expect(said).to_contain_text("With the painted places 50 % grey")
    # Another harm leaves the paint; the square is fitted by its handle, and moved by keys.
    page.locator("#closer-kind label").filter(has_text="Rotate").click()
    expect(said).to_contain_text("Rotated by 90°")
    drag(page, "#in-break [data-by=fit]", -0.3, -0.3)
    page.wait_for_function("!location.search.includes('100.0.900')")
    left, _, side = (int(one) for one in (board.get_attribute("data-square") or "").split("."))
    assert left == 100
    assert 500 < side < 700
    page.locator("#in-break [data-by=move]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"location.search.includes('closer_square={mine}.140.')")
    assert page.evaluate("document.body.dataset.onScene") == "break"
    expect(page.locator("#in-break [data-by=move]")).to_be_focused()
    page.locator("#in-break [data-break=own]").click()
    page.wait_for_function("!location.search.includes('closer_square')")
    expect(said).not_to_contain_text("the square that was moved")


def test_a_patch_is_placed_and_the_smallest_is_sought(open_page: Open) -> None:
    page = open_page("ja", f"?tab=closer&scene=fool&example=truck&closer_side=2{TWO}", 1280, 720)
    board, said = page.locator("#in-fool .fool-board"), page.locator("#in-fool .scene-sentence")
    expect(page.locator("#in-fool [data-flips=false]")).to_have_count(2)
    board.focus()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.wait_for_function("location.search.includes('closer_patch=12.16')")
    expect(board).to_have_attribute("data-spot", "12.16")
    expect(board).to_be_focused()
    page.locator("#in-fool [data-search]").click()
    expect(said).to_contain_text("調べた範囲")
    expect(page.locator("#in-fool [data-search]")).to_have_count(0)
    # What was found is placed by a click, with its own side: it fools one of the two.
    found = page.locator("#in-fool button.find").first
    spot, side = found.get_attribute("data-spot"), found.get_attribute("data-side")
    found.click()
    page.wait_for_function(f"location.search.includes('closer_patch={spot}')")
    expect(board).to_have_attribute("data-side", side or "")
    expect(page.locator("#in-fool [data-flips=true]")).to_have_count(1)
    expect(said).to_contain_text("だけをだまします")
