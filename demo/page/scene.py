"""A scene: one question, one picture, one sentence, as data and as components."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import gradio as gr

from demo.text import Words

Need = Literal["photo", "weights"]


@dataclass(frozen=True)
class Scene:
    """What a scene is called, and what it asks for.

    topic, id: as links name them; an id belongs to one topic. needs: what it cannot be whole
    without. controls: which of its topic's own controls are in sight with it.
    """

    topic: str
    id: str
    needs: tuple[Need, ...] = ()
    controls: tuple[str, ...] = ()

    def title(self, t: Words) -> str:
        """Its question."""
        return t(f"scene.{self.id}.title")

    def name(self, t: Words) -> str:
        """What the list of its topic's scenes calls it."""
        return t(f"scene.{self.id}.name")

    @contextmanager
    def stage(self, t: Words) -> Iterator[None]:
        """Where its components are built: its title comes first, then what is built inside."""
        with gr.Column(elem_id=f"scene-{self.id}", elem_classes=["scene"]):
            gr.HTML(_head(self, t), padding=False, elem_classes="scene-top")
            yield


@contextmanager
def controls(*names: str) -> Iterator[None]:
    """Where controls are built: of one scene inside its stage, or `names` of a whole topic."""
    classes = ["topic-controls", *(f"control-{name}" for name in names)] if names else []
    with gr.Row(elem_classes=["scene-controls", *classes]):
        yield


@contextmanager
def more(summary: str) -> Iterator[None]:
    """What a scene has beyond its picture, folded; the fold says what is in it."""
    with gr.Accordion(summary, open=False, elem_classes="scene-more"):
        yield


def notes(*paragraphs: str) -> None:
    """How to read the picture: already HTML, a paragraph each."""
    gr.HTML("".join(f'<p class="hint">{one}</p>' for one in paragraphs), padding=False)


def bar(topic: str, scenes: Sequence[Scene], t: Words) -> str:
    """A topic's scenes by name, with back and next."""
    steps = {
        by: f'<button type="button" class="scene-step" data-scene-step="{by}"'
        f' aria-label="{html.escape(words)}">{sign}</button>'
        for by, words, sign in ((-1, t("scene.back"), "‹"), (1, t("scene.next"), "›"))
    }
    names = "".join(
        f'<li><button type="button" data-open-scene="{one.id}">{html.escape(one.name(t))}'
        "</button></li>"
        for one in scenes
    )
    label = html.escape(t("scene.all", topic=t(f"tab.{topic}")))
    return (
        f'<nav class="scene-bar" aria-label="{label}">{steps[-1]}<ol>{names}</ol>{steps[1]}</nav>'
    )


def _head(scene: Scene, t: Words) -> str:
    label = f"scene-title-{scene.id}"
    save = "".join(
        f'<button type="button" data-save-picture="{kind.lower()}"'
        f' aria-label="{html.escape(t("scene.save", kind=kind), quote=True)}">↓ {kind}</button>'
        for kind in ("PNG", "SVG")
    )
    tools = f'<button type="button" data-copy-link>{html.escape(t("link.copy"))}</button>{save}'
    return (
        f'<div class="scene-head"><h3 class="scene-title" id="{label}">'
        f'{html.escape(scene.title(t))}</h3><span class="scene-tools">{tools}</span></div>'
    )
