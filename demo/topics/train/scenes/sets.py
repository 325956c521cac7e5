"""Where a visit's own photos come in: files, snaps of the webcam, a zip with a folder a class."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import gradio as gr

from demo.lane import Turn
from demo.page import own
from demo.page.page import Page, appearing, place
from demo.page.scene import controls, more
from demo.page.sent import one_of, text_of
from demo.page.wiring import sentence
from demo.records import Problem
from demo.scripts import script
from demo.text import Blank, Words
from demo.topics.train import editing
from demo.topics.train.records import LONGEST_NAME, PhotoSet, Skipped, shown_name
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.adding import adding
from demo.topics.train.scenes.work import SEEDS

LISTED = 12
"""Skipped files that are named."""
EDITS = ("photo", "class", "name", "into")
"""What is asked in the picture: a photo goes, a class goes, is called otherwise, is added to."""


def build(page: Page, shown: gr.HTML, token: gr.Textbox, seed: gr.Textbox) -> None:
    """The controls, and what is said of what was skipped.

    shown: the picture, in which photos and classes are removed. token: stands for the set. seed:
    chooses what is held out.
    """
    t = page.words
    with controls():
        name = gr.Textbox(
            label=t("train.class_name"),
            placeholder=t("train.class_example"),
            max_length=LONGEST_NAME,
            elem_id="train-class",
        )
        upload = gr.UploadButton(
            t("train.upload"), file_count="multiple", size="sm", elem_id="train-upload"
        )
        gr.HTML(_camera(t), js_on_load=script("words", "train_camera"), elem_id="train-camera")
    notice = place("train-notice")
    with more(t("train.set_more")):
        other = gr.Button(t("train.other_split"), size="sm", elem_id="train-other")
        again = gr.Button(t("train.built_in"), size="sm", elem_id="train-built-in")

    def told(words: str, role: str = "status") -> Any:
        return appearing(f'<div class="notice" role="{role}">{html.escape(words)}</div>')

    def taken(paths: list[str] | None, into: str, before: str) -> Iterator[Any]:
        try:
            for step in adding(paths or [], into, before, t):
                if isinstance(step, int):
                    yield {notice: told(t("train.reading", count=step))}
                elif isinstance(step, Turn):
                    yield step
                else:
                    after, called, left_out = step
                    yield {
                        token: after,
                        name: called,
                        notice: appearing(came(before, after, left_out, t)),
                    }
        except Problem as problem:
            yield {notice: told(sentence(problem, t), "alert")}

    def edited(event: gr.EventData, before: str) -> dict[Any, Any]:
        what, of = one_of(text_of(event, "edit"), EDITS), text_of(event, "of")
        if what == "into":
            return {name: of}
        try:
            after = visits.changed(before, change(what, of, text_of(event, "to")))
        except Problem as problem:
            return {notice: told(sentence(problem, t), "alert")}
        return {token: after, notice: appearing("")}

    def drawn(before: str) -> dict[Any, Any]:
        visits.leave_own(before)
        own.give_up()
        return {token: "", notice: appearing(""), page.own: ""}

    page.on(upload.upload, taken, [upload, name, token], [token, name, notice], reads=True)
    page.on(shown.click, edited, token, [token, name, notice])
    page.on(again.click, drawn, token, [token, notice, page.own])
    following = f"(seed) => String((Number(seed) + 1) % {SEEDS})"
    page.on(other.click, None, seed, seed, js=following)
    # Gradio tells of a page that is left, whichever language it is in.
    gr.context.Context.root_block.unload(visits.left)


def change(what: str, of: str, to: str = "") -> Callable[[PhotoSet], PhotoSet]:
    """What an edit makes of a set.

    what: of EDITS but "into". of: the photo's key, or the class's name. to: its new name.
    """
    if what == "photo":
        return lambda photos: editing.without_photo(photos, of)
    if what == "class":
        return lambda photos: editing.without_class(photos, of)
    return lambda photos: editing.renamed(photos, of, to)


def _camera(t: Words) -> str:
    """The button for snaps, and the picture that the webcam gives meanwhile."""
    words = {name: t(f"train.camera_{name}") for name in ("start", "snap", "stop", "none")}
    words["taking"] = t("train.taking", number=Blank("number"), count=Blank("count"))
    told = "".join(
        f' data-{name}="{html.escape(said, quote=True)}"' for name, said in words.items()
    )
    return (
        f'<div class="train-camera"{told}><video muted playsinline hidden></video>'
        f'<button type="button" data-camera="snap">{html.escape(words["start"])}</button>'
        f'<button type="button" data-camera="stop" hidden>{html.escape(words["stop"])}</button>'
        '<p role="status"></p></div>'
    )


def came(before: str, after: str, left_out: Sequence[Skipped], t: Words) -> str:
    """What is said of photos that came in: that the drawn pictures are gone, what was left out.

    before, after: what stands for the set, "" for the drawn pictures.
    """
    listed = skipped(left_out, t)
    if before or not after:
        return listed
    words = html.escape(t("train.instead_of_drawn", again=t("train.built_in")))
    return f'<div class="notice" role="status">{words}</div>{listed}'


def skipped(rows: Sequence[Skipped], t: Words) -> str:
    """The list of what was left out, "" for nothing."""
    if not rows:
        return ""
    items = "".join(
        f"<li><b>{html.escape(shown_name(row.name))}</b> {html.escape(sentence(row.why, t))}</li>"
        for row in rows[:LISTED]
    )
    more_rows = len(rows) - LISTED
    if more_rows > 0:
        items += f"<li>{html.escape(t('train.more_skipped', count=more_rows))}</li>"
    title = html.escape(t("train.skipped_title", count=len(rows)))
    return f'<div class="notice" role="status"><p>{title}</p><ul>{items}</ul></div>'
