"""What one output position of each branch sees: boxes on the photo that follow the pointer."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from typing import Literal

from demo.drawing import svg
from demo.drawing.heat import PANORAMA, frame
from demo.records import Box
from demo.records.receptive import Field
from demo.text import Blank, Words
from demo.topics.inception.figures.style import either, kernel, label, tints
from demo.topics.inception.records import Sight, Sights

Kind = Literal["within", "whole"]
KINDS: tuple[Kind, ...] = ("within", "whole")


def views(found: Sights, seen: Box, ratio: float, t: Words) -> str:
    """Two photos side by side: what a position reads of the block's input, and of the photo.

    The browser moves the boxes (assets/script/inception_field.js) by the data attributes.

    Args:
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo. The photo itself is the page's `--photo`.
    """
    height, width = found.block.shape_out[1:]
    row, column = found.position
    blank = t("inception.place", row=Blank("row"), column=Blank("column"))
    stacked = " stacked" if ratio >= PANORAMA else ""
    return (
        f'<div class="field-views{stacked}" data-height="{height}" data-width="{width}"'
        f' data-row="{row}" data-column="{column}"'
        f' data-seen="{seen.left:.5f},{seen.top:.5f},{seen.right:.5f},{seen.bottom:.5f}">'
        + "".join(_view(kind, found, seen, ratio, t) for kind in KINDS)
        + f"<div>{_sizes(found, t)}"
        f'<p class="hint field-place" data-words="{html.escape(blank, quote=True)}">'
        + html.escape(t("inception.place", row=row, column=column))
        + "</p></div></div>"
    )


def drawing(found: Sights, t: Words) -> str:
    """The same without a photo: the block's input and the network's as squares."""
    words = t("inception.field_alt", block=found.block.name, sizes=_all_sizes(found, t))
    rows = len(found.branches)
    beside = _squares(found, 250, 40, t) + _names(found, 570, 46, 60, t)
    above = _squares(found, 170, 16, t) + _names(found, 4, 230, 50, t)
    return either(
        svg.svg(830, 284, "".join(beside), words),
        svg.svg(360, 216 + 50 * rows, "".join(above), words),
    )


def _squares(found: Sights, side: float, gap: float, t: Words) -> list[str]:
    """What a position sees of the block's input, beside it what it sees of the network's."""
    top, parts = 26.0, []
    for number, kind in enumerate(KINDS):
        left = number * (side + gap) + 2
        parts.append(
            svg.box(left, top, side, side, "var(--surface-soft)", "", 'stroke="var(--line)"', 0)
        )
        for sight, tint in _coloured(found):
            parts.append(_square(sight, kind, tint, left, top, side))
        size = found.block.shape_in[1] if kind == "within" else found.size
        words = t(f"inception.square_{kind}", size=f"{size}×{size}")
        parts.append(svg.text(left + side / 2, 17, words, 13, bold=True))
    return parts


def _names(found: Sights, left: float, top: float, step: float, t: Words) -> list[str]:
    """Each branch with its edge and how far it sees."""
    return [
        svg.box(left, top + step * number - 11, 18, 13, "none", "", _edge(sight, tint), 2)
        + svg.text(
            left + 28, top + step * number, label(sight.branch.name, t), 15, "start", bold=True
        )
        + svg.text(
            left + 28, top + step * number + 20, _size_words(sight, t), 13, "start", soft=True
        )
        for number, (sight, tint) in enumerate(reversed(list(_coloured(found))))
    ]


def _coloured(found: Sights) -> Iterator[tuple[Sight, str]]:
    """Each branch with its tint, the last first, so that the first lies on top."""
    colours = tints([sight.branch for sight in found.branches])
    yield from reversed(list(zip(found.branches, colours, strict=True)))


def _square(sight: Sight, kind: Kind, tint: str, left: float, top: float, side: float) -> str:
    box = sight.near if kind == "within" else sight.far
    return svg.box(
        left + side * box.left,
        top + side * box.top,
        side * (box.right - box.left),
        side * (box.bottom - box.top),
        "none",
        f"{sight.branch.name}: {kernel(_field(sight, kind).extent)}",
        _edge(sight, tint),
        1,
    )


def _edge(sight: Sight, tint: str) -> str:
    dash = ' stroke-dasharray="5 4"' if sight.branch.pools else ""
    return f'stroke="{tint}" stroke-width="3"{dash}'


def _field(sight: Sight, kind: Kind) -> Field:
    return sight.within if kind == "within" else sight.whole


def _view(kind: Kind, found: Sights, seen: Box, ratio: float, t: Words) -> str:
    boxes = []
    for sight, tint in _coloured(found):
        field = _field(sight, kind)
        box = sight.near if kind == "within" else sight.far
        data = json.dumps([field.jump, field.first, field.last])
        boxes.append(
            f'<i class="{_class(sight)}" data-branch="{sight.branch.name}"'
            f' data-field="{data}" style="--tint:{tint};{_place(box, seen)}"></i>'
        )
    words = t(f"inception.view_{kind}")
    size = found.block.shape_in[1] if kind == "within" else found.size
    alt = t("inception.field_alt", block=found.block.name, sizes=_all_sizes(found, t))
    return (
        f'<figure class="field-view" data-size="{size}"><div class="overlay" tabindex="0"'
        f' data-own-swipe role="img" aria-label="{html.escape(f"{words} {alt}", quote=True)}"'
        f' style="{frame(ratio)}">{"".join(boxes)}</div>'
        f"<figcaption>{html.escape(words)}</figcaption></figure>"
    )


def _sizes(found: Sights, t: Words) -> str:
    rows = []
    for sight, tint in reversed(list(_coloured(found))):
        beyond = ""
        if found.beyond(sight):
            beyond = f' <span class="beyond">{html.escape(t("inception.beyond"))}</span>'
        rows.append(
            f'<li style="--tint:{tint}" class="{_class(sight)}">'
            f"<b>{html.escape(label(sight.branch.name, t))}</b>"
            f" {html.escape(_size_words(sight, t))}{beyond}</li>"
        )
    return f'<ul class="field-sizes">{"".join(rows)}</ul>'


def _all_sizes(found: Sights, t: Words) -> str:
    return t.sentences(
        *(
            t("inception.field_row", branch=label(one.branch.name, t), size=_size_words(one, t))
            for one in found.branches
        )
    )


def _size_words(sight: Sight, t: Words) -> str:
    cells, pixels = kernel(sight.within.extent), kernel(sight.whole.extent)
    return t("inception.field_size", cells=cells, pixels=pixels)


def _class(sight: Sight) -> str:
    return "pools" if sight.branch.pools else "sees"


def _place(box: Box, seen: Box) -> str:
    """Where a share of what the network was given lies on the photo."""
    wide, high = seen.right - seen.left, seen.bottom - seen.top
    return (
        f"left:{seen.left + wide * box.left:.2%};top:{seen.top + high * box.top:.2%};"
        f"width:{wide * (box.right - box.left):.2%};height:{high * (box.bottom - box.top):.2%}"
    )
