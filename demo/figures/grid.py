"""Several photos by several models: one cell each, its first choice and its map."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures.heat import frame, overlay, photo_once
from demo.figures.known import mark
from demo.figures.style import family_var, percent
from demo.labels import label_name
from demo.records.compare import Card
from demo.records.known import Known
from demo.text import Words

Cell = Card | str | None
"""An answer, a sentence that says why there is none, or None while it is to come."""


def grid(
    photos: Sequence[tuple[str, str, float]],
    titles: Sequence[tuple[str, str]],
    cells: Sequence[Sequence[Cell]],
    t: Words,
    verdicts: Sequence[Known],
) -> str:
    """Rows are photos, columns models.

    Args:
        photos: (name, address, width / height) of each; address "" where it could not be read.
        titles: (title, family) of each model.
        cells: one row a photo; a row with one sentence alone spans all columns.
        verdicts: whether each photo shows one of the ten things.
    """
    heads = "".join(
        f'<th scope="col" style="--family:{family_var(family)}">{html.escape(title)}</th>'
        for title, family in titles
    )
    rows = "".join(
        _row(index, photo, row, len(titles), t, verdict)
        for index, (photo, row, verdict) in enumerate(zip(photos, cells, verdicts, strict=True))
    )
    return (
        f'<p class="hint" data-unsaved>{html.escape(t("compare.grid_hint"))}'
        f' {html.escape(t("compare.grid_saves"))}</p><div class="grid-scroll">'
        f'<table class="photo-grid"><thead><tr><th></th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(
    index: int,
    photo: tuple[str, str, float],
    cells: Sequence[Cell],
    width: int,
    t: Words,
    verdict: Known,
) -> str:
    name, address, ratio = photo
    title = html.escape(name, quote=True)
    if not address:
        reason = html.escape(str(cells[0]))
        return (
            f'<tr><th scope="row">{title}</th><td colspan="{width}">'
            f'<div class="notice">{reason}</div></td></tr>'
        )
    inner = "".join(f"<td>{_cell(cell, ratio, t)}</td>" for cell in cells)
    return (
        f'<tr {photo_once(address, ratio)}><th scope="row"><button type="button"'
        f' data-index="{index}" title="{title}"><img class="framed" style="{frame(ratio)}"'
        f' src="{address}" alt="{title}"></button>{mark(verdict, t)}</th>'
        f"{inner}</tr>"
    )


def _cell(cell: Cell, ratio: float, t: Words) -> str:
    if cell is None:
        return '<div class="ghost"></div>'
    if isinstance(cell, str):
        return f'<div class="caption">{html.escape(cell)}</div>'
    index, probability = cell.top[0]
    name = label_name(t, cell.dataset, cell.labels[index])
    number = html.escape(percent(probability))
    alt = t("card.alt", label=name, model=cell.title)
    return (
        overlay("", cell.heat.values, cell.heat.seen, alt, ratio=ratio)
        + f'<div class="caption"><b>{html.escape(name)}</b> {number}</div>'
    )
