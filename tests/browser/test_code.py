"""Code beside picture in a browser: either side lights the other, Run shows the shapes."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from demo.text import text
from demo.topics.lesson.topic import CODE
from tests.browser.test_scenes import settled

Open = Callable[..., Page]
T = text("en")
LIT = """() => [
  [...document.querySelectorAll("#in-code [data-part].lit")].map((one) => one.dataset.part),
  [...document.querySelectorAll("#in-code [data-line].lit code")].map((one) => one.textContent),
]"""


def lit(page: Page) -> tuple[list[str], list[str]]:
    """Which parts and which lines are lit."""
    parts, lines = page.evaluate(LIT)
    return parts, lines


def test_lines_and_parts_light_each_other_and_run_shows_the_shapes(open_page: Open) -> None:
    page = open_page("en", "?tab=lesson&scene=code", width=1280, height=720)
    settled(page, CODE)
    code = page.locator("#in-code")
    expect(code.locator(".code-shape")).to_have_count(0)
    made = "self.bn2 = nn.BatchNorm2d(width)"
    called = "out = self.conv2(self.relu(self.bn2(out)))  # N x k x H x W"
    assert lit(page) == ([], [])
    # A part: by pointer, and it stays after a tap; again, and it is let go.
    code.locator('[data-part="bn2"]').hover()
    assert lit(page) == (["bn2"], [made, called])
    page.mouse.move(2, 2)
    assert lit(page) == ([], [])
    code.locator('[data-part="bn2"]').click()
    page.mouse.move(2, 2)
    assert lit(page) == (["bn2"], [made, called])
    expect(code.locator(".code-line", has_text=called)).to_be_in_viewport()
    code.locator('[data-part="bn2"]').click()
    page.mouse.move(2, 2)
    code.locator('[data-part="bn2"]').blur()
    assert lit(page) == ([], [])
    # A line: by the keyboard all its parts, by the pointer what is named under it.
    code.locator("[data-line]", has_text=called).focus()
    assert lit(page) == (["bn2", "relu#2", "conv2"], [called])
    code.locator("[data-line]", has_text=called).blur()
    code.locator("[data-line]", has_text=called).locator("b", has_text="self.conv2").hover()
    assert lit(page) == (["conv2"], [called])
    code.locator("[data-line]", has_text="self.relu = nn.ReLU()").hover()
    assert lit(page)[0] == ["relu", "relu#2"]
    # Run: the shapes of the lecture, at the line and at the part; the link has the numbers.
    code.locator("[data-run]").click()
    expect(code.locator("output")).to_have_text("→ [1, 96, 56, 56]")
    shown = code.locator("[data-line]", has_text=called).locator(".code-shape")
    expect(shown).to_have_text("→ [1, 128, 56, 56] → [1, 32, 56, 56]")
    expect(code.locator("svg text", has_text="96 × 56 × 56")).to_have_count(1)
    page.wait_for_function("decodeURIComponent(location.search).includes('DenseLayer:64,32,56')")
    # An impossible number is said, and stays in its field.
    rate = page.locator("#code-form input[name=growth_rate]")
    rate.fill("0")
    rate.press("Enter")
    words = T("code.problem.number", name="growth_rate", value="0", low=1, high=128)
    expect(page.locator("#scene-code .scene-sentence")).to_have_text(words)
    expect(rate).to_have_value("0")
    # Full-width digits are digits.
    rate.fill("２４")
    rate.press("Enter")
    expect(code.locator("output")).to_have_text("→ [1, 88, 56, 56]")
    # Another block has other numbers, and waits for Run.
    page.locator("#code-block input").click()
    page.get_by_role("option", name="TransitionLayer").click()
    expect(code.locator(".coded")).to_have_attribute("data-block", "TransitionLayer")
    expect(code.locator(".coded")).to_have_attribute("data-ran", "0")
    expect(page.locator("#code-form input[name=out_channels]")).to_have_value("128")
    code.locator("[data-run]").focus()
    page.keyboard.press("Enter")
    expect(code.locator("output")).to_have_text("→ [1, 128, 28, 28]")
