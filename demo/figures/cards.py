"""The comparison as HTML: one card a model, and what they say together."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures.heat import colour_bar, overlay
from demo.figures.style import counted, listed, milliseconds, percent, short, whole
from demo.labels import label_name
from demo.records import Agreement, Family
from demo.records.compare import Card
from demo.text import Words

SIGNS: dict[Family, str] = {
    "resnet": "+",
    "densenet": "▤",
    "inception": "Ψ",
    "resnext": "∥",
    "other": "•",
}
"""The second sign beside a family's colour."""


def card(
    card: Card, t: Words, ratio: float, asked: str = "", depth_name: str = "", asked_name: str = ""
) -> str:
    """One model's card: facts, heat over the photo, bars.

    Args:
        ratio: width / height of the photo, which an element around gives with `photo_once`.
        asked: the class that the reader chose, "" for the model's own first choice.
        depth_name: the explained layer as people call it.
        asked_name: that class in the reader's language.
    """
    explained = label_name(t, card.dataset, card.labels[card.heat.index])
    missing = bool(asked) and asked not in card.labels
    body = [
        _facts(card, t),
        bars(
            [(label_name(t, card.dataset, card.labels[i]), p) for i, p in card.top],
            marked=None if missing or not asked else explained,
        ),
        _map(card, t, ratio, explained),
        f'<div class="caption">{html.escape(t("card.layer", label=explained, layer=depth_name))}',
        f"<br>{html.escape(t('card.not_known', label=asked_name or asked))}" if missing else "",
        "</div>",
    ]
    return _frame(card.model, card.title, card.family, "".join(body))


def waiting(model: str, title: str, family: Family, message: str) -> str:
    """The place of a card that is still to come, and what is happening."""
    ghosts = "".join(
        f'<div class="ghost" style="height:{height}"></div>'
        for height in ("1.2em", "180px", "1em", "5em")
    )
    text = f'<div class="caption" role="status">{html.escape(message)}</div>'
    return _frame(model, title, family, text + ghosts, "skeleton")


def refused(model: str, title: str, family: Family, notice: str) -> str:
    """The card of a model that could not answer, with its reason as `refusal` draws it."""
    return _frame(model, title, family, notice)


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


def _frame(model: str, title: str, family: Family, body: str, kind: str = "") -> str:
    return (
        f'<article class="card {kind}" data-model="{model}"'
        f' style="--family:var(--family-{family})"><h3><span>{html.escape(title)}</span>'
        f'<span class="sign" aria-hidden="true">{SIGNS[family]}</span></h3>{body}</article>'
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
    return f'<div class="facts" title="{html.escape(exact)}">{html.escape(facts)}</div>'


def _map(card: Card, t: Words, ratio: float, explained: str) -> str:
    heat = card.heat
    alt = t("card.alt", label=explained, model=card.title)
    picture = overlay("", heat.values, heat.seen, alt, ratio=ratio)
    if heat.empty:
        sentence = t("card.empty_map", label=explained, value=f"{heat.raw_max:.3g}")
        return f'{picture}<div class="caption">{html.escape(sentence)}</div>'
    return picture + colour_bar("0", f"{heat.raw_max:.2g}")
