"""A grey patch on the photo, what each network answers, and the smallest that fools it alone."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping

from demo.drawing.heat import frame
from demo.drawing.style import counted, listed, percent
from demo.records import Box
from demo.records.counterfactual import Changed
from demo.text import Blank, Words
from demo.topics.closer.figures.breaking import answers, shares
from demo.topics.closer.figures.maps import place
from demo.topics.closer.figures.square import data
from demo.topics.closer.records.patches import (
    PLACES,
    SIDES,
    STRIDE,
    UNITS,
    Find,
    Patch,
    Search,
    box_of,
)

PATCH, SIDE, SEARCH = "closer-patch", "closer-side", "closer-search"
"""The names under which the page's script tells where the patch is, how large, what is sought."""


def board(photo: str, patch: Patch, square: Box, ratio: float, search: str, t: Words) -> str:
    """The photo with the grid on which the patch is placed; `closer_fool.js` is its script.

    Args:
        photo: its address. square: its middle square. ratio: its width / height.
        search: what is told when the search is to begin, "" once it is over.
    """
    wide = f"0 0 {UNITS} {UNITS}"
    lines = "".join(f"M{at} 0V{UNITS}M0 {at}H{UNITS}" for at in range(UNITS + 1))
    label = html.escape(t("closer.fool_board"), quote=True)
    words = data(
        spot=patch.spot,
        side=patch.side,
        units=UNITS,
        said=t("closer.fool_at", row=Blank("row"), column=Blank("column")),
    )
    begin = (
        f'<button type="button" data-search="{html.escape(search, quote=True)}">'
        f"{html.escape(t('closer.fool_search'))}</button>"
        if search
        else ""
    )
    # In it the script moves the patch while the answer is on its way.
    return (
        f'<div class="breaking"><div class="overlay mark-board fool-board" tabindex="0"'
        f' role="application" aria-label="{label}" data-own-swipe{words}'
        f' style="{frame(ratio)}"><img class="photo" src="{photo}" alt="" draggable="false">'
        f'<div class="grid" style="{place(square)}"><svg viewBox="{wide}" aria-hidden="true">'
        f'<path d="{lines}"/></svg><i class="patch" style="{_inside(patch)}"></i></div></div>'
        f'<span class="sr-only" role="status" data-mark-said></span>'
        f'<div class="mark-buttons" data-unsaved>{begin}</div>'
        f'<p class="mark-how" data-unsaved>{html.escape(t("closer.fool_how"))}</p></div>'
    )


def _inside(patch: Patch) -> str:
    """Its place in the middle square."""
    return place(box_of(patch, Box(0.0, 0.0, 1.0, 1.0)))


def network(found: Changed, names: Callable[[int], str], find: str, t: Words) -> str:
    """One network's answer to the patch, and what the search says of it.

    Args:
        names: class index -> its name. find: HTML of `find_of` or `none_found`, "" before.
    """
    top = found.top
    before, after = (float(one.probabilities[top]) for one in (found.before, found.after))
    bars = "".join(
        f'<i class="{kind}"><span style="width:{share:.2%}"></span></i>'
        for kind, share in (("before", before), ("after", after))
    )
    return (
        f'<figure class="fooled" data-flips="{str(found.flips).lower()}">'
        f'{answers(top, found.winner, names, t)}<small class="two">'
        f"{html.escape(shares(names(top), before, after, t))}</small>"
        f'<div class="shares" aria-hidden="true">{bars}</div>{find}</figure>'
    )


def find_of(
    find: Find, own: int, names: Callable[[int], str], ratio: float, square: Box, t: Words
) -> str:
    """The smallest patch that fools this network alone, as a button that places it.

    Args:
        own: the network's first choice without a patch. names: class index -> its name.
        ratio: width / height of the photo that an element around gives. square: its middle square.
    """
    patch = find.patch
    words = t("closer.fool_find", side=patch.side, units=UNITS)
    into = t("closer.instead", before=names(own), after=names(find.winner))
    label = html.escape(t("closer.fool_place", find=words, into=into), quote=True)
    return (
        f'<button type="button" class="find" data-spot="{patch.spot}" data-side="{patch.side}"'
        f' aria-label="{label}"><span class="overlay" style="{frame(ratio)}">'
        f'<i class="patch" style="{place(box_of(patch, square))}"></i></span>'
        f"<small>{html.escape(words)}</small><small>{html.escape(into)}</small></button>"
    )


def none_found(over: bool, t: Words) -> str:
    """What stands there where the search has found nothing, or nothing yet."""
    words = t("closer.fool_none" if over else "closer.fool_not_yet")
    return f'<p class="find none"><small>{html.escape(words)}</small></p>'


def sentence(found: Mapping[str, Changed], patch: Patch, t: Words) -> str:
    """Whom this patch fools.

    Args:
        found: title -> answers.
    """
    fooled = [title for title, one in found.items() if one.flips]
    others = [title for title in found if title not in fooled]
    values = {"share": percent(patch.share), "titles": listed(fooled, t) if fooled else ""}
    if not fooled:
        return t("closer.fool_nobody", **values)
    if not others:
        return t("closer.fool_all", count=counted(len(fooled), t), **values)
    key = "closer.fool_alone" if len(fooled) == 1 else "closer.fool_several"
    return t(key, others=listed(others, t), **values)


def searched(search: Search, titles: Mapping[str, str], t: Words) -> str:
    """Whom the smallest patch of all fools alone, for whom none does, and what was searched.

    Args:
        titles: network -> its title.
    """
    if not search.over:
        done = {"done": search.done, "total": search.total}
        return t("closer.fool_searching", side=search.side, units=UNITS, **done)
    words, best = [], search.smallest
    if best:
        find = search.finds[best[0]]
        assert find is not None
        names = listed([titles[one] for one in best], t)
        values = {"titles": names, "count": len(best), "side": find.patch.side, "units": UNITS}
        words.append(t("closer.fool_smallest", **values))
    none = [titles[key] for key, one in search.finds.items() if one is None]
    if none:
        words.append(t("closer.fool_none_for", titles=listed(none, t)))
    words.append(
        t(
            "closer.fool_grid",
            places=PLACES,
            least=SIDES[0],
            most=SIDES[-1],
            step=STRIDE,
            units=UNITS,
        )
    )
    return t.sentences(*words)
