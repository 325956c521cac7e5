"""A page of scenes that our figures draw, with our style sheets and scripts: no app behind it."""

from __future__ import annotations

import html
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import plotly.offline

from app import head
from demo.drawing.families import colours
from demo.drawing.heat import filters, gradients, photo_once, photo_uri
from demo.examples import draw as drawn_photo
from demo.records import Box
from demo.text import text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.figures import bubbles
from demo.topics.choice.numbers import members
from demo.topics.compare.figures import grid
from demo.topics.dense.figures import growth as dense_growth, matrix as dense_matrix
from demo.topics.dense.numbers.growth import PRESETS, growth, steps
from demo.topics.dense.records import Reuse
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.figures import module
from demo.topics.reduction.figures import calculator
from demo.topics.reduction.numbers import break_even, reduction, sweet_spot
from demo.topics.residual.figures import maps
from demo.topics.residual.records import Bottleneck, ResidualSum
from tests.compared import card, heat
from tests.inception_networks import stand_in

T = text("en")
ROOT = Path(__file__).parents[2]
STYLES = sorted((ROOT / "assets" / "style").glob("*.css"))
SQUARE = (0.5, 0.9, 0.3, 0.1)
FONTS = "system-ui, 'Hiragino Sans', 'Yu Gothic UI', 'Noto Sans JP', 'Noto Sans CJK JP', sans-serif"


def block() -> str:
    """The first block of the small GoogLeNet, drawn twice: what is hidden is not saved."""
    found = next(iter(anatomy(stand_in("mini_googlenet").spec).blocks.values()))
    return f'<div class="inception">{module.diagram(found, T)}</div>'


def added() -> str:
    """Shortcut + F(x) = output, as heat over a photo."""
    values = np.outer(np.linspace(0, 1, 16), np.linspace(0, 1, 16)).astype(np.float32)
    unit = Bottleneck("1.1", "x", 8, 4, 8, 1, 1, (16, 16), (16, 16), True, (32, 144, 32, 0))
    terms = [np.repeat(one[None], 8, axis=0) for one in (values, 1 - values, values * 0 + 1)]
    drawn = maps.terms(ResidualSum(unit, *terms, seen=Box(0.0, 0.0, 1.0, 1.0)), 1.0, T)
    return f'<div class="residual" {photo_once(photo(), 1.0)}>{drawn}</div>'


def compared() -> str:
    """Two photos by three networks, wider than a phone: scrolled."""
    cells = [
        [card(((3, share), (5, 1 - share)), heat=heat([[0, 0.4], [share, 1]], 3))] * 3
        for share in SQUARE[:2]
    ]
    titles = [("Mini ResNet", "resnet"), ("Mini DenseNet", "densenet"), ("GoogLeNet", "inception")]
    rows = [
        grid.Row(f"{name}.png", tuple(row), photo(name))
        for name, row in zip(("ship", "plane"), cells, strict=True)
    ]
    wide = f'<div style="width: 560px">{grid.grid(rows, titles, T)}</div>'
    return f'<div class="scrolled" style="overflow-x: auto">{wide}</div>'


def photo(name: str = "plane") -> str:
    """One of the drawn examples as an address."""
    return photo_uri(np.asarray(drawn_photo(name)))


def scripted(template: str, script: str, payload: str) -> str:
    """What a script of assets/script draws, started as Gradio starts it."""
    value = html.escape(payload, quote=True)
    return (
        f'<div data-scripted data-value="{value}">{template}</div><script>(() => {{'
        "const element = document.currentScript.previousElementSibling;"
        "const props = { value: element.dataset.value };"
        f"const trigger = () => {{}}, watch = () => {{}};{script}}})()</script>"
    )


def growing() -> str:
    """DenseNet-121, all its layers there."""
    plan = PRESETS["densenet121"]
    payload = dense_growth.payload(steps(growth(plan)), 32, 0.5, "densenet121", "", T)
    return scripted(dense_growth.TEMPLATE, dense_growth.SCRIPT, payload)


def reused() -> str:
    """Who reads whom in a block of twelve layers."""
    matrix = np.linspace(0.1, 2.4, 169, dtype=np.float32).reshape(13, 13)
    matrix[np.tril_indices(13, -1)] = np.nan
    found = Reuse("tiny", 1, "raw", "transition", matrix, tuple(range(14)))
    payload = dense_matrix.reuse_payload(found, False, None, T)
    return scripted(dense_matrix.frame(payload, "raw", "matrix"), dense_matrix.SCRIPT, payload)


def charted() -> str:
    """ImageNet's networks by accuracy and work."""
    rows = members(tuple(replace(row, timing=None) for row in candidates()), "imagenet")
    figure: go.Figure = bubbles.bubbles(rows, "macs", "accuracy", "parameters", T)
    return (
        '<div class="chart"></div><script>Plotly.newPlot(document.currentScript.'
        f"previousElementSibling, {figure.to_json()}).then(() => {{"
        "document.body.dataset.charted = 'yes'; })</script>"
    )


def counted() -> str:
    """The 1x1 calculator: bars of HTML beside drawings."""
    found = reduction(256, 64, 3, 256, 28)
    spot = sweet_spot(found)
    return calculator.calculator(found, break_even(found), spot, T)


SCENES = {
    ("inception", "block"): (block, "An Inception block", "Four branches, 64 channels: 1×1 first."),
    ("residual", "sum"): (added, "What is added to what", "F(x) adds a mean of 0.75 to 0.25."),
    ("densenet", "growth"): (growing, "Growth", "After 58 layers 1,024 channels are there."),
    ("densenet", "reuse"): (reused, "どの層がどの層を読むか", "第12層は第1層の出力も読みます。"),
    ("compare", "several"): (compared, "Several photos", "All three networks say cat twice."),
    ("choice", "chart"): (charted, "Accuracy and work", "More work buys less and less accuracy."),
    ("reduction", "calculator"): (counted, "Why 1×1 first", "A 1×1 in front saves most of it."),
}


def page() -> str:
    """All scenes below each other."""
    scenes = "".join(
        f'<section data-topic="{topic}" data-scene="{scene}"><h3 class="scene-title">'
        f"{html.escape(title)} <button type='button'>link</button></h3>"
        f'<div data-picture>{draw()}</div><p class="scene-sentence">{html.escape(sentence)}</p>'
        "</section>"
        for (topic, scene), (draw, title, sentence) in SCENES.items()
    )
    styles = "".join(path.read_text("utf-8") for path in STYLES)
    own = f"body {{ margin: 0; padding: 12px; color: var(--ink); font: 16px/1.5 {FONTS} }}"
    own += "* { box-sizing: border-box }"
    words = html.escape(json.dumps({}), quote=True)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Scenes</title>{head()}'
        f"<style>{styles}{own}{colours()}{gradients()}</style><script>{plotly.offline.get_plotlyjs()}</script>"
        f'</head><body>{filters()}<header data-page-language="en" data-page-title="Scenes"'
        f' data-gradio="{words}" data-glossary="{words}"'
        f' data-picture-failed="{html.escape(T("picture.failed"), quote=True)}"></header>'
        f'{scenes}<div id="dense-told">{dense_growth.BELOW}</div></body></html>'
    )
