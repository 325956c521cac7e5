"""The lesson in the browser: every chapter is done by doing it, progress stays, keys walk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from demo.page.chapters import chapters
from tests.browser.spoken import english, spoken

Open = Callable[..., Page]
CHAPTERS = {one.id: one for one in chapters()}


def typed(page: Page, where: str, number: str) -> None:
    box = page.locator(f"{where} input[type=number]")
    box.fill(number)
    box.press("Enter")


def both_lanes(page: Page) -> None:
    last = page.locator("#scene-passage .lane-cells").first.locator("figure").count()
    for _ in range(last):
        page.locator("#scene-passage [data-do=forward]").click()


def own_numbers(page: Page) -> None:
    if page.locator("#dense-k input[type=number]").count() == 0:
        page.locator("#dense-own > button").click()
        # Opened again: Gradio sets a slider once more just after its fold opens.
        page.locator("[data-chapter-again]").click()
        ready(page, page.evaluate("document.body.dataset.chapter"))


def rate(page: Page) -> None:
    own_numbers(page)
    typed(page, "#dense-k", "24")


def squeezed(page: Page) -> None:
    own_numbers(page)
    typed(page, "#dense-theta", "0.75")


def run_with(page: Page, rate: str) -> None:
    field = page.locator("#code-form input[name=growth_rate]")
    field.fill(rate)
    field.press("Enter")
    expect(page.locator("#in-code output")).to_contain_text(f"[1, {64 + int(rate)}, 56, 56]")


ACTS: dict[str, Callable[[Page], None]] = {
    "addition": both_lanes,
    "dense": lambda page: typed(page, "#reads-layer", "6"),
    "growth": rate,
    "transition": squeezed,
    "densenet121": lambda page: page.locator("#dense-told [data-do=last]").click(),
    "code": lambda page: run_with(page, "24"),
    "pretrained": lambda page: page.locator("input[value=block]").first.click(),
    "idea": lambda page: page.locator('#in-branches [data-branch="5x5"] [data-pick]').first.click(),
    "pointwise": lambda page: typed(page, "#reduction-r", "16"),
    "module": lambda page: typed(page, "#builder-ch5x5_reduce", "16"),
    "v3": lambda page: page.locator("#inception-strip [data-pick=Mixed_7c]").click(),
    "resnext": lambda page: page.locator('#residual-strip [data-pick="stage4.3"]').click(),
    "cardinality": lambda page: page.locator(
        "#cardinality-preset label:has(input[value='32x4'])"
    ).click(),
    "comparison": lambda page: page.locator(
        "#choice-preset label:has(input[value=competition])"
    ).click(),
}
NEAR = {
    "code": lambda page: run_with(page, "25"),
    "dense": lambda page: typed(page, "#reads-layer", "5"),
    "pointwise": lambda page: typed(page, "#reduction-r", "17"),
    "module": lambda page: typed(page, "#builder-ch5x5_reduce", "17"),
}
"""What is almost right."""


def ready(page: Page, name: str) -> None:
    """The chapter is open beside its scene, which shows its answer."""
    expect(page.locator(f'.guide [data-chapter="{name}"]')).to_be_visible()
    stage = page.locator(f'[data-scene="{CHAPTERS[name].scene}"]')
    expect(stage).to_be_visible()
    expect(stage.locator(".scene-sentence")).not_to_have_text("")
    page.wait_for_function("four.pathReady()")


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_every_chapter_is_done_by_doing_it(open_page: Open, lang: str) -> None:
    page = open_page(lang, "?example=ship", width=1280, height=720)
    page.wait_for_function("document.body.dataset.photo === 'example'")
    page.locator("[data-begin-path]").click()
    for name in CHAPTERS:
        page.locator(f'[data-open-chapter="{name}"]').click()
        ready(page, name)
        article = page.locator(f'.guide [data-chapter="{name}"]')
        if name in NEAR:
            NEAR[name](page)
            expect(page.locator(f'[data-scene="{CHAPTERS[name].scene}"]')).to_have_attribute(
                "aria-busy", "false"
            )
        expect(article.locator(".guide-done")).to_be_hidden()
        ACTS[name](page)
        expect(article.locator(".guide-done")).to_be_visible()
        if lang == "ja":
            assert english(spoken(page)) == []
        told = article.locator(".guide-done").inner_text()
        expect(page.locator(".guide-said")).to_have_text(told)
    expect(page.locator("[data-open-chapter][data-passed]")).to_have_count(len(CHAPTERS))
    # What is done stays done, and the link opens the chapter.
    page.reload()
    expect(page.locator('.guide [data-chapter="comparison"]')).to_be_visible()
    expect(page.locator("[data-open-chapter][data-passed]")).to_have_count(len(CHAPTERS))


def test_a_link_to_a_chapter_and_the_keyboard(open_page: Open) -> None:
    page = open_page("en", "?chapter=v3", width=1280, height=720)
    ready(page, "v3")
    page.keyboard.press("ArrowRight")
    ready(page, "resnext")
    focused = "document.activeElement.dataset.pick"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(focused) == "stage4.3":
            break
    page.keyboard.press("Enter")
    expect(page.locator('.guide [data-chapter="resnext"] .guide-done')).to_be_visible()
    page.locator("[data-leave-path]").click()
    expect(page.locator(".guide")).to_be_hidden()
    expect(page.locator("#scenes-residual")).to_be_visible()
    page.wait_for_function("!location.search.includes('chapter')")


@pytest.mark.parametrize(("lang", "theme"), [("en", "light"), ("ja", "dark")])
def test_the_guide_keeps_nobody_out(
    open_page: Open, wide: Callable[[Page], None], lang: str, theme: str
) -> None:
    page = open_page(lang, f"?chapter=dense&__theme={theme}", width=1280, height=720)
    ready(page, "dense")
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
    for width, height in ((1280, 720), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        wide(page)
