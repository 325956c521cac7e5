"""Inside Inception: the branches of a block on one's own photo, and what each is worth."""

from __future__ import annotations

import html

import gradio as gr

from demo.figures.inception_field import FOLLOW
from demo.figures.terms import explained
from demo.tabs.components import changing
from demo.tabs.inception_events import Controls, Events, Parts, matrix_hint
from demo.tabs.page import Page, hidden
from demo.tabs.picker import follow, picker
from demo.tabs.scene import Scene
from demo.text import Words
from demo.zoo.catalogue import able

ID = "inception"
SCENES: tuple[Scene, ...] = ()
MODELS = able("branches")

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


def build(page: Page) -> None:
    """Build the tab inside its gr.Tab."""
    t = page.words
    gr.HTML(f'<p class="lead">{explained(t("inception.intro"), t)}</p>')
    model = gr.Radio(
        [(one.title, one.key) for one in MODELS],
        value=MODELS[0].key,
        label=t("inception.model"),
        elem_id="inception-model",
    )
    notice = gr.HTML(f'<div class="empty">{html.escape(t("inception.empty"))}</div>')
    # Outside what is hidden at first: Gradio shows a hidden box again with its column.
    block = hidden("inception-block")
    with gr.Column(visible=False, elem_classes="inception") as body:
        under, strip, module = _building(t)
        with gr.Column(elem_classes="inception-live") as live:
            columns, channel, field, count, order = _sight(t)
            off, worth, mode, asked, button, matrix = _worth(t)
            _title(t, "depth")
            depth = gr.HTML(elem_id="inception-depth")
        _title(t, "roles")
        roles = gr.HTML(elem_id="inception-roles")
    parts = Parts(under, depth, strip, block, module, columns, channel, field, off, worth, roles)
    controls = Controls(model, notice, body, live, count, order, mode, asked, button, matrix)
    Events(page, parts, controls).wire(ID)
    follow(page, "inception-class", model)
    for name, component in (
        ("inception", model),
        ("block", block),
        ("channels", count),
        ("cut", mode),
    ):
        page.link(name, component)


def _title(t: Words, key: str) -> None:
    gr.HTML(
        f"<h3>{html.escape(t(f'inception.{key}_title'))}</h3>"
        f'<p class="hint">{html.escape(t(f"inception.{key}_hint"))}</p>'
    )


def _building(t: Words) -> tuple[gr.HTML, gr.HTML, gr.HTML]:
    """How the network and the block are built."""
    under = gr.HTML(padding=False, elem_classes="under")
    gr.HTML(
        f'<p class="small-title" title="{html.escape(t("inception.blocks_tip"), quote=True)}">'
        f"{html.escape(t('inception.blocks'))}</p>"
    )
    strip = gr.HTML(js_on_load=_OPEN_BLOCK, elem_id="inception-strip")
    return under, strip, gr.HTML(elem_id="inception-module")


def _sight(t: Words) -> tuple[gr.HTML, gr.HTML, gr.HTML, gr.Slider, gr.Radio]:
    """What the branches see on the photo."""
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
    return columns, channel, gr.HTML(js_on_load=FOLLOW, elem_id="inception-field"), count, order


def _worth(
    t: Words,
) -> tuple[gr.CheckboxGroup, gr.HTML, gr.Radio, gr.HTML, gr.Button, gr.HTML]:
    """What happens without a branch."""
    _title(t, "worth")
    with gr.Row(elem_classes="inception-controls"):
        off = changing(gr.CheckboxGroup([], label=t("inception.off"), elem_id="inception-off"))
        mode = gr.Radio(
            [(t("inception.mode_zero"), "zero"), (t("inception.mode_mean"), "mean")],
            value="zero",
            label=t("inception.mode"),
            info=t("inception.mode_tip"),
        )
        asked = picker(
            t, t("inception.class"), t("inception.own_class"), [MODELS[0].key], "inception-class"
        )
    worth = gr.HTML(elem_id="inception-worth")
    button = gr.Button(t("inception.matrix_button"), elem_id="inception-matrix-button")
    return off, worth, mode, asked, button, gr.HTML(matrix_hint(t), elem_id="inception-matrix")
