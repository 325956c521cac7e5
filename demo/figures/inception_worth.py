"""What branches are worth: class scores before and after a cut, and the matrix of all cuts."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.figures.inception_style import label
from demo.figures.style import percent
from demo.records import Scores
from demo.records.inception import Cut, CutMatrix
from demo.text import Words


def before_after(
    scores: Scores, cut: Cut, index: int, names: Callable[[int], str], t: Words, count: int = 5
) -> str:
    """Probabilities with the whole network and with branches off, and the logits of one class.

    Args:
        index: the class whose logit is told; its row is marked.
        names: class index -> its name.
        count: how many classes, the chosen one beside the most probable of either.
    """
    rows = "".join(
        f'<div class="change{" chosen" if i == index else ""}" data-class="{i}">'
        f'<span class="name">{html.escape(names(i))}</span>'
        f"{_bar('before', scores.probabilities[i])}{_bar('after', cut.probabilities[i])}</div>"
        for i in _classes(scores.probabilities, cut.probabilities, index, count)
    )
    before, after = float(scores.logits[index]), float(cut.logits[index])
    off = ", ".join(label(name, t) for name in cut.off) or t("inception.nothing_off")
    key = (
        f'<span class="before">{html.escape(t("inception.before"))}</span>'
        f'<span class="after">{html.escape(t("inception.after", off=off))}</span>'
    )
    return (
        f'<div class="worth"><div class="key">{key}</div>{rows}'
        f'<p class="logit" data-change="{after - before:.6f}">'
        + html.escape(
            t(
                "inception.logit",
                name=names(index),
                before=signed(before),
                after=signed(after),
                change=signed(after - before),
            )
        )
        + "</p></div>"
    )


def _classes(
    before: NDArray[np.floating], after: NDArray[np.floating], index: int, count: int
) -> list[int]:
    first = np.maximum(before, after).argsort()[::-1][:count].tolist()
    if index not in first:
        first[-1] = index
    return sorted(first, key=lambda i: -float(before[i]))


def _bar(kind: str, share: float) -> str:
    return (
        f'<i class="{kind}"><b style="width:{share:.2%}"></b></i>'
        f'<em class="{kind}" title="{share:.6f}">{percent(share)}</em>'
    )


def matrix(found: CutMatrix, index: int, name: str, t: Words) -> str:
    """A table block x branch: how the class's logit changes when that branch alone is off."""
    changes = {
        (cut.block, cut.off[0]): float(cut.logits[index] - found.before[index])
        for cut in found.cuts
    }
    largest = max((abs(change) for change in changes.values()), default=0) or 1.0
    rows: dict[str, list[str]] = {}
    for (block, branch), change in changes.items():
        rows.setdefault(block, []).append(_cell(block, branch, change, largest, t))
    body = "".join(
        f'<tr><th scope="row">{html.escape(block)}</th>{"".join(cells)}</tr>'
        for block, cells in rows.items()
    )
    words = t("inception.matrix_caption", name=name)
    return (
        f'<div class="cut-matrix"><table><caption>{html.escape(words)}</caption>{body}</table>'
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


def signed(value: float) -> str:
    """-1.234 -> "−1.23"; a change too small to tell is 0."""
    text = f"{value:+.2f}"
    return "0.00" if text in ("+0.00", "-0.00") else text.replace("-", "−")


def largest_losses(
    found: CutMatrix, index: int, count: int = 3
) -> Sequence[tuple[str, str, float]]:
    """The cuts that lower the class's logit most: (block, branch, change), worst first."""
    changes = [
        (cut.block, cut.off[0], float(cut.logits[index] - found.before[index]))
        for cut in found.cuts
    ]
    return sorted(changes, key=lambda change: change[2])[:count]
