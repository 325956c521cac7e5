"""What each network makes of a harmed photo: its map, its answers, and how long it holds."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.drawing.heat import FULL, frame, photo_uri
from demo.drawing.style import counted, listed, percent
from demo.text import Words
from demo.topics.closer.figures.maps import colourless, scale_of, signed_overlay
from demo.topics.closer.records.breaking import LEVELS, STEP, Broken, Harm, Ladder, longest, soonest

WIDE, HIGH = 100, 40
"""Of a chart's own units, which are stretched to the room there is."""


def network(
    found: Broken,
    ladder: Ladder,
    harm: Harm,
    picture: NDArray[np.uint8],
    names: Callable[[int], str],
    t: Words,
) -> str:
    """One network's map over what it was given, its answers, and its probability by strength.

    Args:
        picture: (S, S, 3), what it was given.
        names: class index -> its name.
    """
    index = found.map.index
    alt = t("closer.break_alt", name=names(index))
    values = found.map.raw / (scale_of(found.map) or 1.0)
    given = frame(1.0, photo_uri(colourless(picture), side=260))
    before, after = found.shares
    return (
        f'<figure class="broken" data-flips="{str(found.flips).lower()}" data-after="{after:.4f}"'
        f' data-before="{before:.4f}"><div style="{given}">'
        f"{signed_overlay(values, FULL, alt, 1.0)}</div>"
        f"{answers(found.top, found.winner, names, t)}"
        f'<small class="two">{html.escape(shares(names(index), before, after, t))}</small>'
        f"{_chart(ladder, found, harm, names, t)}"
        f"<small>{html.escape(_until(ladder.held(found.top), t))}</small></figure>"
    )


def answers(before: int, after: int, names: Callable[[int], str], t: Words) -> str:
    """The first choice before and after."""
    if before == after:
        return f'<p class="answers"><b>{html.escape(names(before))}</b></p>'
    words = t("closer.instead", before=names(before), after=names(after))
    return f'<p class="answers flipped"><b>{html.escape(words)}</b></p>'


def shares(name: str, before: float, after: float, t: Words) -> str:
    """A class's probability before and after."""
    values = {"before": percent(before), "after": percent(after)}
    # No line begins with the sign.
    return t("closer.break_shares", name=name, **values).replace(" %", "\u00a0%")


def _until(held: float | None, t: Words) -> str:
    if held is None:
        return t("closer.held_never")
    return t("closer.held_always") if held == 1 else t("closer.held_to", changed=_next(held))


def _next(held: float) -> str:
    """The first strength at which an answer is another that was held up to here."""
    return f"{100 * held + STEP:.0f} %"


def _chart(ladder: Ladder, found: Broken, harm: Harm, names: Callable[[int], str], t: Words) -> str:
    index, held = found.map.index, ladder.held(found.top)
    points = " ".join(
        f"{WIDE * level:.0f},{HIGH * (1 - share):.1f}"
        for level, share in zip(LEVELS, ladder.probabilities[:, index], strict=True)
    )
    label = html.escape(t("closer.break_chart", name=names(index)), quote=True)
    kept = f'<rect class="held" width="{WIDE * (held or 0):.0f}" height="{HIGH}"/>'
    here = WIDE * harm.strength
    return (
        f'<svg class="ladder" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img"'
        f' aria-label="{label}" data-held="{-1 if held is None else held}">{kept}'
        f'<path class="axis" d="M0 0V{HIGH}H{WIDE}"/><path class="here" d="M{here:.0f} 0V{HIGH}"/>'
        f'<polyline points="{points}"/></svg>'
    )


def sentence(found: Sequence[tuple[str, Broken, Ladder]], harm: Harm, t: Words) -> str:
    """Who changed their answer by this harm, who held longest as it grows, and who first gave way.

    Args:
        found: (title, record, answers by strength) of each network.
    """
    kind = "paint" if harm.covered else harm.kind
    done = t(f"closer.harm_done.{kind}", amount=f"{harm.amount:.0f}")
    flipped = [title for title, one, _ in found if one.flips]
    values = {
        "done": done,
        "count": counted(len(found), t),
        "flipped": counted(len(flipped), t),
    }
    if flipped:
        words = [t("closer.break_some", titles=listed(flipped, t), **values)]
    else:
        words = [t("closer.break_none", **values)]
    held = {title: ladder.held(one.top) for title, one, ladder in found}
    last = longest(held)
    if not last:
        words.append(t("closer.break_never"))
    elif held[last[0]] == 1:
        every = {"titles": listed(list(last), t), "count": counted(len(last), t)}
        words.append(t("closer.break_always", **every))
    else:
        most = _next(held[last[0]] or 0)
        words.append(t("closer.break_last", titles=listed(list(last), t), changed=most))
    if first := soonest(held):
        least = held[first[0]]
        key = "closer.break_never_first" if least is None else "closer.break_first"
        words.append(t(key, titles=listed(list(first), t), changed=_next(least or 0)))
    if harm.square:
        words.append(t("closer.break_square"))
    return t.sentences(*words)
