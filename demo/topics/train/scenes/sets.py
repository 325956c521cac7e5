"""Where a visit's own photos come in: one zip with a folder a class."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from demo.lane import Turn
from demo.page.page import Page, appearing, place
from demo.page.scene import controls
from demo.page.wiring import sentence
from demo.photo import read
from demo.records import Problem
from demo.text import Words
from demo.topics.train.archive import reading
from demo.topics.train.records import PhotoSet, Skipped
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.work import SEEDS

LISTED = 12
"""Skipped files that are named."""


def build(page: Page, token: gr.Textbox, seed: gr.Textbox) -> None:
    """The buttons, and what is said of what was skipped.

    token: stands for the set. seed: chooses what is held out.
    """
    t = page.words
    notice = place("train-notice")
    with controls():
        upload = gr.UploadButton(
            t("train.upload"), file_types=[".zip"], size="sm", elem_id="train-upload"
        )
        other = gr.Button(t("train.other_split"), size="sm", elem_id="train-other")
        again = gr.Button(t("train.built_in"), size="sm", elem_id="train-built-in")

    def taken(path: str | None, before: str) -> Iterator[Any]:
        if path is None:
            yield {notice: gr.skip()}
            return
        try:
            photos: PhotoSet | int = 0
            with tempfile.TemporaryDirectory(dir=Path(path).parent) as folder:
                for photos in reading(Path(path), Path(folder), read):
                    if isinstance(photos, int) and photos % 20 == 0:
                        said = html.escape(t("train.reading", count=photos))
                        yield {notice: appearing(f'<div class="notice">{said}</div>')}
                    yield Turn.PHOTO
            assert isinstance(photos, PhotoSet)
        except Problem as problem:
            said = html.escape(sentence(problem, t))
            yield {notice: appearing(f'<div class="notice" role="alert">{said}</div>')}
            return
        finally:
            # Its photos are kept, each made small; the archive has done its part.
            Path(path).unlink(missing_ok=True)
        visits.leave_own(before)
        yield {token: visits.keep(photos), notice: appearing(skipped(photos.skipped, t))}

    def drawn(before: str) -> dict[Any, Any]:
        visits.leave_own(before)
        return {token: "", notice: appearing("")}

    page.on(upload.upload, taken, [upload, token], [token, notice], reads=True)
    page.on(again.click, drawn, token, [token, notice])
    following = f"(seed) => String((Number(seed) + 1) % {SEEDS})"
    page.on(other.click, None, seed, seed, js=following)
    # Gradio tells of a page that is left, whichever language it is in.
    gr.context.Context.root_block.unload(visits.left)


def skipped(rows: Sequence[Skipped], t: Words) -> str:
    """The list of what was left out, "" for nothing."""
    if not rows:
        return ""
    items = "".join(
        f"<li><b>{html.escape(row.name)}</b> {html.escape(sentence(row.why, t))}</li>"
        for row in rows[:LISTED]
    )
    more = len(rows) - LISTED
    if more > 0:
        items += f"<li>{html.escape(t('train.more_skipped', count=more))}</li>"
    title = html.escape(t("train.skipped_title", count=len(rows)))
    return f'<div class="notice" role="status"><p>{title}</p><ul>{items}</ul></div>'
