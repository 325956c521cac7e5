"""A scene's picture saved as a file: whole, light, with its words, by the browser alone."""

from __future__ import annotations

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from demo.drawing.colormaps import paint
from tests.browser.conftest import PATIENCE
from tests.browser.drawn_scenes import SCENES, page

ADDRESS = "http://127.0.0.1:9/"
"""Nothing listens there: every answer is given by the test."""
SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = {
    "block": {"32 × 32 × 32", "64 × 32 × 32", "1×1", "32 → 16", "5×5", "max pool"},
    "growth": {"1,024", "512", "Classifier", "→ 1,000"},
    "reuse": {"input", "12", "reading layer →", "transition ↑", "0", "2.40"},
    "chart": {"DenseNet-161", "ResNeXt-101 32x8d", "84", "0.2", "Accuracy (top-1, %)"},
    "calculator": {"589,824", "163,840", "462 M", "128 M", "1×1: 256 → 64", "230"},
}
"""Of the scenes that are drawings, some of the words and numbers in them."""
PHOTOS = ("sum", "several")
INK = "#1c232c"

BOXES = """() => {
  const whole = document.documentElement.viewBox.baseVal;
  const scale = document.documentElement.getScreenCTM().a;
  return [...document.querySelectorAll('text, rect, path, polygon, circle, line, image')]
    .filter((one) => !one.closest('defs'))
    .map((one) => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return [left / scale, top / scale, whole.width - right / scale,
        whole.height - bottom / scale, one.outerHTML];
    });
}"""
"""How far each part lies within the view box, at its four sides."""


@pytest.fixture(scope="module")
def written() -> str:
    return page()


@pytest.fixture(scope="module")
def scenes(browser: Browser, written: str) -> Iterator[Callable[..., Page]]:
    """scenes(width=390, dark=True): the page of scenes, opened once, or anew where it is `changed`.

    At the end: no error on it, and nothing was asked of anybody.
    """
    complaints: list[str] = []
    pages: dict[tuple[int, bool], Page] = {}

    def opened(width: int, dark: bool) -> Page:
        new = browser.new_page(viewport={"width": width, "height": 720})
        new.set_default_timeout(PATIENCE)
        new.on("pageerror", lambda error: complaints.append(f"page error: {error}"))
        new.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        new.route("**/*", lambda route: route.fulfill(body=written, content_type="text/html"))
        new.goto(ADDRESS)
        expect(new.locator("body[data-charted]")).to_be_attached()
        expect(new.locator("[data-cell]")).to_have_count(91)
        new.on(
            "request",
            lambda request: (
                None
                if request.url.startswith(("data:", "blob:"))
                else complaints.append(request.url)
            ),
        )
        if dark:
            new.evaluate("document.body.classList.add('dark')")
        return new

    def one(width: int = 1280, dark: bool = False, changed: bool = False) -> Page:
        if changed or (width, dark) not in pages:
            key = (-len(pages) if changed else width, dark)
            pages[key] = opened(width, dark)
            return pages[key]
        return pages[width, dark]

    yield one
    for page in pages.values():
        page.close()
    assert complaints == []


def saved(opened: Page, scene: str, kind: str) -> bytes:
    with opened.expect_download() as download:
        opened.evaluate(
            """([scene, kind]) =>
              four.savePicture(document.querySelector(`[data-scene="${scene}"]`), kind)""",
            [scene, kind],
        )
    topic = next(topic for topic, name in SCENES if name == scene)
    assert download.value.suggested_filename == f"{topic}-{scene}.{kind}"
    return Path(download.value.path()).read_bytes()


def drawing(opened: Page, scene: str) -> ET.Element:
    return ET.fromstring(saved(opened, scene, "svg"))


def picture(opened: Page, scene: str) -> np.ndarray[Any, Any]:
    """(H, W, 3), as it was saved."""
    image = Image.open(io.BytesIO(saved(opened, scene, "png")))
    assert image.format == "PNG"
    assert np.asarray(image.convert("RGBA"))[..., 3].min() == 255
    return np.asarray(image.convert("RGB"))


def said(root: ET.Element) -> list[str]:
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def test_what_can_be_saved_depends_on_what_the_picture_is(scenes: Callable[..., Page]) -> None:
    kinds = scenes().evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-scene]')]
          .map((scene) => [scene.dataset.scene, four.pictureKinds(scene)]))"""
    )
    assert kinds == {
        **{scene: ["png", "svg"] for scene in DRAWINGS},
        **{scene: ["png"] for scene in PHOTOS},
    }


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scene", DRAWINGS)
def test_a_drawing_holds_its_words_and_nothing_is_cut(
    scenes: Callable[..., Page], browser: Browser, scene: str, width: int
) -> None:
    opened = scenes(width)
    text = saved(opened, scene, "svg").decode()
    root = ET.fromstring(text)
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {
        *("svg", "g", "defs", "title", "desc", "text", "tspan", "marker", "clipPath"),
        *("linearGradient", "stop", "rect", "path", "polygon", "circle", "line"),
    }
    words = said(root)
    _, title, sentence = next(one for (_, name), one in SCENES.items() if name == scene)
    assert "".join(words).startswith(title)
    assert sentence.replace(" ", "") in "".join(words).replace(" ", "")
    missing = DRAWINGS[scene] - set(words)
    assert missing <= ({"32 → 16", "1×1: 256 → 64", "12"} if width == 390 else set())
    # What colour it has is known where no style sheet is.
    assert re.findall(r"var\(|color-mix|oklab|class=|foreignObject|NaN|undefined", text) == []
    alone = browser.new_page(viewport={"width": 1600, "height": 900})
    alone.route("**/*", lambda route: route.fulfill(body=text, content_type="image/svg+xml"))
    alone.goto(ADDRESS)
    outside = [box for box in alone.evaluate(BOXES) if min(box[:4]) < -0.5]
    alone.close()
    assert outside == []


@pytest.mark.parametrize("scene", [*DRAWINGS, *PHOTOS])
def test_a_png_is_large_and_light_from_a_dark_page(scenes: Callable[..., Page], scene: str) -> None:
    seen = picture(scenes(dark=True), scene)
    assert seen.shape[1] >= 1600
    border = np.concatenate([seen[:8].reshape(-1, 3), seen[-8:].reshape(-1, 3)])
    assert border.min() == 255
    dark = (seen < 80).all(axis=2).mean()
    assert 0.002 < dark < 0.2


def test_the_dark_page_gives_the_light_page_s_drawing(scenes: Callable[..., Page]) -> None:
    for scene in DRAWINGS:
        light, dark = (saved(scenes(dark=dark), scene, "svg").decode() for dark in (False, True))
        assert dark == light
        assert INK in light


def test_the_page_is_as_before_and_dark(scenes: Callable[..., Page]) -> None:
    opened = scenes(390, dark=True, changed=True)
    opened.evaluate("document.querySelector('.scrolled').scrollLeft = 70; scrollTo(0, 900)")
    state = """() => [document.documentElement.outerHTML, scrollY,
      document.querySelector('.scrolled').scrollLeft, getComputedStyle(document.body).color]"""
    before = opened.evaluate(state)
    assert before[1:] == [900, 70, "rgb(233, 237, 242)"]
    for scene in (*DRAWINGS, *PHOTOS):
        saved(opened, scene, "png")
        assert opened.evaluate(state) == before


def test_a_map_has_its_colours_and_lies_on_its_photo(scenes: Callable[..., Page]) -> None:
    seen = picture(scenes(), "sum").astype(int)
    # F(x) + x is 1 everywhere: the hottest colour, at the opacity of the page, over the blue sky.
    hot = paint(np.array(1.0), "inferno").astype(int)
    height, width = seen.shape[:2]
    third = seen[
        round(height * 0.25) : round(height * 0.6), round(width * 0.72) : round(width * 0.95)
    ]
    assert np.abs(np.median(third, axis=(0, 1)) - (0.85 * hot + 0.15 * 140)).max() < 12
    # Where the shortcut carries nothing the photo is what it was: a blue sky.
    sky = seen[round(height * 0.2) :, round(width * 0.06) : round(width * 0.12)][:100]
    red, _, blue = np.median(sky, axis=(0, 1))
    assert blue - red > 60


def test_scrolled_content_is_whole(scenes: Callable[..., Page]) -> None:
    opened = scenes(390)
    grid = opened.locator(".scrolled")
    assert grid.evaluate("(one) => [one.scrollWidth, one.clientWidth]") == [560, 366]
    seen = picture(opened, "several")
    # The last network's colour is under its name, at the right border of the table.
    orange = (np.abs(seen.astype(int) - (179, 92, 0)) < 6).all(axis=2)
    rows, columns = np.nonzero(orange)
    line = columns[rows == np.bincount(rows).argmax()]
    assert 0.18 < (line.max() - line.min()) / seen.shape[1] < 0.3
    assert line.max() < seen.shape[1] - 20


def test_controls_are_no_part_of_the_picture(scenes: Callable[..., Page]) -> None:
    opened = scenes()
    words = said(drawing(opened, "growth"))
    assert [word for word in words if "Play" in word or word.startswith("Speed")] == []
    assert "link" not in said(drawing(opened, "block"))


def test_japanese_words_keep_to_their_language(scenes: Callable[..., Page]) -> None:
    opened = scenes(changed=True)
    opened.evaluate("document.documentElement.lang = 'ja'")
    root = drawing(opened, "reuse")
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "ja"
    assert said(root)[0] == "どの層がどの層を読むか"
    assert "Noto Sans JP" in root.get("font-family", "")


def test_where_a_browser_cannot_the_scene_says_so(scenes: Callable[..., Page]) -> None:
    opened = scenes(changed=True)
    opened.evaluate("() => { HTMLCanvasElement.prototype.toBlob = (done) => done(null); }")
    scene = opened.locator('[data-scene="block"]')
    scene.evaluate("(scene) => four.savePicture(scene, 'png')")
    expect(scene.get_by_role("alert")).to_have_text(
        "This browser could not make the picture. A screenshot helps for now, or another browser."
    )
    saved(opened, "block", "svg")
    expect(scene.get_by_role("alert")).to_have_count(0)


def test_what_is_fitted_to_a_window_is_saved_at_its_own_size(scenes: Callable[..., Page]) -> None:
    opened = scenes(changed=True)
    before = saved(opened, "calculator", "svg")
    shown = opened.locator('[data-scene="calculator"] [data-picture]')
    shown.evaluate("(one) => { one.style.zoom = 0.6; }")
    assert saved(opened, "calculator", "svg") == before
    assert shown.evaluate("(one) => one.style.zoom") == "0.6"
