"""Beside the reuse matrix: the four observations and an opened cell."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures.style import percent
from demo.records.dense import Link, Observation
from demo.text import Words


def observations(found: Sequence[Observation], t: Words) -> str:
    """The paper's four, each with its number and whether it holds here."""
    rows = []
    for one in found:
        state = {True: "holds", False: "fails", None: "absent"}[one.holds]
        value = f"{one.value:.2f}" if one.name == "late" else percent(one.value)
        if one.holds is None:
            number = t("densenet.observed_absent")
        else:
            bound = f"{one.bound:.1f}" if one.name == "late" else percent(one.bound)
            number = t(f"densenet.observed_{one.name}", value=value, bound=bound)
        sign = {"holds": "✓", "fails": "✗", "absent": "–"}[state]
        rows.append(
            f'<li class="{state}" data-observation="{one.name}" data-holds="{state}">'
            f'<b class="sign" aria-hidden="true">{sign}</b><div>'
            f"<strong>{html.escape(t(f'densenet.paper_{one.name}'))}</strong>"
            f"<p><em>{html.escape(t(f'densenet.verdict_{state}'))}</em> {html.escape(number)}</p>"
            "</div></li>"
        )
    return f'<ol class="observations">{"".join(rows)}</ol>'


def opened(link: Link, source: str, target: str, unit: str, t: Words) -> str:
    """How strongly each channel of the source is read, as bars in the order of the channels."""
    most = float(link.strengths.max()) or 1.0
    bars = "".join(
        f'<i style="height:{max(float(value) / most, 0.01):.1%}" title="'
        f'{html.escape(t("densenet.channel_n", n=link.first + i))}: {float(value):.4g}"></i>'
        for i, value in enumerate(link.strengths)
    )
    strongest = link.first + int(link.strengths.argmax())
    last = link.first + len(link.strengths) - 1
    words = t(
        "densenet.opened",
        source=source,
        target=target,
        mean=f"{float(link.strengths.mean()):.3g}",
        strongest=strongest,
        most=f"{most:.3g}",
    )
    return (
        f'<div class="opened-link"><p>{html.escape(words)}</p>'
        f'<div class="channel-bars" role="img" aria-label="{html.escape(words)}">{bars}</div>'
        f'<div class="bar-ends"><span>{link.first}</span><span>{html.escape(unit)}</span>'
        f"<span>{last}</span></div></div>"
    )
