"""Feature maps picked by mouse and keys and kept in the link; depth step by step; the measured."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.test_closer import opened

Open = Callable[..., Page]


def test_a_channel_by_click_keys_and_link_then_the_measured(open_page: Open) -> None:
    query = "&closer=mini_resnet&closer_place=middle&closer_class=ship"
    page = opened(open_page, "features", query)
    tiles = page.locator("#in-features .sheet button")
    one = page.locator("#in-features .one-channel")
    said = page.locator("#in-features .scene-sentence")
    expect(tiles).to_have_count(24)
    expect(page.locator("#in-features [data-example]")).to_have_count(4)
    expect(said).to_contain_text("number 1 of 128 by weight for “ship”")
    third = (tiles.nth(2).get_attribute("data-pick") or "").rpartition(":")[2]
    tiles.nth(2).click()
    expect(one).to_have_attribute("data-channel", third)
    expect(said).to_contain_text(f"Channel {third} is number 3 of 128")
    # By keys: the next tile; the one that was pressed is still in focus.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(said).to_contain_text("is number 4 of 128")
    fourth = one.get_attribute("data-channel")
    assert page.evaluate("document.activeElement.dataset.pick") == f"mini_resnet:stage2:{fourth}"
    page.locator("#in-features .sorting [data-pick=strength]").click()
    expect(said).to_contain_text(f"Channel {fourth} is number")
    expect(said).to_contain_text("by strength")
    page.wait_for_function(
        f"location.search.includes('closer_sort=strength') && "
        f"decodeURIComponent(location.search).includes('closer_channel=mini_resnet:stage2:{fourth}')"
    )
    kept = said.inner_text()
    page.goto(page.url)
    expect(said).to_have_text(kept)
    # Another layer has other channels: the strongest of its own.
    page.locator("#closer-place label").filter(has_text="last").click()
    expect(said).to_contain_text(re.compile(r"number 1 of 304 by strength"))
    page.locator('#scenes-closer [data-open-scene="methods_measured"]').click()
    board = page.locator("#in-methods_measured")
    expect(board.locator(".gain-panel")).to_have_count(14)
    expect(board.locator(".scene-sentence")).to_contain_text("Beside a random map")
    page.locator("#closer-decoy label").filter(has_text="edge").click()
    expect(board.locator(".scene-sentence")).to_contain_text("Beside an edge detector")
    page.wait_for_function("location.search.includes('closer_decoy=edges')")


def answered(page: Page) -> None:
    """The two networks of the link: until it has its say, five are asked."""
    expect(page.locator("#in-layers section")).to_have_count(2)
    expect(page.locator("#in-layers .scene-sentence")).to_contain_text("changes least")


def test_depth_is_scrubbed_stepped_and_kept(open_page: Open) -> None:
    page = opened(open_page, "layers", "&closer_networks=mini_resnet,mini_densenet")
    shown = page.locator("#in-layers .layers > figure:visible")
    slider = page.locator("#in-layers .depth-scrub input")
    answered(page)
    expect(shown).to_have_count(6)
    expect(slider).to_have_attribute("max", "8")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(shown).to_have_count(2)
    # Keys of a slider are its own: no other scene.
    assert page.evaluate("document.body.dataset.onScene") == "layers"
    slider.fill("5")
    # The fifth of eight, and as far on the way of three.
    expect(page.locator("#in-layers .now .which")).to_have_text(
        ["stage 3, block 1 (5/8)", "block 2, after ReLU (2/3)"]
    )
    expect(slider).to_have_attribute("aria-valuetext", "step 5 of 8")
    page.wait_for_function("location.search.includes('closer_depth=5')")
    page.goto(f"{page.url}&view=presentation")
    answered(page)
    expect(shown).to_have_count(2)
    expect(slider).to_have_value("5")
    page.evaluate("document.activeElement.blur()")
    for step in ("6", "7", "8"):
        page.keyboard.press("ArrowRight")
        expect(slider).to_have_value(step)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.body.dataset.onScene === 'features'")


def test_a_step_is_not_lost_while_the_picture_is_drawn_anew(open_page: Open) -> None:
    query = "&closer_networks=mini_resnet,mini_densenet&closer_depth=5&view=presentation"
    page = opened(open_page, "layers", query)
    answered(page)
    expect(page.locator("#in-layers .depth-scrub input")).to_have_value("5")
    # Between two answers no network has its maps yet; in one go, so that no answer comes between.
    told = page.evaluate(
        """() => {
          const strips = [...document.querySelectorAll("#in-layers .layers")];
          const tiles = strips.map((strip) => [...strip.children]);
          const scene = document.getElementById("scene-layers");
          const before = scene.getAttribute("aria-busy");
          scene.setAttribute("aria-busy", "true");
          strips.forEach((strip) => strip.replaceChildren());
          document.activeElement.blur();
          document.body.dispatchEvent(new KeyboardEvent("keydown", {
            key: "ArrowRight", bubbles: true, cancelable: true,
          }));
          strips.forEach((strip, at) => strip.replaceChildren(...tiles[at]));
          scene.setAttribute("aria-busy", before);
          return document.body.dataset.onScene;
        }"""
    )
    assert told == "layers"
    # The sixth of eight, and as far on the way of three.
    expect(page.locator("#in-layers .now .which")).to_have_text(
        ["stage 3, block 2 (6/8)", "block 2, after ReLU (2/3)"]
    )
    page.wait_for_function("location.search.includes('closer_depth=6')")


COUNTED = """
  window.begun = [];
  new MutationObserver((_, watching) => {
    const begun = window.four?.begun;
    if (!begun) return;
    watching.disconnect();
    window.four.begun = (id, part, values) => {
      window.begun.push(id);
      return begun(id, part, values);
    };
  }).observe(document, { childList: true, subtree: true });
"""


def test_networks_of_a_link_that_are_here_are_asked_once(open_page: Open) -> None:
    query = "?tab=closer&scene=layers&example=ship&closer_networks=mini_resnet,mini_densenet"
    page = open_page("en", query, 1280, 720, COUNTED)
    answered(page)
    expect(page.locator("#scene-layers")).to_have_attribute("aria-busy", "false")
    assert page.evaluate("window.begun.filter((id) => id === 'layers')") == ["layers"]
