"""Every scene of every topic: in the window, legible at the back, walked by keys, heard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from gradio_client import Client
from playwright.sync_api import Page, TimeoutError, expect

from demo.page.scene import Scene
from demo.page.shell import all_scenes
from demo.text import text
from demo.topics.order import TOPICS
from tests.browser.spoken import english, spoken

SCENES = all_scenes(TOPICS)

Open = Callable[..., Page]
LAPTOPS = [(1280, 720), (1440, 900)]
PHONE = (390, 844)
FITTED = 10_000
"""Milliseconds after which what is still misplaced, or small, counts as wrong; it takes frames."""
GRADIOS_OWN = {"aria-prohibited-attr": ['<div aria-label="Empty value" class="empty']}
"""Findings in markup that Gradio writes, rule and part of the node: a plot still to come."""

# Picture and sentence, and whether they lie in the window as they should: whole on a wide one, and
# in the presentation view large; begun on a phone, and no wider than it.
BOXES = """
id => {
  const scene = document.querySelector(`[data-scene="${id}"]`);
  const sentence = scene.querySelector(".scene-sentence");
  const { top, bottom, left, right, height } =
    scene.querySelector("[data-picture]").getBoundingClientRect();
  const below = sentence.getBoundingClientRect().bottom;
  const least = document.body.classList.contains("presentation") ? 0.6 * innerHeight : 100;
  const high = innerWidth < 900 ? top < innerHeight
    : Math.max(bottom, below) <= innerHeight + 1 && height >= least;
  const well = sentence.textContent.trim() && left >= -1 && right <= innerWidth + 1 && high;
  return { well: Boolean(well), boxes: [innerWidth, top, bottom, left, right, below] };
}
"""

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"

# Of each line of text in the picture: how tall its type is on the screen.
SMALL_TYPE = """
([id, least]) => {
  const picture = document.querySelector(`[data-scene="${id}"] [data-picture]`);
  const small = new Map();
  const walker = document.createTreeWalker(picture, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || parent.closest("style, title, script, .sr-only")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const seen = parent.checkVisibility({ visibilityProperty: true });
    if (!seen || !range.getClientRects().length) continue;
    const drawn = parent.closest("svg") && parent.getScreenCTM();
    const scale = drawn ? Math.hypot(drawn.a, drawn.b) : parent.currentCSSZoom;
    const size = parseFloat(getComputedStyle(parent).fontSize) * scale;
    if (size < least - 0.5) small.set(node.data.trim().slice(0, 30), Math.round(size * 10) / 10);
  }
  return [...small].slice(0, 8);
}
"""


def settled(page: Page, scene: Scene) -> None:
    """The scene is on the screen with its answer, and fitted."""
    stage = page.locator(f'[data-scene="{scene.id}"]')
    expect(stage).to_be_visible()
    expect(stage.locator(".scene-sentence")).not_to_have_text("")
    expect(stage.locator("[data-picture]").first).to_be_visible()
    expect(stage).not_to_have_attribute("aria-busy", "true")
    page.evaluate(
        "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def misplaced(page: Page, scene: Scene, *sizes: tuple[int, int]) -> list[tuple[Any, ...]]:
    """Windows in which picture and sentence do not come to lie where they should."""
    wrong: list[tuple[Any, ...]] = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        settled(page, scene)
        try:
            page.wait_for_function(f"id => ({BOXES})(id).well", arg=scene.id, timeout=FITTED)
        except TimeoutError:
            wrong.append((scene.id, *page.evaluate(BOXES, scene.id)["boxes"]))
    return wrong


def scenes_of(topic: str) -> list[Scene]:
    return [scene for scene in SCENES if scene.topic == topic]


def barriers(page: Page, scene: Scene, minor: bool) -> list[tuple[str, ...]]:
    """What axe finds on the page: what is serious or critical, or all with `minor`."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        (scene.id, one["id"], node["html"][:160])
        for one in found
        if minor or one["impact"] in ("serious", "critical")
        for node in one["nodes"]
        if not any(part in node["html"] for part in GRADIOS_OWN.get(one["id"], ()))
    ]


def headings(page: Page) -> list[int]:
    """Levels of the headings that are on the page, in order."""
    return page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(
        "all => all.filter(one => one.checkVisibility()).map(one => +one.tagName[1])"
    )


def sideways(page: Page, *sizes: tuple[int, int]) -> list[int]:
    """Widths at which the page scrolls sideways, once it is fitted."""
    wide: list[int] = []
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        try:
            page.wait_for_function(FITS, timeout=FITTED)
        except TimeoutError:
            wide.append(width)
    return wide


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ja", "dark")])
@pytest.mark.parametrize("topic", [topic.id for topic in TOPICS])
def test_each_scene_lies_in_the_window_and_keeps_nobody_out(
    open_page: Open, topic: str, lang: str, theme: str
) -> None:
    scenes = scenes_of(topic)
    query = f"?tab={topic}&scene={scenes[0].id}&__theme={theme}&example=ship"
    page = open_page(lang, query, width=1280, height=720)
    wrong: list[tuple[Any, ...]] = []
    for number, scene in enumerate(scenes):
        if number:
            page.locator(f"#scenes-{topic} [data-scene-step='1']").click()
        wrong += misplaced(page, scene, *LAPTOPS, PHONE)
        wrong += [(scene.id, "sideways", width) for width in sideways(page, PHONE, *LAPTOPS)]
        page.set_viewport_size({"width": 1280, "height": 720})
        settled(page, scene)
        expect(page.locator("#compare-results .skeleton:visible")).to_have_count(0)
        wrong += barriers(page, scene, minor=not number)
        levels = headings(page)
        assert levels[:2] == [1, 2]
        assert levels.count(1) == 1
        assert all(b <= a + 1 for a, b in pairwise(levels)), (scene.id, levels)
        if lang == "ja":
            wrong += [(scene.id, "English", said) for said in english(spoken(page))]
    wrong += from_the_back_row(page, scenes)
    assert wrong == []


def from_the_back_row(page: Page, scenes: list[Scene]) -> list[tuple[Any, ...]]:
    """What is misplaced or small in the presentation view, walked by key from the last scene."""
    wrong: list[tuple[Any, ...]] = []
    page.locator(".page-tools [data-presentation]").click()
    for scene in reversed(scenes):
        while page.evaluate("document.body.dataset.onScene") != scene.id:
            # A scene that has steps of its own takes them first.
            page.keyboard.press("ArrowLeft")
        wrong += misplaced(page, scene, (1280, 720))
        small = [scene.id, 20]
        try:
            page.wait_for_function(f"arg => !({SMALL_TYPE})(arg).length", arg=small, timeout=FITTED)
        except TimeoutError:
            wrong.append((scene.id, page.evaluate(SMALL_TYPE, small)))
    for gone in (".page-head", "#photo-column", "#tabs > .tab-wrapper", ".scene-controls"):
        expect(page.locator(f"{gone}:visible")).to_have_count(0)
    place = page.locator(".stage-bar [data-stage-place]")
    expect(place).to_contain_text(str(len(scenes)))
    page.keyboard.press("Escape")
    expect(page.locator(".page-head")).to_be_visible()
    return wrong


def test_the_keyboard_alone_goes_to_another_topic_changes_it_and_comes_back(
    open_page: Open,
) -> None:
    page = open_page("en", "?example=ship")
    first = page.evaluate("document.body.dataset.onScene")
    settled(page, next(scene for scene in SCENES if scene.id == first))
    ids = [scene.id for scene in SCENES]
    goal = ids.index("off")
    for step in range(ids.index(first), goal):
        page.keyboard.press("ArrowRight")
        expect(page.locator(f'[data-scene="{ids[step + 1]}"]')).to_be_visible()
    page.wait_for_function("location.search.includes('tab=residual&scene=off')")
    settled(page, SCENES[goal])
    focused = "document.activeElement.dataset.pick"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "shortcut":
            break
    assert page.evaluate(focused) == "shortcut"
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('residual_off=shortcut')")
    expect(page.locator('[data-scene="off"] .moved')).to_contain_text("points")
    for step in range(goal, ids.index(first), -1):
        page.keyboard.press("ArrowLeft")
        expect(page.locator(f'[data-scene="{ids[step - 1]}"]')).to_be_visible()
    page.wait_for_function(f"location.search.includes('scene={first}')")


def test_a_closed_scene_computes_nothing(open_page: Open) -> None:
    page = open_page("en", "?tab=residual&scene=sum&example=ship")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.post_data or "") if "join" in one.url else None)
    settled(page, next(scene for scene in SCENES if scene.id == "sum"))
    shown = page.locator("[data-scene] [data-picture] .heat")
    expect(shown).to_have_count(3)
    before = page.locator('[data-scene="sum"] .scene-sentence').inner_text()
    page.keyboard.press("ArrowRight")
    settled(page, next(scene for scene in SCENES if scene.id == "forms"))
    calls = len(asked)
    page.keyboard.press("ArrowLeft")
    settled(page, next(scene for scene in SCENES if scene.id == "sum"))
    # It is as it was, and nobody was asked again.
    assert page.locator('[data-scene="sum"] .scene-sentence').inner_text() == before
    assert len(asked) == calls


def test_a_scene_is_busy_until_its_newest_question_is_answered(open_page: Open) -> None:
    page = open_page("en", "?tab=reduction&scene=calculator&example=ship")
    settled(page, next(scene for scene in SCENES if scene.id == "calculator"))
    scene = page.locator("#scene-calculator")

    def tell(call: str) -> str | None:
        page.evaluate(f"() => {{ {call} }}")
        return scene.get_attribute("aria-busy")

    first = "four.asks('calculator', -1, null, '', 1);"
    assert tell(first) == "true"
    assert tell("four.begun('calculator', -1, []);") == "true"
    # Asked again, twice, while the first answer is on its way: the last one is sent after it.
    assert tell("four.asks('calculator', -1, null, '[1]', 2);") == "true"
    assert tell("four.asks('calculator', -1, null, '[2]', 3);") == "true"
    assert tell("four.answered('calculator', -1);") == "true"
    assert tell("four.begun('calculator', -1, []);") == "true"
    assert tell("four.answered('calculator', -1);") == "false"
    # Gradio may send two at once.
    assert tell("four.asks('calculator', -1, null, '[3]', 4); four.begun('calculator', -1, []);")
    assert tell("four.asks('calculator', -1, null, '[4]', 5); four.begun('calculator', -1, []);")
    assert tell("four.answered('calculator', -1);") == "true"
    assert tell("four.answered('calculator', -1);") == "false"
    # Of two parts either keeps it busy; what is stopped keeps nobody waiting.
    assert tell(f"{first} four.asks('calculator', -2, null, '', 1);") == "true"
    assert tell("four.begun('calculator', -1, []); four.answered('calculator', -1);") == "true"
    assert tell("four.stopped('calculator');") == "false"
    assert tell("four.answered('calculator', -2);") == "false"


def test_what_was_there_from_the_start_is_not_asked_for(open_page: Open) -> None:
    page = open_page("en", "?tab=reduction&scene=calculator&example=ship")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.post_data or "") if "join" in one.url else None)
    settled(page, next(scene for scene in SCENES if scene.id == "calculator"))
    page.wait_for_function("document.body.dataset.photo === 'example'")
    page.locator('#scenes-reduction [data-open-scene="builder"]').click()
    settled(page, next(scene for scene in SCENES if scene.id == "builder"))
    calls = len(asked)
    number = page.locator("#builder-ch5x5_reduce input[type=number]")
    drawn = page.locator("#in-builder [data-weights]")
    expect(drawn).to_have_attribute("data-weights", "163328")
    number.fill("17")
    number.press("Enter")
    expect(drawn).to_have_attribute("data-weights", str(163328 + 192 + 25 * 32))
    # Back at the beginning it is asked for as anything else is.
    changed = len(asked)
    assert changed == calls + 1
    number.fill("16")
    number.press("Enter")
    expect(drawn).to_have_attribute("data-weights", "163328")
    assert len(asked) == changed + 1


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_endpoint_lists_them_in_order(app_url: str, lang: str) -> None:
    listed = Client(app_url, verbose=False).predict(lang, api_name="/scenes")
    assert [one["scene"] for one in listed] == [scene.id for scene in SCENES]
    assert listed[0] == {
        "topic": "compare",
        "scene": "photo",
        "title": SCENES[0].title(text(lang)),
        "needs": ["photo", "weights"],
    }


@pytest.mark.parametrize(
    ("topic", "last", "size"), [("densenet", "rate", PHONE), ("closer", "fool", LAPTOPS[0])]
)
def test_the_open_scenes_name_is_whole(
    open_page: Open, topic: str, last: str, size: tuple[int, int]
) -> None:
    page = open_page("en", f"?tab={topic}", *size)
    name = page.locator(f"#scenes-{topic} [data-open-scene={last}]")
    name.click()
    page.mouse.move(0, 0)
    expect(name).to_have_attribute("aria-current", "step")
    # A pixel for the rounding of where a list is scrolled to.
    assert name.evaluate("""async (name) => {
      await Promise.all(name.getAnimations().map((motion) => motion.finished));
      const [own, list] = [name, name.closest("ol")].map((one) => one.getBoundingClientRect());
      return own.left >= list.left - 1 && own.right <= list.right + 1;
    }""")
