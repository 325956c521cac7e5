"""A student opens an Inception block on a photo of their own and switches a branch off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.notices import folded

Open = Callable[..., Page]
BLOCKS = ["1a", "2a", "2b", "3a", "3b", "3c"]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of the test's own making: a lorry on a road."""
    picture = Image.new("RGB", (280, 200), (190, 205, 220))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 150, 280, 200), fill=(90, 90, 95))
    draw.rectangle((60, 60, 180, 150), fill=(240, 240, 240))
    draw.polygon([(180, 90), (215, 90), (230, 120), (230, 150), (180, 150)], fill=(190, 40, 40))
    for x in (85, 150, 205):
        draw.ellipse((x - 14, 138, x + 14, 166), fill=(25, 25, 25))
    path = tmp_path / "lorry.png"
    picture.save(path)
    return path


def tab(open_page: Open, lang: str = "en", query: str = "", **size: int) -> Page:
    """The tab with an analysed photo."""
    page = open_page(lang, f"?tab=inception{query}", **size)
    page.wait_for_selector("#inception-roles .role-row")
    return page


def open_block(page: Page, name: str) -> None:
    page.locator(f'#inception-strip [data-block="{name}"]').click()
    expect(page.locator("#inception-module h3")).to_contain_text(name)


def shares(page: Page, kind: str) -> dict[str, float]:
    """Class index -> probability as the bars tell it, "before" or "after"."""
    return {
        row.get_attribute("data-class"): float(
            row.locator(f"em.{kind}").get_attribute("title") or "nan"
        )
        for row in page.locator("#inception-worth .change").all()
    }


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_branch_switched_off_moves_the_answer(open_page: Open, lang: str, photo: Path) -> None:
    page = tab(open_page, lang)
    buttons = page.locator("#inception-strip [data-block]")
    assert [b.get_attribute("data-block") for b in buttons.all()] == BLOCKS
    shown = page.locator("#inception-worth .change").first.inner_html()
    page.locator('#photo-input input[type="file"]').set_input_files(str(photo))
    page.wait_for_function(
        "shown => document.querySelector('#inception-worth .change').innerHTML !== shown",
        arg=shown,
    )
    open_block(page, "3a")
    expect(page.locator("#inception-worth .logit")).to_have_attribute("data-change", "0.000000")
    assert shares(page, "before") == shares(page, "after")

    page.locator("#inception-off").get_by_label("5×5", exact=True).check()
    expect(page.locator("#inception-worth .logit")).not_to_have_attribute("data-change", "0.000000")
    before, after = shares(page, "before"), shares(page, "after")
    chosen = page.locator("#inception-worth .chosen").get_attribute("data-class")
    assert before[chosen] == max(before.values())
    assert abs(after[chosen] - before[chosen]) > 1e-5
    off = "without: 5×5" if lang == "en" else "無効にした後：5×5"
    expect(page.locator("#inception-worth .key")).to_contain_text(off)


def test_every_branch_of_every_block(open_page: Open) -> None:
    page = tab(open_page, query="&block=2b")
    page.locator("#inception-matrix-button").click()
    cells = page.locator("#inception-matrix td[data-block]")
    expect(cells).to_have_count(24)
    told = {cell.get_attribute("title"): cell.locator("b").inner_text() for cell in cells.all()}
    page.locator("#inception-off").get_by_label("3×3", exact=True).check()
    logit = page.locator("#inception-worth .logit")
    expect(logit).not_to_have_attribute("data-change", "0.000000")
    change = float(logit.get_attribute("data-change") or "nan")
    alone = next(value for title, value in told.items() if (title or "").startswith("2b, 3×3"))
    assert float(alone.replace("−", "-")) == pytest.approx(change, abs=0.0051)


def test_a_block_is_drawn_with_its_numbers_and_the_link_brings_it_back(open_page: Open) -> None:
    page = tab(open_page, query="&block=3b&example=ship")
    diagram = page.locator("#inception-module .wide svg")
    for words in ("336 × 8 × 8", "416 × 8 × 8", "336 → 24", "24 → 64", "5×5"):
        expect(diagram.get_by_text(words, exact=True).first).to_be_visible()
    assert page.locator("#inception-columns .branch").count() == 4
    assert page.locator('#inception-columns [data-branch="3x3"][data-channel]').count() == 16
    open_block(page, "2a")
    page.wait_for_function("() => location.search.includes('block=2a')")


def test_a_channel_is_enlarged_with_its_maximum_marked(open_page: Open) -> None:
    page = tab(open_page)
    tile = page.locator('#inception-columns [data-branch="pool"][data-channel]').first
    index = tile.get_attribute("data-channel")
    tile.click()
    caption = page.locator("#inception-channel figcaption")
    expect(caption).to_contain_text(f"pool, channel {index}")
    expect(page.locator("#inception-channel .highest")).to_be_visible()


def test_boxes_follow_the_pointer_and_the_arrow_keys(open_page: Open) -> None:
    page = tab(open_page, query="&block=1a")
    view = page.locator("#inception-field .overlay").last
    boxes = view.locator("i")
    expect(boxes).to_have_count(4)

    def widths() -> dict[str, float]:
        return {
            box.get_attribute("data-branch"): float(
                box.evaluate("box => parseFloat(box.style.width) / 100")
            )
            for box in boxes.all()
        }

    # 1x1 sees the stem's 3 pixels of 32, 3x3 and the pooling 5, 5x5 sees 7; of the photo that is
    # its part that the network was given.
    found = widths()
    assert found["3x3"] / found["1x1"] == pytest.approx(5 / 3, rel=1e-3)
    assert found["5x5"] / found["1x1"] == pytest.approx(7 / 3, rel=1e-3)
    assert found["pool"] == found["3x3"]
    place = page.locator("#inception-field .field-place")
    expect(place).to_contain_text("row 16, column 16")
    view.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(place).to_contain_text("row 15, column 17")
    frame = view.bounding_box()
    assert frame is not None
    view.hover(position={"x": frame["width"] / 2, "y": 3})
    expect(place).to_contain_text("row 0,")
    assert widths() == pytest.approx(found, rel=1e-2)


def test_a_network_without_weights_says_so_and_shows_how_it_is_built(open_page: Open) -> None:
    page = tab(open_page)
    page.get_by_label("GoogLeNet", exact=True).check()
    notice = page.locator("#tab-column .notice:visible")
    folded(notice, "googlenet")
    expect(page.locator("#inception-columns")).to_be_hidden()
    open_block(page, "3a")
    expect(page.locator("#inception-module .wide svg")).to_contain_text("192 × 28 × 28")
    story = page.locator("#inception-module details")
    story.locator("summary").click()
    expect(story.locator("p")).to_contain_text("issue 906")
    expect(page.locator("#inception-roles")).to_contain_text("7,680")


@pytest.mark.parametrize(("lang", "width"), [("ja", 390), ("en", 1280)])
def test_it_fits_the_screen(
    open_page: Open, wide: Callable[[Page], None], lang: str, width: int
) -> None:
    page = tab(open_page, lang, width=width, height=844)
    page.locator("#inception-matrix-button").click()
    page.wait_for_selector("#inception-matrix td")
    wide(page)
    kinds = page.locator("#inception-module svg:visible")
    expect(kinds).to_have_count(1)
