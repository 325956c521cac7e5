"""What training came to: the confusion matrix, a map of all photos, and the mistakes."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from demo.drawing import svg
from demo.drawing.heat import overlay, photo_ratio, photo_uri
from demo.drawing.style import percent
from demo.records import HeatMap
from demo.text import Words
from demo.topics.train.figures.sheet import sheet
from demo.topics.train.records import PhotoSet, Result, shown_name

COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#8A7F00", "#5B6470")
SIDE, TYPE = 320.0, 15
MOST_WRONG = 3


def result(
    found: Result,
    places: NDArray[np.float32],
    photos: PhotoSet,
    maps: Sequence[HeatMap],
    t: Words,
) -> str:
    """All of it side by side. maps: Grad-CAM of the first wrong photos, of the answer each got."""
    return (
        f'<div class="train train-result">{confusion(found, photos.classes, t)}'
        f"{cloud(found, places, photos, t)}"
        f"{wrong(found, photos, maps, t)}</div>"
    )


def confusion(found: Result, names: Sequence[str], t: Words) -> str:
    """A table: a row for each true class, a column for each answer, counts of held-out photos."""
    head = "".join(f'<th scope="col"><span>{html.escape(name)}</span></th>' for name in names)
    most = max(int(found.confusion.max()), 1)
    rows = []
    for index, name in enumerate(names):
        cells = "".join(
            f'<td class="{"right" if index == column else "off"}"'
            f' style="--share:{count / most:.3f}">{count}</td>'
            for column, count in enumerate(found.confusion[index].tolist())
        )
        rows.append(f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>')
    title, corner = html.escape(t("train.confusion")), html.escape(t("train.corner"))
    return (
        f'<section class="train-confusion"><h4>{title}</h4><table><thead><tr><td>{corner}</td>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></section>"
    )


def cloud(found: Result, places: NDArray[np.float32], photos: PhotoSet, t: Words) -> str:
    """Each photo at its two components; its class as colour and number, a ring where held out.

    A click on one, or the arrow keys, show its photo beside them.
    """
    low, high = places.min(axis=0), places.max(axis=0)
    at = 16 + (SIDE - 32) * (places - low) / np.maximum(high - low, 1e-9)
    held = set(found.split.held_out.tolist())
    answers = found.probabilities.argmax(axis=1)
    dots = []
    for place, (x, y) in enumerate(at.tolist()):
        label = int(found.labels[place])
        tip = t("train.dot", name=shown_name(photos.names[place]), label=photos.classes[label])
        missed = place in held and answers[place] != label
        ring = ' stroke="var(--ink)" stroke-width="2.4"' if place in held else ""
        colour = _colour(label)
        cross = (
            f'<path d="M{x - 9:.1f} {y - 9:.1f} l18 18 m0 -18 l-18 18" stroke="var(--ink)"'
            ' stroke-width="2.4"/>'
            if missed
            else ""
        )
        dots.append(
            f'<g data-place="{place}"><title>{html.escape(tip)}</title><circle cx="{x:.1f}"'
            f' cy="{y:.1f}" r="7" fill="{colour}"{ring}/>{cross}</g>'
        )
    frame = svg.box(1, 1, SIDE - 2, SIDE - 2, "none", extra='stroke="var(--line)"')
    drawn = svg.svg(SIDE, SIDE, frame + "".join(dots), t("train.cloud_alt", count=len(at)))
    keys = "".join(
        f'<span><i style="background:{_colour(index)}"></i>{html.escape(name)}</span>'
        for index, name in enumerate(photos.classes)
    )
    ring = f'<span><i class="ring"></i>{html.escape(t("train.key_held"))}</span>'
    title, how = html.escape(t("train.cloud")), html.escape(t("train.cloud_how"), quote=True)
    small = sheet([photo.pixels for photo in photos.photos])
    style = f"--sheet: url({small.uri}); --across: {small.across}"
    return (
        f'<section class="train-cloud" style="{style}" data-across="{small.across}">'
        f'<h4>{title} <span class="train-how">{how}</span></h4>'
        f'<div class="train-dots" tabindex="0" role="group" aria-label="{how}">{drawn}</div>'
        '<figure class="train-seen" aria-live="polite"><i></i><figcaption></figcaption></figure>'
        f'<p class="train-key">{keys}{ring}</p></section>'
    )


def _colour(label: int) -> str:
    return COLOURS[label % len(COLOURS)]


def wrong(found: Result, photos: PhotoSet, maps: Sequence[HeatMap], t: Words) -> str:
    """The surest mistakes on held-out photos, with where the network looked."""
    title = html.escape(t("train.wrong"))
    if not found.wrong:
        none = html.escape(t("train.none_wrong"))
        return f'<section class="train-wrong"><h4>{title}</h4><p>{none}</p></section>'
    rows = []
    for place, heat in zip(found.wrong, maps, strict=False):
        pixels = photos.photos[place].pixels
        answer = int(found.probabilities[place].argmax())
        words = t(
            "train.mistake",
            label=photos.classes[int(found.labels[place])],
            answer=photos.classes[answer],
            share=percent(float(found.probabilities[place][answer])),
        )
        shown = overlay(
            photo_uri(pixels, side=200), heat.values, heat.seen, words, ratio=photo_ratio(pixels)
        )
        rows.append(f"<figure>{shown}<figcaption>{html.escape(words)}</figcaption></figure>")
    return f'<section class="train-wrong"><h4>{title}</h4>{"".join(rows)}</section>'
