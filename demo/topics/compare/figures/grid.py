"""Several photos by several models: one cell each, its first choice and its map."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from demo.drawing.heat import frame, overlay, photo_once
from demo.drawing.style import family_var, percent
from demo.labels import label_name
from demo.records import Family
from demo.records.known import Known
from demo.text import Words
from demo.topics.compare.figures.known import mark
from demo.topics.compare.records import Card

Cell = Card | str
"""An answer, or a sentence that says why there is none."""


KNOWN = Known(True)


@dataclass(frozen=True)
class Row:
    """One photo: its name, one cell a network, its address ("" where it could not be read, with
    one sentence alone as its cells), width / height, and whether it shows one of the ten things.
    """

    name: str
    cells: tuple[Cell, ...]
    address: str = ""
    ratio: float = 1.0
    verdict: Known = KNOWN


def grid(rows: Sequence[Row], titles: Sequence[tuple[str, Family]], t: Words) -> str:
    """Rows are photos, columns models; below a photo alone stands what brings more.

    Args:
        titles: (title, family) of each model.
    """
    heads = "".join(
        f'<th scope="col" style="--family:{family_var(family)}">{html.escape(title)}</th>'
        for title, family in titles
    )
    drawn = "".join(_row(index, row, len(titles), t) for index, row in enumerate(rows))
    if len(rows) < 2:
        drawn += _more(len(titles), t)
    return (
        f'<table class="photo-grid" style="--rows:{max(len(rows), 2)}"><thead><tr><td></td>{heads}'
        f"</tr></thead><tbody>{drawn}</tbody></table>"
    )


def _row(index: int, row: Row, width: int, t: Words) -> str:
    title = html.escape(row.name, quote=True)
    if not row.address:
        reason = html.escape(str(row.cells[0]))
        return (
            f'<tr><th scope="row">{title}</th><td colspan="{width}">'
            f'<div class="notice">{reason}</div></td></tr>'
        )
    inner = "".join(f"<td>{_cell(cell, row.ratio, t)}</td>" for cell in row.cells)
    return (
        f'<tr {photo_once(row.address, row.ratio)}><th scope="row"><button type="button"'
        f' data-index="{index}" title="{title}"><img class="framed" style="{frame(row.ratio)}"'
        f' src="{row.address}" alt="{title}"></button>{mark(row.verdict, t)}</th>{inner}</tr>'
    )


def _more(width: int, t: Words) -> str:
    """The row of a photo that is still to come, with the button that brings it."""
    words = html.escape(t("photo.several"))
    return (
        f'<tr class="more-photos"><td colspan="{width + 1}"><button type="button"'
        f' class="more-photos-button" data-choose-several>{words}</button></td></tr>'
    )


def _cell(cell: Cell, ratio: float, t: Words) -> str:
    if isinstance(cell, str):
        return f'<div class="caption">{html.escape(cell)}</div>'
    name = label_name(t, cell.dataset, cell.first)
    number = html.escape(percent(cell.share))
    alt = t("card.alt", label=name, model=cell.title)
    return (
        overlay("", cell.heat.values, cell.heat.seen, alt, ratio=ratio)
        + f'<div class="caption"><b>{html.escape(name)}</b> <span>{number}</span></div>'
    )
