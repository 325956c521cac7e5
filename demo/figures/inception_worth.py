"""What branches are worth: the matrix of all cuts, one branch off at a time."""

from __future__ import annotations

import html

from demo.figures.inception_style import label
from demo.figures.style import signed
from demo.figures.terms import explained
from demo.records.inception import CutMatrix
from demo.text import Words


def matrix(found: CutMatrix, index: int, name: str, t: Words) -> str:
    """A table block x branch: how the class's logit changes when that branch alone is off."""
    changes = {(cut.block, cut.off[0]): cut.logit_change(index) for cut in found.cuts}
    largest = max((abs(change) for change in changes.values()), default=0) or 1.0
    rows: dict[str, list[str]] = {}
    for (block, branch), change in changes.items():
        rows.setdefault(block, []).append(_cell(block, branch, change, largest, t))
    body = "".join(
        f'<tr><th scope="row">{html.escape(block)}</th>{"".join(cells)}</tr>'
        for block, cells in rows.items()
    )
    words = explained(t("inception.matrix_caption", name=name), t, "logit")
    return (
        f'<div class="cut-matrix"><table><caption>{words}</caption>{body}</table>'
        f'<div class="signed-bar"><span>{signed(-largest)}</span><i></i>'
        f"<span>{signed(largest)}</span></div></div>"
    )


def _cell(block: str, branch: str, change: float, largest: float, t: Words) -> str:
    share = round(100 * min(1.0, abs(change) / largest) * 0.75)
    tone = "var(--loss)" if change < 0 else "var(--gain)"
    title = f"{block}, {label(branch, t)}: {signed(change)}"
    return (
        f'<td data-block="{html.escape(block)}" data-branch="{branch}" title="{html.escape(title)}"'
        f' style="background:color-mix(in oklab, {tone} {share}%, var(--surface))">'
        f"<small>{html.escape(label(branch, t))}</small><b>{signed(change)}</b></td>"
    )
