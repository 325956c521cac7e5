"""What is on the first screen: the photo, every answer, every whole map; on a phone the first."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from demo.text import text
from demo.topics.order import TOPICS

Open = Callable[..., Page]
FIVE = ["mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext", "efficientnet_lite0"]
SHAPES = {"portrait": (360, 640), "wide": (900, 300), "panorama": (1600, 200)}
RELATIVES = {
    "resnet50": "ResNet-50",
    "densenet121": "DenseNet-121",
    "googlenet": "GoogLeNet",
    "resnext50_32x4d": "ResNeXt-50 32x4d",
}
SMALL = {"portrait": (36, 64), "wide": (60, 20)}
"""Too small to be judged, so that no sentence comes over the cards."""

BOXES = """(all) => all.map((one) => {
  const {left, top, right, bottom} = one.getBoundingClientRect();
  return {left, top, right, bottom};
})"""

WHOLE = """() => [...document.querySelectorAll("#compare-results .card .answer b")].every((one) =>
  one.scrollWidth === one.clientWidth && one.scrollHeight === one.clientHeight)"""
"""No answer is cut."""

WATCH = """() => {
  window.boxes = [];
  const look = () => document.querySelectorAll('#compare-results .card').forEach((card, place) => {
    const map = card.querySelector('.overlay, .framed');
    const {x, y, width, height} = map.getBoundingClientRect();
    const waits = card.matches('.skeleton');
    const ratio = map.style.getPropertyValue('--ratio');
    window.boxes.push({place, waits, ratio, box: [x, y, width, height].map(Math.round)});
  });
  new MutationObserver(look).observe(document.querySelector('#compare-results'),
    {childList: true, subtree: true});
}"""
"""Keeps the place of every map, and of every one that is still to come, at each change."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One photo of each shape."""
    folder = tmp_path_factory.mktemp("photos")
    paths = {}
    sizes = {**SHAPES, **{f"small {name}": size for name, size in SMALL.items()}}
    for name, size in sizes.items():
        picture = Image.new("RGB", size, (150, 190, 225))
        ImageDraw.Draw(picture).ellipse((0, 0, size[0] // 3, size[1] // 2), (60, 40, 60))
        paths[name] = folder / f"{name}.png"
        picture.save(paths[name])
    return paths


def answered(page: Page, models: list[str] = FIVE) -> Locator:
    """The cards of those networks, once all have answered."""
    found = page.locator("#compare-results .card")
    expect(page.locator("#compare-results .card .overlay")).to_have_count(len(models))
    expect(page.locator("#compare-results .skeleton")).to_have_count(0)
    assert [one.get_attribute("data-model") for one in found.all()] == models
    return found


def put(page: Page, path: Path, ratio: float) -> None:
    """Upload a photo; wait until all maps lie on it."""
    page.locator('#photo-input input[type="file"]').set_input_files(str(path))
    page.wait_for_function(
        """(ratio) => {
          const all = [...document.querySelectorAll('#compare-results .overlay')];
          return all.length === 5 && all.every((one) =>
            Math.abs(one.style.getPropertyValue('--ratio') / ratio - 1) < 0.001);
        }""",
        arg=ratio,
    )


def boxes(found: Locator) -> list[dict[str, float]]:
    """Where they are in the window."""
    return found.evaluate_all(BOXES)


def in_sight(page: Page, found: Locator, count: int) -> list[dict[str, float]]:
    """Assert that so many are there, each whole within the window, nothing scrolled."""
    width, height = page.evaluate("[window.innerWidth, window.innerHeight]")
    assert page.evaluate("window.scrollY") == 0
    places = boxes(found)
    assert len(places) == count
    for place in places:
        assert place["left"] >= 0, place
        assert place["top"] >= 0, place
        assert place["right"] <= width, place
        assert place["bottom"] <= height, place
        assert place["right"] - place["left"] > 20, place
        assert place["bottom"] - place["top"] > 12, place
    return places


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("size", [(1280, 720), (1440, 900)], ids=["1280x720", "1440x900"])
def test_the_first_screen_shows_photo_answers_and_maps(
    same_page: Open, photos: dict[str, Path], size: tuple[int, int], lang: str
) -> None:
    page = same_page(lang, width=size[0], height=size[1])
    answered(page)
    for shape in ("", *SHAPES):
        if shape:
            put(page, photos[shape], SHAPES[shape][0] / SHAPES[shape][1])
        found = answered(page)
        in_sight(page, page.locator("#photo-input img"), 1)
        answers = in_sight(page, found.locator(".answer"), 5)
        maps = in_sight(page, found.locator(".overlay"), 5)
        in_sight(page, page.locator("#compare-results .scene-sentence"), 1)
        for answer in found.locator(".answer").all_inner_texts():
            assert "%" in answer
        cards = boxes(found)
        assert max(heights(cards)) - min(heights(cards)) < 1
        if shape != "panorama" and shape != "wide":
            # Side by side: name and answer, map, bars, facts from top to bottom.
            assert len({round(box["top"]) for box in maps}) == 1
            behind = page.locator("#compare-results .detail")
            rows = [
                *(boxes(found.locator(one)) for one in (".stage", ".legend")),
                *(boxes(behind.locator(one)) for one in (".bars", ".facts")),
            ]
            for place in range(5):
                tops = [answers[place]["top"], *(row[place]["top"] for row in rows)]
                assert tops == sorted(tops)
                bottoms = [maps[place]["bottom"], rows[2][place]["bottom"]]
                assert bottoms[0] <= rows[2][place]["top"] < bottoms[1]


def heights(places: list[dict[str, float]]) -> list[float]:
    return [one["bottom"] - one["top"] for one in places]


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["1280", "390"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_map_moves_when_the_photo_is_called_a_lion(
    same_page: Open, size: tuple[int, int], lang: str
) -> None:
    page = same_page(lang, width=size[0], height=size[1])
    answered(page)
    line = page.locator("#compare-results .of-ten")
    expect(line).to_have_text(text(lang)("known.ten_and_one", large="EfficientNet-Lite0"))
    before = boxes(page.locator(".card .overlay"))
    page.evaluate(WATCH)
    if size[0] < 700:
        page.get_by_role("button", name=text(lang)("photo.change"), exact=True).click()
    page.locator("#examples [data-example='lion']").click()
    expect(page.locator("#compare-results .none-of-ten")).to_be_visible()
    answered(page)
    # The plane and the lion are both squares; the first row of maps has the line over it alone.
    after = boxes(page.locator(".card .overlay"))
    for old, new in list(zip(before, after, strict=True))[: 5 if size[0] > 700 else 2]:
        assert new == pytest.approx(old, abs=1)
    seen = [one for one in page.evaluate("window.boxes") if one["place"] == 0]
    assert {one["waits"] for one in seen} == {True, False}
    tops = [one["box"][1] for one in seen]
    assert max(tops) - min(tops) <= 1


@pytest.mark.parametrize(
    ("lang", "example", "name"),
    [("en", "truck", "garbage truck"), ("ja", "car", "レーシングカー")],
)
def test_a_long_answer_stands_whole_in_the_height_of_a_short_one(
    open_page: Open, lang: str, example: str, name: str
) -> None:
    page = open_page(lang, f"?example={example}", width=1280, height=844)
    found = answered(page)
    names = found.locator(".answer b")
    assert names.all_inner_texts()[4] == name
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 844})
        expect(page.locator("#scene-photo")).to_have_attribute("aria-busy", "false")
        page.wait_for_function(WHOLE)
        tall = heights(boxes(found.locator(".answer")))
        assert max(tall) - min(tall) <= 1


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_is_as_wide_as_the_window_whatever_it_says(same_page: Open, lang: str) -> None:
    page = same_page(lang, width=390, height=844)
    answered(page)
    for width, page_width in ((390, 390), (1280, 1280), (1600, 1400)):
        page.set_viewport_size({"width": width, "height": 844})
        (place,) = boxes(page.locator(".gradio-container"))
        assert place["right"] - place["left"] == page_width
        # What the head says is whole, too.
        words = page.locator(".page-head > p")
        assert words.evaluate("(one) => one.scrollWidth - one.clientWidth") == 0


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_phone_has_one_row_of_tools_and_a_line_a_family(
    same_page: Open, wide: Callable[[Page], None], lang: str
) -> None:
    page = same_page(lang, width=390, height=844)
    answered(page)
    tools = page.locator(".page-tools :is(a, button):visible")
    other = "ja" if lang == "en" else "en"
    assert tools.all_inner_texts()[-1] == text(lang)(f"page.name_{other}")
    places = in_sight(page, tools, tools.count())
    assert max(one["top"] for one in places) - min(one["top"] for one in places) < 2
    (head,) = in_sight(page, page.locator(".page-head"), 1)
    assert head["bottom"] - head["top"] <= 44
    families = page.locator("#families li")
    in_sight(page, families, 4)
    families.nth(2).locator("button").click()
    expect(page.locator("#term-note")).to_have_text(text(lang)("family.says.inception", sign="Ψ"))
    wide(page)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_networks_class_and_look_take_one_line(same_page: Open, lang: str) -> None:
    page = same_page(lang, width=1280, height=720)
    answered(page)
    line = "#compare-line :is(.opener, [data-set], .picker-box input)"
    for width in (1440, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        places = in_sight(page, page.locator(line), 6)
        middles = [(one["top"] + one["bottom"]) / 2 for one in places]
        assert max(middles) - min(middles) < 4
        # They do not lie upon each other.
        ordered = sorted(places, key=lambda one: one["left"])
        for before, after in itertools.pairwise(ordered):
            assert before["right"] <= after["left"]


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["1280", "390"])
def test_a_map_comes_where_its_place_was_kept(
    open_page: Open, photos: dict[str, Path], size: tuple[int, int]
) -> None:
    page = open_page(width=size[0], height=size[1])
    answered(page)
    page.evaluate(WATCH)
    for shape in SMALL:
        put(page, photos[f"small {shape}"], SMALL[shape][0] / SMALL[shape][1])
        answered(page)
    seen: list[dict[str, Any]] = page.evaluate("window.boxes")
    for shape in SMALL:
        ratio = SMALL[shape][0] / SMALL[shape][1]
        for place in range(5):
            mine = [
                one
                for one in seen
                if one["place"] == place and abs(float(one["ratio"]) / ratio - 1) < 0.001
            ]
            assert any(one["waits"] for one in mine)
            assert any(not one["waits"] for one in mine)
            first = mine[0]["box"]
            for one in mine:
                assert max(abs(a - b) for a, b in zip(one["box"], first, strict=True)) <= 1


def test_ten_networks_wrap_and_stay_legible(open_page: Open, wide: Callable[[Page], None]) -> None:
    away = ",".join(["resnet50", "densenet121", "googlenet", "resnext50_32x4d", "inception_v3"])
    page = open_page(query=f"?imagenet=efficientnet_lite0,{away}", width=1280, height=720)
    expect(page.locator("#compare-results .card")).to_have_count(10)
    expect(page.locator("#compare-results .card.refused")).to_have_count(5)
    expect(page.locator("#compare-results .card .overlay")).to_have_count(5)
    in_sight(page, page.locator("#compare-results .card .overlay"), 5)
    assert min(box["right"] - box["left"] for box in boxes(page.locator(".card"))) >= 150
    wide(page)


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_phone_shows_the_first_map_and_a_strip_of_the_photo(
    same_page: Open, wide: Callable[[Page], None], photos: dict[str, Path], lang: str
) -> None:
    page = same_page(lang, width=390, height=844)
    answered(page)
    for shape in ("", *SHAPES):
        if shape:
            put(page, photos[shape], SHAPES[shape][0] / SHAPES[shape][1])
        answered(page)
        in_sight(page, page.locator("#compare-results .overlay").first, 1)
        (strip,) = in_sight(page, page.locator("#photo-chosen .chosen-photo"), 1)
        assert strip["bottom"] - strip["top"] <= 72
        wide(page)
    change = page.get_by_role("button", name=text(lang)("photo.change"), exact=True)
    expect(page.locator("#photo-input")).to_be_hidden()
    expect(change).to_have_attribute("aria-expanded", "false")
    change.click()
    expect(page.locator("#photo-input")).to_be_visible()
    expect(page.locator("#several-photos")).to_be_visible()
    expect(change).to_have_attribute("aria-expanded", "true")
    page.locator("#examples [data-example='lion']").click()
    expect(page.locator("#photo-input")).to_be_hidden()
    expect(page.locator("#photo-chosen")).to_contain_text(text(lang)("example.lion"))


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_on_a_projector_every_tab_is_in_sight_beside_the_photo(same_page: Open, lang: str) -> None:
    page = same_page(lang, width=1280, height=720)
    expect(page.locator("#tabs [role=tablist]")).to_have_attribute("data-more", "")
    edge = page.locator("#tab-column").bounding_box()
    last = page.get_by_role("tab").last.bounding_box()
    assert edge
    assert last
    assert last["x"] + last["width"] <= edge["x"] + edge["width"] + 1
    # Gradio's footer divides its one link from nothing.
    expect(page.locator("footer .divider")).to_be_hidden()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_phone_reaches_every_tab_by_its_name(
    open_page: Open, wide: Callable[[Page], None], lang: str
) -> None:
    page = open_page(lang, width=390, height=844)
    answered(page)
    tabs = page.get_by_role("tab")
    names = [text(lang)(f"tab.{topic.id}") for topic in TOPICS]
    assert tabs.all_inner_texts() == names
    assert page.locator("#tabs .overflow-menu").count() == 0
    bar = page.locator("#tabs [role=tablist]")
    expect(bar).to_have_attribute("data-more", "right")
    for topic, name in reversed(list(zip(TOPICS, names, strict=True))):
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_function(f"document.body.dataset.tab === '{topic.id}'")
        whole_in(page, bar, page.locator("#tabs [role=tab][aria-selected=true]"))
        wide(page)
    # A link opens its tab with its name in sight.
    page = open_page(lang, f"?tab={TOPICS[-1].id}", width=390, height=844)
    selected = page.locator("#tabs [role=tab][aria-selected=true]")
    expect(selected).to_have_text(names[-1])
    whole_in(page, page.locator("#tabs [role=tablist]"), selected)
    expect(page.locator("#tabs [role=tablist]")).to_have_attribute("data-more", "left")


def whole_in(page: Page, bar: Locator, tab: Locator) -> None:
    """Wait until the tab's name is in sight within the bar; it glides there."""
    page.wait_for_function(
        """([bar, tab]) => {
          const outer = bar.getBoundingClientRect(), inner = tab.getBoundingClientRect();
          return inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
        }""",
        arg=[bar.element_handle(), tab.element_handle()],
    )


def test_resnet_comes_before_densenet() -> None:
    assert [topic.id for topic in TOPICS] == [
        "compare",
        "closer",
        "residual",
        "densenet",
        "inception",
        "reduction",
        "choice",
        "train",
        "lesson",
    ]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_set_is_one_click(open_page: Open, lang: str) -> None:
    page = open_page(lang, width=1280, height=720)
    answered(page)

    def click(name: str) -> None:
        page.locator(f"#network-sets [data-set={name}]").click()
        expect(page.locator(f"#network-sets [data-set={name}]")).to_have_attribute(
            "aria-pressed", "true"
        )

    click("small")
    answered(page, FIVE[:4])
    page.wait_for_function("location.search.includes('imagenet=none')")
    expect(page.locator("[data-count='networks-panel']")).to_have_text("4")
    # Nothing answers at the mirror: each of the four says so, and nothing hangs.
    expect(page.locator("#network-sets [data-set=relatives]")).to_contain_text("287 MB")
    click("relatives")
    expect(page.locator("#compare-results .card")).to_have_count(4)
    for key, title in RELATIVES.items():
        notice = page.locator(f"[data-model={key}] .notice")
        expect(notice).to_contain_text(text(lang)("problem.needs_download", model=title))
    expect(page.locator(".fetching")).to_have_count(0)
    click("here")
    answered(page)
    # What needs a download says so in the choice, too.
    page.locator("[data-panel=networks-panel]").click()
    away = page.locator(".models label:has(input[name=resnet50])")
    expect(away).to_contain_text("103 MB")
    assert away.evaluate("(one) => getComputedStyle(one).borderTopStyle") == "dashed"
    page.keyboard.press("Escape")
    expect(page.locator("#networks-panel")).to_be_hidden()
