"""Where a visit's own photos come in: files, snaps of the webcam, a zip with a folder a class."""

from __future__ import annotations

import html
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from demo.lane import Turn
from demo.page import own
from demo.page.page import Page, appearing, place
from demo.page.scene import controls, more
from demo.page.sent import one_of, text_of
from demo.page.wiring import sentence
from demo.photo import read
from demo.records import Photo, Problem
from demo.scripts import script
from demo.text import Blank, Words
from demo.topics.train import editing
from demo.topics.train.archive import reading, reduced
from demo.topics.train.numbers import MOST_PHOTOS
from demo.topics.train.records import LONGEST_NAME, PhotoSet, Skipped
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.work import SEEDS

LISTED = 12
"""Skipped files that are named."""
EDITS = ("photo", "class", "name", "into")
"""What is asked in the picture: a photo goes, a class goes, is called otherwise, is added to."""
TOLD = 5
"""How far it is, is told after so many photos."""


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
                        notice: appearing(skipped(left_out, t)),
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


def change(what: str, of: str, to: str = "") -> Any:
    """What an edit makes of a set.

    what: of EDITS but "into". of: the photo's key, or the class's name. to: its new name.
    """
    if what == "photo":
        return lambda photos: editing.without_photo(photos, of)
    if what == "class":
        return lambda photos: editing.without_class(photos, of)
    return lambda photos: editing.renamed(photos, of, to)


def adding(
    paths: Sequence[str], into: str, before: str, t: Words
) -> Iterator[int | Turn | tuple[str, str, tuple[Skipped, ...]]]:
    """Take uploads into a set: how many photos are read so far, at last what it has become.

    Files are deleted once they are read: the photos are kept, each made small.

    Args:
        into: the class of the photos; the next number's where it is empty. An archive's folders
            are classes of their own.
        before: the set's token.

    Yields:
        at last the new token, the class that the photos went to, and what was left out.

    Raises:
        Problem: as `editing.added` and `archive.reading`; the set stays as it was.
    """
    files = [Path(path) for path in paths]
    try:
        if len(files) > MOST_PHOTOS:
            raise Problem("train.problem.many_photos", most=MOST_PHOTOS, count=len(files))
        new, names, sets, left_out = [], [], list[PhotoSet](), list[Skipped]()
        for file in files:
            yield Turn.PHOTO
            try:
                if _is_archive(file):
                    sets.append((yield from _unpacked(file)))
                    continue
                new.append(_photo(file))
                names.append(file.name)
            except Problem as problem:
                if problem.key.startswith("train.problem."):
                    raise
                left_out.append(Skipped(file.name, problem))
            if new and len(new) % TOLD == 0:
                yield len(new)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    called = editing.class_name(into)

    def put(photos: PhotoSet) -> PhotoSet:
        nonlocal called
        if new:
            called = called or numbered(photos, t)
            photos = editing.added(photos, called, new, names)
            left_out.extend(photos.skipped)
        for more_photos in sets:
            photos = editing.merged(photos, more_photos)
            left_out.extend(photos.skipped)
        return photos

    after = visits.changed(before, put) if new or sets else before
    yield after, called, tuple(left_out)


def numbered(photos: PhotoSet, t: Words) -> str:
    """The first name "Class n" that no class has."""
    number = 1
    while (name := t("train.class_number", number=number)) in photos.classes:
        number += 1
    return name


def _photo(file: Path) -> Photo:
    return reduced(read(str(file)))


def _is_archive(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(4) in (b"PK\3\4", b"PK\5\6") or file.suffix.lower() == ".zip"
    except FileNotFoundError:
        raise Problem("page.photo_gone") from None


def _unpacked(file: Path) -> Any:
    """A generator of `adding`'s steps whose value is the set of an archive."""
    photos: PhotoSet | int = 0
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        for photos in reading(file, Path(folder), read):
            if isinstance(photos, int) and photos % 20 == 0:
                yield photos
            yield Turn.PHOTO
    assert isinstance(photos, PhotoSet)
    return photos


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


def skipped(rows: Sequence[Skipped], t: Words) -> str:
    """The list of what was left out, "" for nothing."""
    if not rows:
        return ""
    items = "".join(
        f"<li><b>{html.escape(row.name)}</b> {html.escape(sentence(row.why, t))}</li>"
        for row in rows[:LISTED]
    )
    more_rows = len(rows) - LISTED
    if more_rows > 0:
        items += f"<li>{html.escape(t('train.more_skipped', count=more_rows))}</li>"
    title = html.escape(t("train.skipped_title", count=len(rows)))
    return f'<div class="notice" role="status"><p>{title}</p><ul>{items}</ul></div>'
