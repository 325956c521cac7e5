"""The chooser's answer: the network that fits best, why, the ranking, and who is left out."""

from __future__ import annotations

import html

from demo.drawing.style import counted, family_var
from demo.drawing.terms import explained
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.choice.figures import words as choice_words
from demo.topics.choice.records import CRITERIA, Answer, Candidate, Ranked, Reason

MARKS = {True: "+", False: "−", None: "="}


def answer(found: Answer, advice: str, agrees: bool | None, note: str, t: Words) -> str:
    """The whole answer. advice, note: sentences or ""; agrees: of the advice."""
    if found.first is None:
        return f'<div class="empty">{_e(t("choice.nobody"))}</div>{_left_out(found, t)}'
    return (
        f'<div class="choice-answer" data-first="{_e(found.first.key)}">{_first(found, t)}'
        f"<div>{_ranking(found, t)}{_left_out(found, t)}</div>"
        f"{_lecture(advice, agrees, note, t)}</div>"
    )


def _first(found: Answer, t: Words) -> str:
    assert found.first is not None
    one = found.first
    reasons = "".join(_reason(reason, found.timed, t) for reason in found.reasons)
    price = ""
    if found.price is not None:
        # Not the same sentence twice.
        told = found.price in found.reasons
        words = "" if told else choice_words.sentence(found.price, found.timed, t)
        name = t(f"choice.criterion_{found.price.criterion}")
        price = f'<p class="choice-price"><b>{_e(t("choice.price", name=name))}</b> {_e(words)}</p>'
    return (
        f'<div class="choice-first" style="--family: {family_var(one.family)}">'
        f"<h3><span>{_e(one.title)}</span>{_sign(one)}</h3>"
        f'<ul class="choice-reasons">{reasons}</ul>{price}</div>'
    )


def _reason(reason: Reason, timed: bool, t: Words) -> str:
    place = t("choice.place", place=reason.place, count=counted(reason.count, t))
    words = explained(choice_words.sentence(reason, timed, t), t, "macs", "number")
    return (
        f'<li data-criterion="{reason.criterion}" class="mark{MARKS[reason.better]}">'
        f'<i aria-hidden="true">{MARKS[reason.better]}</i>'
        f"<span><b>{_e(t(f'choice.criterion_{reason.criterion}'))}</b> "
        f"{words} <small>{_e(place)}</small></span></li>"
    )


def _lecture(advice: str, agrees: bool | None, note: str, t: Words) -> str:
    if not advice and not note:
        return f'<div class="choice-lecture hint">{_e(t("choice.no_advice"))}</div>'
    first = f"<p>{_e(advice)}</p>" if advice else ""
    second = f"<p>{_e(note)}</p>" if note else ""
    state = {True: "agrees", False: "differs", None: "none"}[agrees]
    return (
        f'<div class="choice-lecture {state}"><h4>{_e(t(f"choice.lecture_{state}"))}</h4>'
        f"{first}{second}</div>"
    )


def _ranking(found: Answer, t: Words) -> str:
    rows = "".join(_row(place, one, found, t) for place, one in enumerate(found.ranked, start=1))
    legend = "".join(
        f'<span><i class="crit-{one}"></i>{_e(t(f"choice.criterion_{one}"))}</span>'
        for one in CRITERIA
        if found.wish.weights.get(one, 0)
    )
    return (
        f"<h4>{_e(t('choice.ranking'))}</h4>"
        f'<p class="choice-legend">{legend}</p><ol class="choice-ranking">{rows}</ol>'
    )


def _row(place: int, one: Ranked, found: Answer, t: Words) -> str:
    total = sum(found.wish.weights.values()) or 1
    parts = "".join(
        f'<i class="crit-{name}" style="width:{100 * weight * one.points[name] / total:.2f}%"'
        f' title="{_e(t(f"choice.criterion_{name}"))}: {one.points[name]:.2f} × {weight}"></i>'
        for name, weight in ((name, found.wish.weights.get(name, 0)) for name in CRITERIA)
        if weight
    )
    row = one.candidate
    return (
        f'<li data-key="{_e(row.key)}" style="--family: {family_var(row.family)}">'
        f'<span class="place">{place}</span><span class="name">{_sign(row)} {_e(row.title)}</span>'
        f'<span class="score-bar">{parts}</span><span class="score">{one.score:.2f}</span></li>'
    )


def _left_out(found: Answer, t: Words) -> str:
    if not found.excluded:
        return ""
    rows = "".join(
        f"<li><b>{_e(one.candidate.title)}</b> {_e(choice_words.why_not(one, t))}</li>"
        for one in found.excluded
    )
    return f'<h4>{_e(t("choice.left_out"))}</h4><ul class="choice-out">{rows}</ul>'


def _sign(row: Candidate) -> str:
    return f'<span class="sign" aria-hidden="true">{_e(FAMILIES[row.family].sign)}</span>'


def _e(words: str) -> str:
    return html.escape(words, quote=True)
