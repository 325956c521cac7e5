"""Who reads whom in a dense block: the matrix, the paper's observations, cut links."""

from __future__ import annotations

import html
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr
import numpy as np

from demo.explain import links
from demo.explain.reuse import link, observations, reuse
from demo.figures import dense_matrix, dense_reuse
from demo.figures.before_after import before_after
from demo.figures.style import percent, signed
from demo.labels import label_name
from demo.lane import Turn
from demo.records import Photo, Problem
from demo.records.dense import READINGS, LinkEffects, Reuse
from demo.tabs import fetching
from demo.tabs.components import changing
from demo.tabs.page import Page, appearing, place
from demo.tabs.sent import number_of, one_of
from demo.tabs.wiring import told
from demo.text import Words
from demo.zoo.catalogue import able, spec
from demo.zoo.loading import LoadedModel, load

_PROGRESS = gr.Progress()
MODELS = able("growth")
START = MODELS[0]


@dataclass(frozen=True)
class Parts:
    """The components of this part of the tab."""

    model: gr.Radio
    block: gr.Radio
    reading: gr.Radio
    each: gr.Checkbox
    notice: gr.HTML
    matrix: gr.HTML
    observed: gr.HTML
    detail: gr.HTML
    button: gr.Button
    summary: gr.HTML
    effects: gr.HTML

    @property
    def chosen(self) -> list[gr.components.Component]:
        """What says which matrix is meant."""
        return [self.model, self.block, self.reading]


def build(page: Page, tab: str) -> None:
    """Build this part of the tab and wire it."""
    parts = _layout(page.words)
    _matrix(page, tab, parts)
    _detail(page, parts)
    _effects(page, parts)
    for name, component in (
        ("dense", parts.model),
        ("dense_block", parts.block),
        ("reading", parts.reading),
    ):
        page.link(name, component)


def _block_choices(key: str, t: Words) -> list[tuple[str, str]]:
    count = len(spec(key).blocks)
    return [(t("densenet.block_n", block=n), str(n)) for n in range(1, count + 1)]


def _layout(t: Words) -> Parts:
    with gr.Row():
        model = gr.Radio(
            [(one.title, one.key) for one in MODELS],
            value=START.key,
            label=t("densenet.model"),
            elem_id="reuse-model",
            min_width=300,
        )
        blocks = _block_choices(START.key, t)
        block = changing(
            gr.Radio(
                blocks,
                value=blocks[-1][1],
                label=t("densenet.block"),
                elem_id="reuse-block",
                min_width=240,
            )
        )
    reading = gr.Radio(
        [(t(f"densenet.reading_{name}"), name) for name in READINGS],
        value="raw",
        label=t("densenet.reading"),
        info=t("densenet.reading_info"),
        elem_id="reuse-reading",
    )
    notice = place()
    with gr.Row(equal_height=False):
        with gr.Column(min_width=320, scale=5):
            matrix = _matrix_component("reuse-matrix")
            each = gr.Checkbox(True, label=t("densenet.each"), container=False)
        with gr.Column(min_width=300, scale=4):
            observed = gr.HTML(elem_id="reuse-observations")
    empty = f'<div class="empty">{html.escape(t("densenet.opened_empty"))}</div>'
    detail = gr.HTML(empty, elem_id="reuse-detail")
    button = gr.Button(t("densenet.cut_all"), elem_id="cut-all")
    summary = gr.HTML(
        f'<p class="hint">{html.escape(t("densenet.cut_all_hint"))}</p>', elem_id="cut-summary"
    )
    effects = _matrix_component("cut-matrix")
    return Parts(
        model, block, reading, each, notice, matrix, observed, detail, button, summary, effects
    )


def _matrix_component(elem_id: str) -> gr.HTML:
    return gr.HTML(
        "",
        html_template=dense_matrix.TEMPLATE,
        js_on_load=dense_matrix.SCRIPT,
        apply_default_css=False,
        elem_id=elem_id,
    )


def _matrix(page: Page, tab: str, parts: Parts) -> None:
    t = page.words
    fetched = fetching.on_choice(page, parts.model, parts.notice)
    hint = f'<p class="hint">{html.escape(t("densenet.cut_all_hint"))}</p>'
    empty = f'<div class="empty">{html.escape(t("densenet.opened_empty"))}</div>'

    def show(photo: Photo, key: str, block: str, reading: str, each: bool) -> list[Any]:
        choices = _block_choices(key, t)
        known = block if block in [value for _, value in choices] else choices[-1][1]
        blocks = gr.update(choices=choices, value=known)
        try:
            loaded = load(key)
            found = [reuse(loaded, number, reading, photo) for number in range(1, len(choices) + 1)]
        except Problem as problem:
            shown = appearing(told(problem, t, t("densenet.absent")))
            return [shown, blocks, "", "", empty, hint, ""]
        return [
            appearing(""),
            blocks,
            dense_matrix.reuse_payload(found[int(known) - 1], each, t),
            _observed(found, t),
            empty,
            hint,
            "",
        ]

    page.on_photo(
        tab,
        show,
        [*parts.chosen, parts.each],
        [
            parts.notice,
            parts.block,
            parts.matrix,
            parts.observed,
            parts.detail,
            parts.summary,
            parts.effects,
        ],
        also=[*(one.change for one in (*parts.chosen, parts.each)), fetched.change],
    )


def _number(key: str, block: str) -> int:
    """A block's number, where the network has such a block.

    Raises:
        Problem: "server.no_event" otherwise.
    """
    return int(one_of(block, [str(n) for n in range(1, len(spec(key).blocks) + 1)]))


def _observed(found: list[Reuse], t: Words) -> str:
    return (
        f"<h4>{html.escape(t('densenet.observations_title'))}</h4>"
        f"{dense_reuse.observations(observations(found), t)}"
        f'<p class="hint">{html.escape(t("densenet.observations_note"))}</p>'
    )


def _detail(page: Page, parts: Parts) -> None:
    """A clicked cell: its channels, and the answer with this one link cut."""
    t = page.words

    def show(event: gr.EventData, photo: Photo | None, key: str, block: str, reading: str) -> Any:
        if photo is None:
            return gr.skip()
        loaded, number = load(key), _number(key, block)
        source, target = (number_of(event, name, 1_000) for name in ("row", "column"))
        opened = link(loaded, number, source, target, reading, photo)
        names = _ends(reuse(loaded, number, "raw"), source, target, t)
        found = links.cut(loaded, photo, number, target, [source])
        off = t("densenet.cut_link", source=names[0], target=names[1])
        return (
            f'<div class="dense-detail">'
            f"{dense_reuse.opened(opened, *names, t('densenet.channel_axis'), t)}"
            f"<div><h4>{html.escape(t('densenet.cut_title'))}</h4>"
            f"{before_after(found, off, loaded.spec.family, _labels(loaded, t).__getitem__, t)}"
            f'<p class="hint">{html.escape(t("densenet.cut_hint"))}</p></div></div>'
        )

    inputs = [page.photo, *parts.chosen]
    page.on([parts.matrix.select, parts.effects.select], show, inputs, parts.detail, heavy=True)


def _effects(page: Page, parts: Parts) -> None:
    t = page.words

    def run_all(
        photo: Photo | None, key: str, block: str, progress: gr.Progress = _PROGRESS
    ) -> Iterator[Any]:
        if photo is None:
            yield [gr.skip(), gr.skip()]
            return
        loaded, number = load(key), _number(key, block)

        def told() -> Generator[Turn, None, LinkEffects]:
            steps = links.effects(loaded, photo, number)
            while True:
                try:
                    done, total = next(steps)
                except StopIteration as end:
                    return end.value
                words = t("densenet.effects_progress", done=done, total=total)
                progress((done, total), desc=words)
                yield Turn.NETWORK

        found = yield from told()
        matrix = reuse(loaded, number, "raw")
        label = _labels(loaded, t)[found.index]
        yield [
            _summary(found, matrix, label, t),
            dense_matrix.effects_payload(found, matrix, label, t),
        ]

    page.on(
        parts.button.click,
        run_all,
        [page.photo, parts.model, parts.block],
        [parts.summary, parts.effects],
        heavy=True,
        show_progress="full",
        show_progress_on=parts.summary,
    )


def _summary(found: LinkEffects, matrix: Reuse, label: str, t: Words) -> str:
    strongest = int(np.nanargmax(np.abs(found.change)))
    source, target = divmod(strongest, found.change.shape[1])
    flips = int(((found.winner >= 0) & (found.winner != found.index)).sum())
    from_name, to_name = _ends(matrix, source, target, t)
    words = t(
        "densenet.effects_summary" if flips else "densenet.effects_summary_calm",
        label=label,
        probability=percent(found.probability),
        points=signed(100 * float(found.change[source, target])),
        source=from_name,
        target=to_name,
        flips=flips,
        total=int((found.winner >= 0).sum()),
    )
    title = t("densenet.effects_title", label=label)
    return f"<h4>{html.escape(title)}</h4><p>{html.escape(words)}</p>"


def _ends(found: Reuse, source: int, target: int, t: Words) -> tuple[str, str]:
    """What the source and the target of a link are called."""
    last = target == found.targets - 1
    return (
        t("densenet.layer_n", layer=source) if source else t("densenet.source_input"),
        t(f"densenet.after_{found.after}") if last else t("densenet.layer_n", layer=target + 1),
    )


def _labels(loaded: LoadedModel, t: Words) -> list[str]:
    one = loaded.spec
    return [label_name(t, one.dataset, name) for name in one.labels]
