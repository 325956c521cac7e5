"""A photo to be marked, and each network's map under the outline of what was marked."""

from __future__ import annotations

import html
from collections.abc import Sequence

import numpy as np

from demo.drawing.heat import frame
from demo.drawing.style import counted, percent
from demo.records import Box
from demo.text import Blank, Words
from demo.topics.closer.figures.maps import place, signed_overlay
from demo.topics.closer.records.marks import Mark, Overlap

PICKS = "closer-mark"
"""The name under which the page's script tells what is marked."""


def board(
    photo: str, owner: str, shape: tuple[int, int], seen: Sequence[Box], ratio: float, t: Words
) -> str:
    """The photo with a grid that a pointer or keys mark; `closer_mark.js` is its script.

    Args:
        photo: its address. owner: what the text of a mark says of it. shape: rows and columns.
        seen: the parts of it that the chosen networks see. ratio: its width / height.
    """
    rows, columns = shape
    squares = "".join(f'<i class="seen" style="{place(one)}"></i>' for one in dict.fromkeys(seen))
    said = t("closer.mark_cell", row=Blank("row"), column=Blank("column"), state=Blank("state"))
    words = {
        "said": said,
        "marked": t("closer.mark_on"),
        "free": t("closer.mark_off"),
        "empty": t("closer.mark_empty"),
    }
    size = {"paints": PICKS, "owner": owner, "rows": rows, "columns": columns}
    data = "".join(
        f' data-{name}="{html.escape(str(value), quote=True)}"'
        for name, value in {**size, **words}.items()
    )
    label = html.escape(t("closer.mark_board"), quote=True)
    drawing = _drawing(shape, '<path class="veil" fill-rule="evenodd"/>', cursor=True)
    return (
        f'<div class="overlay mark-board" tabindex="0" role="application" aria-label="{label}"'
        f' data-own-swipe style="{frame(ratio)}"{data}>'
        f'<img class="photo" src="{photo}" alt="" draggable="false">{squares}'
        f"{drawing}</div>"
        f'<span class="sr-only" role="status" data-mark-said></span>'
        f"{buttons(('reveal', 'clear'), t)}"
        f'<p class="mark-how">{html.escape(t("closer.mark_how"))}</p>'
    )


def buttons(names: Sequence[str], t: Words) -> str:
    """What is done with a mark: "reveal", "clear", "again"."""
    drawn = "".join(
        f'<button type="button" data-mark="{name}">{html.escape(t(f"closer.mark.{name}"))}</button>'
        for name in names
    )
    return f'<div class="mark-buttons">{drawn}</div>'


def network(found: Overlap, mark: Mark, name: str, ratio: float, t: Words) -> str:
    """One network's map and numbers.

    Args:
        name: the class as readers call it.
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
    """
    alt = t("closer.mark_alt", name=name, iou=f"{found.iou:.2f}")
    drawn = signed_overlay(found.map.values, found.map.seen, alt, ratio, _outline(mark))
    answer = t("closer.answer", name=name, share=percent(found.probability))
    peak = t("closer.mark_peak_in") if found.inside else t("closer.mark_peak_out")
    facts = (t("closer.mark_share", share=percent(found.share)), peak)
    below = "".join(f"<small>{html.escape(one)}</small>" for one in facts)
    return (
        f'<figure class="marked" data-iou="{found.iou:.4f}" data-share="{found.share:.4f}"'
        f' data-inside="{str(found.inside).lower()}"><small>{html.escape(answer)}</small>{drawn}'
        f'<div class="iou"><em>{html.escape(t("closer.mark_iou", iou=f"{found.iou:.2f}"))}</em>'
        f'<i><span style="width:{found.iou:.2%}"></span></i></div>{below}</figure>'
    )


def sentence(found: Sequence[tuple[str, Overlap]], mark: Mark, t: Words) -> str:
    """Whose map fits the mark best and whose least, what chance gives, and where the peaks lie.

    Args:
        found: (title, record) of each network.
    """
    rows = sorted(found, key=lambda row: -row[1].iou)
    best, least = rows[0], rows[-1]
    words = [t("closer.mark_best", title=best[0], iou=f"{best[1].iou:.2f}")]
    if len(rows) > 1:
        words.append(t("closer.mark_least", title=least[0], iou=f"{least[1].iou:.2f}"))
    inside = counted(sum(one.inside for _, one in rows), t)
    words.append(t("closer.mark_chance", chance=f"{mark.by_chance:.2f}"))
    words.append(t("closer.mark_peaks", inside=inside, count=counted(len(rows), t)))
    return t.sentences(*words)


def _outline(mark: Mark) -> str:
    return _drawing(mark.cells.shape, edge=edge_of(mark))


def _drawing(shape: tuple[int, ...], more: str = "", edge: str = "", cursor: bool = False) -> str:
    """What is marked, over the whole photo, a unit a cell."""
    rows, columns = shape
    square = '<rect class="cursor" width="1" height="1"/>' if cursor else ""
    return (
        f'<svg class="mark" viewBox="0 0 {columns} {rows}" preserveAspectRatio="none"'
        f' aria-hidden="true">{more}<path class="edge under" d="{edge}"/>'
        f'<path class="edge" d="{edge}"/>{square}</svg>'
    )


def cells_of(mark: Mark) -> str:
    """What is marked as an SVG path: a square a cell."""
    return "".join(f"M{column} {row}h1v1h-1z" for row, column in np.argwhere(mark.cells))


def edge_of(mark: Mark) -> str:
    """The outline as an SVG path: a line of one cell wherever marked meets unmarked."""
    inside = np.pad(mark.cells, 1)
    parts = []
    for row, column in np.argwhere(mark.cells):
        y, x = int(row) + 1, int(column) + 1
        if not inside[y - 1, x]:
            parts.append(f"M{column} {row}h1")
        if not inside[y + 1, x]:
            parts.append(f"M{column} {row + 1}h1")
        if not inside[y, x - 1]:
            parts.append(f"M{column} {row}v1")
        if not inside[y, x + 1]:
            parts.append(f"M{column + 1} {row}v1")
    return "".join(parts)
