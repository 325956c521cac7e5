"""A student opens an Inception block on a photo of their own and switches a branch off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

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


def scene(
    open_page: Open, name: str, lang: str = "en", query: str = "", **size: int
) -> tuple[Page, Locator]:
    """The scene with its answer about a photo."""
    page = open_page(lang, f"?tab=inception&scene={name}{query}", **size)
    shown = page.locator(f"#in-{name}")
    expect(shown.locator(".scene-sentence")).not_to_have_text("")
    return page, shown


def open_block(page: Page, name: str) -> None:
    page.locator(f'#inception-strip [data-pick="{name}"]').click()
    page.wait_for_function("name => location.search.includes(`block=${name}`)", arg=name)


def shares(worth: Locator, kind: str) -> dict[str, float]:
    """Class index -> probability as the bars tell it, "before" or "after"."""
    return {
        row.get_attribute("data-class"): float(
            row.locator(f"em.{kind}").get_attribute("title") or "nan"
        )
        for row in worth.locator(".change").all()
    }


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_branch_switched_off_moves_the_answer(open_page: Open, lang: str, photo: Path) -> None:
    page, worth = scene(open_page, "worth", lang)
    buttons = page.locator("#inception-strip [data-pick]")
    expect(buttons).to_have_count(len(BLOCKS))
    assert [b.get_attribute("data-pick") for b in buttons.all()] == BLOCKS
    before = worth.locator(".change").first.inner_html()
    page.locator('#photo-input input[type="file"]').set_input_files(str(photo))
    page.wait_for_function(
        "before => document.querySelector('#in-worth .change').innerHTML !== before", arg=before
    )
    open_block(page, "3a")
    expect(worth.locator(".logit")).to_have_attribute("data-change", "0.000000")
    assert shares(worth, "before") == shares(worth, "after")

    switch = worth.locator('[data-pick="5x5"]')
    switch.click()
    expect(worth.locator(".logit")).not_to_have_attribute("data-change", "0.000000")
    expect(switch).to_have_attribute("aria-pressed", "true")
    whole, off = shares(worth, "before"), shares(worth, "after")
    chosen = worth.locator(".chosen").get_attribute("data-class")
    assert whole[chosen] == max(whole.values())
    assert abs(off[chosen] - whole[chosen]) > 1e-5
    words = "without: 5×5" if lang == "en" else "無効にした後：5×5"
    expect(worth.locator(".key")).to_contain_text(words)
    expect(worth.locator(".moved")).not_to_have_text("")
    page.wait_for_function("location.search.includes('inception_off=5x5')")
    switch.click()
    expect(worth.locator(".logit")).to_have_attribute("data-change", "0.000000")


def test_every_branch_of_every_block(open_page: Open) -> None:
    page, worth = scene(open_page, "worth", query="&block=2b&example=ship")
    page.get_by_role("button", name="Every branch of every block").click()
    page.locator("#inception-matrix-button").click()
    cells = page.locator("#inception-matrix td[data-block]")
    expect(cells).to_have_count(24)
    told = {cell.get_attribute("title"): cell.locator("b").inner_text() for cell in cells.all()}
    worth.locator('[data-pick="3x3"]').click()
    logit = worth.locator(".logit")
    expect(logit).not_to_have_attribute("data-change", "0.000000")
    change = float(logit.get_attribute("data-change") or "nan")
    alone = next(value for title, value in told.items() if (title or "").startswith("2b, 3×3"))
    assert float(alone.replace("−", "-")) == pytest.approx(change, abs=0.0051)
    # Another class is told of without another run.
    field = page.locator("#inception-class").get_by_role("combobox")
    field.fill("frog")
    field.press("Enter")
    expect(page.locator("#inception-matrix caption")).to_contain_text("frog")
    expect(worth.locator(".change.chosen .name")).to_have_text("frog")
    page.wait_for_function("location.search.includes('inception_class=frog')")
    # Another photo takes it away.
    page.locator('#examples [data-example="car"]').click()
    expect(cells).to_have_count(0)


def test_a_block_is_drawn_with_its_numbers_and_the_link_brings_it_back(open_page: Open) -> None:
    page, block = scene(open_page, "block", query="&block=3b")
    diagram = block.locator(".wide svg")
    for words in ("336 × 8 × 8", "416 × 8 × 8", "336 → 24", "24 → 64", "5×5"):
        expect(diagram.get_by_text(words, exact=True).first).to_be_visible()
    expect(block.locator(".scene-sentence")).to_contain_text("= 416 channels")
    open_block(page, "2a")
    expect(block.locator(".scene-sentence")).to_contain_text("Block 2a")


def test_the_link_brings_everything_back(open_page: Open) -> None:
    page, worth = scene(
        open_page,
        "worth",
        query="&block=2b&inception_off=1x1,pool&cut=mean&inception_class=frog&example=ship",
    )
    expect(worth.locator('[aria-pressed="true"]')).to_have_count(2)
    expect(worth.locator(".key")).to_contain_text("without: 1×1, pool")
    expect(worth.locator(".change.chosen .name")).to_have_text("frog")
    expect(page.locator("#inception-class input")).to_have_value("frog")
    page.locator("#scene-worth").get_by_role("button", name="How to read").click()
    expect(page.locator('#scene-worth input[value="mean"]')).to_be_checked()
    page, branches = scene(
        open_page,
        "branches",
        query="&block=2a&channels=8&inception_order=index&inception_channel=5x5:3&example=ship",
    )
    expect(branches.locator("figcaption")).to_contain_text("5×5, channel 3")
    expect(branches.locator('[data-branch="3x3"] [data-pick]')).to_have_count(8)
    picks = branches.locator('[data-branch="3x3"] [data-pick]').evaluate_all(
        "all => all.map((one) => Number(one.dataset.pick.split(':')[1]))"
    )
    assert picks == sorted(picks)


def test_a_channel_is_enlarged_with_its_maximum_marked(open_page: Open) -> None:
    page, branches = scene(open_page, "branches", query="&example=ship")
    expect(branches.locator(".branch")).to_have_count(4)
    tiles = branches.locator('[data-pick^="pool:"]')
    expect(branches.locator('[data-pick^="3x3:"]')).to_have_count(16)
    pick = tiles.nth(1).get_attribute("data-pick") or ""
    tiles.nth(1).click()
    index = pick.partition(":")[2]
    expect(branches.locator("figcaption")).to_contain_text(f"pool, channel {index}")
    expect(branches.locator(".highest")).to_be_visible()
    expect(branches.locator('.tiles [aria-pressed="true"]')).to_have_attribute("data-pick", pick)
    page.wait_for_function("location.search.includes('inception_channel=pool')")


def test_boxes_follow_the_pointer_and_the_arrow_keys(open_page: Open) -> None:
    page, field = scene(open_page, "field", query="&block=1a&example=ship")
    view = field.locator(".overlay").last
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
    place = field.locator(".field-place")
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
    # The keys moved the boxes, and walked to no other scene.
    assert page.evaluate("document.body.dataset.onScene") == "field"


def test_a_network_without_weights_says_so_and_shows_how_it_is_built(open_page: Open) -> None:
    page, branches = scene(open_page, "branches", query="&example=ship")
    page.get_by_label("GoogLeNet", exact=True).check()
    folded(branches.locator(".notice"), "googlenet")
    expect(branches.locator(".mosaic")).to_have_count(0)
    open_block(page, "3a")
    expect(branches.locator(".wide svg")).to_contain_text("192 × 28 × 28")
    page.locator('[data-open-scene="field"]').click()
    expect(page.locator("#in-field .field-view")).to_have_count(2)
    page.locator('[data-open-scene="depth"]').click()
    expect(page.locator("#in-depth .wide svg")).to_be_visible()
    expect(page.locator("#in-depth .scene-sentence")).to_contain_text("is seen on a photo")
    page.locator('[data-open-scene="roles"]').click()
    expect(page.locator("#in-roles")).to_contain_text("7,680")
    page.locator('[data-open-scene="block"]').click()
    story = page.locator("#in-block details")
    story.locator("summary").click()
    expect(story.locator("p")).to_contain_text("issue 906")
    # One click and a network that is here answers.
    page.locator('[data-open-scene="roles"]').click()
    page.locator("#in-roles .instead").click()
    expect(page.locator("#in-roles .mixing")).to_have_count(2)


def test_across_depth_and_roles_with_a_photo(open_page: Open) -> None:
    page, depth = scene(open_page, "depth", query="&example=ship")
    # Two bars of four parts in each of six blocks, and the key.
    expect(depth.locator(".wide svg rect")).to_have_count(2 * 4 * 6 + 6)
    page.locator('[data-open-scene="roles"]').click()
    roles = page.locator("#in-roles")
    expect(roles.locator(".role-row")).to_have_count(2)
    expect(roles.locator(".mosaic")).to_have_count(2)
    expect(roles.locator(".scene-sentence")).to_contain_text("6.9 times as many")


@pytest.mark.parametrize(("lang", "width"), [("ja", 390), ("en", 1280)])
def test_it_fits_the_screen(
    open_page: Open, wide: Callable[[Page], None], lang: str, width: int
) -> None:
    page, block = scene(open_page, "block", lang, width=width, height=844)
    expect(block.locator("svg:visible")).to_have_count(1)
    wide(page)
    page, _ = scene(open_page, "worth", lang, width=width, height=844)
    page.locator("#scene-worth .scene-more button").last.click()
    page.locator("#inception-matrix-button").click()
    page.wait_for_selector("#inception-matrix td")
    wide(page)


def test_a_tile_is_as_wide_as_its_numbers(open_page: Open) -> None:
    page, _ = scene(open_page, "block", width=390, height=844)
    page.get_by_label("Inception v3", exact=True).locator("visible=true").check()
    tiles = page.locator("#inception-strip .block-strip button")
    expect(tiles).to_have_count(11)
    assert (
        tiles.evaluate_all(
            "(tiles) => tiles.filter((tile) => tile.scrollWidth > tile.clientWidth).length"
        )
        == 0
    )
