"""Compare: one photo or several, several networks side by side, each with its Grad-CAM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.figures.families import families
from demo.lane import Turn
from demo.records import Photo
from demo.scripts import script
from demo.tabs import compare_bar, compare_export, compare_view, fetching, photos
from demo.tabs.page import Page, appearing, hidden, place
from demo.tabs.picker import LABELS, follow
from demo.tabs.scene import Scene
from demo.tabs.sent import number_of

ID = "compare"
SCENES: tuple[Scene, ...] = ()


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    bar = compare_bar.build(page)
    gr.HTML(families(t), padding=False, elem_id="families")
    small, large, label, k, depth = bar.small, bar.large, bar.label, bar.k, bar.depth
    downloads, grid = place(), place("photo-grid", js_on_load=script("click"))
    results = gr.HTML(f'<div class="empty">{t("compare.empty")}</div>', elem_id="compare-results")
    shown_grid = hidden()
    inputs = [page.photos, small, large, label, k, depth]

    def render(photo: Photo, tokens: str, *asked: Any) -> Iterator[Any]:
        *choice, drawn = asked
        refs = photos.unseal_all(tokens)
        view = compare_view.View(t, photo, refs, compare_view.asked(*choice))
        if len(refs) > 1 and view.grid_key != drawn:
            for step in view.grid():
                yield step if isinstance(step, Turn) else (appearing(step), gr.skip(), gr.skip())
            yield gr.skip(), gr.skip(), view.grid_key
        elif len(refs) <= 1:
            yield appearing(""), gr.skip(), ""
        for step in view.cards():
            yield step if isinstance(step, Turn) else (gr.skip(), step, gr.skip())

    changes = [small.change, large.change, label.change, k.change, depth.change, bar.fetched.change]
    page.on_photo(
        ID,
        render,
        [*inputs, shown_grid],
        [grid, results, shown_grid],
        also=changes,
        forgets=[shown_grid],
    )

    # Downloads run outside the networks' queue, so nobody else waits for them. The token changes
    # at the end of each, good or bad, and the cards are drawn again.
    def fetch(keys: list[str], token: str) -> Iterator[Any]:
        for html, key in fetching.downloads(keys, t):
            token = f"{token} {key}" if key else token
            yield appearing(html), token

    page.on(
        large.change,
        fetch,
        [large, bar.fetched],
        [downloads, bar.fetched],
        trigger_mode="always_last",
    )

    def open_row(event: gr.EventData, tokens: str) -> list[Any]:
        refs = photos.unseal_all(tokens)
        ref = refs[number_of(event, "index", len(refs))]
        photo = photos.load(ref)
        assert photo is not None
        return [photos.seal(ref), photo.key, photo.pixels]

    # The photo whose cards are open is the one in sight.
    opened = [page.photo, page.photo_key, page.picture]
    page.on(grid.click, open_row, page.photos, opened, reads=True)
    compare_export.build(page, inputs)
    for name, component in (
        ("models", small),
        ("imagenet", large),
        ("k", k),
        ("depth", depth),
    ):
        page.link(name, component)
    page.link("class", label, LABELS)
    follow(page, "class", small, large)
