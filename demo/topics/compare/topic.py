"""Compare: several networks side by side, on one photo or several, each with its Grad-CAM."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from demo.drawing.families import families
from demo.page import fetching, photos
from demo.page.page import Page, place
from demo.page.picker import LABELS, follow
from demo.page.scene import Scene, controls, more
from demo.page.sent import number_of
from demo.page.topic import Topic
from demo.scripts import script
from demo.topics.compare import api
from demo.topics.compare.scenes import bar as compare_bar, export, photos as compare_photos, view

ID = "compare"
PHOTO = Scene(ID, "photo", ("photo", "weights"), ("compare",))
PHOTOS = Scene(ID, "photos", ("photo", "weights"), ("compare",))
SCENES = (PHOTO, PHOTOS)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    # Over the pictures, in one line: what answers is chosen before it is looked at.
    with controls("compare"):
        bar = compare_bar.build(page)
    gr.HTML(families(t), padding=False, elem_id="families")
    downloads = place()
    choice = [bar.small, bar.large, bar.label, bar.k, bar.depth, bar.own]
    opening = [one.value for one in choice]
    with PHOTO.stage(t):
        results = gr.HTML(view.bare(t, *opening), elem_id="compare-results")
        export.build(page, choice, picture=True)
    with PHOTOS.stage(t):
        grid = gr.HTML(
            compare_photos.bare(t, "", *opening), js_on_load=script("click"), elem_id="photo-grid"
        )
        export.build(page, choice, picture=False)
        with more(t("scene.how")):
            gr.HTML(f'<p class="hint">{t("compare.grid_hint")} {t("compare.grid_saves")}</p>')
    page.on_scene(
        PHOTO,
        partial(view.one_photo, t),
        choice,
        results,
        bare=partial(view.bare, t),
        after=[bar.fetched, page.own],
    )

    def each(_: Any, *asked: Any) -> Iterator[Any]:
        yield from compare_photos.several_photos(t, *asked)

    page.on_scene(
        PHOTOS,
        each,
        [page.photos, *choice],
        grid,
        bare=partial(compare_photos.bare, t),
        after=[bar.fetched, page.own],
        any_photo=True,
    )
    fetching.wire(page, bar.large, downloads, bar.fetched, list)
    _wire_rows(page, grid)
    for name, component in (
        ("models", bar.small),
        ("imagenet", bar.large),
        ("k", bar.k),
        ("depth", bar.depth),
        ("opacity", bar.opacity),
        ("colours", bar.colours),
        ("own", bar.own),
    ):
        page.link(name, component)
    page.link("class", bar.label, LABELS)
    follow(page, "class", bar.small, bar.large)


def _wire_rows(page: Page, grid: gr.HTML) -> None:
    """Several photos are seen in their grid; a photo that is clicked there is seen alone."""
    picture, several = page.picture, page.several
    assert picture is not None
    assert several is not None

    def open_row(event: gr.EventData, tokens: str) -> dict[Any, Any]:
        refs = photos.unseal_all(tokens)
        ref = refs[number_of(event, "index", len(refs))]
        photo = photos.load(ref)
        assert photo is not None
        return {page.photo: photos.seal(ref), page.photo_key: photo.key, picture: photo.pixels}

    opened = [page.photo, page.photo_key, picture]
    page.on(grid.click, open_row, page.photos, opened, reads=True).then(
        None, None, None, None, js="() => four.openScene('photo')", api_visibility="private"
    )
    page.on(several.upload, None, None, None, js="() => four.openWithin('compare', 'photos')")


COMPARE = Topic(ID, SCENES, build, api.register)
