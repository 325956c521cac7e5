"""The three roles of the 1x1 convolution, on a block's real numbers and this photo."""

from __future__ import annotations

import html
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from demo.figures.colormaps import paint
from demo.figures.heat import data_uri
from demo.figures.inception_maps import mosaic
from demo.figures.inception_style import label
from demo.figures.style import percent, short, whole
from demo.records.inception import Reduction, Step
from demo.text import Words

MOST = (64, 128)
"""Rows and columns of a weight matrix that are drawn."""


@dataclass(frozen=True, eq=False)
class Work:
    """What a reduction does on one photo.

    maps: what it puts out after its ReLU, (C, h, w); indices: the channels to show. weights: the
    matrix that mixes channels, (out, in).
    """

    maps: NDArray[np.float32]
    indices: list[int]
    weights: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Reduced:
    """A reduction, and what it does where the network's weights are here."""

    reduction: Reduction
    work: Work | None = None


def roles(found: list[Reduced], behind_pool: Step | None, t: Words) -> str:
    """A row for each branch with a reduction: it costs less, bends, mixes."""
    rows = "".join(_row(reduced, t) for reduced in found)
    pool = ""
    if behind_pool is not None:
        pool = (
            '<p class="hint">'
            + html.escape(
                t(
                    "inception.pool_projection",
                    channels=behind_pool.channels,
                    in_channels=behind_pool.in_channels,
                )
            )
            + "</p>"
        )
    if not rows:
        rows = f'<p class="hint">{html.escape(t("inception.no_reduction"))}</p>'
    return f'<div class="roles">{rows}{pool}</div>'


def _row(reduced: Reduced, t: Words) -> str:
    found, work = reduced.reduction, reduced.work
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
        f"<h5>{html.escape(t('inception.role_reduce'))}</h5>"
        + _cost(t("inception.weights"), found.weights_without, found.weights_with, t)
        + _cost(t("inception.macs"), found.macs_without, found.macs_with, t)
        + f"<p>{html.escape(t('inception.ratio', ratio=found.ratio))}</p>"
    )


def _bending(work: Work, t: Words) -> str:
    zeros = float((work.maps == 0).mean())
    shown = work.maps[work.indices]
    return (
        f"<h5>{html.escape(t('inception.role_bend'))}</h5>"
        + mosaic(shown, work.indices, shown.mean(axis=(1, 2)), t)
        + f"<p>{html.escape(t('inception.bent', share=percent(zeros)))}</p>"
    )


def _mixing(found: Reduction, work: Work, t: Words) -> str:
    drawn = heaviest(work.weights)
    largest = float(np.abs(drawn).max()) or 1.0
    picture = Image.fromarray(paint((drawn / largest + 1) / 2, "signed"))
    sizes = {"out": found.channels, "into": found.in_channels}
    words = t("inception.mixing", **sizes)
    if drawn.shape != work.weights.shape:
        words += t("inception.mixing_part", rows=drawn.shape[0], columns=drawn.shape[1])
    alt = html.escape(t("inception.mixing_alt", **sizes), quote=True)
    return (
        f"<h5>{html.escape(t('inception.role_mix'))}</h5>"
        f'<img class="mixing" src="{data_uri(picture)}" alt="{alt}">'
        f'<div class="signed-bar"><span>−{largest:.2f}</span><i></i>'
        f"<span>+{largest:.2f}</span></div>"
        f"<p>{html.escape(words)}</p>"
    )


def heaviest(weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """The rows and columns with the largest weights (sum of squares), `MOST` at most, in order."""
    for axis, most in enumerate(MOST):
        sums = np.square(weights).sum(axis=1 - axis)
        weights = weights.take(np.sort(np.argsort(-sums, kind="stable")[:most]), axis)
    return weights


def _cost(words: str, without: int, with_it: int, t: Words) -> str:
    most = max(without, with_it)
    rows = (
        ("without", t("inception.without"), without),
        ("with", t("inception.with"), with_it),
    )
    bars = "".join(
        f'<div class="cost {kind}" title="{whole(value)}"><span>{html.escape(which)}</span>'
        f'<i><b style="width:{value / most:.2%}"></b></i><em>{_number(value, t)}</em></div>'
        for kind, which, value in rows
    )
    return f'<div class="costs"><strong>{html.escape(words)}</strong>{bars}</div>'


def _number(value: int, t: Words) -> str:
    return whole(value) if value < 1_000_000 else short(value, t)
