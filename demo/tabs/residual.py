"""ResNet and ResNeXt: what a block adds, paths in equal forms, parts switched off, cardinality."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from demo.figures.terms import explained
from demo.records import Photo, Problem
from demo.tabs import cardinality, fetching
from demo.tabs.page import Page, appearing, hidden
from demo.tabs.residual_view import View, bare_strip, opened, pair
from demo.tabs.sent import text_of
from demo.tabs.wiring import told
from demo.text import Words
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import load

ID = "residual"
MODELS = [one for one in CATALOGUE if "stages" in one.capabilities]
START = "mini_resnext"

_OPEN_BLOCK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-block]');
  if (!button) return;
  element.querySelectorAll('[data-block]').forEach((other) =>
    other.setAttribute('aria-pressed', String(other === button)));
  trigger('click', {block: button.dataset.block});
});
"""
_SWITCH = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-part]');
  if (!button) return;
  button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'));
  const off = [...element.querySelectorAll('[data-part][aria-pressed="true"]')];
  trigger('click', {off: off.map((one) => one.dataset.part).join(',')});
});
"""


@dataclass(frozen=True)
class Parts:
    """The components that show a photo in a block.

    A click on the strip of blocks changes what `of_block` gives, in that order.
    """

    under: gr.HTML
    strip: gr.HTML
    every: gr.HTML
    block: gr.Textbox
    off: gr.Textbox
    pair: gr.HTML
    maps: gr.HTML
    forms: gr.HTML
    switches: gr.HTML
    worth: gr.HTML

    def all(self) -> list[gr.components.Component]:
        """All of them."""
        return [getattr(self, one.name) for one in fields(self)]

    def of_block(self) -> list[gr.components.Component]:
        """Those that depend on the block; the strip in the browser presses its button itself."""
        return self.all()[3:]


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{explained(t("residual.intro"), t)}</p>')
    model = gr.Radio(
        [(one.title, one.key) for one in MODELS],
        value=START,
        label=t("residual.model"),
        elem_id="residual-model",
    )
    notice = gr.HTML(f'<div class="empty">{html.escape(t("residual.empty"))}</div>')
    block, off = hidden("residual-block"), hidden("residual-off")
    with gr.Column(elem_classes="residual"):
        _title(t, "blocks")
        strip = gr.HTML(js_on_load=_OPEN_BLOCK, elem_id="residual-strip")
        _title(t, "pair")
        drawn = gr.HTML(pair(START, opened(START, ""), t), elem_id="residual-pair")
        with gr.Column(visible=False) as body:
            parts, button = _layout(t, strip, drawn, block, off)
        _title(t, "cardinality")
        cardinality.build(page)
    _wire(page, model, notice, body, parts, button)
    page.link("residual", model)
    page.link("residual_block", parts.block)
    page.link("residual_off", parts.off)


def _title(t: Words, key: str) -> None:
    gr.HTML(
        f"<h3>{html.escape(t(f'residual.{key}_title'))}</h3>"
        f'<p class="hint">{html.escape(t(f"residual.{key}_hint"))}</p>'
    )


def _layout(
    t: Words, strip: gr.HTML, drawn: gr.HTML, block: gr.Textbox, off: gr.Textbox
) -> tuple[Parts, gr.Button]:
    under = gr.HTML(padding=False, elem_classes="under")
    _title(t, "sum")
    maps = gr.HTML(elem_id="residual-maps")
    _title(t, "forms")
    forms = gr.HTML(elem_id="residual-forms")
    _title(t, "switch")
    with gr.Row(elem_classes="residual-off"):
        switches = gr.HTML(js_on_load=_SWITCH, elem_id="residual-switches")
        worth = gr.HTML(elem_id="residual-worth")
    gr.HTML(f'<p class="notice retrained">{explained(t("residual.retrained"), t)}</p>')
    button = gr.Button(t("residual.every_button"), elem_id="residual-every-button")
    every = gr.HTML(elem_id="residual-every")
    return Parts(under, strip, every, block, off, drawn, maps, forms, switches, worth), button


def _show(view: View, off: str) -> list[Any]:
    """Values of `Parts.of_block()` for a view."""
    known = [part for part in off.split(",") if part in view.block.switches]
    return [
        view.name,
        ",".join(known),
        pair(view.loaded.spec.key, view.name, view.t),
        view.maps(),
        view.forms(),
        view.switches(known),
        view.worth(known),
    ]


def _wire(
    page: Page, model: gr.Radio, notice: gr.HTML, body: gr.Column, parts: Parts, button: gr.Button
) -> None:
    t = page.words

    def of(photo: Photo | None, key: str, name: str) -> View | None:
        return None if photo is None else View(t, load(key), photo, opened(key, name))

    def analyse(photo: Photo, key: str, name: str, off: str) -> list[Any]:
        try:
            view = View(t, load(key), photo, opened(key, name))
        except Problem as problem:
            shown = appearing(told(problem, t, t("residual.absent")))
            kept = {part: gr.skip() for part in parts.all()}
            kept[parts.strip] = bare_strip(key, opened(key, name), t)
            kept[parts.pair] = pair(key, opened(key, name), t)
            return [shown, gr.update(visible=False), *kept.values()]
        return [
            appearing(""),
            gr.update(visible=True),
            view.under(),
            view.strip(),
            "",
            *_show(view, off),
        ]

    fetched = fetching.on_choice(page, model, notice)
    page.on_photo(
        ID,
        analyse,
        [model, parts.block, parts.off],
        [notice, body, *parts.all()],
        also=[fetched.change],
    )

    def open_block(event: gr.EventData, photo: Photo | None, key: str) -> list[Any]:
        name = opened(key, text_of(event, "block"))
        try:
            view = of(photo, key, name)
        except Problem:
            view = None
        if view is None:
            drawn = {part: gr.skip() for part in parts.of_block()}
            drawn.update({parts.block: name, parts.pair: pair(key, name, t)})
            return list(drawn.values())
        return _show(view, "")

    page.on(
        parts.strip.click,
        open_block,
        [page.photo, model],
        parts.of_block(),
        heavy=True,
        trigger_mode="always_last",
    )

    def switch(event: gr.EventData, photo: Photo | None, key: str, name: str) -> list[Any]:
        view = of(photo, key, name)
        if view is None:
            return [gr.skip(), gr.skip()]
        off = text_of(event, "off")
        return [off, view.worth(off.split(","))]

    page.on(
        parts.switches.click,
        switch,
        [page.photo, model, parts.block],
        [parts.off, parts.worth],
        heavy=True,
        trigger_mode="always_last",
    )

    def every(photo: Photo | None, key: str, name: str) -> Any:
        view = of(photo, key, name)
        return gr.skip() if view is None else view.every_block()

    page.on(
        button.click,
        every,
        [page.photo, model, parts.block],
        parts.every,
        heavy=True,
        show_progress="full",
    )
