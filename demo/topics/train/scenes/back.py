"""A head or network that was taken away earlier, loaded on the page for "Try it"."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from demo import temporary
from demo.drawing.stage import staged
from demo.drawing.style import listed, percent
from demo.engine.ask import ask
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.lane import Turn
from demo.page import own
from demo.page.kept import counted
from demo.page.page import Page, appearing, place
from demo.page.wiring import sentence
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.train.figures import answer as answers
from demo.topics.train.restored import network_of, restored
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.stored import folder_of
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel


def buttons(t: Words) -> tuple[gr.UploadButton, gr.Button]:
    """To load a file, and to go back to what is trained here; among the scene's controls."""
    # Of any name: what a file is, its bytes say.
    load = gr.UploadButton(t("train.load"), size="sm", elem_id="train-load")
    again = gr.Button(t("train.unload"), size="sm", visible="hidden", elem_id="train-unload")
    return load, again


def wire(page: Page, load: gr.UploadButton, again: gr.Button, token: gr.Textbox) -> None:
    """What the buttons do, and the place where it is said.

    token: stands for the network that was loaded, "" for none.
    """
    t, notice = page.words, place("train-loaded")

    def taken(path: str | None, before: str) -> Iterator[Any]:
        if path is None:
            yield {notice: gr.skip()}
            return
        try:
            for step in loading(Path(path)):
                if isinstance(step, Turn):
                    yield step
                    continue
                visits.leave_own(before)
                words = t("train.loaded_say", **_told(network(step), t))
                drawn = f'<div class="notice" role="status">{html.escape(words)}</div>'
                yield {token: step, notice: appearing(drawn), again: gr.update(visible=True)}
        except Problem as problem:
            said = html.escape(sentence(problem, t))
            yield {notice: appearing(f'<div class="notice" role="alert">{said}</div>')}

    def trained(before: str) -> dict[Any, Any]:
        visits.leave_own(before)
        return {token: "", notice: appearing(""), again: gr.update(visible="hidden")}

    page.on(load.upload, taken, [load, token], [token, notice, again], heavy=True)
    page.on(again.click, trained, token, [token, notice, again])


def loading(path: Path) -> Iterator[Turn | str]:
    """Keep a file and make its network: at last the token that stands for both.

    Whatever was sent is looked at where nobody's network waits for it; the file is deleted.

    Raises:
        Problem: "train.problem.not_sent" for what nobody sent, which stays; as `keep` and
            `network`.
    """
    if not temporary.is_upload(path):
        raise Problem("train.problem.not_sent")
    try:
        yield Turn.OUTSIDE
        token = keep(path)
        yield Turn.NETWORK
        network(token)
        yield token
    finally:
        path.unlink(missing_ok=True)


def keep(path: Path) -> str:
    """Keep a file for the visit that asks; the token that stands for it.

    Raises:
        Problem: as `restored` and `counted`.
    """
    name, folder = visits.new_folder()
    try:
        restored(path, folder)
        with counted(folder, path.stat().st_size):
            (folder / "back").write_bytes(path.read_bytes())
    except Problem:
        visits.leave_own(name)
        raise
    return f"{name}.0"


def network(token: str) -> LoadedModel:
    """The network of a token.

    Raises:
        Problem: "train.problem.back_gone" if there is none of it; as `restored` and `network_of`.
    """
    known = visits.named(token)
    folder = folder_of(known)
    if not known or not (folder / "back").exists():
        raise Problem("train.problem.back_gone")
    temporary.touch(folder / "back")

    def compute() -> LoadedModel:
        return network_of(restored(folder / "back", folder), visits.new_key(token))

    return visits.BACK.get(token, compute)


def answered(t: Words, photo: Photo, token: str) -> str:
    """Its answer about a photo.

    Raises:
        Problem: as `network`.
    """
    loaded = network(token)
    own.show(loaded)
    names = loaded.spec.labels
    found, heat = ask(scores, loaded, photo), ask(heat_map, loaded, photo)
    words = t(
        "train.back_say",
        label=names[found.top],
        share=percent(float(found.probabilities[found.top])),
        **_told(loaded, t),
    )
    return staged(answers.answer(found, heat, photo, names, t), html.escape(words))


def _told(loaded: LoadedModel, t: Words) -> dict[str, str]:
    one = loaded.spec
    return {"model": spec(one.architecture).title, "names": listed(one.labels, t)}
