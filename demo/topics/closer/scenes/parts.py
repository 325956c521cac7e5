"""Controls of the topic's scenes, and what their boards tell."""

from __future__ import annotations

import html
import json

import gradio as gr

from demo.page.page import Page, hidden
from demo.page.picker import picker
from demo.page.scene import Scene, controls
from demo.scripts import script
from demo.text import Words
from demo.topics.closer.figures.fooling import PATCH, SEARCH, SIDE
from demo.topics.closer.figures.mark import PICKS
from demo.topics.closer.figures.square import COVER, SQUARE
from demo.topics.closer.records.breaking import KINDS, STEP
from demo.topics.closer.records.marks import SHOWN
from demo.topics.closer.records.patches import SIDES, UNITS
from demo.topics.closer.scenes import breaking, fooling, methods
from demo.topics.closer.scenes.chosen import FIVE, START


def stop(page: Page, scene: Scene) -> gr.HTML:
    """The button that stops what is long, there while it is under way."""
    words = html.escape(page.words("closer.stop"))
    return gr.HTML(
        f'<button type="button" data-stop="{scene.id}">{words}</button>',
        js_on_load=script("closer_stop"),
        elem_classes="closer-stop",
        padding=False,
    )


def class_box(t: Words, elem_id: str) -> gr.HTML:
    """The box of the class that is asked about."""
    return picker(t, t("closer.class"), t("closer.own_class"), [START, *FIVE], elem_id)


def occlusion(t: Words) -> tuple[gr.Radio, gr.Radio]:
    """The square that covers, and how far it moves on."""
    window = gr.Radio(
        list(methods.WINDOWS), value="1/4", label=t("closer.window"), elem_id="closer-window"
    )
    stride = gr.Radio(
        list(methods.STRIDES), value="1/2", label=t("closer.stride"), elem_id="closer-stride"
    )
    return window, stride


def harm(t: Words) -> tuple[gr.Radio, gr.Slider]:
    """What is done to the photo, and how strongly."""
    with controls("closer-harm"):
        kind = gr.Radio(
            [(t(f"closer.harm.{one}"), one) for one in KINDS],
            value=KINDS[0],
            label=t("closer.which_harm"),
            elem_id="closer-kind",
        )
        strength = gr.Slider(
            0,
            100,
            breaking.BEGIN,
            step=STEP,
            label=t("closer.strength"),
            elem_id="closer-strength",
        )
    return kind, strength


def patch(t: Words) -> gr.Slider:
    """The side of the patch, in units."""
    with controls("closer-patch"):
        return gr.Slider(
            SIDES[0],
            SIDES[-1],
            fooling.BEGIN,
            step=1,
            label=t("closer.patch_side", units=UNITS),
            elem_id="closer-side",
        )


def marked(page: Page, board: gr.HTML) -> gr.Textbox:
    """The mark in a hidden box, and in another one, which is given, only while its maps are to be
    seen: what is painted asks the server nothing.
    """
    made, revealed, end = (
        _told(page, board, PICKS, "closer_mark"),
        hidden(),
        json.dumps(f".{SHOWN}"),
    )
    page.on(made.change, None, made, revealed, js=f"(mark) => (mark.endsWith({end}) ? mark : '')")
    return revealed


def harmed(page: Page, board: gr.HTML) -> list[gr.Textbox]:
    """What is covered, and where the square is."""
    return [
        _told(page, board, COVER, "closer_cover"),
        _told(page, board, SQUARE, "closer_square"),
    ]


def patched(page: Page, board: gr.HTML, side: gr.Slider) -> list[gr.Textbox]:
    """Where the patch is, and what is sought; one that was found brings its side with it."""
    name = json.dumps(SIDE)
    page.on(board.click, None, side, side, js=f"(side) => Number(four.picked({name})) || side")
    page.on(side.change, None, side, None, js=f"(side) => four.tell({name}, String(side))")
    return [
        _told(page, board, PATCH, "closer_patch"),
        _told(page, board, SEARCH, "closer_search"),
    ]


def _told(page: Page, board: gr.HTML, name: str, link: str) -> gr.Textbox:
    """A hidden box of what the board's script tells by this name, and what a link brings back."""
    told = hidden()
    page.picks(board, name, told)
    page.on(told.change, None, told, None, js=f"(text) => four.tell({json.dumps(name)}, text)")
    page.link(link, told)
    return told
