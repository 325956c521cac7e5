"""`make screenshots`: every tab at three sizes, in both themes and languages, to be looked at.

Of Compare also the first screen alone, with photos of several shapes. Written to
test-results/screenshots/; the README's own picture goes to assets/screenshot.png.
"""

from __future__ import annotations

import os
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from demo.text import LANGUAGES
from demo.topics.order import TOPICS
from tests.browser.conftest import PATIENCE
from tests.chromium import FLAGS
from tests.serving import ROOT, served

OUT = ROOT / "test-results" / "screenshots"
README = ROOT / "assets" / "screenshot.png"
WIDTHS = {1440: 900, 1280: 720, 390: 844}
FIRST = ("plane", "lion", "tower")
"""Examples whose first screen is taken: drawn, a photo, a portrait."""
THEMES = ("light", "dark")
READY = {
    "compare": "#compare-results .together",
    "closer": "#scene-methods[aria-busy='false'] .methods",
    "inception": "#in-block .scene-sentence",
    "densenet": "#dense-told .dg-says",
    "residual": "#in-adds .ratio-key",
    "reduction": "#in-calculator .calculator",
    "choice": "#choice-answer .choice-first",
    "train": "#in-classes .train-thumbs",
    "lesson": "#in-exercises .exercise",
}
"""In each tab, what comes last."""
STILL = """() => !document.querySelector('.skeleton:not([hidden])')
  && [...document.images].every((image) => image.complete)
  && document.getAnimations().every((motion) => motion.playState !== 'running')"""
"""Nothing is to come any more, and nothing moves."""


def picture(
    browser: Browser, url: str, tab: str, size: tuple[int, int], path: Path, whole: bool
) -> None:
    """One page once its tab has settled."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(url)
    page.wait_for_selector(f"{READY[tab]}:visible", timeout=PATIENCE)
    page.wait_for_function(STILL, timeout=PATIENCE)
    page.screenshot(path=path, full_page=whole)
    page.close()
    print(path.relative_to(ROOT), flush=True)


def main() -> None:
    """Command line; the variable CHROMIUM names the browser."""
    OUT.mkdir(parents=True, exist_ok=True)
    with served() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=FLAGS)
        first = f"{url}?example=ship&__theme=light"
        picture(browser, first, "compare", (1280, 860), README, whole=False)
        everything = product([topic.id for topic in TOPICS], LANGUAGES, THEMES, WIDTHS.items())
        for tab, lang, theme, (width, height) in everything:
            address = f"{url}{'' if lang == 'en' else lang}?tab={tab}&example=ship&__theme={theme}"
            path = OUT / f"{tab}-{lang}-{theme}-{width}.png"
            picture(browser, address, tab, (width, height), path, whole=True)
        for example, lang, theme, (width, height) in product(
            FIRST, LANGUAGES, THEMES, WIDTHS.items()
        ):
            address = f"{url}{'' if lang == 'en' else lang}?example={example}&__theme={theme}"
            path = OUT / f"first-{example}-{lang}-{theme}-{width}.png"
            picture(browser, address, "compare", (width, height), path, whole=False)
        browser.close()


if __name__ == "__main__":
    main()
