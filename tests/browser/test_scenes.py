"""Every scene of every topic: in the window, legible at the back, walked by keys, heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from gradio_client import Client
from playwright.sync_api import Page, expect

from demo.page.scene import Scene
from demo.page.shell import all_scenes
from demo.text import text
from demo.topics.order import TOPICS

SCENES = all_scenes(TOPICS)

Open = Callable[..., Page]
LAPTOPS = [(1280, 720), (1440, 900)]
PHONE = (390, 844)

MEASURE = """
id => {
  const scene = document.querySelector(`[data-scene="${id}"]`);
  const picture = scene.querySelector("[data-picture]");
  const sentence = scene.querySelector(".scene-sentence");
  const box = (one) => {
    const { top, bottom, left, right, height } = one.getBoundingClientRect();
    return { top, bottom, left, right, height };
  };
  return { picture: box(picture), sentence: box(sentence), words: sentence.textContent.trim() };
}
"""

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


def measured(page: Page, scene: Scene, size: tuple[int, int]) -> dict[str, Any]:
    """Boxes of picture and sentence in a window of that size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    settled(page, scene)
    return page.evaluate(MEASURE, scene.id)


def scenes_of(topic: str) -> list[Scene]:
    return [scene for scene in SCENES if scene.topic == topic]


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("topic", [topic.id for topic in TOPICS])
def test_picture_and_sentence_lie_in_the_window(open_page: Open, topic: str, lang: str) -> None:
    scenes = scenes_of(topic)
    page = open_page(
        lang, f"?tab={topic}&scene={scenes[0].id}&example=ship", width=1280, height=720
    )
    wrong: list[tuple[Any, ...]] = []
    for number, scene in enumerate(scenes):
        if number:
            page.locator(f"#scenes-{topic} [data-scene-step='1']").click()
        for width, height in LAPTOPS:
            found = measured(page, scene, (width, height))
            picture, sentence = found["picture"], found["sentence"]
            assert found["words"]
            if max(picture["bottom"], sentence["bottom"]) > height + 1 or picture["height"] < 100:
                wrong.append((scene.id, width, picture, sentence))
            if picture["left"] < -1 or picture["right"] > width + 1:
                wrong.append((scene.id, width, picture))
        picture = measured(page, scene, PHONE)["picture"]
        if picture["top"] >= PHONE[1] or picture["left"] < -1 or picture["right"] > PHONE[0] + 1:
            wrong.append((scene.id, PHONE[0], picture))
        page.set_viewport_size({"width": 1280, "height": 720})
    assert wrong == []


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("topic", [topic.id for topic in TOPICS])
def test_the_back_row_sees_each_scene(open_page: Open, topic: str, lang: str) -> None:
    scenes = scenes_of(topic)
    query = f"?tab={topic}&scene={scenes[0].id}&example=ship&view=presentation"
    page = open_page(lang, query, width=1280, height=720)
    wrong: list[tuple[Any, ...]] = []
    for number, scene in enumerate(scenes):
        while number and page.evaluate("document.body.dataset.onScene") != scene.id:
            # A scene that has steps of its own takes them first.
            page.keyboard.press("ArrowRight")
        found = measured(page, scene, (1280, 720))
        picture, sentence = found["picture"], found["sentence"]
        if picture["height"] < 0.6 * 720 or max(picture["bottom"], sentence["bottom"]) > 721:
            wrong.append((scene.id, picture, sentence))
        if small := page.evaluate(SMALL_TYPE, [scene.id, 20]):
            wrong.append((scene.id, small))
    assert wrong == []
    for gone in (".page-head", "#photo-column", "#tabs > .tab-wrapper", ".scene-controls"):
        expect(page.locator(f"{gone}:visible")).to_have_count(0)
    place = page.locator(".stage-bar [data-stage-place]")
    expect(place).to_contain_text(str(len(scenes)))
    page.keyboard.press("Escape")
    expect(page.locator(".page-head")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("topic", [topic.id for topic in TOPICS])
def test_axe_finds_nothing_that_keeps_anybody_out(open_page: Open, topic: str, theme: str) -> None:
    scenes = scenes_of(topic)
    page = open_page("en", f"?tab={topic}&scene={scenes[0].id}&__theme={theme}&example=ship")
    wrong = []
    for number, scene in enumerate(scenes):
        if number:
            page.locator(f"#scenes-{topic} [data-scene-step='1']").click()
        settled(page, scene)
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        wrong += [
            (scene.id, one["id"], node["html"][:120])
            for one in violations
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
    assert wrong == []


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
