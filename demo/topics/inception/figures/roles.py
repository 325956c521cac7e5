"""The three roles of the 1x1 convolution, on a block's real numbers and this photo."""

from __future__ import annotations

import html
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.drawing.colormaps import paint
from demo.drawing.heat import data_uri
from demo.drawing.style import percent, short, whole
from demo.text import Words
from demo.topics.inception.figures.maps import mosaic
from demo.topics.inception.figures.style import label
from demo.topics.inception.records import Reduction, Roles, Work

MOST = (64, 128)
"""Rows and columns of a weight matrix that are drawn."""


def roles(found: Roles, work: Mapping[str, Work], t: Words) -> str:
    """A row for each branch with a reduction: it costs less, bends, mixes.

    Args:
        work: branch -> what its reduction does on the photo; empty where that is not known.
    """
    names = ("reduce", "bend", "mix") if work else ("reduce",)
    head = "".join(f"<h4>{html.escape(t(f'inception.role_{name}'))}</h4>" for name in names)
    rows = "".join(_row(one, work.get(one.branch), t) for one in found.reductions)
    kind = "" if work else " built"
    return f'<div class="roles{kind}"><div class="role-head">{head}</div>{rows}</div>'


def _row(found: Reduction, work: Work | None, t: Words) -> str:
    parts = [_cheaper(found, t)]
    if work is not None:
        parts += [_bending(work, t), _mixing(found, work, t)]
    return (
        f'<section class="role-row" data-branch="{found.branch}">'
        f"<h4>{html.escape(label(found.branch, t))}"
        f"<small>{found.in_channels} → {found.channels}</small></h4>"
        + "".join(f"<div>{part}</div>" for part in parts)
        + "</section>"
    )


def _cheaper(found: Reduction, t: Words) -> str:
    return (
        _cost("weights", found.weights_without, found.weights_with, t)
        + _cost("macs", found.macs_without, found.macs_with, t)
        + f"<p>{html.escape(t('inception.ratio', ratio=found.ratio))}</p>"
    )


def _bending(work: Work, t: Words) -> str:
    shown = work.maps[list(work.strongest)]
    return (
        mosaic(shown, work.strongest, shown.mean(axis=(1, 2)), t)
        + f"<p>{html.escape(t('inception.bent', share=percent(work.zeros)))}</p>"
    )


def _mixing(found: Reduction, work: Work, t: Words) -> str:
    drawn = heaviest(work.weights)
    largest = float(np.abs(drawn).max()) or 1.0
    picture = Image.fromarray(paint((drawn / largest + 1) / 2, "signed"))
    sizes = {"out": found.channels, "into": found.in_channels}
    words = ""
    if drawn.shape != work.weights.shape:
        words = t("inception.mixing_part", rows=drawn.shape[0], columns=drawn.shape[1])
    alt = html.escape(t("inception.mixing_alt", **sizes), quote=True)
    return (
        f'<img class="mixing" src="{data_uri(picture)}" alt="{alt}">'
        f'<div class="signed-bar"><span>−{largest:.2f}</span><i></i>'
        f"<span>+{largest:.2f}</span></div>" + (f"<p>{html.escape(words)}</p>" if words else "")
    )


def heaviest(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows and columns with the largest weights (sum of squares), `MOST` at most, in order."""
    for axis, most in enumerate(MOST):
        sums = np.square(weights).sum(axis=1 - axis)
        weights = weights.take(np.sort(np.argsort(-sums, kind="stable")[:most]), axis)
    return weights


def _cost(of: str, without: int, with_it: int, t: Words) -> str:
    most = max(without, with_it)
    words = t("inception.weights" if of == "weights" else "inception.macs")
    rows = (
        ("without", t("inception.without"), without),
        ("with", t("inception.with"), with_it),
    )
    bars = "".join(
        f'<div class="cost {kind}" title="{whole(value)}"><span>{html.escape(which)}</span>'
        f'<i><b style="width:{value / most:.2%}"></b></i><em>{_number(value, t)}</em></div>'
        for kind, which, value in rows
    )
    return f'<div class="costs of-{of}"><strong>{html.escape(words)}</strong>{bars}</div>'


def _number(value: int, t: Words) -> str:
    return whole(value) if value < 1_000_000 else short(value, t)
