"""Inside DenseNet: the stack grows in the page, the matrix opens, links are cut."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]
DIAGRAM = "#dense-growth .dense-growth"


def opened(open_page: Open, lang: str = "en", query: str = "", **size: int) -> Page:
    page = open_page(lang, f"?tab=densenet&scene=growth{query}", **size)
    page.wait_for_selector(f"{DIAGRAM} .dg-stage svg")
    return page


def scene(open_page: Open, name: str, there: str, lang: str = "en", query: str = "") -> Page:
    page = open_page(lang, f"?tab=densenet&scene={name}{query}")
    page.wait_for_selector(there)
    return page


def choose(page: Page, group: str, value: str) -> None:
    page.locator(f"{group} label:has(input[value='{value}'])").click()


def steps(page: Page, count: int) -> None:
    """Wait for a diagram of that many steps."""
    expect(page.locator(DIAGRAM)).to_have_attribute("data-steps", str(count))


def watch_steps(page: Page) -> None:
    """From now on window.visited holds every step that the diagram shows."""
    page.evaluate(
        """selector => {
          window.visited = [];
          const diagram = document.querySelector(selector);
          const sum = () => diagram.querySelector('.dg-sum').innerText.replace(/\\s+/g, ' ').trim();
          new MutationObserver(() => {
            const {step, steps, channels} = diagram.dataset;
            window.visited.push({at: step, steps, channels, sum: sum()});
          }).observe(diagram, {attributeFilter: ['data-step']});
        }""",
        DIAGRAM,
    )


def equation(page: Page) -> str:
    return re.sub(r"\s+", " ", page.locator(".dg-sum").inner_text()).strip()


def test_densenet_201_plays_to_its_end(
    open_page: Open, wide_everywhere: Callable[[Page], None]
) -> None:
    page = opened(open_page)
    choose(page, "#dense-preset", "densenet201")
    steps(page, 1 + 98 + 3 + 1)
    watch_steps(page)
    page.locator("#dense-told [data-do=first]").click()
    page.locator(".dg-speed select").select_option("4")
    page.locator("#dense-told [data-do=play]").click()
    expect(page.locator(DIAGRAM)).to_have_attribute("data-step", "102", timeout=180_000)
    visited = page.evaluate("window.visited")
    assert [int(step["at"]) for step in visited] == list(range(103))
    channels = [int(step["channels"]) for step in visited]
    assert channels[:9] == [64, 96, 128, 160, 192, 224, 256, 128, 160]
    assert channels[-1] == 1920
    assert equation(page) == "1,920 → 1,000"
    expect(page.locator(".dg-says")).to_contain_text("20,013,928")
    # What is folded is of the step in sight.
    page.locator(".dg-more summary").click()
    assert "20,013,928" in page.locator(".dg-params").inner_text()
    expect(page.locator(".dg-lens svg")).to_be_visible()
    wide_everywhere(page)


def test_the_exercise_is_a_thing_to_click(open_page: Open) -> None:
    page = opened(open_page)
    # A phone: no step may be left out where drawing is slow.
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    watch_steps(page)
    page.locator("#dense-exercise").click()
    steps(page, 8)
    diagram = page.locator(DIAGRAM)
    expect(diagram).to_have_attribute("data-step", "7")
    expect(page.locator("#dense-told .dg-play")).to_have_attribute("aria-pressed", "false")
    # From 63 steps to 8: the new diagram comes in at its first step, and each is seen.
    played = [step for step in page.evaluate("window.visited") if step["steps"] == "8"]
    assert [step["at"] for step in played] == [str(step) for step in range(8)]
    assert played[6]["sum"] == "224 + 32 = 256"
    assert played[7]["sum"] == "256 × 0.5 → 128"
    expect(diagram).to_have_attribute("data-channels", "128")
    # Pressed again, with the same numbers on the screen, it plays again.
    watch_steps(page)
    page.locator("#dense-exercise").click()
    page.wait_for_function("window.visited.some((step) => step.at === '0')")
    expect(diagram).to_have_attribute("data-step", "7")
    # A plan that is chosen afterwards opens whole.
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    expect(diagram).to_have_attribute("data-step", "62")


def test_the_diagram_leaves_its_sentence_alone_when_it_is_opened_later(open_page: Open) -> None:
    page = open_page("en", "?view=presentation&example=ship", width=1280, height=720)
    page.wait_for_function("document.body.dataset.photo === 'example'")
    page.evaluate("four.openScene('growth')")
    says = page.locator("[data-scene=growth] .scene-sentence")
    expect(says).not_to_have_text("")
    page.wait_for_function(
        """() => {
          const foot = document.querySelector(".dg-stage svg")?.getBoundingClientRect().bottom;
          const says = document.querySelector("[data-scene=growth] .scene-sentence");
          return foot > 400 && foot <= says.getBoundingClientRect().top;
        }"""
    )


def test_the_keyboard_steps(open_page: Open) -> None:
    page = opened(open_page)
    stage = page.locator(".dg-stage")
    stage.focus()
    page.keyboard.press("Home")
    assert equation(page) == "64"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert equation(page) == "96 + 32 = 128"
    assert page.locator(".dg-band.on").count() == 3
    assert page.locator(".dg-band.read").count() == 2
    page.keyboard.press("ArrowLeft")
    assert equation(page) == "64 + 32 = 96"


def test_a_slider_moves_everything(open_page: Open) -> None:
    page = opened(open_page)
    # Opened first: Gradio gives a slider its value once more some 20 ms after its fold opens.
    page.locator("#dense-own > button").click()
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    expect(page.locator("#dense-size input[type=number]")).to_have_value("224")
    page.locator("#dense-k input[type=number]").fill("48")
    page.locator("#dense-k input[type=number]").press("Enter")
    # 64 -> 352 -> 176 -> 752 -> 376 -> 1528 -> 764 -> 1532
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", "1532")
    page.locator("#dense-theta input[type=number]").fill("1")
    page.locator("#dense-theta input[type=number]").press("Enter")
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", str(64 + 58 * 48))
    assert "plan_k=48" in page.url


def test_a_number_that_makes_no_network_is_said(open_page: Open) -> None:
    page = opened(open_page)
    page.locator("#dense-own > button").click()
    page.locator("#dense-size input[type=number]").fill("8")
    page.locator("#dense-size input[type=number]").press("Enter")
    choose(page, "#dense-preset", "densenet121")
    steps(page, 63)
    page.locator("#dense-size input[type=number]").fill("8")
    page.locator("#dense-size input[type=number]").press("Enter")
    expect(page.locator(f"{DIAGRAM} .notice")).to_contain_text("too small")
    choose(page, "#dense-preset", "lecture")
    steps(page, 8)
    expect(page.locator(f"{DIAGRAM} .dg-stage svg")).to_be_visible()


def test_a_link_brings_plan_step_and_layer_back(open_page: Open) -> None:
    page = opened(
        open_page,
        "en",
        "&plan=bc100&plan_k=12&plan_initial=24&plan_size=32"
        "&plan_1=16&plan_2=16&plan_3=16&dense_step=18",
    )
    steps(page, 1 + 48 + 2 + 1)
    expect(page.locator(DIAGRAM)).to_have_attribute("data-step", "18")
    # 24 + 16 x 12 = 216 -> 108, + 12
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", "120")
    page.locator("#dense-told [data-do=last]").click()
    expect(page.locator(DIAGRAM)).to_have_attribute("data-channels", "342")
    page.wait_for_function("!location.search.includes('dense_step')")
    page.locator("#dense-told [data-do=back]").click()
    page.wait_for_function("location.search.includes('dense_step=50')")


def test_a_layer_of_mini_densenet_on_the_photo(open_page: Open) -> None:
    page = opened(open_page)
    button = page.locator(".dg-maps")
    # The plan of the lecture is no network that could be loaded.
    page.locator("#dense-told [data-do=back]").click()
    expect(button).to_be_disabled()
    choose(page, "#dense-preset", "mini_densenet")
    steps(page, 1 + 20 + 2 + 1)
    page.locator("#dense-told [data-do=last]").click()
    page.locator("#dense-told [data-do=back]").click()
    button.click()
    page.wait_for_selector("[data-maps='3,15'] .channel-sheet")
    page.wait_for_function("location.search.includes('dense_layer=mini_densenet%2C3%2C15')")
    first = page.locator(".channel-sheet").get_attribute("src")
    page.locator("#examples [data-example]").nth(1).click()
    expect(page.locator(".channel-sheet")).not_to_have_attribute("src", first or "")
    # Another network has no such maps; pressed again, the button takes them away.
    choose(page, "#dense-preset", "lecture")
    expect(page.locator(".channel-sheet")).to_have_count(0)
    choose(page, "#dense-preset", "mini_densenet")
    expect(page.locator(".channel-sheet")).to_be_visible()
    expect(button).to_have_attribute("aria-pressed", "true")
    button.click()
    expect(page.locator(".channel-sheet")).to_have_count(0)


def test_a_link_brings_a_layers_maps(open_page: Open) -> None:
    page = opened(
        open_page,
        "en",
        "&plan=mini_densenet&plan_k=24&plan_initial=32&plan_size=32"
        "&plan_1=1&plan_2=4&plan_3=15&dense_layer=mini_densenet,2,3",
    )
    expect(page.locator("[data-maps='2,3'] .channel-sheet")).to_be_visible()


def test_the_back_row_steps_before_it_walks(open_page: Open) -> None:
    page = opened(open_page, "en", "&view=presentation&dense_step=6")
    steps(page, 8)
    diagram = page.locator(DIAGRAM)
    expect(diagram).to_have_attribute("data-step", "6")
    page.keyboard.press("ArrowRight")
    expect(diagram).to_have_attribute("data-step", "7")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#passage .scene-sentence")).to_contain_text("110 of 110")
    # All of its steps are there; back takes the last of them away before it leaves.
    page.keyboard.press("PageUp")
    expect(page.locator("#passage figure.off")).to_have_count(2)
    for _ in range(3):
        page.keyboard.press("PageUp")
    expect(diagram).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(diagram).to_have_attribute("data-step", "6")
    page.wait_for_function("location.search.includes('dense_step=6')")


def test_addition_stays_flat_beside_concatenation(open_page: Open) -> None:
    page = scene(open_page, "passage", "#passage [data-lane=densenet] svg")
    flat = page.locator("[data-lane=resnet]").get_attribute("data-widths") or ""
    assert len(set(flat.split(" → "))) == 1
    grown = page.locator("[data-lane=densenet]").get_attribute("data-widths") or ""
    widths = [int(width) for width in grown.split(" → ")]
    assert [b - a for a, b in pairwise(widths)] == [24] * (len(widths) - 1)
    expect(page.locator("#passage .scene-sentence")).to_contain_text("110 of 110")
    page.locator("#passage [data-do=play]").click()
    expect(page.locator("#passage figure.now")).to_have_count(2)


def test_who_reads_whom_and_what_a_link_is_worth(open_page: Open) -> None:
    page = scene(open_page, "readers", "#reuse [data-cell]", "ja")
    matrix = page.locator("#reuse .dense-matrix")
    assert page.locator("#reuse [data-cell]").count() == 16 * 17 // 2
    expect(page.locator("#reuse .observations li")).to_have_count(4)
    page.locator("#scene-readers .scene-more > button").click()
    readings = []
    for reading in ("raw", "scaled", "activation"):
        choose(page, "#reuse-reading", reading)
        expect(matrix).to_have_attribute("data-reading", reading)
        page.locator("#reuse [data-cell='0,15']").hover()
        readings.append(page.locator("#reuse .dm-read").inner_text())
        expect(page.locator("[data-observation]")).to_have_count(4)
    assert len(set(readings)) == 3
    page.locator("#reuse [data-cell='2,7']").click()
    page.wait_for_selector("#reuse .worth")
    page.wait_for_function("location.search.includes('dense_cell=2%2C7')")
    assert page.locator(".channel-bars i").count() == 24
    page.locator("#cut-all").click()
    page.wait_for_selector("#cut-matrix [data-cell='2,7']", timeout=120_000)
    shown = page.locator("#reuse .moved").get_attribute("data-change") or ""
    page.locator("#cut-matrix [data-cell='2,7']").hover()
    alone = page.locator("#cut-matrix .dm-read").inner_text().replace("−", "-")
    assert f"{abs(float(shown)) * 100:.2f}" in alone
    page.locator("[data-close-cell]").click()
    expect(page.locator("#reuse .observations li")).to_have_count(4)
    # Another block: what was cut in this one is not there any more.
    page.locator("#reuse-block [data-pick='2']").click()
    expect(page.locator("#reuse [data-cell]")).to_have_count(5 * 6 // 2)
    expect(page.locator("#cut-matrix .dense-matrix")).to_have_count(0)


def test_the_keyboard_opens_a_cell(open_page: Open) -> None:
    page = scene(open_page, "readers", "#reuse [data-cell]", query="&dense_block=2")
    page.locator("#reuse .dm-place svg").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reuse .worth")
    page.wait_for_function("location.search.includes('dense_cell=1%2C4')")
    # The matrix, drawn anew, has the keyboard still.
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('dense_cell=1%2C3')")


def test_a_link_brings_network_block_reading_and_cell_back(open_page: Open) -> None:
    page = scene(
        open_page,
        "readers",
        "#reuse .worth",
        query="&dense_block=2&reading=scaled&dense_cell=1,3&dense_each=false",
    )
    matrix = page.locator("#reuse .dense-matrix")
    expect(matrix).to_have_attribute("data-reading", "scaled")
    expect(page.locator("#reuse .dm-opened")).to_have_count(1)
    expect(page.locator("#reuse-block [aria-pressed=true]")).to_have_attribute("data-pick", "2")
    expect(page.locator("#reuse .dm-bar")).not_to_contain_text("column")


def test_a_network_that_is_not_there_says_so(open_page: Open) -> None:
    page = scene(open_page, "passage", "#passage [data-lane=densenet] svg")
    choose(page, "#passage-pair", "large")
    expect(page.locator("#passage .notice")).to_be_visible()
    expect(page.locator("[data-lane=resnet]")).to_have_attribute(
        "data-widths", "1024 → 1024 → 1024 → 1024"
    )
    page.locator("#passage .instead").click()
    expect(page.locator("#passage .notice")).to_have_count(0)
    page = scene(open_page, "readers", "#reuse .notice", query="&dense=densenet121&dense_block=4")
    expect(page.locator("#reuse [data-cell]")).to_have_count(17 * 18 // 2)
    page.locator("#reuse .instead").click()
    expect(page.locator("#reuse [data-cell]")).to_have_count(16 * 17 // 2)


def test_the_charts_follow_the_plan(open_page: Open) -> None:
    page = scene(open_page, "rate", "#dense-guide-imagenet .js-plotly-plot .xtick")
    line = "document.querySelector('#dense-guide-cifar10 .js-plotly-plot').layout.shapes[0].x0"
    assert page.evaluate(line) == 0.36832
    choose(page, "#dense-preset", "densenet201")
    page.wait_for_function(f"{line} === 20.013928")
    expect(page.locator("#dense-guide-says")).to_contain_text("20.0 M")


# WCAG's contrast of an element's words on its ground, once its colours have come to rest.
CONTRAST = """
async (button) => {
  await Promise.all(button.getAnimations().map((motion) => motion.finished));
  const dot = new OffscreenCanvas(1, 1).getContext("2d");
  const light = (colour) => {
    dot.fillStyle = colour;
    dot.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...dot.getImageData(0, 0, 1, 1).data].map((one) =>
      one / 255 <= 0.04045 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const { color, backgroundColor } = getComputedStyle(button);
  const [one, other] = [light(color), light(backgroundColor)];
  return Math.max(one, other) / Math.min(one, other);
}
"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pause_is_legible_under_the_pointer(open_page: Open, theme: str) -> None:
    page = opened(open_page, query=f"&__theme={theme}")
    play = page.locator("#dense-told .dg-play")
    play.click()
    play.hover()
    expect(play).to_have_attribute("aria-pressed", "true")
    assert play.evaluate(CONTRAST) >= 4.5


def test_the_channels_read_are_within_a_phones_drawing(open_page: Open) -> None:
    page = open_page("en", "?tab=densenet&scene=reads", width=390, height=844)
    count = page.locator("#in-reads .tall svg text", has_text="160")
    expect(count).to_be_visible()
    assert count.evaluate(
        "(text) => text.getBoundingClientRect().right"
        " <= text.ownerSVGElement.getBoundingClientRect().right"
    )
