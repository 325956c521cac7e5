"""The bundled networks' own experiment: accuracy at one budget, with its 95 % interval."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from demo.drawing.style import GRID, base_layout, listed, short, whole
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.choice.records import Candidate


def measured(rows: Sequence[Candidate]) -> list[Candidate]:
    """Those with a measured accuracy, best first."""
    found = [row for row in rows if row.interval and row.accuracy is not None]
    return sorted(found, key=lambda row: -(row.accuracy or 0))


def fair(rows: Sequence[Candidate], t: Words) -> go.Figure:
    """A mark and an interval of each; the axis does not start at zero, so there are no bars."""
    figure = go.Figure()
    shown = measured(rows)
    pictures = whole(max((row.pictures for row in shown), default=0))
    for row in reversed(shown):
        assert row.interval is not None
        assert row.accuracy is not None
        low, high = row.interval
        colour = FAMILIES[row.family].plot
        figure.add_trace(
            go.Scatter(
                x=[row.accuracy],
                y=[row.title],
                mode="markers+text",
                text=[f"{row.accuracy:.2f} % ({low:.2f}–{high:.2f})"],
                textposition="top center",
                textfont={"size": 15},
                marker={"symbol": FAMILIES[row.family].symbol, "size": 14, "color": colour},
                error_x={
                    "type": "data",
                    "symmetric": False,
                    "array": [high - row.accuracy],
                    "arrayminus": [row.accuracy - low],
                    "color": colour,
                    "thickness": 3,
                    "width": 7,
                },
                hovertemplate=t(
                    "choice.fair_hover",
                    title=row.title,
                    parameters=short(row.parameters, t),
                    macs=short(row.macs, t),
                    epochs=row.epochs,
                )
                + "<extra></extra>",
                cliponaxis=False,
                name=row.title,
            )
        )
    figure.update_layout(base_layout(70 + 58 * max(len(shown), 1)))
    figure.update_layout(margin={"l": 8, "r": 20, "t": 30, "b": 8})
    if shown:
        low = min(row.interval[0] for row in shown if row.interval)
        high = max(row.interval[1] for row in shown if row.interval)
        room = max(0.6, (high - low) * 0.35)
        figure.update_xaxes(range=[low - room, high + room])
    figure.update_xaxes(
        title={"text": t("choice.fair_x", pictures=pictures), "font": {"size": 15}},
        tickfont={"size": 15},
        gridcolor=GRID,
        zeroline=False,
    )
    figure.update_yaxes(showgrid=False, tickfont={"size": 15})
    return figure


def verdict(rows: Sequence[Candidate], t: Words) -> str:
    """Whether the experiment can tell the best from the next, from the intervals."""
    shown = measured(rows)
    if len(shown) < 2:
        return t("choice.fair_none")
    first, rest = shown[0], shown[1:]
    assert first.interval is not None
    tied = [row for row in rest if row.interval and row.interval[1] >= first.interval[0]]
    budget = {
        "least": short(min(row.parameters for row in shown), t),
        "most": short(max(row.parameters for row in shown), t),
        "epochs": max(row.epochs for row in shown),
    }
    level = [row for row in tied if row.accuracy == first.accuracy]
    if level and len(level) < len(tied):
        others = listed([row.title for row in tied if row not in level], t)
        best = listed([row.title for row in (first, *level)], t)
        return t("choice.fair_level", first=best, others=others, **budget)
    if tied:
        others = listed([row.title for row in tied], t)
        return t("choice.fair_tied", first=first.title, others=others, **budget)
    return t("choice.fair_clear", first=first.title, second=rest[0].title, **budget)
