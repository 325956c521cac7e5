"""Answers, link and export belong to the photo in sight, however it came there or went."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_photos import drop

Open = Callable[..., Page]

ANSWERS = {
    "compare": "#compare-results .detail .bar[data-rank='1']",
    "closer": "#in-methods .methods .signed",
    "inception": "#in-branches .mosaic [data-pick]",
    "densenet": "#passage [data-lane] svg[aria-label*='が残る']",
    "residual": "#in-adds .ratio-key",
}
"""In each tab that looks at a photo, something that only a photo gives."""
SCENES = {"inception": "branches", "densenet": "passage"}
"""Where that is not in the tab's first scene."""


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.jpg"
    Image.effect_noise((200, 300), 80).convert("RGB").save(path)
    return path


@pytest.fixture
def refused(tmp_path: Path) -> Path:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear reader, this is no picture.")
    return path


def upload(page: Page, *paths: Path) -> None:
    page.locator('#photo-input input[type="file"]').set_input_files([str(p) for p in paths])


def in_sight(page: Page) -> Locator:
    """The picture in the input."""
    return page.locator("#photo-input img")


def first_answers(page: Page) -> list[str]:
    """The numbers of four networks once all are there."""
    expect(page.locator(ANSWERS["compare"])).to_have_count(4)
    expect(page.locator("#compare-results .skeleton")).to_have_count(0)
    return page.locator(f"{ANSWERS['compare']} .number").all_inner_texts()


def has_size(page: Page, width: int, height: int) -> None:
    """Wait for the picture: what is sent again is drawn again."""
    page.wait_for_function(
        """([width, height]) => {
          const image = document.querySelector("#photo-input img");
          return image?.naturalWidth === width && image.naturalHeight === height;
        }""",
        arg=[width, height],
    )


@pytest.mark.parametrize("how", ["chosen", "dropped", "several"])
def test_a_refused_file_leaves_photo_and_answers(
    open_page: Open, noise: Path, refused: Path, how: str
) -> None:
    page = open_page("en", "?imagenet=none")
    example = first_answers(page)
    upload(page, noise)
    page.wait_for_function("!location.search.includes('example')")
    own = page.locator(f"{ANSWERS['compare']} .number")
    expect(own).not_to_have_text(example)
    before = first_answers(page)
    if how == "several":
        with page.expect_file_chooser() as chooser:
            page.locator("#several-photos").click()
        chooser.value.set_files([str(refused)])
    elif how == "dropped":
        drop(page, refused.name, refused.read_bytes())
    else:
        upload(page, refused)
    notice = page.locator("#photo-column .notice")
    expect(notice).to_contain_text("letter.jpg")
    expect(notice).to_contain_text("The photo from before stays")
    expect(own).to_have_text(before)
    has_size(page, 200, 300)
    assert "example" not in page.url


@pytest.mark.parametrize("tab", ANSWERS)
def test_an_emptied_box_empties_the_answers_of_its_tab(open_page: Open, tab: str) -> None:
    lang = "ja" if tab == "densenet" else "en"
    page = open_page(lang, f"?tab={tab}&scene={SCENES.get(tab, '')}&example=ship")
    expect(page.locator(ANSWERS[tab]).first).to_be_visible()
    page.wait_for_function("location.search.includes('example=ship')")
    page.locator("#photo-input button").first.click()
    expect(in_sight(page)).to_have_count(0)
    expect(page.locator(ANSWERS[tab])).to_have_count(0)
    page.wait_for_function("!location.search.includes('example')")
    teaches = page.locator(".no-photo:visible")
    expect(teaches).to_have_count(1)
    # One click brings a photo and its answers.
    teaches.locator("button").click()
    expect(page.locator(ANSWERS[tab]).first).to_be_visible()
    page.wait_for_function("location.search.includes('example=plane')")
    expect(teaches).to_have_count(0)


def test_an_emptied_box_empties_tabs_that_are_opened_later(open_page: Open) -> None:
    page = open_page("en", "?tab=residual&example=ship&imagenet=none")
    expect(page.locator(ANSWERS["residual"])).to_be_visible()
    page.get_by_role("tab", name="Compare").click()
    first_answers(page)
    page.locator("#photo-input button").first.click()
    expect(page.locator(ANSWERS["compare"])).to_have_count(0)
    expect(page.locator("#compare-results .card.bare")).to_have_count(4)
    page.get_by_role("button", name="Save the numbers (CSV)").click()
    expect(page.locator(".toast-body")).to_contain_text("There is nothing to save yet")
    page.get_by_role("tab", name="ResNet").click()
    expect(page.locator(".no-photo:visible")).to_have_count(1)
    expect(page.locator(ANSWERS["residual"])).to_have_count(0)


def test_the_language_switch_and_a_reload_keep_photos_answers_and_settings(
    open_page: Open, noise: Path, tmp_path: Path
) -> None:
    second = tmp_path / "grey.png"
    Image.new("RGB", (64, 48), (120, 120, 120)).save(second)
    page = open_page("en", "?k=3&imagenet=none")
    first_answers(page)
    page.wait_for_function("location.search.includes('scene=')")
    with page.expect_file_chooser() as chooser:
        page.locator("#several-photos").click()
    chooser.value.set_files([str(noise), str(second)])
    rows = page.locator("#photo-grid tbody tr")
    expect(rows).to_have_count(2)
    # The row that is opened is the photo in sight, and the answers under it are that row's.
    grey = rows.nth(1).locator("td .caption span")
    expect(grey).to_have_count(4)
    before = grey.all_inner_texts()
    numbers = page.locator(f"{ANSWERS['compare']} .number")
    page.locator("#photo-grid [data-index='1']").click()
    has_size(page, 64, 48)
    expect(numbers).to_have_text(before)
    page.get_by_role("link", name="日本語").click()
    page.wait_for_selector('[data-page-language="ja"]')
    assert first_answers(page) == before
    has_size(page, 64, 48)
    assert page.locator("#compare-results .detail").first.locator(".bar").count() == 3
    assert "k=3" in page.url
    page.reload()
    assert first_answers(page) == before
    page.keyboard.press("ArrowRight")
    expect(rows).to_have_count(2)
    expect(page.locator("#photo-grid .overlay")).to_have_count(8)
    # A link to an example is a link to that example.
    page.goto(page.url.split("?")[0] + "?example=ship")
    page.wait_for_function("location.search.includes('example=ship')")
    expect(page.locator("body")).to_have_attribute("data-photo", "example")
    expect(page.locator("#examples [aria-pressed=true]")).to_have_attribute("data-example", "ship")
