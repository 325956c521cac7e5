"""The page of one language: head, photo column, tabs, and the link that brings all of it back."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from demo.drawing.heat import filters, gradients
from demo.drawing.terms import glossary
from demo.page import photos
from demo.page.chapters import chapters
from demo.page.components import bounded
from demo.page.guide import guide
from demo.page.intake import Intake
from demo.page.page import Page, hidden
from demo.page.scene import Scene, bar
from demo.page.topic import Topic
from demo.photo.limits import MOST_BYTES
from demo.records import Problem
from demo.scripts import script
from demo.text import LANGUAGES, Blank, Words, entries, text

START = "plane"
"""The example that the page opens with."""


def all_scenes(topics: Sequence[Topic]) -> tuple[Scene, ...]:
    """In the order in which they are walked."""
    return tuple(scene for topic in topics for scene in topic.scenes)


def build(lang: str, topics: Sequence[Topic]) -> None:
    """Build one language's page, with these topics in order, inside an open Blocks context."""
    t = text(lang)
    scenes = all_scenes(topics)
    root = gr.context.Context.root_block
    other_pages = set(root.blocks)
    gr.Navbar(visible=False)
    gr.HTML(_head(lang, scenes), elem_id="page-head", apply_default_css=False)
    page = Page(
        lang=lang,
        words=t,
        photo=hidden("photo-token"),
        photos=hidden("photo-tokens"),
        photo_key=hidden("photo-key"),
        example=hidden("example-name"),
        active=hidden("active-tab"),
        scene=hidden("active-scene"),
        own=hidden("own-network"),
    )
    with gr.Row(elem_id="page-body"):
        path = gr.HTML(
            guide(chapters(), scenes, t),
            js_on_load=script("guide"),
            apply_default_css=False,
            padding=False,
            elem_id="guide",
        )
        with gr.Column(elem_id="photo-column"):
            intake = Intake(page)
        page.picture, page.several = intake.input, intake.several
        with (
            gr.Column(elem_id="tab-column"),
            # Every tab stays in its bar, which scrolls where it is too narrow for all of them.
            gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as tabs,
        ):
            for topic in topics:
                with gr.Tab(t(f"tab.{topic.id}"), id=topic.id, render_children=True) as tab:
                    title = html.escape(t(f"tab.{topic.id}"))
                    gr.HTML(f'<h2 class="sr-only">{title}</h2>', elem_classes="tab-title")
                    _scene_bar(page, topic)
                    gr.HTML(_no_photo(lang), padding=False, elem_classes="needs-photo")
                    topic.build(page)
                    page.wire_links()
                page.on(
                    tab.select,
                    None,
                    None,
                    [page.active, page.scene],
                    js=f"() => four.openTab({json.dumps(topic.id)})",
                )
    intake.wire()
    for number, component in root.blocks.items():
        if number not in other_pages and isinstance(component, gr.Number | gr.Slider):
            bounded(component)
    # What the language switch and a reload hand on.
    page.on(
        [page.photo.change, page.photos.change, page.example.change],
        None,
        [page.photo, page.photos, page.example],
        None,
        js="(...photo) => four.photo(...photo)",
    )
    page.on(page.photo_key.change, None, None, None, js="() => four.photoIsNew()")
    page.link("tab", page.active)
    page.link("scene", page.scene, [scene.id for scene in scenes])
    page.link("example", page.example)
    _restore(page, intake, tabs, [topic.id for topic in topics])
    _set_chapter(page, path, tabs)
    page.wire_links()


def _scene_bar(page: Page, topic: Topic) -> None:
    """The topic's scenes by name."""
    shown = gr.HTML(
        bar(topic.id, topic.scenes, page.words),
        js_on_load=script("scene_bar"),
        padding=False,
        elem_id=f"scenes-{topic.id}",
    )
    page.on(shown.click, None, None, page.scene, js="() => document.body.dataset.onScene")


def _restore(page: Page, intake: Intake, tabs: gr.Tabs, topics: Sequence[str]) -> None:
    """On load: the photo, the open tab and every linked value from the address."""
    search, token, tokens = hidden("search"), hidden(), hidden()
    linked = {name: one for name, one in page.links.items() if name != "example"}
    outputs = [*linked.values(), tabs, *intake.outputs]

    def restore(query: str, photo: str, several: str) -> list[Any]:
        asked = parse_qs(query.removeprefix("?"))
        tab = asked.get("tab", [""])[-1]
        tab = tab if tab in topics else topics[0]
        values = dict(zip(page.links, page.restore(query), strict=True))
        values.update(tab=tab)
        return [
            *(values[name] for name in linked),
            gr.Tabs(selected=tab),
            *_photo(intake, asked.get("example", [""])[-1], photo, several),
        ]

    root = gr.context.Context.root_block
    handed = "() => four.handed()"
    loaded = page.on(root.load, restore, [search, token, tokens], outputs, js=handed, reads=True)
    page.came_back(loaded)


def _set_chapter(page: Page, path: gr.HTML, tabs: gr.Tabs) -> None:
    """A chapter that opens sets its scene as a link would; the photo stays."""
    asked = hidden()
    linked = {name: one for name, one in page.links.items() if name != "example"}

    def set_up(query: str) -> list[Any]:
        tab = parse_qs(query.removeprefix("?")).get("tab", [""])[-1]
        values = dict(zip(page.links, page.restore(query), strict=True))
        return [*(values[name] for name in linked), gr.Tabs(selected=tab)]

    outputs = [*linked.values(), tabs]
    state = "() => four.chapterState()"
    page.on(path.click, set_up, asked, outputs, js=state, trigger_mode="always_last").then(
        None,
        [page.active, page.scene],
        [page.active, page.scene],
        js="(tab, scene) => four.chapterSet(tab, scene)",
        api_visibility="private",
    )


def _photo(intake: Intake, name: str, token: str, tokens: str) -> list[Any]:
    """Values of the intake for the example of a link, an upload handed on, or the first example."""
    if name in photos.EXAMPLES or not token:
        return intake.show(photos.of_example(name if name in photos.EXAMPLES else START))
    try:
        return intake.handed_over(token, tokens)
    except Problem as problem:
        return [*intake.show(photos.of_example(START))[:-1], intake.said(problem)]


def _head(lang: str, scenes: Sequence[Scene]) -> str:
    t = text(lang)
    # Not a path but a language: the script knows the addresses.
    switch = "".join(
        f'<a data-language="{other}" href="{"./" if other == LANGUAGES[0] else f"./{other}"}"'
        f' lang="{other}"{" aria-current=page" if other == lang else ""}>'
        f"{t(f'page.name_{other}')}</a>"
        for other in LANGUAGES
    )
    space = html.escape(os.environ.get("SPACE_ID", ""), quote=True)
    return (
        f"<style>{gradients()}{_only_one(scenes)}</style>{filters()}"
        f'<a class="skip" href="#tabs">{html.escape(t("page.skip"))}</a>'
        f'<header class="page-head" data-page-language="{lang}" data-space="{space}"'
        f' data-page-title="{html.escape(t("page.title"))}"'
        f' data-glossary="{html.escape(glossary(t), quote=True)}"'
        f' data-scenes="{html.escape(json.dumps(_scenes(scenes, t), ensure_ascii=False))}"'
        f' data-gradio="{html.escape(json.dumps(_gradio(lang), ensure_ascii=False))}"'
        f' data-queue-full="{html.escape(t("page.queue_full"))}"'
        f' data-picture-failed="{html.escape(t("picture.failed"))}"'
        f' data-too-large="{html.escape(t("photo.too_large", most=MOST_BYTES // 2**20))}">'
        f"<h1>{html.escape(t('page.title'))}</h1><p>{html.escape(t('page.tagline'))}</p>"
        f'<div class="page-tools"><button type="button" data-begin-path'
        f' title="{html.escape(t("path.tip"))}">{html.escape(t("path.name"))}</button>'
        f'<button type="button" data-presentation'
        f' title="{html.escape(t("page.presentation_tip"))}">'
        f"{html.escape(t('page.presentation'))}</button>{switch}</div></header>"
        f"{_copied(lang)}{_ahead(lang)}{_stage_bar(lang, switch)}"
    )


def _scenes(scenes: Sequence[Scene], t: Words) -> list[dict[str, Any]]:
    """What the page's script knows of each scene, in order."""
    return [
        {
            "id": one.id,
            "topic": one.topic,
            "title": one.title(t),
            "needs": one.needs,
            "controls": one.controls,
        }
        for one in scenes
    ]


def _only_one(scenes: Sequence[Scene]) -> str:
    """Style by which only the scene on the screen, and its topic's controls for it, take room."""
    shown = [f'[data-on-scene="{scene.id}"] #scene-{scene.id}' for scene in scenes]
    controls = [
        f'[data-controls~="{name}"] .topic-controls.topic-controls.control-{name}'
        for name in sorted({name for scene in scenes for name in scene.controls})
    ]
    # More than one class each: Gradio's own rule for what lies in a row or a column has two.
    return (
        ".gradio-container .scene.scene,.gradio-container .topic-controls.topic-controls"
        f"{{display:none}}body{',body'.join(shown + controls)}{{display:flex}}"
        + "".join(f"body.changing-scene{one}{{display:flex!important}}" for one in controls)
    )


def _copied(lang: str) -> str:
    """What copying a scene's link came to; one place for the buttons of all scenes."""
    t = text(lang)
    words = "".join(
        f' data-{name.replace("_", "-")}="{html.escape(t(f"link.{name}"), quote=True)}"'
        for name in ("copied", "by_hand", "photo_stays")
    )
    return (
        f'<div class="link-copied" id="link-copied" hidden{words}>'
        f'<p role="status"></p><input readonly aria-label="{html.escape(t("link.address"))}"></div>'
    )


def _ahead(lang: str) -> str:
    """Where it is said how many questions go before those of this page."""
    words = html.escape(text(lang)("lane.ahead", count=Blank("count")), quote=True)
    return f'<p id="ahead" role="status" data-words="{words}"></p>'


def _stage_bar(lang: str, switch: str) -> str:
    """The thin bar of the presentation view: where one is, and what a teacher changes in class."""
    t = text(lang)
    words = html.escape(t("stage.place", n="{n}", all="{all}"), quote=True)
    photo = html.escape(t("stage.photo"), quote=True)
    return (
        f'<div class="stage-bar" role="toolbar" aria-label="{html.escape(t("stage.bar"))}">'
        "<b data-stage-topic></b><span data-stage-scene></span>"
        f'<span data-stage-place data-words="{words}"></span>'
        f'<button type="button" data-scene-step="-1" aria-label="{html.escape(t("scene.back"))}">'
        f'‹</button><button type="button" data-scene-step="1"'
        f' aria-label="{html.escape(t("scene.next"))}">›</button>'
        f'<button type="button" data-stage-photo data-sheet="choosing-photo" aria-expanded="false"'
        f' aria-label="{photo}" title="{photo}"><img alt=""></button>'
        f'<button type="button" data-sheet="changing-scene" aria-expanded="false">'
        f"{html.escape(t('stage.change'))}</button>{switch}"
        f'<button type="button" data-full-screen title="F">{html.escape(t("stage.full"))}</button>'
        f'<button type="button" data-leave-stage title="Esc">{html.escape(t("stage.leave"))}'
        "</button></div>"
    )


def _no_photo(lang: str) -> str:
    """What a tab that needs a photo says while there is none, with one click that brings one."""
    t = text(lang)
    return (
        f'<div class="empty no-photo"><p>{html.escape(t("page.no_photo"))}</p>'
        f'<button type="button" data-start-example="{START}">'
        f"{html.escape(t('page.no_photo_start', example=t(f'example.{START}')))}</button></div>"
    )


def _gradio(lang: str) -> dict[str, str]:
    """Gradio's own labels in the other languages -> in this one."""
    ours = {key: entry for key, entry in entries(lang).items() if key.startswith("gradio.")}
    return {
        entries(other)[key]: entry
        for other in LANGUAGES
        if other != lang
        for key, entry in ours.items()
    }
