"""An answer before and after something was switched off: bars, and what became of it in words."""

from __future__ import annotations

import html
from collections.abc import Callable

import numpy as np

from demo.drawing.style import family_var, percent, signed
from demo.drawing.terms import explained
from demo.records import Family
from demo.records.counterfactual import Counterfactual
from demo.text import Words


def before_after(
    found: Counterfactual,
    off: str,
    family: Family,
    names: Callable[[int], str],
    t: Words,
    index: int | None = None,
    count: int = 5,
) -> str:
    """Probabilities of the whole network and of the changed one; one class's logits.

    Args:
        off: what was switched off, in the reader's language; unused where nothing was.
        family: whose colour the changed answer has.
        names: class index -> its name.
        index: the class that is marked and whose logit is told; None is the first choice.
        count: how many classes, the marked one beside the most probable of either.
    """
    marked = found.top if index is None else index
    rows = "".join(
        f'<div class="change{" chosen" if i == marked else ""}" data-class="{i}"'
        f' data-before="{found.before.probabilities[i]:.6f}"'
        f' data-after="{found.after.probabilities[i]:.6f}">'
        f'<span class="name">{html.escape(names(i))}</span>'
        f"{_bar('before', found.before.probabilities[i])}"
        f"{_bar('after', found.after.probabilities[i])}</div>"
        for i in _classes(found, marked, count)
    )
    after = t("change.after", off=off) if found.off else t("change.nothing_off")
    return (
        f'<div class="worth" style="--family:{family_var(family)}"><div class="key">'
        f'<span class="before">{html.escape(t("change.before"))}</span>'
        f'<span class="after">{html.escape(after)}</span></div>{rows}'
        f'<p class="logit" data-change="{found.logit_change(marked):.6f}">'
        f"{explained(_logit(found, marked, names, t), t, 'logit')}</p></div>"
    )


def _classes(found: Counterfactual, marked: int, count: int) -> list[int]:
    before, after = found.before.probabilities, found.after.probabilities
    classes = np.argsort(-np.maximum(before, after), kind="stable")[:count].tolist()
    if marked not in classes:
        classes[-1] = marked
    return sorted(classes, key=lambda i: -float(before[i]))


def _bar(kind: str, share: float) -> str:
    return (
        f'<i class="{kind}"><b style="width:{share:.2%}"></b></i>'
        f'<em class="{kind}" title="{share:.6f}">{percent(share)}</em>'
    )


def moved(found: Counterfactual, names: Callable[[int], str], t: Words) -> str:
    """What became of the answer, in a sentence; nothing where nothing was switched off."""
    words = ""
    if found.off:
        words = t(
            "change.new_answer" if found.flips else "change.kept_answer",
            name=names(found.top),
            change=signed(100 * found.moved, 1),
            other=names(found.winner),
        )
    return f'<span class="moved" data-change="{found.moved:.6f}">{html.escape(words)}</span>'


def _logit(found: Counterfactual, index: int, names: Callable[[int], str], t: Words) -> str:
    return t(
        "change.logit",
        name=names(index),
        before=signed(float(found.before.logits[index])),
        after=signed(float(found.after.logits[index])),
        change=signed(found.logit_change(index)),
    )
