"""Inside Inception: how a block is built, and what its branches do on one's own photo."""

from __future__ import annotations

import html
import json
from functools import partial

import gradio as gr

from demo.drawing.terms import explained
from demo.page import fetching
from demo.page.page import Page, hidden, place
from demo.page.picker import follow, linked, picker
from demo.page.scene import Scene, controls, more, notes
from demo.page.topic import Topic
from demo.scripts import script
from demo.topics.inception import api
from demo.topics.inception.scenes import view
from demo.topics.inception.scenes.matrix import every_branch, wire_every_branch
from demo.zoo.catalogue import able, spec

ID = "inception"
MODELS = able("branches")
START = "mini_googlenet"
_OF_BLOCK = ("inception", "inception-block")
BLOCK = Scene(ID, "block", (), _OF_BLOCK)
BRANCHES = Scene(ID, "branches", ("photo", "weights"), _OF_BLOCK)
FIELD = Scene(ID, "field", ("photo",), _OF_BLOCK)
WORTH = Scene(ID, "worth", ("photo", "weights"), _OF_BLOCK)
DEPTH = Scene(ID, "depth", ("photo", "weights"), ("inception",))
ROLES = Scene(ID, "roles", ("photo", "weights"), _OF_BLOCK)
SCENES = (BLOCK, BRANCHES, FIELD, WORTH, DEPTH, ROLES)

_SCRIPTS = {BRANCHES: "pick", FIELD: "inception_field", WORTH: "pick"}


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    t = page.words
    notice = place()
    block, channel, off = (hidden(f"inception-{name}") for name in ("block", "channel", "off"))
    shown = {}
    for scene in SCENES:
        with scene.stage(t):
            name = _SCRIPTS.get(scene)
            shown[scene] = gr.HTML(
                "",
                js_on_load=script(name) if name else None,
                elem_id=f"in-{scene.id}",
            )
            if scene is BRANCHES:
                count, order = _of_branches(page, scene)
            elif scene is WORTH:
                asked, mode = _of_worth(page, scene)
                every = every_branch(t)
            else:
                with more(t("scene.how")):
                    notes(*_how(scene, page))
    with controls("inception"):
        model = gr.Radio(
            [(one.title, one.key) for one in MODELS],
            value=START,
            label=t("inception.model"),
            elem_id="inception-model",
        )
    with controls("inception-block"):
        strip = gr.HTML("", js_on_load=script("pick"), elem_id="inception-strip")
    fetched = fetching.on_choice(page, model, notice)
    place_of = [model, block]
    for scene, fn, bare, inputs in (
        (BLOCK, view.block, None, place_of),
        (BRANCHES, view.branches, view.bare_block, [*place_of, count, order, channel]),
        (FIELD, view.field, view.bare_field, place_of),
        (WORTH, view.worth, view.bare_block, [*place_of, off, mode, asked]),
        (DEPTH, view.depth, view.bare_depth, place_of),
        (ROLES, view.roles, view.bare_roles, place_of),
    ):
        page.on_scene(
            scene,
            partial(fn, t),
            inputs,
            shown[scene],
            bare=partial(bare, t) if bare else None,
            instead=spec(START),
            after=[fetched],
        )
    # Reading how a network is built takes PyTorch's compiler, whose import takes a second: not of
    # the start, but once, when somebody first opens the topic.
    seen = hidden()
    gate = f"(now, seen) => (now === {json.dumps(ID)} ? now : seen)"
    page.on(page.active.change, None, [page.active, seen], seen, js=gate)
    page.on([model.change, block.change, seen.change], partial(view.strip, t), place_of, strip)
    page.picks(strip, "inception-block", block)
    page.picks(shown[BRANCHES], "inception-channel", channel)
    page.picks(shown[WORTH], "inception-off", off)
    wire_every_branch(page, model, mode, asked, *every)
    follow(page, "inception-class", model)
    for name, component in (
        ("inception", model),
        ("block", block),
        ("channels", count),
        ("inception_order", order),
        ("inception_channel", channel),
        ("inception_off", off),
        ("cut", mode),
    ):
        page.link(name, component)


def _how(scene: Scene, page: Page) -> list[str]:
    t = page.words
    hints = [html.escape(t(f"inception.{scene.id}_hint"))]
    if scene is BLOCK:
        hints.insert(0, explained(t("inception.intro"), t))
    if scene is ROLES:
        hints.append(html.escape(t("inception.mixing")))
    return hints


def _of_branches(page: Page, scene: Scene) -> tuple[gr.Slider, gr.Radio]:
    """How many channels, and in which order."""
    t = page.words
    with controls():
        order = gr.Radio(
            [(t("inception.order_strength"), "strength"), (t("inception.order_index"), "index")],
            value="strength",
            label=t("inception.order"),
        )
    with more(t("scene.how")):
        count = gr.Slider(4, 64, value=16, step=4, label=t("inception.how_many"))
        notes(*_how(scene, page))
    return count, order


def _of_worth(page: Page, scene: Scene) -> tuple[gr.Textbox, gr.Radio]:
    """Which class, and what a branch that is off puts out."""
    t = page.words
    with controls():
        box = picker(t, t("inception.class"), t("inception.own_class"), [START], "inception-class")
    asked = linked(page, "inception_class", box)
    with more(t("scene.how")):
        mode = gr.Radio(
            [(t("inception.mode_zero"), "zero"), (t("inception.mode_mean"), "mean")],
            value="zero",
            label=t("inception.mode"),
            info=t("inception.mode_tip"),
        )
        notes(*_how(scene, page))
    return asked, mode


INCEPTION = Topic(ID, SCENES, build, api.register)
