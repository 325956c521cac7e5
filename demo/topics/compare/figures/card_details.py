"""What stands behind the answers of a comparison: all bars, facts, what the models say together."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing import terms
from demo.drawing.style import counted, family_var, milliseconds, percent, short, whole
from demo.labels import label_name
from demo.records import Agreement, Family
from demo.text import Words
from demo.topics.compare.figures.cards import title_line
from demo.topics.compare.records import Card


def details(drawn: Sequence[str]) -> str:
    """What stands behind the answers, in the cards' order and columns."""
    return f'<div class="cards details" data-count="{len(drawn)}">{"".join(drawn)}</div>'


def detail(card: Card, t: Words, asked: str = "") -> str:
    """What stands behind one model's answer: the next answers as bars, and facts.

    Args:
        asked: the class that the reader chose, "" for the model's own first choice.
    """
    explained = label_name(t, card.dataset, card.labels[card.heat.index])
    marked = explained if asked in card.labels else None
    return _detail(
        card.model, card.title, card.family, bars(_tops(card, t), marked), _facts(card, t)
    )


def waiting(model: str, title: str, family: Family, k: int) -> str:
    """The place of details that are still to come, with so many bars."""
    ghost = '<div class="bar"><span class="ghost">&nbsp;</span><i></i></div>'
    drawn = f'<div class="bars">{k * ghost}</div>'
    return _detail(model, title, family, drawn, '<div class="facts"></div>', "skeleton")


def _tops(card: Card, t: Words) -> list[tuple[str, float]]:
    return [(label_name(t, card.dataset, card.labels[i]), share) for i, share in card.top]


def bars(rows: Sequence[tuple[str, float]], marked: str | None = None) -> str:
    """Probabilities as bars, each with its name and number."""
    parts = []
    names = [name for name, _ in rows]
    first = 0 if marked is None else names.index(marked) if marked in names else None
    for rank, (name, probability) in enumerate(rows):
        kind = "bar first" if rank == first else "bar"
        number = html.escape(percent(probability))
        parts.append(
            f'<div class="{kind}" data-rank="{rank + 1}"><span class="name"'
            f' title="{html.escape(name)}">{html.escape(name)}</span>'
            f'<span class="number" title="{probability:.6f}">{number}</span>'
            f'<i><b style="width:{max(probability, 0.004):.2%}"></b></i></div>'
        )
    return f'<div class="bars">{"".join(parts)}</div>'


def together(groups: Agreement, count: int, labels: Sequence[str], t: Words, k: int) -> str:
    """What `count` models that share labels think together: their mean as k bars."""
    order = (-groups.ensemble).argsort(kind="stable")[:k]
    best = [(label_name(t, groups.dataset, labels[i]), float(groups.ensemble[i])) for i in order]
    return (
        f'<div class="together"><h4>{html.escape(t(f"dataset.{groups.dataset}"))}</h4>'
        f'<div class="small-title" title="{html.escape(t("compare.ensemble_tip"))}">'
        f"{html.escape(t('compare.ensemble', count=counted(count, t)))}</div>{bars(best)}</div>"
    )


def note(sentence: str) -> str:
    """A plain note under the bars."""
    return f'<div class="notice">{html.escape(sentence)}</div>'


def _detail(model: str, title: str, family: Family, bars: str, facts: str, kind: str = "") -> str:
    return (
        f'<article class="detail {kind}" data-model="{model}"'
        f' style="--family:{family_var(family)}">{title_line(title, family)}{bars}{facts}</article>'
    )


def _facts(card: Card, t: Words) -> str:
    exact = t("card.facts_tip", parameters=whole(card.parameters), macs=whole(card.macs))
    facts = t(
        "card.facts",
        parameters=short(card.parameters, t),
        macs=short(card.macs, t),
        time=milliseconds(card.seconds),
        source=t(f"source.{card.source}"),
    )
    words = terms.explained(facts, t, "number", "macs")
    return f'<div class="facts" title="{html.escape(exact)}">{words}</div>'
