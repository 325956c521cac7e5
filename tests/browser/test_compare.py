"""A newcomer compares: a photo in, four families side by side, in both languages."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from demo.text import text
from tests.browser.notices import folded

LARGE = "efficientnet_lite0"
FIVE = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext", LARGE]
"""What the page opens with."""
Open = Callable[..., Page]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of the test's own making: a dark hull on water under a light sky."""
    picture = Image.new("RGB", (320, 240), (150, 190, 225))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 150, 320, 240), fill=(40, 80, 120))
    draw.polygon([(60, 140), (270, 140), (240, 180), (85, 180)], fill=(60, 50, 60))
    draw.rectangle((120, 95, 200, 140), fill=(230, 230, 230))
    path = tmp_path / "boat.png"
    picture.save(path)
    return path


def cards(page: Page) -> list[str]:
    """Keys of the finished cards, in order, once none is waiting."""
    page.wait_for_selector("#compare-results .card:not(.skeleton, .bare)")
    expect(page.locator("#compare-results .skeleton")).to_have_count(0)
    return [
        card.get_attribute("data-model") or ""
        for card in page.locator("#compare-results .card").all()
    ]


def has_cards(page: Page, keys: list[str]) -> None:
    """Wait until these networks' cards are there, in this order, and none is waiting."""
    page.wait_for_function(
        """(keys) => {
          const found = [...document.querySelectorAll("#compare-results .card")];
          const waiting = found.some((card) => card.matches(".skeleton, .bare"));
          return !waiting && found.map((card) => card.dataset.model).join() === keys.join();
        }""",
        arg=keys,
    )


def upload(page: Page, *paths: Path) -> None:
    page.locator('#photo-input input[type="file"]').set_input_files([str(p) for p in paths])


def numbers_saved(page: Page) -> tuple[str, list[dict[str, str]]]:
    """Name and rows of the file that the button for the numbers gives."""
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save the numbers (CSV)").click()
    text = Path(taken.value.path()).read_text("utf-8")
    return taken.value.suggested_filename, list(csv.DictReader(io.StringIO(text)))


def first_numbers(page: Page) -> list[str]:
    return page.locator("#compare-results .detail .bar[data-rank='1'] .number").all_inner_texts()


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        ("en", "Four families of convolutional networks"),
        ("ja", "畳み込みネットワークの4つの系統"),
    ],
)
def test_the_page_opens_with_five_networks_that_have_answered(
    open_page: Open, lang: str, title: str
) -> None:
    page = open_page(lang)
    has_cards(page, FIVE)
    assert page.locator("#compare-results .overlay .heat").count() == 5
    assert page.locator("#compare-results .detail .bar").count() == 5 * 5
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.title() == title


def test_a_photo_of_ones_own(open_page: Open, photo: Path) -> None:
    page = open_page()
    cards(page)
    before = first_numbers(page)
    upload(page, photo)
    numbers = page.locator("#compare-results .detail .bar[data-rank='1'] .number")
    expect(numbers).not_to_have_text(before)
    has_cards(page, FIVE)
    shares = [float(re.sub(r"[^\d.]", "", text)) for text in first_numbers(page)]
    assert all(10 <= share <= 100 for share in shares[:4])
    assert 0 < shares[4] <= 100


def test_the_link_brings_the_same_view_back(open_page: Open) -> None:
    page = open_page("ja", "?models=mini_densenet,mini_resnet&example=ship&class=ship&k=3")
    page.wait_for_selector("#compare-results .card:not(.skeleton, .bare)")
    expect(page.locator("#compare-results .card:not(.skeleton, .bare)")).to_have_count(3)
    assert set(cards(page)) == {"mini_resnet", "mini_densenet", LARGE}
    assert page.locator("#compare-results .detail .bar").count() == 3 * 3
    expect(page.locator("#compare-results .card .caption").first).to_contain_text("船")
    page.wait_for_function("location.search.includes('example=ship')")
    assert "class=ship" in page.evaluate("location.search")


def test_any_class_can_be_asked_for(open_page: Open) -> None:
    page = open_page("en", "?example=ship")
    cards(page)
    page.locator("#class input").click()
    page.get_by_role("option", name="horse", exact=True).click()
    captions = page.locator("#compare-results .card .caption", has_text="Grad-CAM for horse")
    expect(captions).to_have_count(4)
    page.wait_for_function("location.search.includes('class=horse')")


@pytest.mark.parametrize(
    ("lang", "words"), [("en", "not a picture"), ("ja", "画像")], ids=["en", "ja"]
)
def test_a_file_that_is_no_picture(open_page: Open, tmp_path: Path, lang: str, words: str) -> None:
    page = open_page(lang)
    cards(page)
    broken = tmp_path / "holiday.jpg"
    broken.write_text("this is text")
    upload(page, broken)
    expect(page.locator("#photo-column .notice")).to_contain_text(words)
    assert page.locator(".toast-body").count() == 0
    page.locator("#examples [data-example='ship']").click()
    expect(page.locator("#photo-column .notice")).to_have_count(0)
    page.wait_for_function("location.search.includes('example=ship')")
    has_cards(page, FIVE)


def test_several_photos_make_a_grid(open_page: Open, photo: Path, tmp_path: Path) -> None:
    page = open_page()
    cards(page)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG not really")
    second = tmp_path / "grey.png"
    Image.new("RGB", (64, 64), (120, 120, 120)).save(second)
    with page.expect_file_chooser() as chooser:
        page.locator("#several-photos").click()
    chooser.value.set_files([str(photo), str(broken), str(second)])
    grid = page.locator("#photo-grid .photo-grid")
    expect(grid.locator("tbody tr")).to_have_count(3)
    expect(grid.locator("tbody tr").nth(0).locator(".overlay")).to_have_count(5)
    expect(grid.locator("tbody tr").nth(1).locator(".notice")).to_be_visible()
    expect(grid.locator("tbody tr").nth(2).locator(".overlay")).to_have_count(5)
    said = page.locator("#photo-grid .scene-sentence")
    expect(said).to_contain_text(
        re.compile(r"On [012] of 2 photos the networks .* agree\. Surest: ")
    )
    page.wait_for_function("location.search.includes('scene=photos')")
    page.locator("#scene-photos .scene-more button").first.click()
    how = page.locator("#scene-photos .scene-more")
    expect(how).to_contain_text("the numbers (CSV) all photos")
    before = first_numbers(page)
    grid.locator("[data-index='2']").click()
    expect(page.locator("#scene-photo")).to_be_visible()
    numbers = page.locator("#compare-results .detail .bar[data-rank='1'] .number")
    expect(numbers).not_to_have_text(before)
    has_cards(page, FIVE)
    # What is said is saved: the numbers of all photos that could be read, the opened one's poster.
    name, rows = numbers_saved(page)
    assert name == "boat-and-1-more-comparison.csv"
    firsts = [(row["photo"], row["model"]) for row in rows if row["rank"] == "1"]
    assert firsts == [(photo, model) for photo in ("boat.png", "grey.png") for model in FIVE]
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save as a picture (PNG)").click()
    assert taken.value.suggested_filename == "grey-comparison.png"


def test_two_networks_that_agree_are_both(open_page: Open) -> None:
    for lang, words in (("en", "Both see the same thing: "), ("ja", "2つとも同じ答えです：")):
        page = open_page(lang, "?models=mini_resnet,mini_resnext&example=ship")
        expect(page.locator("#compare-results .scene-sentence")).to_contain_text(words)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_network_that_needs_a_download_says_so(open_page: Open, lang: str) -> None:
    page = open_page(lang, "?models=mini_resnet&imagenet=resnet50")
    has_cards(page, ["mini_resnet", "resnet50"])
    notice = page.locator("[data-model='resnet50'] .notice")
    expect(notice).to_contain_text(text(lang)("problem.needs_download", model="ResNet-50"))
    folded(notice, "resnet50")
    assert page.locator(".detail[data-model='mini_resnet'] .bar").count() == 5


def test_the_comparison_can_be_taken_away(open_page: Open) -> None:
    page = open_page()
    cards(page)
    name, rows = numbers_saved(page)
    assert name == "plane-comparison.csv"
    assert {row["photo"] for row in rows} == {"plane"}
    assert [row["model"] for row in rows if row["rank"] == "1"] == FIVE
    assert all(0 < float(row["probability"]) <= 1 for row in rows)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save as a picture (PNG)").click()
    with Image.open(taken.value.path()) as picture:
        assert picture.format == "PNG"
        assert picture.width > 800


def test_the_language_switch_keeps_the_view(open_page: Open) -> None:
    page = open_page("en", "?models=mini_resnext&example=ship")
    has_cards(page, ["mini_resnext", LARGE])
    page.get_by_role("link", name="日本語").click()
    page.wait_for_selector('[data-page-language="ja"]')
    page.wait_for_function("location.search.includes('models=mini_resnext')")
    has_cards(page, ["mini_resnext", LARGE])


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "This looks like a lion. The small networks know ten things"),
        ("ja", "写っているのはライオンのようです。"),
    ],
)
def test_a_lion_is_none_of_the_ten(open_page: Open, lang: str, words: str) -> None:
    page = open_page(lang, "?example=lion")
    cards(page)
    said = page.locator("#compare-results .none-of-ten")
    expect(said).to_contain_text(words)
    first_card = page.locator("#compare-results .card").first.bounding_box()
    line = said.bounding_box()
    assert line is not None and first_card is not None
    assert line["y"] + line["height"] <= first_card["y"]
    assert line["height"] < 50  # one line, two at most
    page.locator('[data-example="ship"]').click()
    expect(said).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_photo_alone_has_its_row_and_a_button_for_more(
    open_page: Open, photo: Path, lang: str
) -> None:
    page = open_page(lang, "?scene=photos&example=ship&imagenet=none")
    rows = page.locator("#photo-grid tbody tr")
    expect(rows.nth(0).locator(".overlay")).to_have_count(4)
    expect(rows.nth(0).get_by_role("button", name=text(lang)("example.ship"))).to_be_visible()
    expect(page.locator("#photo-grid .scene-sentence")).to_contain_text("16")
    with page.expect_file_chooser() as chooser:
        rows.nth(1).get_by_role("button").click()
    chooser.value.set_files([str(photo), str(photo)])
    expect(rows.nth(1).locator(".overlay")).to_have_count(4)
    expect(page.locator("#photo-grid [data-choose-several]")).to_have_count(0)


def test_the_grid_is_not_computed_again_for_a_photo_that_is_opened(
    open_page: Open, photo: Path, tmp_path: Path
) -> None:
    second = tmp_path / "grey.png"
    Image.new("RGB", (64, 64), (120, 120, 120)).save(second)
    page = open_page("en", "?scene=photos&example=ship&imagenet=none&models=mini_resnet")
    rows = page.locator("#photo-grid tbody tr")
    expect(rows).to_have_count(2)
    page.locator("#several-photos input[type=file]").or_(
        page.locator("#photo-column input[type=file][multiple]")
    ).first.set_input_files([str(photo), str(second)])
    expect(rows.nth(1).locator(".overlay")).to_have_count(1)
    expect(page.locator("#scene-photos")).to_have_attribute("aria-busy", "false")
    page.evaluate("document.querySelector('#photo-grid table').dataset.mine = 'yes'")
    page.locator("#photo-grid [data-index='1']").click()
    expect(page.locator("#compare-results .overlay")).to_have_count(1)
    expect(page.locator("#scene-photo")).to_have_attribute("aria-busy", "false")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#scene-photos")).to_be_visible()
    assert page.locator("#photo-grid table").get_attribute("data-mine") == "yes"


def test_the_look_of_the_maps_is_in_the_link(open_page: Open) -> None:
    page = open_page("en", "?example=ship&models=none&opacity=0.4&colours=viridis")
    page.wait_for_function("location.search.includes('models=none')")
    style = "getComputedStyle(document.documentElement).getPropertyValue('{}')"
    page.wait_for_function(style.format("--heat-opacity") + " === '0.4'")
    assert "viridis" in page.evaluate(style.format("--heat-filter"))
    assert "opacity=0.4&colours=viridis" in page.url
    page.locator("[data-panel=look-panel]").click()
    page.get_by_label("inferno").check()
    page.wait_for_function("!location.search.includes('colours')")


def test_the_choices_are_reached_in_the_presentation_view(open_page: Open) -> None:
    page = open_page("en", "?example=ship&view=presentation", width=1280, height=720)
    has_cards(page, FIVE)
    expect(page.locator("#compare-line")).to_be_hidden()
    page.get_by_role("button", name="Change", exact=True).click()
    page.locator("#network-sets [data-set=small]").click()
    expect(page.locator("#compare-results .card")).to_have_count(4)
    page.locator("[data-panel=networks-panel]").click()
    page.locator(".models input[name=mini_resnet]").uncheck()
    expect(page.locator("#compare-results .card")).to_have_count(3)
