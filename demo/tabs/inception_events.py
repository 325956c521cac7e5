"""What happens in the Inception tab: which values go where when something is chosen."""

from __future__ import annotations

import html
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from demo.figures.inception_style import label
from demo.records import Photo, Problem
from demo.tabs import fetching
from demo.tabs.inception_view import Plan, View, opened
from demo.tabs.page import Page, appearing
from demo.tabs.sent import number_of, text_of
from demo.tabs.wiring import told
from demo.text import Words
from demo.zoo.catalogue import spec
from demo.zoo.loading import load

_PROGRESS = gr.Progress()


@dataclass(frozen=True)
class Parts:
    """The components that show a photo in a block.

    A click on the strip of blocks changes what `of_block` gives, in that order.
    """

    under: gr.HTML
    depth: gr.HTML
    strip: gr.HTML
    block: gr.Textbox
    module: gr.HTML
    columns: gr.HTML
    channel: gr.HTML
    field: gr.HTML
    off: gr.CheckboxGroup
    worth: gr.HTML
    roles: gr.HTML

    def all(self) -> list[gr.components.Component]:
        """All of them."""
        return [getattr(self, one.name) for one in fields(self)]

    def of_block(self) -> list[gr.components.Component]:
        """Those that depend on the block; the strip in the browser presses its button itself."""
        return self.all()[3:]


@dataclass(frozen=True)
class Controls:
    """The other components: what is chosen, and what is shown around the parts.

    body: everything below the choice of the network. live: what of it needs the weights.
    """

    model: gr.Radio
    notice: gr.HTML
    body: gr.Column
    live: gr.Column
    count: gr.Slider
    order: gr.Radio
    mode: gr.Radio
    asked: gr.HTML
    button: gr.Button
    matrix: gr.HTML


def matrix_hint(t: Words) -> str:
    """What stands where the matrix will be."""
    return f'<p class="hint">{html.escape(t("inception.matrix_hint"))}</p>'


class Events:
    """The tab's handlers, in one language."""

    def __init__(self, page: Page, parts: Parts, controls: Controls) -> None:
        self.page, self.parts, self.controls = page, parts, controls
        self.t = page.words

    def wire(self, tab: str) -> None:
        """Connect everything; once, while the page is built."""
        page, parts, controls = self.page, self.parts, self.controls
        looks = [controls.model, parts.block, controls.count, controls.order]
        inputs = [page.photo, *looks]
        asks = [controls.mode, controls.asked]
        fetched = fetching.on_choice(page, controls.model, controls.notice)
        around = [controls.notice, controls.body, controls.live, controls.asked, controls.matrix]
        page.on_photo(
            tab,
            self.analyse,
            [*looks, *asks],
            [*around, *parts.all()],
            also=[fetched.change],
        )
        quick: dict[str, Any] = {"heavy": True, "trigger_mode": "always_last"}
        changes = [controls.count.change, controls.order.change]
        page.on(parts.strip.click, self.open_block, [*inputs, *asks], parts.of_block(), **quick)
        page.on(changes, self.columns, inputs, parts.columns, **quick)
        page.on(parts.columns.click, self.channel, inputs, parts.channel, **quick)
        page.on(
            [parts.off.input, controls.mode.input, controls.asked.input],
            self.worth,
            [parts.off, *asks, *inputs],
            [parts.worth, controls.matrix],
            **quick,
        )
        page.on(
            controls.button.click,
            self.matrix,
            [*asks, *inputs],
            controls.matrix,
            heavy=True,
            show_progress="full",
        )

    def analyse(self, photo: Photo, *chosen: Any) -> list[Any]:
        """A photo or a network is new: values of everything."""
        *choice, mode, asked = chosen
        try:
            view = self._look(photo, *choice)
        except Problem as problem:
            return self._built(problem, *choice[:2])
        one = view.loaded.spec
        known = asked if asked in one.labels else ""
        return [
            appearing(""),
            gr.update(visible=True),
            gr.update(visible=True),
            known,
            matrix_hint(self.t),
            view.under(),
            view.depth(),
            view.plan.strip(),
            *self._show(view, mode, asked),
        ]

    def open_block(self, event: gr.EventData, photo: Photo | None, *chosen: Any) -> list[Any]:
        """A block of the strip is clicked: values of `Parts.of_block()`."""
        key, _, *rest, mode, asked = chosen
        name = opened(spec(key), text_of(event, "block"))
        try:
            view = self._of(photo, key, name, *rest)
        except Problem:
            # Its weights are not here, as the notice says; how it is built shows all the same.
            return self._plan(Plan(self.t, spec(key), name))
        if view is None:
            return [gr.skip() for _ in self.parts.of_block()]
        return self._show(view, mode, asked)

    def columns(self, photo: Photo | None, *chosen: Any) -> Any:
        """How many channels, or their order, is new."""
        view = self._of(photo, *chosen)
        return gr.skip() if view is None else view.columns()

    def channel(self, event: gr.EventData, photo: Photo | None, *chosen: Any) -> Any:
        """A channel is clicked: enlarge it."""
        view = self._of(photo, *chosen)
        return (
            gr.skip()
            if view is None
            else view.channel(text_of(event, "branch"), number_of(event, "channel", 10_000))
        )

    def worth(
        self, off: list[str], mode: Any, asked: str, photo: Photo | None, *chosen: Any
    ) -> list[Any]:
        """Branches are switched, or another class is asked for."""
        view = self._of(photo, *chosen)
        if view is None:
            return [gr.skip(), gr.skip()]
        return [view.worth(off, mode, asked), view.kept_matrix(mode, asked) or matrix_hint(self.t)]

    def matrix(
        self,
        mode: Any,
        asked: str,
        photo: Photo | None,
        key: str,
        name: str,
        channels: float,
        order: str,
        progress: gr.Progress = _PROGRESS,
    ) -> Any:
        """Every branch of every block is switched off."""
        view = self._of(photo, key, name, channels, order)
        if view is None:
            return gr.skip()

        def tell(done: int, total: int, name: str) -> None:
            words = self.t("inception.matrix_progress", block=name)
            progress((done, total), desc=words, unit=self.t("inception.matrix_unit"))

        return view.matrix(mode, asked, tell)

    def _look(self, photo: Photo, key: str, name: str, channels: float, order: str) -> View:
        loaded, block = load(key), opened(spec(key), name)
        return View(self.t, loaded, photo, block, int(channels), order == "strength")

    def _of(self, photo: Photo | None, *chosen: Any) -> View | None:
        return None if photo is None else self._look(photo, *chosen)

    def _show(self, view: View, mode: Any, asked: str) -> list[Any]:
        """Values of `Parts.of_block()`; nothing is off at first."""
        choices = [(label(branch.name, self.t), branch.name) for branch in view.block.branches]
        return [
            view.name,
            view.plan.module(),
            view.columns(),
            view.channel(),
            view.field(),
            gr.update(choices=choices, value=[]),
            view.worth([], mode, asked),
            view.roles(),
        ]

    def _built(self, problem: Problem, key: str, name: str) -> list[Any]:
        """Values of everything for a network whose weights are not here."""
        plan = Plan(self.t, spec(key), opened(spec(key), name))
        return [
            appearing(told(problem, self.t, self.t("inception.absent"))),
            gr.update(visible=True),
            gr.update(visible=False),
            gr.skip(),
            matrix_hint(self.t),
            gr.skip(),
            gr.skip(),
            plan.strip(),
            *self._plan(plan),
        ]

    def _plan(self, plan: Plan) -> list[Any]:
        """Values of `Parts.of_block()` without a photo's numbers."""
        return [plan.name, plan.module(), *[gr.skip()] * 5, plan.roles()]
