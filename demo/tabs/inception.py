"""Inside Inception: the branches of a block on one's own photo, and what each is worth."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from demo.figures.cards import label_name
from demo.figures.inception_field import FOLLOW
from demo.figures.inception_style import label
from demo.records import Photo, Problem
from demo.tabs import compare_view, photos
from demo.tabs.inception_view import View, opened
from demo.tabs.page import Page, hidden
from demo.tabs.wiring import sentence
from demo.text import Words
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import load

ID = "inception"
_PROGRESS = gr.Progress()
MODELS = [one for one in CATALOGUE if "branches" in one.capabilities]

_OPEN_BLOCK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-block]');
  if (!button) return;
  element.querySelectorAll('[data-block]').forEach((other) =>
    other.setAttribute('aria-pressed', String(other === button)));
  trigger('click', {block: button.dataset.block});
});
"""
_OPEN_CHANNEL = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-channel]');
  if (button) trigger('click', {branch: button.dataset.branch, channel: button.dataset.channel});
});
"""


@dataclass(frozen=True)
class Parts:
    """The components that show a photo in a block.

    A click on the strip of blocks changes what `of_block` gives, in that order.
    """

    under: gr.HTML
    strip: gr.HTML
    depth: gr.HTML
    block: gr.Textbox
    module: gr.HTML
    columns: gr.HTML
    channel: gr.HTML
    field: gr.HTML
    off: gr.CheckboxGroup
    worth: gr.HTML
    roles: gr.HTML

    def all(self) -> list[gr.components.Component]:
        """All of them."""
        return [getattr(self, one.name) for one in fields(self)]

    def of_block(self) -> list[gr.components.Component]:
        """Those that depend on the block; the strip in the browser presses its button itself."""
        return self.all()[3:]


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{html.escape(t("inception.intro"))}</p>')
    model = gr.Radio(
        [(one.title, one.key) for one in MODELS],
        value=MODELS[0].key,
        label=t("inception.model"),
        elem_id="inception-model",
    )
    notice = gr.HTML(f'<div class="empty">{html.escape(t("inception.empty"))}</div>')
    block = hidden("inception-block")
    with gr.Column(visible=False, elem_classes="inception") as body:
        parts, count, order, mode, asked, button, matrix = _layout(t, block)
    _wire(page, model, notice, body, parts, count, order, mode, asked, button, matrix)
    for name, component in (
        ("inception", model),
        ("block", parts.block),
        ("channels", count),
        ("off", mode),
    ):
        page.link(name, component)


def _title(t: Words, key: str) -> None:
    gr.HTML(
        f"<h3>{html.escape(t(f'inception.{key}_title'))}</h3>"
        f'<p class="hint">{html.escape(t(f"inception.{key}_hint"))}</p>'
    )


def _layout(t: Words, block: gr.Textbox) -> tuple[Any, ...]:
    under = gr.HTML(padding=False, elem_classes="under")
    gr.HTML(
        f'<p class="small-title" title="{html.escape(t("inception.blocks_tip"), quote=True)}">'
        f"{html.escape(t('inception.blocks'))}</p>"
    )
    strip = gr.HTML(js_on_load=_OPEN_BLOCK, elem_id="inception-strip")
    module = gr.HTML(elem_id="inception-module")
    _title(t, "branches")
    with gr.Row(elem_classes="inception-controls"):
        count = gr.Slider(4, 64, value=16, step=4, label=t("inception.how_many"))
        order = gr.Radio(
            [(t("inception.order_strength"), "strength"), (t("inception.order_index"), "index")],
            value="strength",
            label=t("inception.order"),
        )
    columns = gr.HTML(js_on_load=_OPEN_CHANNEL, elem_id="inception-columns")
    channel = gr.HTML(elem_id="inception-channel")
    _title(t, "field")
    field = gr.HTML(js_on_load=FOLLOW, elem_id="inception-field")
    _title(t, "worth")
    with gr.Row(elem_classes="inception-controls"):
        off = gr.CheckboxGroup([], label=t("inception.off"), elem_id="inception-off")
        mode = gr.Radio(
            [(t("inception.mode_zero"), "zero"), (t("inception.mode_mean"), "mean")],
            value="zero",
            label=t("inception.mode"),
            info=t("inception.mode_tip"),
        )
        asked = gr.Dropdown([(t("inception.own_class"), "")], value="", label=t("inception.class"))
    worth = gr.HTML(elem_id="inception-worth")
    button = gr.Button(t("inception.matrix_button"), elem_id="inception-matrix-button")
    matrix = gr.HTML(
        f'<p class="hint">{html.escape(t("inception.matrix_hint"))}</p>',
        elem_id="inception-matrix",
    )
    _title(t, "depth")
    depth = gr.HTML(elem_id="inception-depth")
    _title(t, "roles")
    roles = gr.HTML(elem_id="inception-roles")
    parts = Parts(under, strip, depth, block, module, columns, channel, field, off, worth, roles)
    return parts, count, order, mode, asked, button, matrix


def _wire(
    page: Page,
    model: gr.Radio,
    notice: gr.HTML,
    body: gr.Column,
    parts: Parts,
    count: gr.Slider,
    order: gr.Radio,
    mode: gr.Radio,
    asked: gr.Dropdown,
    button: gr.Button,
    matrix: gr.HTML,
) -> None:
    t = page.words
    hint = f'<p class="hint">{html.escape(t("inception.matrix_hint"))}</p>'
    looks = [model, parts.block, count, order]

    def look(photo: Photo, key: str, name: str, channels: float, by: str) -> View:
        loaded = load(key)
        return View(t, loaded, photo, opened(loaded, name), int(channels), by == "strength")

    def of(ref: photos.Ref | None, *chosen: Any) -> View | None:
        photo = photos.load(ref)
        return None if photo is None else look(photo, *chosen)

    def analyse(photo: Photo, *chosen: Any) -> list[Any]:
        *choice, how, label_asked = chosen
        try:
            view = look(photo, *choice)
        except Problem as problem:
            words = f"{sentence(problem, t)} {t('inception.absent')}"
            shown = gr.update(value=f'<div class="notice">{html.escape(words)}</div>', visible=True)
            kept = [gr.skip() for _ in parts.all()]
            return [shown, gr.update(visible=False), gr.skip(), hint, *kept]
        known = label_asked in view.loaded.spec.labels
        classes = gr.update(choices=_classes(view, t), value=label_asked if known else "")
        return [
            gr.update(visible=False),
            gr.update(visible=True),
            classes,
            hint,
            view.under(),
            view.strip(),
            view.depth(),
            *_show(view, how, label_asked),
        ]

    fetched = hidden()
    page.on_photo(
        ID,
        analyse,
        [*looks, mode, asked],
        [notice, body, asked, matrix, *parts.all()],
        also=[fetched.change],
    )

    def fetch(key: str) -> Iterator[Any]:
        for drawn, _ in compare_view.downloads([key], t):
            yield gr.update(value=drawn, visible=bool(drawn)), gr.skip()
        yield gr.skip(), key

    page.on(model.change, fetch, model, [notice, fetched], trigger_mode="always_last")

    def open_block(event: gr.EventData, ref: photos.Ref | None, *chosen: Any) -> list[Any]:
        key, _, *rest, how, label_asked = chosen
        view = of(ref, key, str(event.block), *rest)
        if view is None:
            return [gr.skip() for _ in parts.of_block()]
        return _show(view, how, label_asked)

    inputs = [page.photo, *looks]
    # Not in the queue: a look at what has been computed waits for nobody.
    quick = {"queue": False, "trigger_mode": "always_last"}
    page.on(parts.strip.click, open_block, [*inputs, mode, asked], parts.of_block(), **quick)

    def columns(*chosen: Any) -> Any:
        view = of(*chosen)
        return gr.skip() if view is None else view.columns()

    page.on([count.change, order.change], columns, inputs, parts.columns, **quick)

    def channel(event: gr.EventData, *chosen: Any) -> Any:
        view = of(*chosen)
        return gr.skip() if view is None else view.channel(event.branch, int(event.channel))

    page.on(parts.columns.click, channel, inputs, parts.channel, **quick)

    def worth(off: list[str], how: str, label_asked: str, *chosen: Any) -> Any:
        view = of(*chosen)
        return gr.skip() if view is None else view.worth(off, how, label_asked)

    page.on(
        [parts.off.input, mode.input, asked.input],
        worth,
        [parts.off, mode, asked, *inputs],
        parts.worth,
        heavy=True,
        trigger_mode="always_last",
    )

    def run_matrix(
        how: str,
        label_asked: str,
        ref: photos.Ref | None,
        key: str,
        name: str,
        channels: float,
        by: str,
        progress: gr.Progress = _PROGRESS,
    ) -> Any:
        view = of(ref, key, name, channels, by)
        if view is None:
            return gr.skip()

        def tell(done: int, total: int, name: str) -> None:
            progress((done, total), desc=t("inception.matrix_progress", block=name))

        return view.matrix(how, label_asked, tell)

    page.on(
        button.click,
        run_matrix,
        [mode, asked, *inputs],
        matrix,
        heavy=True,
        show_progress="full",
    )


def _show(view: View, how: str, asked: str) -> list[Any]:
    """Values of `Parts.of_block()` for a view; nothing is off at first."""
    choices = [(label(branch.name, view.t), branch.name) for branch in view.block.branches]
    return [
        view.name,
        view.module(),
        view.columns(),
        view.channel(),
        view.field(),
        gr.update(choices=choices, value=[]),
        view.worth([], how, asked),
        view.roles(),
    ]


def _classes(view: View, t: Words) -> list[tuple[str, str]]:
    one = spec(view.loaded.spec.key)
    own = (t("inception.own_class"), "")
    return [own, *((label_name(t, one.dataset, name), name) for name in one.labels)]
