"""What the topics share on one page: its language, the photo, the open tab, the link."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import gradio as gr

from demo.page.scene import Scene
from demo.page.wiring import LATEST, event, lacking
from demo.records import Photo, Problem
from demo.text import Words
from demo.zoo.spec import ModelSpec

_PLAIN = re.compile(r"[\w.,:|#+-]{1,400}")
"""What a state that a link keeps in a hidden box may be written with: names and numbers."""
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
    tab. scene: id of the scene on the screen. own: `own.named` of what was trained here, "" for
    nothing. coming: for each scene, what changes when it comes onto the screen or the photo is
    another: Gradio looks up every input of all who listen, and to `scene` and `photo_key` the
    scenes of all topics would. picture, several: the input that shows the photo, and the button for
    several, once they are built.
    """

    lang: str
    words: Words
    photo: gr.Textbox
    photos: gr.Textbox
    photo_key: gr.Textbox
    example: gr.Textbox
    active: gr.Textbox
    scene: gr.Textbox
    own: gr.Textbox
    picture: gr.Image | None = None
    several: gr.UploadButton | None = None
    links: dict[str, gr.components.Component] = field(default_factory=dict)
    wired: set[str] = field(default_factory=set)
    coming: dict[str, gr.Textbox] = field(default_factory=dict)
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
        if options.get("show_progress", "hidden") == "hidden":
            # Gradio's page looks up every output at every step of every question, to show there
            # how far it is; of what nobody sees one is enough.
            options.setdefault("show_progress_on", self.photo)
        return event(triggers, fn, inputs, outputs, words=self.words, heavy=heavy, **options)

    def on_scene(
        self,
        scene: Scene,
        fn: Callable[..., Any],
        inputs: Sequence[gr.components.Component],
        shown: gr.HTML | Sequence[gr.components.Component],
        *,
        bare: Callable[..., str] | None = None,
        instead: ModelSpec | None = None,
        after: Sequence[gr.components.Component] = (),
        any_photo: bool = False,
        heavy: bool = False,
        there: bool = False,
        **options: Any,
    ) -> Any:
        """Keep what a scene shows true to its inputs while it is on the screen.

        Nothing is computed for a scene that is not; one that comes back is as it was unless its
        inputs, or the photo, have changed since.

        Args:
            fn: of the values of the inputs, with the photo before them where the scene needs one;
                gives the HTML of `shown`, or {component: value} where that is several; all at once
                or, as a generator, as it grows.
            bare: of the same values without the photo: what is shown where a photo or the weights
                are missing, below the sentence that says so.
            instead: a network that is always here, which one click chooses where another's weights
                are missing.
            after: what it is computed again after, though its value is not asked.
            any_photo: whether it matters only that there is a photo, not which one is in sight.
            heavy: whether it runs a network though it needs no photo.
            there: whether what was built is the answer to the values that the inputs begin with,
                so that nobody need be asked for it.
        """
        looks = "photo" in scene.needs
        watched = [*inputs, *after]
        known = [*([self.photo_key] if looks and not any_photo else []), *watched]
        if scene.id not in self.coming:
            self.coming[scene.id] = hidden(f"coming-{scene.id}")
        drawn = hidden()
        begin = json.dumps([one.value for one in known] if there else None)
        # A scene may have several parts that are asked for, each on its own.
        place = f"{json.dumps(scene.id)}, {drawn._id}"
        # The browser decides, so that closed scenes cost nothing.
        self.on(
            [self.coming[scene.id].change, *(one.change for one in watched)],
            None,
            [drawn, *known],
            drawn,
            js=f"(...state) => four.asks({place}, {begin}, ...state)",
        )

        def steps(*values: Any) -> Iterator[Any]:
            rest = values[1:] if looks else values
            try:
                without = bare(*rest) if bare else ""
            except Problem:
                # What is gone: `fn` says so.
                without = ""
            if looks and values[0] is None:
                yield without
                return
            try:
                drawn = fn(*values)
                yield from drawn if inspect.isgenerator(drawn) else [drawn]
            except Problem as problem:
                yield lacking(problem, self.words, instead) + without

        def run(*values: Any) -> Any:
            return next(steps(*values))

        asked = [self.photo, *inputs] if looks else list(inputs)
        drawing = self.on(
            drawn.change,
            _named(steps if inspect.isgeneratorfunction(fn) else run, looks),
            asked,
            shown,
            heavy=looks or heavy,
            js=f"(...values) => four.begun({place}, values)",
            **{**LATEST, **options},
        )
        # Gradio's page tells of a failure only those who ask for it.
        for over in (drawing.then, drawing.failure):
            over(None, None, None, js=f"() => four.answered({place})", api_visibility="private")
        return drawing

    def picks(self, element: gr.HTML, name: str, box: gr.Textbox) -> None:
        """Let a click on one of the element's `data-pick`s choose the value of a hidden box.

        name: what the markup around them says in `data-picks`; `pick.js` is its script.
        """
        self.on(element.click, None, None, box, js=f"() => four.picked({json.dumps(name)})")

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
        """Write the values that were linked since the last call into the address as they change.

        Called once a topic: at a change Gradio looks up all that are written together.
        """
        linked = {name: one for name, one in self.links.items() if name not in self.wired}
        self.wired.update(linked)
        if not linked:
            return
        self.on(
            [component.change for component in linked.values()],
            None,
            list(linked.values()),
            None,
            js=f"(...values) => four.keep({_usual(linked)}, values)",
        )

    def came_back(self, restored: Any) -> None:
        """Behind the event that restored a link: open its scene, and write all that is true now."""
        usual = _usual(self.links)
        restored.then(
            None,
            [self.active, self.scene, *self.links.values()],
            [self.active, self.scene],
            js=f"(tab, scene, ...values) => four.cameBack({usual}, tab, scene, values)",
            api_visibility="private",
        )

    def restore(self, search: str) -> list[Any]:
        """Values for the linked components from a query string; what does not fit is left out."""
        query = parse_qs(search.removeprefix("?"))
        return [
            _fitting(component, query.get(name, [""])[-1], self.fitting.get(name))
            for name, component in self.links.items()
        ]


def _usual(linked: dict[str, gr.components.Component]) -> str:
    """What the script must know to write these: names, values that are not written, and `NONE`."""
    return json.dumps([list(linked), [component.value for component in linked.values()], NONE])


def _named(run: Callable[..., Any], looks: bool) -> Callable[..., Any]:
    """The same with its first parameter called `photo` where that is to be opened for it."""
    if not looks:
        return run
    if inspect.isgeneratorfunction(run):

        def stream_of_photo(photo: Photo | None, *values: Any) -> Iterator[Any]:
            yield from run(photo, *values)

        return stream_of_photo

    def of_photo(photo: Photo | None, *values: Any) -> Any:
        return run(photo, *values)

    return of_photo


def _fitting(
    component: gr.components.Component, value: str, among: Collection[str] | None = None
) -> Any:
    """The query's value in the component's own type, or no change where it does not fit."""
    if not value or (among is not None and value not in among):
        return gr.skip()
    if isinstance(component, gr.Textbox) and among is None and not _PLAIN.fullmatch(value):
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
