"""A photo to be harmed: the square that networks see, to be moved, and what is covered."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.heat import frame
from demo.records import Box
from demo.text import Blank, Words
from demo.topics.closer.figures.maps import place
from demo.topics.closer.figures.mark import cells_of, edge_of
from demo.topics.closer.records.breaking import Harm
from demo.topics.closer.records.marks import Mark

COVER, SQUARE = "closer-cover", "closer-square"
"""The names under which the page's script tells what is covered, and where the square is."""


def board(
    photo: str,
    owner: str,
    shape: tuple[int, int],
    harm: Harm,
    seen: Sequence[Box],
    ratio: float,
    t: Words,
) -> str:
    """The photo with the square that networks see, and what of it is covered.

    `closer_break.js` is its script, with `closer_paint.js` where it is painted on.

    Args:
        photo: its address. owner: what texts that are kept say of it. shape: rows and columns of
            the cells. seen: the parts of it that the chosen networks would see by themselves.
        ratio: width / height of the photo.
    """
    own = dict.fromkeys(seen)
    square = harm.square or next(iter(own))
    paints = harm.kind == "cover"
    # Inside the square that a network is given, with which it is moved.
    grey = ""
    if paints and not harm.covered:
        grey = f'<i class="covering" style="--share:{harm.strength:g}"></i>'
    others = (
        ""
        if harm.square
        else "".join(
            f'<i class="seen" style="{place(one)}">{grey}</i>' for one in own if one != square
        )
    )
    words = {
        "owner": owner,
        "ratio": f"{ratio:.6f}",
        "square": _thousandths(square, ratio),
        "at": t("closer.at_square", left=Blank("left"), top=Blank("top"), side=Blank("side")),
    }
    painting = ""
    if paints:
        rows, columns = shape
        painting = ' tabindex="0" role="application"' + data(
            paints=COVER,
            rows=rows,
            columns=columns,
            said=t("closer.mark_cell", **{one: Blank(one) for one in ("row", "column", "state")}),
            marked=t("closer.cover_on"),
            free=t("closer.cover_off"),
        )
    label = html.escape(t("closer.cover_board" if paints else "closer.square_board"), quote=True)
    handles = "".join(
        f'<button type="button" data-by="{by}" data-unsaved aria-label="'
        f'{html.escape(t(f"closer.square_{by}"), quote=True)}">{sign}</button>'
        for by, sign in (("move", "✥"), ("fit", "⤡"))
    )
    return (
        '<div class="breaking"><div class="overlay mark-board"'
        f'{painting or " role=group"} aria-label="{label}" data-own-swipe{data(**words)}'
        f' style="{frame(ratio)}"><img class="photo" src="{photo}" alt="" draggable="false">'
        f"{others}{_covered(shape, harm.covered) if paints else ''}"
        f'<div class="square" style="{place(square)}">{grey}{handles}</div></div>'
        f'<span class="sr-only" role="status" data-mark-said></span>{_buttons(harm, t)}'
        f'<p class="mark-how" data-unsaved>'
        f"{html.escape(t('closer.cover_how' if paints else 'closer.square_how'))}</p></div>"
    )


def data(**values: object) -> str:
    """Attributes that a script reads."""
    return "".join(
        f' data-{name}="{html.escape(str(value), quote=True)}"' for name, value in values.items()
    )


def _thousandths(square: Box, ratio: float) -> str:
    """As `square_of` reads it, without the photo's name."""
    side = (square.right - square.left) * max(ratio, 1.0)
    return ".".join(str(round(1000 * one)) for one in (square.left, square.top, side))


def _covered(shape: tuple[int, int], cover: Mark | None) -> str:
    rows, columns = shape
    cells, edge = (cells_of(cover), edge_of(cover)) if cover else ("", "")
    return (
        f'<svg class="mark" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none"'
        f' aria-hidden="true"><path class="cells" d="{cells}"/><path class="edge" d="{edge}"/>'
        '<rect class="cursor" width="1" height="1"/></svg>'
    )


def _buttons(harm: Harm, t: Words) -> str:
    drawn = [("own", harm.square is not None), ("clear", harm.covered is not None)]
    buttons = "".join(
        f'<button type="button" data-break="{name}">'
        f"{html.escape(t(f'closer.break_button.{name}'))}</button>"
        for name, there in drawn
        if there
    )
    return f'<div class="mark-buttons" data-unsaved>{buttons}</div>' if buttons else ""
