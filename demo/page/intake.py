"""The photo column: upload, drop, paste, webcam or example; one photo or several."""

from __future__ import annotations

import html
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr

from demo.drawing.heat import frame, photo_ratio, photo_uri
from demo.page import photos
from demo.page.components import photo_input
from demo.page.page import Page, appearing, place
from demo.page.sent import one_of, text_of
from demo.page.wiring import sentence
from demo.records import Notice, Photo, Problem
from demo.scripts import script
from demo.text import Words


@cache
def _thumbnail(name: str) -> str:
    """The example's middle square: cut, not squeezed."""
    photo = photos.load(photos.of_example(name))
    assert photo is not None
    height, width = photo.pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return photo_uri(photo.pixels[top : top + side, left : left + side], side=96)


def _examples(page: Page, chosen: str) -> str:
    t = page.words
    buttons = "".join(
        f'<button type="button" data-example="{name}" aria-pressed="{str(name == chosen).lower()}"'
        f' title="{html.escape(t(f"example.{name}"))}">'
        f'<img src="{_thumbnail(name)}" alt="{html.escape(t(f"example.{name}"))}"></button>'
        for name in photos.EXAMPLES
    )
    return f'<div class="examples">{buttons}</div>'


def chosen_photo(photo: Photo, name: str, t: Words) -> str:
    """The photo in use as a strip, with a button that opens the ways to change it (page.js)."""
    return (
        f'<div class="chosen-photo"><img class="framed" style="{frame(photo_ratio(photo.pixels))}"'
        f' src="{photo_uri(photo.pixels, side=120)}" alt="{html.escape(t("photo.chosen"))}">'
        f'<span>{html.escape(name)}</span><button type="button" data-change-photo'
        f' aria-expanded="false">{html.escape(t("photo.change"))}</button></div>'
    )


class Intake:
    """The components of the photo column and what they do.

    Everything that chooses a photo ends in the same outputs: the input's picture, the photo's token
    and key, the tokens of all photos, the example's name and the notice. What can't be read changes
    none of them but the notice: answers, link and export belong to the photo in sight.
    """

    def __init__(self, page: Page) -> None:
        t = page.words
        self.page = page
        # On a narrow screen this stands for all the rest while a photo is in use.
        self.chosen = gr.HTML("", elem_id="photo-chosen")
        self.input = photo_input(
            label=t("photo.label"),
            show_label=False,
            sources=["upload", "clipboard", "webcam"],
            height=230,
            elem_id="photo-input",
            buttons=[],
            placeholder=t("photo.placeholder"),
        )
        self.notice = place()
        self.several = gr.UploadButton(
            t("photo.several"), file_count="multiple", size="sm", elem_id="several-photos"
        )
        title = html.escape(t("photo.examples"))
        gr.HTML(f'<p class="small-title">{title}</p>', elem_classes="examples-title")
        self.strip = gr.HTML(_examples(page, ""), js_on_load=script("examples"), elem_id="examples")
        self.outputs = [
            self.input,
            page.photo,
            page.photo_key,
            page.photos,
            page.example,
            self.notice,
        ]

    def wire(self) -> None:
        """Connect the inputs; called when the page's other parts exist."""
        on = self.page.on
        # By default Gradio drops what is chosen while an earlier choice is still being read.
        last: dict[str, Any] = {"trigger_mode": "always_last"}
        reading = {**last, "reads": True}
        before = [self.page.photo, self.page.photos]
        # Not `input`: it comes with `clear` too, and brings the photo that was taken out.
        on(
            self.input.upload,
            self._uploaded,
            [self.input, *before],
            self.outputs,
            js="(...chosen) => four.before(...chosen)",
            **reading,
        )
        # In the browser alone: an answer of the server's might come after that to the next photo.
        emptied = json.dumps(self.empty()[1:])
        on(self.input.clear, None, None, self.outputs[1:], js=f"() => {emptied}")
        on(
            self.several.upload,
            self._several,
            [self.several, *before],
            self.outputs,
            reads=True,
            **last,
        )
        on(self.strip.click, self._example, None, self.outputs, **last)
        on(self.page.photo.change, self._in_use, self.page.photo, self.chosen, **last)
        on(self.page.photo.change, None, None, None, js="() => four.photoChosen()")

    def show(self, ref: photos.Ref, refs: list[photos.Ref] | None = None) -> list[Any]:
        """Values of `outputs` for a photo that can be read.

        Raises:
            Problem: if it cannot.
        """
        photo = photos.load(ref)
        assert photo is not None
        sealed = photos.seal(ref), photo.key, photos.seal_all(refs or [ref])
        said = self._notice([("", notice) for notice in photo.notices])
        return [photo.pixels, *sealed, ref["example"], said]

    def handed_over(self, token: str, tokens: str) -> list[Any]:
        """Values of `outputs` for the photos of a page that the reader comes from.

        Raises:
            Problem: if they are not there any more.
        """
        ref = photos.unseal(token)
        assert ref is not None
        return self.show(ref, photos.unseal_all(tokens))

    def empty(self) -> list[Any]:
        """Values of `outputs` for no photo."""
        return [None, "", "", "", "", appearing("")]

    def _in_use(self, token: str) -> str:
        ref = photos.unseal(token)
        photo = photos.load(ref)
        if photo is None:
            return ""
        t = self.page.words
        name = t(f"example.{ref['example']}") if ref["example"] else ref["name"]
        return chosen_photo(photo, name, t)

    def _example(self, event: gr.EventData) -> list[Any]:
        return self.show(photos.of_example(one_of(text_of(event, "example"), photos.EXAMPLES)))

    def _uploaded(self, path: str | None, *before: str) -> list[Any]:
        if path is None:
            # Taken out again before this was sent; `clear` tells of it.
            return [gr.skip() for _ in self.outputs]
        ref = photos.of_file(path)
        try:
            shown = self.show(ref)
        except Problem as problem:
            return self._refused([(ref["name"], problem)], before)
        photo = photos.load(ref)
        assert photo is not None
        return [shown_as(path, photo), *shown[1:]]

    def _several(self, paths: list[str] | None, *before: str) -> list[Any]:
        paths = paths or []
        refs = [photos.of_file(path) for path in paths[: photos.MOST]]
        said: list[tuple[str, Problem | Notice]] = []
        first = None
        for ref in refs:
            try:
                photo = photos.load(ref)
                assert photo is not None
                said.extend((ref["name"], notice) for notice in photo.notices)
                first = first or ref
            except Problem as problem:
                said.append((ref["name"], problem))
        if len(paths) > photos.MOST:
            said.append(("", Problem("photo.too_many", most=photos.MOST)))
        if first is None:
            return self._refused(said, before)
        return [*self.show(first, refs)[:-1], self._notice(said)]

    def _refused(
        self, said: list[tuple[str, Problem | Notice]], before: Sequence[str]
    ) -> list[Any]:
        """The photo of before stays with its answers, and is put back where it was in sight."""
        try:
            # All of it: the input may have been emptied in between, to make room for the file.
            kept = self.handed_over(*before) if before[0] else self.empty()
        except Problem:
            kept = self.empty()
        notes = [("", Notice("photo.kept"))] if kept[1] else []
        return [*kept[:-1], self._notice([*said, *notes])]

    def said(self, problem: Problem) -> Any:
        """The notice for one problem."""
        return self._notice([("", problem)])

    def _notice(self, said: list[tuple[str, Problem | Notice]]) -> Any:
        rows = "".join(
            f"<div>{f'<b>{html.escape(Path(name).name)}</b> ' if name else ''}"
            f"{html.escape(sentence(problem, self.page.words))}</div>"
            for name, problem in said
        )
        role = "alert" if any(isinstance(one, Problem) for _, one in said) else "status"
        return appearing(f'<div class="notice" role="{role}">{rows}</div>' if rows else "")


# What browsers draw as we read it, if the server names it by a suffix that fits.
_SAME = {"JPEG": (".jpg", ".jpeg"), "WEBP": (".webp",)}


def shown_as(path: str, photo: Photo) -> Any:
    """What the input shows after an upload: our own reading where browsers may differ from it.

    Otherwise it shows the file already, and sending that back would only ask for it again.
    """
    same = Path(path).suffix.lower() in _SAME.get(photo.kind, ())
    return gr.skip() if same and not photo.notices else photo.pixels
