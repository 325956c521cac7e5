"""The box in which a class is chosen: typed, pasted or taken from a list, the same in every tab.

Gradio's Dropdown filters by what a list shows and no further: Enter on "lion" takes "sea lion", an
English name finds nothing on the Japanese page, and each list of 1,000 names goes into the page
again. Here the names are fetched once, when somebody asks for them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, partial

import gradio as gr

from demo.labels import label_name
from demo.page.page import Page, hidden
from demo.scripts import script
from demo.text import LANGUAGES, Blank, Words, text
from demo.zoo.bundled import CIFAR10_LABELS
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.imagenet import IMAGENET_LABELS

_TEMPLATE = """
<label class="picker-label" for="{{box}}">{{words.label}}</label>
<div class="picker-box">
<input id="{{box}}" type="text" role="combobox" aria-expanded="false" aria-autocomplete="list"
 aria-controls="{{box}}-list" autocomplete="off" autocapitalize="off" autocorrect="off"
 spellcheck="false" enterkeyhint="done">
<div class="picker-list">
<div id="{{box}}-list" role="listbox" aria-label="{{words.label}}"></div>
<p class="picker-none" hidden>{{words.none}}</p>
</div>
</div>
<span class="sr-only" role="status"></span>
"""
LABELS = frozenset({"", *CIFAR10_LABELS, *IMAGENET_LABELS})
"""Every value that a picker can have; "" is each network's own first choice."""


def picker(t: Words, label: str, own: str, networks: Sequence[str], elem_id: str) -> gr.HTML:
    """The box; its value is a data set's own label, its event `input` the reader's choice.

    Args:
        label: what stands over it.
        own: what "" is called, the choice of no class.
        networks: keys of those that are chosen at first; see `follow`.
    """
    return gr.HTML(
        "",
        html_template=_TEMPLATE,
        js_on_load=script("words", "class_picker"),
        apply_default_css=False,
        container=True,
        elem_id=elem_id,
        elem_classes="class-picker",
        box=_box(elem_id),
        words={
            "label": label,
            "own": own,
            "none": t("picker.none"),
            "count": t("picker.count", count=Blank("count")),
            "cifar10": t("dataset.cifar10"),
            "imagenet": t("dataset.imagenet"),
        },
        # Relative, so that it holds behind any prefix: the page's own address is / or /ja.
        address=address(t.lang).removeprefix("/"),
        ten=[_names(t, "cifar10", one) for one in CIFAR10_LABELS],
        knows={one.key: one.dataset for one in CATALOGUE},
        networks=list(networks),
    )


def address(lang: str) -> str:
    """Where the server gives the 1,000 names of a language's page."""
    return f"/class-names/{lang}.json"


def documents() -> dict[str, Callable[[], bytes]]:
    """Address -> JSON: a row of `_names` for each ImageNet class, in the order of their index."""
    return {address(lang): partial(_document, lang) for lang in LANGUAGES}


@cache
def _document(lang: str) -> bytes:
    rows = [_names(text(lang), "imagenet", label) for label in IMAGENET_LABELS]
    return json.dumps(rows, ensure_ascii=False).encode()


def follow(page: Page, elem_id: str, *choosers: gr.components.Component) -> None:
    """Offer the classes of those networks that the choosers have as their values, and no others."""
    page.on(
        [chooser.change for chooser in choosers],
        None,
        list(choosers),
        None,
        js=f"(...chosen) => four.networks({json.dumps(_box(elem_id))}, chosen.flat())",
    )


def linked(page: Page, name: str, *boxes: gr.HTML) -> gr.Textbox:
    """A hidden value that is the picker's, or that of several alike, and that a link brings back.

    For pickers in a tab that may be closed when the link is opened: what Gradio has not mounted
    yet would lose its own properties with the value that it is given.
    """
    asked = hidden()
    for box in boxes:
        page.on(box.input, None, box, asked, js="(label) => label")
        page.on(
            asked.change,
            None,
            asked,
            None,
            js=f"(label) => four.askClass({json.dumps(_box(box.elem_id or ''))}, label)",
        )
    page.link(name, asked, LABELS)
    return asked


def _box(elem_id: str) -> str:
    return f"{elem_id}-box"


def _names(t: Words, dataset: str, label: str) -> list[str]:
    """The label, what this page calls it, and what else finds it."""
    shown = label_name(t, dataset, label)
    others = {label_name(text(lang), dataset, label) for lang in LANGUAGES}
    return [label, shown, *sorted(others - {label, shown})]
