"""The page of one language: head, photo column, tabs, and the link that brings all of it back."""

from __future__ import annotations

import html
import json
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from demo.figures.heat import filters, gradients
from demo.photo.limits import MOST_BYTES
from demo.tabs import choice, compare, densenet, inception, photos, reduction, residual
from demo.tabs.components import bounded
from demo.tabs.intake import Intake
from demo.tabs.page import Page, hidden
from demo.text import LANGUAGES, text

TABS: tuple[ModuleType, ...] = (compare, residual, densenet, inception, reduction, choice)
"""In the order of the page: addition first, then concatenation, its contrast. Each has ID and
build(page); its label is "tab.ID"."""

START = "plane"
"""The example that the page opens with."""


def build(lang: str) -> None:
    """Build one language's page inside an open Blocks context."""
    t = text(lang)
    root = gr.context.Context.root_block
    other_pages = set(root.blocks)
    gr.Navbar(visible=False)
    gr.HTML(_head(lang), elem_id="page-head", apply_default_css=False)
    page = Page(
        lang=lang,
        words=t,
        photo=hidden("photo-token"),
        photos=hidden("photo-tokens"),
        photo_key=hidden("photo-key"),
        active=hidden("active-tab"),
    )
    with gr.Row(elem_id="page-body"):
        with gr.Column(elem_id="photo-column"):
            intake = Intake(page)
        with (
            gr.Column(elem_id="tab-column"),
            # Every tab stays in its bar, which scrolls where it is too narrow for all of them.
            gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs,
        ):
            for module in TABS:
                with gr.Tab(t(f"tab.{module.ID}"), id=module.ID, render_children=True) as tab:
                    module.build(page)
                page.on(
                    tab.select,
                    None,
                    None,
                    page.active,
                    js=f"() => four.openTab({json.dumps(module.ID)})",
                )
    intake.wire()
    for number, component in root.blocks.items():
        if number not in other_pages and isinstance(component, gr.Number | gr.Slider):
            bounded(component, lang)
    example = hidden("example-name")
    page.on(
        page.photo.change,
        photos.example_of,
        page.photo,
        example,
    )
    page.link("tab", page.active)
    page.link("example", example)
    _restore(page, intake, tabs)
    page.wire_links()


def _restore(page: Page, intake: Intake, tabs: gr.Tabs) -> None:
    """On load: the photo, the open tab and every linked value from the address."""
    search = hidden("search")
    outputs = [*page.links.values(), tabs, *intake.outputs]

    def restore(query: str) -> list[Any]:
        asked = parse_qs(query.removeprefix("?"))
        tab = asked.get("tab", [""])[-1]
        tab = tab if tab in [module.ID for module in TABS] else TABS[0].ID
        name = asked.get("example", [""])[-1]
        name = name if name in photos.EXAMPLES else START
        values = dict(zip(page.links, page.restore(query), strict=True))
        values.update(tab=tab, example=name)
        return [
            *values.values(),
            gr.Tabs(selected=tab),
            *intake.show(photos.of_example(name)),
        ]

    root = gr.context.Context.root_block
    loaded = page.on(root.load, restore, search, outputs, js="() => four.initial")
    loaded.then(
        None,
        page.active,
        None,
        js="(tab) => { four.openTab(tab); four.restoreDone(); }",
        api_visibility="private",
    )


def _head(lang: str) -> str:
    t = text(lang)
    switch = "".join(
        f'<a data-language href="{"./" if other == LANGUAGES[0] else f"./{other}"}" lang="{other}"'
        f"{' aria-current=page' if other == lang else ''}>{t(f'page.name_{other}')}</a>"
        for other in LANGUAGES
    )
    return (
        f"<style>{gradients()}</style>{filters()}"
        f'<header class="page-head" data-page-language="{lang}"'
        f' data-page-title="{html.escape(t("page.title"))}"'
        f' data-queue-full="{html.escape(t("page.queue_full"))}"'
        f' data-too-large="{html.escape(t("photo.too_large", most=MOST_BYTES // 2**20))}">'
        f"<h1>{html.escape(t('page.title'))}</h1><p>{html.escape(t('page.tagline'))}</p>"
        f'<div class="page-tools"><button type="button" data-presentation'
        f' title="{html.escape(t("page.presentation_tip"))}">'
        f"{html.escape(t('page.presentation'))}</button>{switch}</div></header>"
    )
