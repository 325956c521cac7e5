"""The comparison as HTML: one card a model, its answer and where it looked."""

from __future__ import annotations

import html
from collections.abc import Sequence
from unicodedata import east_asian_width

from demo.drawing import terms
from demo.drawing.heat import PANORAMA, colour_bar, frame, overlay, photo_once
from demo.drawing.style import family_var, percent
from demo.labels import label_name
from demo.records import Family
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.compare.records import Card


def cards(drawn: Sequence[str], ratio: float, photo: str = "", above: str = "") -> str:
    """Cards in the order chosen, all of one height, their maps on one line.

    Args:
        ratio: width / height of the photo; maps of a panorama lie below each other.
        photo: address of the photo, for all maps.
        above: what stands over the cards.
    """
    kind = "cards stacked" if ratio > PANORAMA else "cards"
    count = len(drawn)
    columns, rows = arranged(count, ratio)
    return (
        f'{above}<div {photo_once(photo, ratio)}><div class="{kind}" data-count="{count}"'
        f' data-rows="{rows}" style="--count:{count};--columns:{columns};--rows:{rows};'
        f'--page-rows:{-(-count // IN_A_ROW)}">{"".join(drawn)}</div></div>'
    )


IN_A_ROW = 6
"""Cards side by side on a page that is wide enough."""
_WALL, _HEAD, _GAP = (1232, 480), 66, 12
"""In px of the presentation view: room for the cards, what stands over a map, between cards."""


def arranged(count: int, ratio: float) -> tuple[int, int]:
    """Columns and rows in which so many maps are largest on a projector.

    Args:
        ratio: width / height of the photo; maps of a panorama lie below each other.
    """
    if ratio > PANORAMA:
        return 1, count

    def height(columns: int) -> float:
        rows = -(-count // columns)
        wide = (_WALL[0] - _GAP * (columns - 1)) / columns - 20
        return min(wide / ratio, (_WALL[1] - _GAP * (rows - 1)) / rows - _HEAD)

    best = max(range(1, count + 1), key=height)
    return best, -(-count // best)


def card(
    card: Card, t: Words, ratio: float, asked: str = "", depth_name: str = "", asked_name: str = ""
) -> str:
    """One model's card: its answer, heat over the photo, what the heat is of.

    Args:
        ratio: width / height of the photo, which an element around gives with `photo_once`.
        asked: the class that the reader chose, "" for the model's own first choice.
        depth_name: the layer in the reader's language.
        asked_name: what the reader's language calls the class; the label where "".
    """
    explained = label_name(t, card.dataset, card.labels[card.heat.index])
    captions = [t("card.layer", label=explained, layer=depth_name)]
    if card.heat.empty:
        empty = t("card.empty_map", label=explained, value=f"{card.heat.raw_max:.3g}")
        captions.insert(0, empty)
    if asked and asked not in card.labels:
        captions.append(t("card.not_known", label=asked_name or asked))
    alt = t("card.alt", label=explained, model=card.title)
    said = "<br>".join(terms.explained(line, t, "gradcam") for line in captions)
    scale = "" if card.heat.empty else colour_bar("0", f"{card.heat.raw_max:.2g}")
    index, share = card.top[0]
    name = label_name(t, card.dataset, card.labels[index])
    first = html.escape(name)
    return _frame(
        card.model,
        card.title,
        card.family,
        f'<p class="answer"><b{_long(name)} title="{first}">{first}</b>'
        f" <span>{html.escape(percent(share))}</span></p>",
        _picture(
            overlay("", card.heat.values, card.heat.seen, alt, ratio=ratio),
            f'{scale}<div class="caption">{said}</div>',
        ),
    )


def waiting(model: str, title: str, family: Family, message: str, ratio: float = 1.5) -> str:
    """The place of a card that is still to come, as large as the card, and what is happening.

    Args:
        ratio: width / height of the photo.
    """
    return _frame(
        model,
        title,
        family,
        '<p class="answer"><span class="ghost">&nbsp;</span></p>',
        _picture(
            f'<div class="framed ghost" style="{frame(ratio)}"></div>',
            colour_bar(" ", " ")
            + f'<div class="caption" role="status">{html.escape(message)}</div>',
        ),
        "skeleton",
    )


def bare(model: str, title: str, family: Family, facts: str) -> str:
    """A network without a photo: its name, its place, what is known of it all the same."""
    return _frame(
        model,
        title,
        family,
        '<p class="answer">&nbsp;</p>',
        _picture(
            f'<div class="framed ghost" style="{frame(1.5)}"></div>',
            f'<div class="caption">{html.escape(facts)}</div>',
        ),
        "bare",
    )


def refused(model: str, title: str, family: Family, notice: str) -> str:
    """The card of a model that could not answer, with its reason as `refusal` draws it."""
    return _frame(model, title, family, "", notice, "refused")


def _picture(picture: str, legend: str) -> str:
    return f'<div class="stage">{picture}</div><div class="legend">{legend}</div>'


def title_line(title: str, family: Family) -> str:
    """A model's name with its family's sign."""
    return (
        f"<h4><span>{html.escape(title)}</span>"
        f'<span class="sign" aria-hidden="true">{FAMILIES[family].sign}</span></h4>'
    )


def _long(name: str) -> str:
    """Marks a name that is too long for one line of a narrow card: kana and kanji are wide."""
    wide = sum(2 if east_asian_width(letter) in "WF" else 1 for letter in name)
    return ' class="long"' if wide > 10 else ""


def _frame(model: str, title: str, family: Family, answer: str, body: str, kind: str = "") -> str:
    return (
        f'<article class="card {kind}" data-model="{model}"'
        f' style="--family:{family_var(family)}"><header>{title_line(title, family)}'
        f"{answer}</header>{body}</article>"
    )
