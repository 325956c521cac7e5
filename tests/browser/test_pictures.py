"""Photos keep their shape wherever they or a map are drawn, and a map lies where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
SIZES = {
    "9x16": (360, 640),
    "3x4": (480, 640),
    "1x1": (500, 500),
    "3x2": (600, 400),
    "4x1": (1000, 250),
    "8x1": (1200, 150),
}
FEWER = {
    5: (),
    4: ("efficientnet_lite0",),
    2: ("mini_googlenet", "mini_resnext"),
    1: ("mini_densenet",),
}
"""So many networks are left once these are taken away, too."""
WINDOWS = [(390, 844), (1280, 720), (1440, 900)]
TOLERANCE = 0.02

BOXES = """(root) => [...document.querySelectorAll(
    `:is(${root}) :is(.overlay, .framed, .mosaic, img:not(.mixing))`)]
  .filter((box) => box.getClientRects().length)
  .map((box) => {
    const {x, y, width, height} = box.getBoundingClientRect();
    const natural = box.naturalWidth ? box.naturalWidth / box.naturalHeight : 0;
    const heat = box.matches('.heat') ? box.parentElement.getBoundingClientRect() : null;
    return {kind: box.className, x, y, width, height, natural,
      within: heat && [heat.x, heat.y, heat.width, heat.height],
      shape: box.matches('.overlay, .framed') || Boolean(box.closest('#photo-input'))};
  })"""
"""Everything drawn under `root`: its box, the picture's own ratio, a map's photo. Not the matrix of
a 1x1 filter's weights, which is a table."""


SHOWN = """ratio => [...document.querySelectorAll("#photo-column .framed")].every((one) =>
  Math.abs(one.style.getPropertyValue("--ratio") / ratio - 1) < 0.002)"""
"""The photo column shows a photo of that ratio."""


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One photo of each shape: stripes, so that no two look alike."""
    folder = tmp_path_factory.mktemp("photos")
    paths = {}
    for number, (name, size) in enumerate(SIZES.items()):
        picture = Image.new("RGB", size, (150, 190, 225))
        ImageDraw.Draw(picture).ellipse(
            (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2), (60, 40 * number, 60)
        )
        paths[name] = folder / f"{name}.png"
        picture.save(paths[name])
    return paths


def put(page: Page, path: Path) -> None:
    """Upload the photo and wait until the page has read it."""
    key = page.locator("#photo-key textarea, #photo-key input").first
    expect(key).not_to_have_value("")
    before = key.input_value()
    page.locator('#photo-input input[type="file"]').set_input_files(str(path))
    expect(key).not_to_have_value(before)


def drawn(page: Page, root: str, count: int, ratio: float) -> list[dict[str, Any]]:
    """Everything under `root`, once `count` overlays have that ratio and their pictures."""
    page.wait_for_function(
        """([root, count, ratio]) => {
          const found = [...document.querySelectorAll(`:is(${root}) .overlay`)];
          const images = [...document.querySelectorAll(`:is(${root}) img`)];
          return found.length === count && images.every((one) => one.complete)
            && found.every((one) =>
              Math.abs(one.style.getPropertyValue('--ratio') / ratio - 1) < 0.002);
        }""",
        arg=[root, count, ratio],
    )
    return page.evaluate(BOXES, root)


def check(boxes: list[dict[str, Any]], ratio: float) -> int:
    """Every box has its picture's ratio; a map lies within its photo, square as it was seen."""
    photos = 0
    for box in boxes:
        shown = box["width"] / box["height"]
        if box["shape"]:
            assert shown == pytest.approx(ratio, rel=TOLERANCE), box
            photos += 1
        elif box["within"]:
            left, top, width, height = box["within"]
            assert shown == pytest.approx(1, rel=TOLERANCE), box
            assert left - 1 <= box["x"] <= box["x"] + box["width"] <= left + width + 1, box
            assert top - 1 <= box["y"] <= box["y"] + box["height"] <= top + height + 1, box
            # The middle of the photo is what a network is given.
            assert box["x"] + box["width"] / 2 == pytest.approx(left + width / 2, abs=1), box
            assert box["y"] + box["height"] / 2 == pytest.approx(top + height / 2, abs=1), box
        elif box["natural"]:
            assert shown == pytest.approx(box["natural"], rel=TOLERANCE), box
    return photos


def windows(page: Page) -> Iterator[None]:
    """A phone, a projector, a laptop in turn, each once the page has settled in it."""
    for width, height in WINDOWS:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(
            "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )
        yield


def test_cards_keep_the_photo_s_shape(
    open_page: Open, wide: Callable[[Page], None], photos: dict[str, Path]
) -> None:
    page = open_page(width=390)
    expect(page.locator("#compare-results .overlay")).to_have_count(5)
    for count, gone in FEWER.items():
        for network in gone:
            page.locator(f'.models input[name="{network}"]').dispatch_event("click")
        for name, (wide_px, high_px) in SIZES.items():
            put(page, photos[name])
            ratio = wide_px / high_px
            for _ in windows(page):
                assert check(drawn(page, "#compare-results", count, ratio), ratio) == count
                page.wait_for_function(SHOWN, arg=ratio)
                check(page.evaluate(BOXES, "#photo-column"), ratio)
                wide(page)


def test_the_grid_keeps_each_photo_s_shape(
    open_page: Open, wide: Callable[[Page], None], photos: dict[str, Path]
) -> None:
    page = open_page(width=390)
    expect(page.locator("#compare-results .overlay")).to_have_count(5)
    with page.expect_file_chooser() as chooser:
        page.locator("#several-photos").dispatch_event("click")
    chooser.value.set_files([str(path) for path in photos.values()])
    expect(page.locator("#photo-grid tbody tr")).to_have_count(len(SIZES))
    for _ in windows(page):
        for row, (wide_px, high_px) in enumerate(SIZES.values(), start=1):
            ratio = wide_px / high_px
            boxes = drawn(page, f"#photo-grid tbody tr:nth-child({row})", 5, ratio)
            # Each network's map and the photo at the row's head.
            assert check(boxes, ratio) == 5 + 1
        wide(page)


OTHERS = {
    # Four branches and the enlarged channel; both fields of view; four switches.
    "inception": [
        ("branches", "#in-branches", "#in-branches .branch", 5),
        ("field", "#in-field", "#in-field .field-view", 2),
        ("worth", "#in-worth", "#in-worth .worth", 4),
    ],
    "residual": [("sum", "#in-sum", "#in-sum .terms", 3)],
    "densenet": [("growth", "[data-maps]", "#dense-growth .dense-growth", 1)],
}
"""Scene, what holds its pictures, what is there once it has answered, how many photos it shows."""


@pytest.mark.parametrize("tab", OTHERS)
def test_the_other_tabs_keep_the_photo_s_shape(
    open_page: Open, wide: Callable[[Page], None], photos: dict[str, Path], tab: str
) -> None:
    page = open_page(width=390, query=f"?tab={tab}&scene={OTHERS[tab][0][0]}")
    for place, (scene, root, ready, count) in enumerate(OTHERS[tab]):
        if place:
            page.locator(f"[data-open-scene={scene}]").click()
        page.wait_for_selector(ready)
        if tab == "densenet":
            page.locator("#dense-preset label:has(input[value='mini_densenet'])").click()
            expect(page.locator("#dense-growth .dense-growth")).to_have_attribute(
                "data-steps", "24"
            )
            page.locator("[data-do=back]").click()
            page.locator(".dg-maps").click()
        for name, (wide_px, high_px) in SIZES.items():
            put(page, photos[name])
            ratio = wide_px / high_px
            for _ in windows(page):
                assert check(drawn(page, root, count, ratio), ratio) == count
                wide(page)
