"""Train your own in a real browser: a zip becomes a head, and each visit has its own."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

from tests.serving import Served

Open = Callable[..., Page]
QUERY = "?tab=train&scene=classes&train_model=mini_resnet&example=ship"


def archive(folder: Path, names: tuple[str, str]) -> Path:
    """Noise, more red in one class and more blue in the other; a text among the photos."""
    random, path = np.random.default_rng(5), folder / f"{names[0]}.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for place in range(16):
            pixels = random.integers(0, 180, (32, 32, 3)).astype(np.uint8)
            pixels[..., 2 * (place % 2)] += 70
            file = io.BytesIO()
            Image.fromarray(pixels).save(file, "PNG")
            packed.writestr(f"{names[place % 2]}/{place:02}.png", file.getvalue())
        packed.writestr(f"{names[0]}/notes.txt", "nothing to see")
    return path


def upload(page: Page, *paths: Path) -> None:
    page.wait_for_function("location.search.includes('train_model=mini_resnet')")
    with page.expect_file_chooser() as chooser:
        page.locator("#train-upload").click()
    chooser.value.set_files(paths)


def said(page: Page, scene: str) -> str:
    return page.locator(f'[data-scene="{scene}"] .scene-sentence').inner_text()


def walk(page: Page, scene: str) -> None:
    page.locator(f"[data-open-scene={scene}]").click()


def unfold(page: Page) -> None:
    """Open what is rarely used of the photos."""
    page.locator("#scene-classes .scene-more button").first.click()


def test_two_visits_train_at_once_and_each_has_its_own(
    open_page: Open, app: Served, tmp_path: Path
) -> None:
    # A page of another test that has gone may not have been noticed yet.
    before = {path for path in app.files if "visits" in path.parts}

    def kept() -> list[Path]:
        return [path for path in app.files if "visits" in path.parts and path not in before]

    pages = [open_page("en", QUERY), open_page("en", QUERY)]
    names = [("maplewood", "firtree"), ("greentea", "espresso")]
    for page, pair in zip(pages, names, strict=True):
        upload(page, archive(tmp_path, pair))
    for page, pair in zip(pages, names, strict=True):
        sentence = page.locator('[data-scene="classes"] .scene-sentence')
        expect(sentence).to_contain_text("16 photos in 2 classes: 12 to learn from and 4 held out")
        expect(page.locator("#train-notice")).to_contain_text(f"{pair[0]}/notes.txt")
    assert len(kept()) == 2
    # Both ask before either has an answer.
    for page in pages:
        walk(page, "learning")
    for page in pages:
        sentence = page.locator('[data-scene="learning"] .scene-sentence')
        expect(sentence).to_contain_text("4 of 4 photos that it never saw are right, 100.0 %")
    for page, pair, others in zip(pages, names, reversed(names), strict=True):
        walk(page, "learned")
        table = page.locator('[data-scene="learned"] .train-confusion')
        expect(table).to_contain_text(pair[0])
        # A dot shows its photo, by a click and by the keys, which walk no scene here.
        seen = page.locator(".train-seen")
        page.locator('.train-cloud [data-place="3"] circle').click(force=True)
        expect(seen).to_have_attribute("data-shown", "3")
        page.locator(".train-dots").press("ArrowRight")
        expect(seen).to_have_attribute("data-shown", "4")
        expect(seen.locator("figcaption")).to_contain_text(re.compile("|".join(pair)))
        walk(page, "tried")
        bars = page.locator('[data-scene="tried"] .train-bar')
        expect(bars).to_have_count(2)
        content = page.content()
        assert all(name in content for name in pair)
        assert not any(name in content for name in others)
        with page.expect_download() as download:
            page.locator("#train-take").click()
        with zipfile.ZipFile(download.value.path()) as packed:
            assert pair[0].encode() in packed.read("head.safetensors")
        # The other topics show it, to this page alone.
        page.locator("[data-tab-id=compare]").first.click()
        title = f"Mini ResNet → {' / '.join(sorted(pair))}"
        card = page.locator('[data-scene="photo"] .card:not(.skeleton)', has_text=title)
        expect(card.locator(".answer b")).to_have_text(re.compile("|".join(pair)))
        assert not any(name in page.content() for name in others)
        page.locator("[data-tab-id=train]").first.click()
    # Back to the drawn pictures: the visit's own are gone.
    walk(pages[0], "classes")
    unfold(pages[0])
    pages[0].locator("#train-built-in").click()
    expect(pages[0].locator('[data-scene="classes"] .scene-sentence')).to_contain_text("48 photos")
    assert len(kept()) == 1
    # A page that has gone is noticed when the server next writes to it.
    pages[1].goto("about:blank")
    until = time.monotonic() + 60
    while kept() and time.monotonic() < until:
        time.sleep(0.05)
    assert kept() == []


# A webcam that shows a square of another colour each time it is looked at.
WEBCAM = """
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas"), paint = canvas.getContext("2d");
  [canvas.width, canvas.height] = [64, 48];
  let hue = 0;
  setInterval(() => {
    paint.fillStyle = `hsl(${hue += 7} 80% 50%)`;
    paint.fillRect(0, 0, 64, 48);
  }, 40);
  return canvas.captureStream();
};
"""


def test_classes_are_made_on_the_page_and_a_file_is_loaded_back(
    open_page: Open, tmp_path: Path
) -> None:
    page = open_page("en", QUERY)
    broken = tmp_path / "broken.zip"
    broken.write_bytes(b"nothing of an archive")
    upload(page, broken)
    expect(page.locator("#train-notice [role=alert]")).to_contain_text("no zip archive")
    assert "48 photos in 3 classes" in said(page, "classes")
    # Several files into a class that is named here.
    random, paths = np.random.default_rng(7), []
    for place in range(4):
        paths.append(tmp_path / f"{place}.png")
        Image.fromarray(random.integers(0, 255, (40, 40, 3)).astype(np.uint8)).save(paths[-1])
    page.locator("#train-class textarea").fill("ざらざら")
    upload(page, *paths)
    sentence = page.locator('[data-scene="classes"] .scene-sentence')
    expect(sentence).to_contain_text("4 photos in 1 class so far. At least 2 classes are needed")
    # Five snaps of the webcam into another.
    page.evaluate(WEBCAM)
    page.locator("#train-class textarea").fill("smooth")
    snap = page.locator("[data-camera=snap]")
    snap.click()
    expect(snap).to_have_text("Five snaps")
    snap.click()
    expect(sentence).to_contain_text("9 photos in 2 classes: 7 to learn from and 2 held out")
    page.locator("[data-camera=stop]").click()
    expect(page.locator(".train-camera video")).to_be_hidden()
    # By keys alone: a name is changed, a photo goes.
    name = page.locator('#scene-classes input[data-of="smooth"]')
    name.fill("Glatt & eben")
    name.press("Enter")
    expect(page.locator('#scene-classes input[data-of="Glatt & eben"]')).to_be_visible()
    remove = page.locator('#scene-classes [data-edit="photo"]')
    remove.first.focus()
    page.keyboard.press("Enter")
    expect(remove).to_have_count(8)
    walk(page, "tried")
    tried = page.locator('[data-scene="tried"] .scene-sentence')
    expect(tried).to_contain_text(re.compile("The new head says (ざらざら|Glatt & eben), with"))
    with page.expect_download() as download:
        page.locator("#train-take").click()
    with page.expect_file_chooser() as chooser:
        page.locator("#train-load").click()
    # Under any name, as browsers give downloads theirs.
    chooser.value.set_files(download.value.path())
    expect(tried).to_contain_text("loaded (Mini ResNet, for ざらざら and Glatt & eben) says")
    page.locator("#train-unload").click()
    expect(tried).to_contain_text("The new head says")


def test_another_split_and_the_stop_button(open_page: Open) -> None:
    page = open_page("en", QUERY)
    expect(page.locator('[data-scene="classes"] .scene-sentence')).to_contain_text("48 photos")
    unfold(page)
    page.locator("#train-other").click()
    page.wait_for_function("location.search.includes('train_seed=1')")
    walk(page, "learning")
    sentence = page.locator('[data-scene="learning"] .scene-sentence')
    expect(sentence).to_contain_text("9 of 12")
    # There is something to stop only while something is under way.
    stop = page.locator("#train-stop")
    expect(stop).to_be_hidden()
    page.locator("#train-mode input").last.check()
    page.wait_for_function("document.getElementById('train-stop').checkVisibility()")
    expect(sentence).to_contain_text("The new head and the last block of Mini ResNet learned")
    expect(stop).to_be_hidden()
