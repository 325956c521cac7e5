"""Any file may come in: the input shows what was read, or the page says what the file is."""

from __future__ import annotations

import base64

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.photo_files import HEIC, encoded, noise, ramp, wide_tiff

TIFF = encoded(noise(48, 64), "TIFF")
RAMP = wide_tiff(ramp(0, 4095, "u2"))


def clear(page: Page) -> None:
    """Wait for the opening example, and take it out."""
    page.wait_for_selector("#photo-input img")
    page.locator("#photo-input .icon-button").last.click()
    page.wait_for_selector("#photo-input input[type='file']", state="attached")


def choose(page: Page, name: str, data: bytes) -> None:
    """Choose a file about which the system knows nothing but its name."""
    one = page.locator("#photo-input input[type='file']").first
    one.set_input_files({"name": name, "mimeType": "", "buffer": data})


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop such a file onto the input."""
    page.evaluate(
        """([name, text]) => {
          const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], name));
          document.querySelector("#photo-input [aria-dropeffect]").dispatchEvent(
            new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
        }""",
        [name, base64.b64encode(data).decode()],
    )


@pytest.mark.parametrize("how", [choose, drop], ids=["chosen", "dropped"])
@pytest.mark.parametrize(
    ("name", "data", "width"),
    [
        ("heic_named.jpg", HEIC, 64),
        ("tiff_named.jpg", TIFF, 64),
        ("without_a_suffix", TIFF, 64),
        ("jpeg_named.txt", encoded(noise(48, 64), "JPEG"), 64),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_input_shows_what_was_read(
    open_page: Open, how: object, name: str, data: bytes, width: int
) -> None:
    page = open_page("en", "?tab=inception&scene=branches")
    clear(page)
    how(page, name, data)  # type: ignore[operator]
    page.wait_for_function(f"document.querySelector('#photo-input img')?.naturalWidth === {width}")
    assert page.locator(".toast-body").count() == 0
    expect(page.locator("#photo-column .notice")).to_have_count(0)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "its largest (4,095) white"), ("ja", "最大の値（4,095）を白")],
)
def test_what_was_assumed_is_said(open_page: Open, lang: str, words: str) -> None:
    page = open_page(lang, "?tab=inception&scene=branches")
    clear(page)
    choose(page, "x-ray.tif", RAMP)
    expect(page.locator("#photo-column .notice")).to_contain_text(words)
    page.wait_for_function("document.querySelector('#photo-input img')?.naturalWidth === 96")
    seen = page.evaluate(
        """() => {
          const image = document.querySelector("#photo-input img");
          const canvas = Object.assign(document.createElement("canvas"), { width: 96, height: 96 });
          const pen = canvas.getContext("2d");
          pen.drawImage(image, 0, 0);
          return [0, 48, 95].map((x) => pen.getImageData(x, 48, 1, 1).data[0]);
        }"""
    )
    assert np.abs(np.array(seen) - [0, 129, 255]).max() <= 6


@pytest.mark.parametrize("how", [choose, drop], ids=["chosen", "dropped"])
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "This is a PDF or a scanned document"), ("ja", "これはPDFなどの文書です")],
)
def test_a_refusal_speaks_the_language_of_the_page(
    open_page: Open, how: object, lang: str, words: str
) -> None:
    page = open_page(lang, "?tab=inception&scene=branches")
    clear(page)
    how(page, "homework.pdf", b"%PDF-1.7\n")  # type: ignore[operator]
    expect(page.locator("#photo-column .notice")).to_contain_text(words)
    assert page.locator(".toast-body").count() == 0


@pytest.mark.parametrize(("lang", "words"), [("en", "may have 20 MB"), ("ja", "上限は20 MBです")])
def test_a_file_that_is_not_sent_at_all(open_page: Open, lang: str, words: str) -> None:
    page = open_page(lang, "?tab=inception&scene=branches")
    clear(page)
    page.locator("#photo-input input[type='file']").first.evaluate(
        """(input) => {
          const all = new DataTransfer();
          all.items.add(new File([new Uint8Array(65 * 2 ** 20)], "large.tif"));
          input.files = all.files;
          input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )
    expect(page.locator(".toast-body")).to_contain_text(words)
