"""The box in which a class is chosen: typed, pasted, with an input method, by keys, on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
BOTH = "?models=mini_resnet&imagenet=efficientnet_lite0"
OWN = {"en": "Each one's first choice", "ja": "各ネットワークの第1候補"}


def box(page: Page) -> Locator:
    """The box of Compare once the page answers: what was restored from the link is in it."""
    expect(page.locator("#compare-results .card:not(.skeleton, .bare)").first).to_be_visible()
    page.wait_for_function("location.search.includes('tab=compare')")
    return page.locator("#class").get_by_role("combobox")


def options(page: Page) -> Locator:
    return page.locator("#class").get_by_role("option")


def asked_for(page: Page, label: str) -> None:
    """The address and so the page know this class."""
    page.wait_for_function(
        "label => new URLSearchParams(location.search).get('class') === label", arg=label or None
    )


def unchoose(page: Page, network: str) -> None:
    """Take a network out of the comparison."""
    page.locator("[aria-controls='networks-panel']").click()
    page.locator(f".models input[name='{network}']").first.uncheck()


NEAREST = {
    "en": [
        ("lion", "lion", "lion"),
        ("cat", "cat", "cat"),
        ("LION ", "lion", "lion"),
        ("sea l", "sea lion", "sea lion"),
        ("ライオン", "lion", "lion"),
        ("sunglasses", "sunglasses", "sunglasses"),
        ("cardigan (kn", "cardigan", "cardigan (knitwear)"),
    ],
    "ja": [
        ("ライオン", "lion", "ライオン"),
        ("カエル", "frog", "カエル"),
        ("ﾗｲｵﾝ", "lion", "ライオン"),
        ("ボーダーコリー", "Border collie", "ボーダー・コリー"),
        ("らいおん", "lion", "ライオン"),
        ("犬", "dog", "犬"),
        ("lion", "lion", "ライオン"),
    ],
}
"""What is typed, the class that is taken, how the box then calls it; no two neighbours alike."""


@pytest.mark.parametrize("lang", NEAREST)
def test_enter_takes_the_nearest_name(open_page: Open, lang: str) -> None:
    page = open_page(lang, BOTH)
    field = box(page)
    expect(field).to_have_value(OWN[lang])
    for typed, label, shown in NEAREST[lang]:
        field.click()
        expect(options(page)).to_have_count(1011)
        field.fill(typed)
        field.press("Enter")
        expect(field).to_have_value(shown)
        expect(options(page)).to_have_count(0)
        asked_for(page, label)


def test_what_is_typed_at_once_is_found_when_the_thousand_have_come(open_page: Open) -> None:
    page = open_page("en", BOTH)
    field = box(page)
    field.click()
    page.keyboard.type("goldf")
    expect(options(page)).to_have_text(["goldfish", "goldfinch"])
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("goldfinch")
    asked_for(page, "goldfinch")


def test_a_pasted_name_is_found(open_page: Open) -> None:
    page = open_page("ja", BOTH)
    field = box(page)
    field.click()
    page.evaluate("document.execCommand('insertText', false, '　救急車\\n')")
    expect(options(page)).to_have_text(["救急車"])
    field.press("Enter")
    asked_for(page, "ambulance")


def test_the_enter_of_an_input_method_chooses_nothing(open_page: Open) -> None:
    page = open_page("ja", BOTH)
    field = box(page)
    field.click()
    expect(options(page)).to_have_count(1011)
    keys = page.context.new_cdp_session(page)
    keys.send(
        "Input.imeSetComposition", {"text": "らいおん", "selectionStart": 4, "selectionEnd": 4}
    )
    expect(options(page).first).to_have_text("ライオン")
    confirm = {"type": "rawKeyDown", "key": "Enter", "code": "Enter"}
    keys.send("Input.dispatchKeyEvent", {**confirm, "windowsVirtualKeyCode": 229})
    expect(field).to_have_attribute("aria-expanded", "true")
    keys.send("Input.insertText", {"text": "ライオン"})
    # Safari ends the composition before it tells of the key that ended it.
    keys.send("Input.dispatchKeyEvent", {**confirm, "windowsVirtualKeyCode": 229})
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options(page)).to_have_text(["ライオン"])
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")
    asked_for(page, "lion")

    # One amid it.
    field.fill("犬")
    field.dispatch_event("compositionstart")
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.dispatch_event("compositionend")
    field.press("Enter")
    expect(field).to_have_attribute("aria-expanded", "false")
    asked_for(page, "dog")


def test_the_choices_are_those_of_the_chosen_networks(open_page: Open) -> None:
    page = open_page("en", f"{BOTH}&class=lion")
    field = box(page)
    expect(field).to_have_value("lion")
    field.click()
    expect(options(page)).to_have_count(1011)
    expect(page.locator("#class").get_by_role("group")).to_have_count(2)
    field.press("Escape")
    unchoose(page, "mini_resnet")
    field.click()
    expect(options(page)).to_have_count(1001)
    expect(field).to_have_value("lion")
    field.press("Escape")
    asked_for(page, "lion")


def test_a_class_that_no_chosen_network_knows_is_given_up(open_page: Open) -> None:
    page = open_page("en", "?models=mini_resnet&imagenet=none&class=lion")
    field = box(page)
    expect(field).to_have_value(OWN["en"])
    asked_for(page, "")
    field.click()
    expect(options(page)).to_have_count(11)
    field.fill("lion")
    expect(options(page)).to_have_count(0)
    expect(page.locator("#class .picker-none")).to_be_visible()
    field.press("Enter")
    field.press("Escape")
    expect(field).to_have_value(OWN["en"])


def test_a_class_of_the_ten_outlives_another_network(open_page: Open) -> None:
    page = open_page("ja", "?models=mini_resnet,mini_densenet&imagenet=none&class=ship")
    field = box(page)
    expect(field).to_have_value("船")
    unchoose(page, "mini_densenet")
    expect(page.locator("#compare-results .card")).to_have_count(1)
    expect(field).to_have_value("船")
    asked_for(page, "ship")


def test_keys_and_names_for_assistive_technology(open_page: Open) -> None:
    page = open_page("en", "?models=mini_resnet&imagenet=none&class=ship")
    field = box(page)
    assert page.get_by_label("Where would you see … ?").first.get_attribute("id") == "class-box"
    field.focus()
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(options(page).and_(page.locator("[aria-selected=true]"))).to_have_text("ship")
    held = field.get_attribute("aria-activedescendant")
    assert page.locator(f"#{held}").inner_text() == "ship"
    field.press("ArrowDown")
    field.press("Escape")
    expect(field).to_have_value("ship")
    asked_for(page, "ship")
    field.fill("hors")
    expect(page.locator("#class [role=status]")).to_have_text("1 class")
    field.fill("horse")
    field.press("Tab")
    expect(field).to_have_value("horse")
    asked_for(page, "horse")
    field.fill("something else")
    field.press("Tab")
    expect(field).to_have_value("horse")


def test_on_a_phone_the_list_is_on_the_screen(
    open_page: Open, wide: Callable[[Page], None]
) -> None:
    page = open_page("ja", BOTH, width=390, height=844)
    field = box(page)
    field.click()
    field.fill("犬")
    listed = page.locator("#class [role=listbox]")
    expect(listed).to_be_visible()
    area = listed.bounding_box()
    assert area is not None
    assert area["x"] >= 0
    assert area["x"] + area["width"] <= 390
    assert float(field.evaluate("node => parseFloat(getComputedStyle(node).fontSize)")) >= 16
    wide(page)
    options(page).first.click()
    expect(field).to_have_value("犬")
    asked_for(page, "dog")


def test_the_names_come_once_and_only_when_they_are_wanted(open_page: Open) -> None:
    page = open_page("ja", "?models=mini_resnet&imagenet=efficientnet_lite0")
    calls: list[str] = []
    page.on(
        "request",
        lambda request: calls.append(request.url) if "class-names" in request.url else None,
    )
    field = box(page)
    assert "ゴシキヒワ" not in page.content()
    assert calls == []
    for _ in range(2):
        field.click()
        expect(options(page)).to_have_count(1011)
        field.press("Escape")
    assert len(calls) == 1


def test_in_another_tab_the_same_box_follows_its_own_network(open_page: Open) -> None:
    page = open_page("ja", "?tab=inception&scene=worth")
    field = page.locator("#inception-class").get_by_role("combobox")
    expect(page.locator("#in-worth .worth")).to_be_visible()
    field.fill("うま")
    expect(page.locator("#inception-class .picker-none")).to_be_visible()
    field.fill("馬")
    field.press("Enter")
    expect(page.locator("#in-worth .change.chosen .name")).to_have_text("馬")
