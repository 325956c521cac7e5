"""Style sheets linted by the browser that reads them: what it would silently drop is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page

ASSETS = Path(__file__).parents[2] / "assets"
SHEETS = sorted([*ASSETS.glob("*.css"), *ASSETS.glob("style/*.css")])

KNOWS_SELECTOR = "it => { try { document.querySelector(it); return true } catch { return false } }"
KNOWS_MEDIA = "it => matchMedia(it).matches || matchMedia('not all and ' + it).matches"
KNOWS_VALUE = "([name, value]) => CSS.supports(name, value)"


class Rule(NamedTuple):
    """around: heads of what it stands in, outermost first; said: (property, value) in order."""

    around: tuple[str, ...]
    head: str
    said: list[tuple[str, str]]


def rules(sheet: str) -> Iterator[Rule]:
    """The blocks of a sheet, each as it closes; none of ours has a brace in a string."""
    open_rules: list[Rule] = []
    text = ""
    for token in re.findall(r"[^{};]+|[{};]", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
        if token == "{":
            around = tuple(rule.head for rule in open_rules)
            open_rules.append(Rule(around, " ".join(text.split()), []))
        elif token == ";":
            name, _, value = text.partition(":")
            open_rules[-1].said.append((name.strip(), value.strip()))
        elif token == "}":
            yield open_rules.pop()
        text = "" if token in "{};" else token


def faults(page: Page, sheet: str) -> list[str]:
    """What the browser does not know, and what a rule or a sheet says twice."""
    found: list[str] = []
    heads: set[tuple[str, ...]] = set()
    for around, head, said in rules(sheet):
        frames = any(outer.startswith("@keyframes") for outer in around)
        if head.startswith("@media"):
            queries = head.removeprefix("@media").split(",")
            if not all(page.evaluate(KNOWS_MEDIA, query) for query in queries):
                found.append(f"unknown: {head}")
            continue
        if head.startswith("@keyframes"):
            continue
        if not frames and not page.evaluate(KNOWS_SELECTOR, head):
            found.append(f"unknown: {head}")
        if not said:
            found.append(f"empty: {head}")
        if (*around, head) in heads:
            found.append(f"twice: {head}")
        heads.add((*around, head))
        names = [name for name, _ in said]
        found += [f"twice: {head} {name}" for name in sorted(set(names)) if names.count(name) > 1]
        for name, value in said:
            plain = value.removesuffix("!important").strip()
            if not page.evaluate(KNOWS_VALUE, [name, plain]):
                found.append(f"unknown: {head} {name}: {value}")
    return found


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_the_browser_knows_all_that_a_sheet_says(blank: Page, sheet: Path) -> None:
    assert faults(blank, sheet.read_text("utf-8")) == []


SMALL_BUTTON = {
    ("font", "inherit"),
    ("color", "var(--ink)"),
    ("border", "1px solid var(--line)"),
    ("border-radius", "8px"),
    ("cursor", "pointer"),
}


def test_the_look_of_a_small_button_stands_in_one_sheet() -> None:
    found = [
        (sheet.stem, rule.head)
        for sheet in ASSETS.glob("style/*.css")
        for rule in rules(sheet.read_text("utf-8"))
        if set(rule.said) >= SMALL_BUTTON
    ]
    assert [sheet for sheet, _ in found] == ["buttons"]
    # It comes first, so that what a place says of its own buttons counts.
    assert min(SHEETS, key=lambda path: (path.parent.name != "style", path)).stem == "buttons"


def test_faults_are_found(blank: Page) -> None:
    sheet = """
    a { color: red; colour: red; width: 4pz !important; color: blue; }
    /* a { b: c } */
    b:hoover { margin: 0; }
    @media (max-width: 4px) { a { top: 0; } i {} }
    @media (max-witdh: 4px) { u { top: 0; } }
    @keyframes in { from { opacity: 0; } }
    a { top: var(--any); }
    """
    assert faults(blank, sheet) == [
        "twice: a color",
        "unknown: a colour: red",
        "unknown: a width: 4pz !important",
        "unknown: b:hoover",
        "empty: i",
        "unknown: @media (max-witdh: 4px)",
        "twice: a",
    ]
