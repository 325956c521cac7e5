"""What people send does nothing to the page but what it says; what is refused is said on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image, PngImagePlugin
from playwright.sync_api import Browser, Page, expect

from demo.text import text
from tests.browser.conftest import Open
from tests.server.tab import Tab
from tests.serving import Served, serving

STRIKE = '<img src=x onerror="window.struck=1">'


@pytest.fixture
def hostile(tmp_path: Path) -> list[Path]:
    """Photos whose names and notes are scripts."""
    notes = PngImagePlugin.PngInfo()
    for key in ("Title", "Description", "Comment", "XML:com.adobe.xmp"):
        notes.add_text(key, STRIKE)
    exif = Image.Exif()
    exif[0x010E] = exif[0x9286] = STRIKE
    files = []
    for number, name in enumerate(
        (f"{STRIKE}.png", "'onload=struck=1 x='.png", "${struck=1}{{7*7}}.png")
    ):
        files.append(tmp_path / name.replace("/", "_"))
        Image.new("RGB", (40, 30), (90 * number, 60, 90)).save(files[-1], pnginfo=notes, exif=exif)
    return files


def is_unharmed(page: Page) -> None:
    assert page.evaluate("window.struck") is None


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_no_script_runs_from_names_or_notes(
    open_page: Open, lang: str, hostile: list[Path]
) -> None:
    page = open_page(lang)
    with page.expect_file_chooser() as several:
        page.locator("#several-photos").click()
    several.value.set_files(hostile)
    expect(page.locator("#photo-grid tbody tr")).to_have_count(len(hostile))
    is_unharmed(page)
    page.locator("#photo-input input[type='file']").first.set_input_files(hostile[0])
    expect(page.locator(".chosen-photo span")).to_contain_text("onerror")
    is_unharmed(page)


def test_no_script_runs_from_a_link(open_page: Open, app: Served) -> None:
    names = {"lang", "chapter", "scene", "tab", *Tab(app, "", "links").links}
    assert {"example", "class", "models", "residual_off", "closer_patch"} <= names
    query = "&".join(f"{name}={STRIKE}" for name in sorted(names))
    page = open_page("en", f"?{query}#{STRIKE}")
    expect(page.locator("#compare-results .card .overlay")).not_to_have_count(0)
    is_unharmed(page)


@pytest.fixture(scope="module")
def full() -> Iterator[Served]:
    """An app where one visitor may keep 20 MB."""
    with serving(FOUR_FAMILIES_VISITOR_MB="20") as app:
        yield app


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_upload_that_is_refused_says_why_in_the_pages_language(
    browser: Browser, full: Served, lang: str, tmp_path: Path
) -> None:
    # What is kept already: of the first language's turn, or this.
    httpx.post(f"{full.url}gradio_api/upload", files={"files": ("noise.bin", bytes(19 * 2**20))})
    # Not `open_page`: the browser itself notes the refusal on its console.
    page = browser.new_page()
    page.goto(full.url + ("" if lang == "en" else lang))
    expect(page.locator("body")).to_have_attribute("data-photo", "example")
    file = tmp_path / "photo.bmp"
    Image.effect_noise((1024, 1024 * 18), 50).save(file)
    page.set_input_files("#photo-input input[type=file]", file)
    said = text(lang)("server.visitor_full", most=20, minutes=10)
    expect(page.locator(".toast-body")).to_contain_text(said)
    page.close()
