"""Beside the reuse matrix: the four observations and an opened cell."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.style import percent
from demo.text import Words
from demo.topics.dense.records import Link, Observation

_STATES = {True: "holds", False: "fails", None: "absent"}
_SIGNS = {"holds": "✓", "fails": "✗", "absent": "–"}


def observations(found: Sequence[Observation], t: Words) -> str:
    """The paper's four, each with its number and whether it holds here."""
    rows = []
    for one in found:
        state = _STATES[one.holds]
        value = f"{one.value:.2f}" if one.name == "late" else percent(one.value)
        if one.holds is None:
            number = t("densenet.observed_absent")
        else:
            bound = f"{one.bound:.1f}" if one.name == "late" else percent(one.bound)
            number = t(f"densenet.observed_{one.name}", value=value, bound=bound)
        rows.append(
            f'<li class="{state}" data-observation="{one.name}" data-holds="{state}">'
            f'<b class="sign" aria-hidden="true">{_SIGNS[state]}</b><div>'
            f"<strong>{html.escape(t(f'densenet.paper_{one.name}'))}</strong>"
            f"<p>{t.sentences(_verdict(state, t), html.escape(number))}</p></div></li>"
        )
    return f'<ol class="observations">{"".join(rows)}</ol>'


def claims(found: Sequence[Observation], t: Words) -> str:
    """The paper's four in short: what it saw, and whether it can be seen here."""
    rows = []
    for one in found:
        state = _STATES[one.holds]
        said = f"<strong>{html.escape(t(f'densenet.paper_{one.name}'))}</strong>"
        rows.append(
            f'<li class="{state}"><b class="sign" aria-hidden="true">{_SIGNS[state]}</b>'
            f"<div>{t.sentences(said, _verdict(state, t))}</div></li>"
        )
    return f'<ol class="observations">{"".join(rows)}</ol>'


def _verdict(state: str, t: Words) -> str:
    return f"<em>{html.escape(t(f'densenet.verdict_{state}'))}</em>"


def opened(link: Link, words: str, unit: str, t: Words) -> str:
    """How strongly each channel of the source is read, as bars in the order of the channels.

    Args:
        words: what a screen reader says.
    """
    most = link.most or 1.0
    bars = "".join(
        f'<i style="height:{max(float(value) / most, 0.01):.1%}" title="'
        f'{html.escape(t("densenet.channel_n", n=link.first + i))}: {float(value):.4g}"></i>'
        for i, value in enumerate(link.strengths)
    )
    return (
        '<div class="opened-link">'
        f'<div class="channel-bars" role="img" aria-label="{html.escape(words)}">{bars}</div>'
        f'<div class="bar-ends"><span>{link.first}</span><span>{html.escape(unit)}</span>'
        f"<span>{link.last}</span></div></div>"
    )


def blocks(count: int, chosen: int, t: Words) -> str:
    """The dense blocks of a network as buttons; data-pick holds the number."""
    buttons = "".join(
        f'<button type="button" data-pick="{number}"'
        f' aria-pressed="{str(number == chosen).lower()}">'
        f"{html.escape(t('densenet.block_n', block=number))}</button>"
        for number in range(1, count + 1)
    )
    label = html.escape(t("densenet.block"), quote=True)
    return (
        f'<div class="dense-blocks"><span>{html.escape(t("densenet.block"))}</span>'
        f'<div role="group" aria-label="{label}" data-picks="dense-block">{buttons}</div></div>'
    )
