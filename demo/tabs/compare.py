"""Compare: one photo or several, several networks side by side, each with its Grad-CAM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from demo.figures import cards
from demo.figures.colormaps import SEQUENTIAL
from demo.figures.style import short
from demo.lane import Turn
from demo.records import Photo
from demo.tabs import compare_export, compare_view, fetching, photos
from demo.tabs.page import Page, appearing, hidden, place
from demo.tabs.picker import LABELS, follow, picker
from demo.text import Words
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

ID = "compare"
START = ("mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext")
DEPTHS = ("last", "middle", "early")


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    small, large, label, k, depth = _controls(page)
    grid, downloads = place("photo-grid", js_on_load=_CLICK), place()
    results = gr.HTML(f'<div class="empty">{t("compare.empty")}</div>', elem_id="compare-results")
    fetched, shown_grid = hidden(), hidden()
    inputs = [page.photos, small, large, label, k, depth]

    def render(photo: Photo, tokens: str, *asked: Any) -> Iterator[Any]:
        *choice, drawn = asked
        refs = photos.unseal_all(tokens)
        view = compare_view.View(t, photo, refs, compare_view.asked(*choice))
        if len(refs) > 1 and view.grid_key != drawn:
            for step in view.grid():
                yield step if isinstance(step, Turn) else (appearing(step), gr.skip(), gr.skip())
            yield Turn.NETWORK
            yield gr.skip(), gr.skip(), view.grid_key
        elif len(refs) <= 1:
            yield appearing(""), gr.skip(), ""
        for html in view.cards():
            yield gr.skip(), html, gr.skip()

    changes = [small.change, large.change, label.change, k.change, depth.change, fetched.change]
    page.on_photo(ID, render, [*inputs, shown_grid], [grid, results, shown_grid], also=changes)

    # Downloads run outside the networks' queue, so nobody else waits for them. The token changes
    # at the end of each, good or bad, and the cards are drawn again.
    def fetch(keys: list[str], token: str) -> Iterator[Any]:
        for html, key in fetching.downloads(keys, t):
            token = f"{token} {key}" if key else token
            yield appearing(html), token

    page.on(
        large.change,
        fetch,
        [large, fetched],
        [downloads, fetched],
        trigger_mode="always_last",
    )

    def open_row(event: gr.EventData, tokens: str) -> list[Any]:
        ref = photos.unseal_all(tokens)[int(event.index)]
        photo = photos.load(ref)
        assert photo is not None
        return [photos.seal(ref), photo.key]

    page.on(grid.click, open_row, page.photos, [page.photo, page.photo_key])
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


_CLICK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-index]');
  if (button) trigger('click', {index: button.dataset.index});
});
"""


def _controls(page: Page) -> tuple[Any, ...]:
    t = page.words
    small = gr.CheckboxGroup(
        [_choice(one, t) for one in CATALOGUE if one.dataset == "cifar10"],
        value=list(START),
        label=t("compare.models_cifar10"),
        elem_classes="models",
    )
    with gr.Row(elem_classes="folds", equal_height=False):
        label = picker(t, t("compare.class"), t("compare.own_choice"), START, "class")
        with gr.Accordion(t("compare.more_models"), open=False, elem_id="more-models"):
            large = gr.CheckboxGroup(
                [_choice(one, t) for one in CATALOGUE if one.dataset == "imagenet"],
                value=[],
                label=t("compare.models_imagenet"),
                info=t("compare.recipe_note"),
                elem_classes="models",
            )
        with gr.Accordion(t("compare.look"), open=False, elem_id="look"):
            k = gr.Slider(1, 10, value=5, step=1, label=t("compare.top_k"))
            depth = gr.Radio(
                [(t(f"compare.depth_{name}"), name) for name in DEPTHS],
                value=DEPTHS[0],
                label=t("compare.depth"),
                info=t("compare.depth_info"),
            )
            opacity = gr.Slider(0, 1, value=0.85, step=0.05, label=t("compare.opacity"))
            colours = gr.Radio(list(SEQUENTIAL), value=SEQUENTIAL[0], label=t("compare.colours"))
    page.on(
        [opacity.change, colours.change],
        None,
        [opacity, colours],
        None,
        js="(opacity, map) => four.look(opacity, map)",
    )
    return small, large, label, k, depth


def _choice(one: ModelSpec, t: Words) -> tuple[str, str]:
    sign, parameters = cards.SIGNS[one.family], short(one.parameters, t)
    if one.dataset == "cifar10":
        words = t("compare.choice", sign=sign, title=one.title, parameters=parameters)
    else:
        ready = t(f"ready.{readiness(one)}")
        words = t(
            "compare.choice_ready", sign=sign, title=one.title, parameters=parameters, ready=ready
        )
    return words, one.key
