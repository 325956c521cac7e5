"""The comparison as HTML: one card a model, and what they say together."""

from __future__ import annotations

import html
from collections.abc import Sequence
from unicodedata import east_asian_width

from demo.figures import terms
from demo.figures.heat import PANORAMA, colour_bar, frame, overlay, photo_once
from demo.figures.style import counted, family_var, listed, milliseconds, percent, short, whole
from demo.labels import label_name
from demo.records import Agreement, Family
from demo.records.compare import Card
from demo.records.families import FAMILIES
from demo.text import Words


def cards(drawn: Sequence[str], ratio: float, below: str = "", photo: str = "") -> str:
    """Cards in the order chosen, all of one height, their maps on one line.

    Args:
        ratio: width / height of the photo; maps of a panorama lie below each other.
        below: what stands under the cards.
        photo: address of the photo, for all maps.
    """
    kind = "cards stacked" if ratio > PANORAMA else "cards"
    return (
        f'<div {photo_once(photo, ratio)}><div class="{kind}" data-count="{len(drawn)}"'
        f' style="--count:{len(drawn)}">{"".join(drawn)}</div>{below}</div>'
    )


def card(
    card: Card, t: Words, ratio: float, asked: str = "", depth_name: str = "", asked_name: str = ""
) -> str:
    """One model's card: its answer, heat over the photo, bars, facts.

    Args:
        ratio: width / height of the photo, which an element around gives with `photo_once`.
        asked: the class that the reader chose, "" for the model's own first choice.
        depth_name: the explained layer as people call it.
        asked_name: that class in the reader's language.
    """
    explained = label_name(t, card.dataset, card.labels[card.heat.index])
    missing = bool(asked) and asked not in card.labels
    top = [(label_name(t, card.dataset, card.labels[i]), p) for i, p in card.top]
    captions = [t("card.layer", label=explained, layer=depth_name)]
    if card.heat.empty:
        empty = t("card.empty_map", label=explained, value=f"{card.heat.raw_max:.3g}")
        captions.insert(0, empty)
    if missing:
        captions.append(t("card.not_known", label=asked_name or asked))
    alt = t("card.alt", label=explained, model=card.title)
    said = "<br>".join(terms.explained(line, t, "gradcam") for line in captions)
    scale = "" if card.heat.empty else colour_bar("0", f"{card.heat.raw_max:.2g}")
    first, probability = html.escape(top[0][0]), html.escape(percent(top[0][1]))
    return _frame(
        card.model,
        card.title,
        card.family,
        f'<p class="answer"><b{_long(top[0][0])} title="{first}">{first}</b>'
        f" <span>{probability}</span></p>",
        _rows(
            overlay("", card.heat.values, card.heat.seen, alt, ratio=ratio),
            f'{scale}<div class="caption">{said}</div>',
            bars(top, marked=None if missing or not asked else explained),
            _facts(card, t),
        ),
    )


def waiting(
    model: str, title: str, family: Family, message: str, ratio: float = 1.5, k: int = 5
) -> str:
    """The place of a card that is still to come, as large as the card, and what is happening.

    Args:
        ratio: width / height of the photo.
        k: bars on the card.
    """
    ghost = '<div class="bar"><span class="ghost">&nbsp;</span><i></i></div>'
    return _frame(
        model,
        title,
        family,
        '<p class="answer"><span class="ghost">&nbsp;</span></p>',
        _rows(
            f'<div class="framed ghost" style="{frame(ratio)}"></div>',
            colour_bar(" ", " ")
            + f'<div class="caption" role="status">{html.escape(message)}</div>',
            f'<div class="bars">{k * ghost}</div>',
            '<div class="facts"></div>',
        ),
        "skeleton",
    )


def refused(model: str, title: str, family: Family, notice: str) -> str:
    """The card of a model that could not answer, with its reason as `refusal` draws it."""
    return _frame(model, title, family, "", notice, "refused")


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


def together(
    groups: Agreement, titles: dict[str, str], labels: Sequence[str], t: Words, k: int
) -> str:
    """In words where the models agree, and what they think together."""
    rows = [
        t(
            "compare.group",
            label=label_name(t, groups.dataset, labels[index]),
            models=listed([titles[key] for key in keys], t),
        )
        for index, keys in groups.groups
    ]
    count = sum(len(keys) for _, keys in groups.groups)
    all_of_them = counted(count, t)
    if len(groups.groups) == 1:
        label = label_name(t, groups.dataset, labels[groups.groups[0][0]])
        key = "compare.both_agree" if count == 2 else "compare.all_agree"
        sentence = t(key, count=all_of_them, label=label)
    elif len(groups.groups) == count:
        key = "compare.neither_agrees" if count == 2 else "compare.none_agree"
        sentence = t(key, groups=t("compare.group_join").join(rows))
    else:
        sentence = t("compare.some_agree", groups=t("compare.group_join").join(rows))
    order = (-groups.ensemble).argsort(kind="stable")[:k]
    best = [(label_name(t, groups.dataset, labels[i]), float(groups.ensemble[i])) for i in order]
    return (
        '<div class="together"><div class="together-words">'
        f"<h3>{html.escape(t(f'dataset.{groups.dataset}'))}</h3><p>{html.escape(sentence)}</p></div>"
        f'<div class="together-bars"><div class="small-title"'
        f' title="{html.escape(t("compare.ensemble_tip"))}">'
        f"{html.escape(t('compare.ensemble', count=all_of_them))}</div>{bars(best)}</div></div>"
    )


def note(sentence: str) -> str:
    """A plain note under the cards."""
    return f'<div class="notice">{html.escape(sentence)}</div>'


def _long(name: str) -> str:
    """Marks a name that is too long for one line of a narrow card: kana and kanji are wide."""
    wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in name)
    return ' class="long"' if wide > 10 else ""


def _frame(model: str, title: str, family: Family, answer: str, body: str, kind: str = "") -> str:
    return (
        f'<article class="card {kind}" data-model="{model}"'
        f' style="--family:{family_var(family)}"><header><h3><span>{html.escape(title)}</span>'
        f'<span class="sign" aria-hidden="true">{FAMILIES[family].sign}</span></h3>'
        f"{answer}</header>{body}</article>"
    )


def _rows(picture: str, legend: str, bars: str, facts: str) -> str:
    """Where the network looked first, then what stands behind its answer."""
    return f'<div class="stage">{picture}</div><div class="legend">{legend}</div>{bars}{facts}'


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
