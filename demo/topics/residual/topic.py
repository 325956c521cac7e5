"""ResNet and ResNeXt: what a block adds, paths in equal forms, parts switched off, cardinality."""

from __future__ import annotations

import html
from functools import partial

import gradio as gr

from demo.drawing.terms import explained
from demo.page import fetching
from demo.page.page import Page, hidden, place
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.records import Photo
from demo.scripts import script
from demo.topics.residual import api
from demo.topics.residual.scenes import cardinality, flow, view
from demo.zoo.catalogue import able, spec

ID = "residual"
MODELS = able("stages")
START = "mini_resnext"
ADDS = Scene(ID, "adds", ("photo", "weights"), ("residual",))
PAIR = Scene(ID, "pair", (), ("residual", "residual-block"))
SUM = Scene(ID, "sum", ("photo", "weights"), ("residual", "residual-block"))
FORMS = Scene(ID, "forms", ("photo", "weights"), ("residual", "residual-block"))
OFF = Scene(ID, "off", ("photo", "weights"), ("residual", "residual-block"))
FLOW = Scene(ID, "flow", ("photo", "weights"))
CARDINALITY = Scene(ID, "cardinality")
OF_BLOCKS = (ADDS, PAIR, SUM, FORMS, OFF)
SCENES = (*OF_BLOCKS, FLOW, CARDINALITY)

PICKS = "residual-block"
SWITCHES = "residual-off"


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    notice = place()
    block, off = hidden("residual-block"), hidden("residual-off")
    shown = {}
    for scene in OF_BLOCKS:
        with scene.stage(t):
            pick = script("pick") if scene in (ADDS, OFF) else None
            shown[scene] = gr.HTML(_before(scene, page), js_on_load=pick, elem_id=f"in-{scene.id}")
            with more(t("scene.how")):
                notes(*_how(scene, page))
                every = _every(page) if scene is OFF else None
    with FLOW.stage(t):
        flow.build(page, FLOW)
    with CARDINALITY.stage(t):
        cardinality.build(page, CARDINALITY)
    with controls("residual"):
        model = gr.Radio(
            [(one.title, one.key) for one in MODELS],
            value=START,
            label=t("residual.model"),
            elem_id="residual-model",
        )
    with controls("residual-block"):
        strip = gr.HTML(
            view.bare_strip(START, "", t), js_on_load=script("pick"), elem_id="residual-strip"
        )
    fetched = fetching.on_choice(page, model, notice)
    draw = {
        ADDS: (view.adds, partial(view.bare_adds, t)),
        PAIR: (view.pair, None),
        SUM: (view.terms, partial(view.bare_terms, t)),
        FORMS: (view.forms, partial(view.bare_forms, t)),
        OFF: (view.off, partial(view.bare_off, t)),
    }
    for scene, (fn, bare) in draw.items():
        page.on_scene(
            scene,
            partial(fn, t),
            [model, block, off] if scene is OFF else [model, block],
            shown[scene],
            bare=bare,
            instead=spec(START),
            after=[fetched],
        )
    page.on([model.change, block.change], partial(view.strip, t), [model, block], strip)
    page.picks(strip, PICKS, block)
    page.picks(shown[ADDS], PICKS, block)
    page.picks(shown[OFF], SWITCHES, off)
    assert every is not None
    _wire_every(page, model, *every)
    page.link("residual", model)
    page.link("residual_block", block)
    page.link("residual_off", off)


def _before(scene: Scene, page: Page) -> str:
    """What stands there until there is a photo."""
    t = page.words
    if scene is OFF:
        return view.bare_off(t, START, "", "")
    bare = {
        ADDS: view.bare_adds,
        PAIR: view.pair,
        SUM: view.bare_terms,
        FORMS: view.bare_forms,
    }
    return bare[scene](t, START, "")


def _how(scene: Scene, page: Page) -> list[str]:
    t = page.words
    hints = [html.escape(t(f"residual.{scene.id}_hint"))]
    if scene is ADDS:
        hints.insert(0, explained(t("residual.intro"), t))
    if scene is OFF:
        hints.append(f'<span class="retrained">{explained(t("residual.retrained"), t)}</span>')
    return hints


def _every(page: Page) -> tuple[gr.Button, gr.HTML]:
    button = gr.Button(page.words("residual.every_button"), elem_id="residual-every-button")
    return button, gr.HTML(elem_id="residual-every")


def _wire_every(page: Page, model: gr.Radio, button: gr.Button, shown: gr.HTML) -> None:
    t = page.words

    def every(photo: Photo | None, key: str) -> str:
        return "" if photo is None else view.every_block(t, photo, key)

    page.on(button.click, every, [page.photo, model], shown, heavy=True, show_progress="full")
    # What it shows is of that photo and that network alone.
    page.on([model.change, page.photo_key.change], None, None, shown, js="() => ''")


RESIDUAL = Topic(ID, SCENES, build, api.register)
