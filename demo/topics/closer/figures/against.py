"""Why this and not that: the map of a difference, and a bar for each of the two logits."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from demo.drawing.style import percent
from demo.text import Words
from demo.topics.closer.figures.maps import number, signed_overlay
from demo.topics.closer.records.maps import Against


def difference(
    found: Against, scale: float, names: Callable[[int], str], ratio: float, t: Words
) -> str:
    """One network's map with the bars below it.

    Args:
        scale: the |value| that has the fullest colour.
        names: class index -> its name.
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
    """
    this, that = names(found.map.index), names(found.map.against or 0)
    alt = t("closer.against_alt", this=this, that=that)
    values = found.map.raw / scale if scale > 0 else found.map.raw
    most = max(abs(found.logit), abs(found.other_logit)) or 1.0
    bars = _bar("for", this, found.logit, found.probability, most) + _bar(
        "against", that, found.other_logit, found.other_probability, most
    )
    return (
        f'<figure class="against-map" data-margin="{found.margin:.4f}">'
        f"{signed_overlay(values, found.map.seen, alt, ratio)}"
        f'<div class="logits">{bars}</div></figure>'
    )


def _bar(kind: str, name: str, logit: float, probability: float, most: float) -> str:
    below = " below" if logit < 0 else ""
    return (
        f'<div class="{kind}{below}" title="{percent(probability)}"><b>{html.escape(name)}</b>'
        f"<em>{number(logit)}</em>"
        f'<i><span style="width:{abs(logit) / most:.2%}"></span></i></div>'
    )


def key(t: Words) -> str:
    """What the colours mean here."""
    return (
        f'<div class="signed-bar closer-key"><span>{html.escape(t("closer.speaks_that"))}</span>'
        f"<i></i><span>{html.escape(t('closer.speaks_this'))}</span></div>"
    )


def sentence(
    found: Sequence[tuple[str, Against]], names: Sequence[Callable[[int], str]], t: Words
) -> str:
    """Which network is surest of the difference, and which least.

    Args:
        found: (title, record) of each network; names: class index -> name, of each.
    """
    rows = sorted(
        ((title, one, name) for (title, one), name in zip(found, names, strict=True)),
        key=lambda row: -row[1].margin,
    )
    ends = rows[:1] if len(rows) == 1 else [rows[0], rows[-1]]
    kinds = ("closer.against_most", "closer.against_least")
    return t.sentences(
        *(
            t(
                kind,
                title=title,
                this=name(one.map.index),
                that=name(one.map.against or 0),
                margin=number(one.margin),
            )
            for kind, (title, one, name) in zip(kinds, ends, strict=False)
        )
    )
