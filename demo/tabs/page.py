"""What the tabs share on one page: its language, the photo, the open tab, the link."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from demo.records import Photo
from demo.tabs.wiring import event
from demo.text import Words

NONE = "none"
"""In a link: nothing is chosen where something is by default."""


def hidden(elem_id: str | None = None, value: str = "") -> gr.Textbox:
    """A value that lives in the browser and is not seen; its changes are events."""
    return gr.Textbox(value, visible="hidden", show_label=False, elem_id=elem_id)


def place(elem_id: str | None = None, **options: Any) -> gr.HTML:
    """HTML that takes no room until `appearing` fills it; mounted all the same, to show at once."""
    return gr.HTML(visible="hidden", elem_id=elem_id, **options)


def appearing(drawn: str) -> Any:
    """Update of a `place`: seen while there is something to see."""
    return gr.update(value=drawn, visible=True if drawn else "hidden")


@dataclass
class Page:
    """One language's page while it is built.

    All of it lives in the browser. photo: token of the photo in sight (`photos.seal`), "" for none.
    photos: tokens of all chosen (`photos.seal_all`). photo_key: its `Photo.key`, whose change is
    the event that a photo is new. example: its name if it is an example. active: id of the open
    tab. picture: the input that shows the photo, once it is built.
    """

    lang: str
    words: Words
    photo: gr.Textbox
    photos: gr.Textbox
    photo_key: gr.Textbox
    example: gr.Textbox
    active: gr.Textbox
    picture: gr.Image | None = None
    links: dict[str, gr.components.Component] = field(default_factory=dict)
    fitting: dict[str, Collection[str]] = field(default_factory=dict)

    def on(
        self,
        triggers: Any,
        fn: Callable[..., Any] | None,
        inputs: Any = None,
        outputs: Any = None,
        *,
        heavy: bool = False,
        **options: Any,
    ) -> Any:
        """An event of this page; see `wiring.event`."""
        return event(triggers, fn, inputs, outputs, words=self.words, heavy=heavy, **options)

    def on_photo(
        self,
        tab: str,
        fn: Callable[..., Any],
        inputs: Sequence[gr.components.Component] = (),
        outputs: Any = None,
        also: Sequence[Any] = (),
        forgets: Sequence[gr.components.Component] = (),
        **options: Any,
    ) -> Any:
        """Run fn(photo, *inputs) when the tab is open and the photo is new to it.

        Also at every trigger in `also` (such as `dropdown.change`). Waits its turn for the
        networks. A generator streams. Once there is no photo any more, what the outputs show is as
        the page was built; choices stay, but for those in `forgets`.
        """
        # The browser decides: `drawn` changes only while the tab is open, so that closed tabs
        # cost nothing, and a tab opened again with the same photo is as it was.
        drawn = hidden()
        self.on(
            [self.photo_key.change, self.active.change],
            None,
            [self.photo_key, self.active, drawn],
            drawn,
            js=f"(key, active, seen) => (active === {json.dumps(tab)} ? key : seen)",
        )

        if inspect.isgeneratorfunction(fn):

            def run(photo: Photo | None, *values: Any) -> Any:
                if photo is None:
                    yield _emptied(outputs, forgets)
                else:
                    yield from fn(photo, *values)
        else:

            def run(photo: Photo | None, *values: Any) -> Any:
                return _emptied(outputs, forgets) if photo is None else fn(photo, *values)

        options.setdefault("trigger_mode", "always_last")
        return self.on(
            [drawn.change, *also],
            run,
            [self.photo, *inputs],
            outputs,
            heavy=True,
            **options,
        )

    def link(
        self,
        name: str,
        component: gr.components.Component,
        fitting: Collection[str] | None = None,
    ) -> None:
        """Keep the component's value in the address bar, and restore it from there.

        fitting: the values that it may have, where the component itself does not know them.
        """
        self.links[name] = component
        if fitting is not None:
            self.fitting[name] = fitting

    def wire_links(self) -> None:
        """Write the linked values into the address as they change."""
        names, components = list(self.links), list(self.links.values())
        defaults = [component.value for component in components]
        self.on(
            [component.change for component in components],
            None,
            components,
            None,
            js=f"(...values) => four.keep({json.dumps([names, defaults, NONE])}, values)",
        )

    def restore(self, search: str) -> list[Any]:
        """Values for the linked components from a query string; what does not fit is left out."""
        query = parse_qs(search.removeprefix("?"))
        return [
            _fitting(component, query.get(name, [""])[-1], self.fitting.get(name))
            for name, component in self.links.items()
        ]


def _emptied(outputs: Any, forgets: Sequence[Any]) -> Any:
    """What the outputs show without a photo."""
    several = isinstance(outputs, Sequence)
    values = [
        one.value if one in forgets else _as_built(one)
        for one in (outputs if several else [outputs])
    ]
    return values if len(values) > 1 else values[0]


def _as_built(component: Any) -> Any:
    # With properties of its own it is a control.
    if isinstance(component, gr.HTML) and not component.props:
        return gr.update(value=component.value, visible=component.visible)
    if isinstance(component, gr.Column):
        # Mounted all the same: what is mounted a second time has lost its own properties.
        return gr.update(visible=component.visible or "hidden")
    return gr.skip()


def _fitting(
    component: gr.components.Component, value: str, among: Collection[str] | None = None
) -> Any:
    """The query's value in the component's own type, or no change where it does not fit."""
    if not value or (among is not None and value not in among):
        return gr.skip()
    if isinstance(component, gr.Slider | gr.Number):
        try:
            number = float(value)
        except ValueError:
            return gr.skip()
        # The largest whole number that the browser and JSON both hold exactly.
        inside = abs(number) <= 2**53
        inside = inside and (component.minimum is None or number >= component.minimum)
        inside = inside and (component.maximum is None or number <= component.maximum)
        whole = int(number) if number.is_integer() else number
        return whole if inside else gr.skip()
    if isinstance(component, gr.Checkbox):
        return value == "true"
    choices = [choice for _, choice in getattr(component, "choices", None) or []]
    if isinstance(component, gr.CheckboxGroup) or getattr(component, "multiselect", False):
        if value == NONE:
            return []
        known = [part for part in value.split(",") if part in choices]
        return known or gr.skip()
    return value if not choices or value in choices else gr.skip()
