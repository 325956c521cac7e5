"""The one line above the cards: networks, class, look; what is rarely touched opens on demand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from demo.drawing.colormaps import SEQUENTIAL
from demo.drawing.progress import MEGABYTE
from demo.drawing.style import short
from demo.drawing.terms import explained
from demo.page.page import Page, hidden
from demo.page.picker import picker
from demo.page.sent import text_of
from demo.records.families import FAMILIES
from demo.scripts import script
from demo.text import Words
from demo.topics.compare.figures import network_sets
from demo.zoo.catalogue import CATALOGUE, relatives, spec
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

SMALL = tuple(one.key for one in CATALOGUE if one.dataset == "cifar10")
LARGE = tuple(one.key for one in CATALOGUE if one.dataset == "imagenet")
START = ("efficientnet_lite0",)
"""Of the large networks; a network that knows 1,000 things answers by default."""
RELATIVES = tuple(one.key for one in relatives(map(spec, SMALL)))
"""The full-size networks of the small ones' families."""
DEPTHS = ("last", "middle", "early")


@dataclass
class Bar:
    """The controls of the comparison.

    own: whether the network that the page has trained answers too; seen once there is one.
    fetched: changes when a download has come to its end, good or bad.
    """

    small: gr.CheckboxGroup
    large: gr.CheckboxGroup
    label: gr.HTML
    k: gr.Slider
    depth: gr.Radio
    opacity: gr.Slider
    colours: gr.Radio
    own: gr.Checkbox
    fetched: gr.Textbox


def build(page: Page) -> Bar:
    """The line and its panels."""
    t = page.words
    click = script("click")
    with gr.Column(elem_id="compare-bar"):
        with gr.Row(elem_id="compare-line"):
            count = len(SMALL) + len(START)
            gr.HTML(network_sets.opener("networks-panel", t("compare.networks"), count))
            sets = gr.HTML(_sets(SMALL, START, t), elem_id="network-sets", js_on_load=click)
            offered = (*SMALL, *START)
            label = picker(t, t("compare.class"), t("compare.own_choice"), offered, "class")
            gr.HTML(network_sets.opener("look-panel", t("compare.look")))
        with gr.Column(elem_id="networks-panel", elem_classes="drawer"):
            again = gr.HTML(_sets(SMALL, START, t), elem_id="network-sets-again", js_on_load=click)
            coloured = network_sets.coloured({one.key: one.family for one in CATALOGUE})
            gr.HTML(coloured, elem_classes="muted-style")
            muted = gr.HTML(network_sets.absent(_absent()), elem_classes="muted-style")
            small = gr.CheckboxGroup(
                [_choice(spec(key), t) for key in SMALL],
                value=list(SMALL),
                label=t("compare.models_cifar10"),
                elem_classes="models",
            )
            large = gr.CheckboxGroup(
                [_choice(spec(key), t) for key in LARGE],
                value=list(START),
                label=t("compare.models_imagenet"),
                elem_classes="models",
            )
            mine = gr.Checkbox(
                True, label=t("compare.own"), visible="hidden", elem_id="compare-own"
            )
            gr.HTML(f'<p class="hint">{explained(t("compare.recipe_note"), t, "recipe")}</p>')
        with gr.Column(elem_id="look-panel", elem_classes="drawer"):
            look = _look(page)
    bar = Bar(small, large, label, *look, mine, hidden())
    _wire_sets(page, bar, sets, again, muted)

    def there(mark: str) -> Any:
        return gr.update(visible=True if mark else "hidden")

    page.on(page.own.change, there, page.own, mine)
    return bar


def _look(page: Page) -> tuple[gr.Slider, gr.Radio, gr.Slider, gr.Radio]:
    t = page.words
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
    return k, depth, opacity, colours


def _wire_sets(page: Page, bar: Bar, sets: gr.HTML, again: gr.HTML, muted: gr.HTML) -> None:
    """One click chooses a set; what is here is told anew whenever it may have changed."""
    t = page.words
    chosen = [bar.small, bar.large]
    changes = [bar.small.change, bar.large.change]

    def choose(event: gr.EventData) -> dict[Any, list[str]]:
        small, large = members(text_of(event, "set"))
        return {bar.small: small, bar.large: large}

    for one in (sets, again):
        page.on(one.click, choose, None, chosen)

    def tell(little: list[str], big: list[str]) -> dict[Any, Any]:
        return dict.fromkeys((sets, again), _sets(little, big, t))

    page.on(changes, tell, chosen, [sets, again])
    page.on(
        changes,
        None,
        chosen,
        None,
        js="(...chosen) => four.count('networks-panel', chosen.flat().length)",
    )

    def look_again(little: list[str], big: list[str]) -> dict[Any, Any]:
        choices = gr.update(choices=[_choice(spec(key), t) for key in LARGE])
        return {**tell(little, big), muted: network_sets.absent(_absent()), bar.large: choices}

    root = gr.context.Context.root_block
    again_at = [bar.fetched.change, root.load]
    page.on(again_at, look_again, chosen, [sets, again, muted, bar.large])


def members(name: str) -> tuple[list[str], list[str]]:
    """The small and the large networks of a set: "small", "relatives" or "here"."""
    if name == "small":
        return list(SMALL), []
    if name == "relatives":
        return [], list(RELATIVES)
    away = _absent()
    return list(SMALL), [key for key in LARGE if key not in away]


def _absent() -> list[str]:
    return [key for key in LARGE if readiness(spec(key)) == "absent"]


def _sets(small: Sequence[str], large: Sequence[str], t: Words) -> str:
    chosen = {*small, *large}
    pressed = {
        name: chosen == {*members(name)[0], *members(name)[1]}
        for name in ("small", "relatives", "here")
    }
    missing = sum(spec(key).weights.size for key in _absent() if key in RELATIVES)
    return network_sets.sets(pressed, missing, t)


def _choice(one: ModelSpec, t: Words) -> tuple[str, str]:
    words = t(
        "compare.choice",
        sign=FAMILIES[one.family].sign,
        title=one.title,
        parameters=short(one.parameters, t),
    )
    if readiness(one) == "absent":
        words = t("compare.choice_absent", choice=words, size=round(one.weights.size / MEGABYTE))
    return words, one.key
