"""Growth-rate guide: published errors against parameters, and where a plan stands on that axis."""

from __future__ import annotations

import html
import math

import plotly.graph_objects as go

from demo.drawing.style import INK, base_layout, short, whole
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.dense.records import Published, PublishedErrors

# Where a label would lie on its neighbour's, or on its mark, above its own.
_LABELS = {
    "BC-100": "bottom center",
    "BC-250": "top right",
    "BC-190": "bottom center",
    "121": "middle left",
    "169": "top right",
    "201": "bottom center",
    "161": "middle right",
}


def guide(published: PublishedErrors, title: str, parameters: int, t: Words) -> go.Figure:
    """One chart; this plan is a line at its parameters, since its accuracy is not known."""
    points = published.points
    millions = parameters / 1e6
    row = FAMILIES["densenet"]
    figure = go.Figure(
        go.Scatter(
            x=[p.millions for p in points],
            y=[p.error for p in points],
            mode="markers+text",
            marker={"symbol": row.symbol, "size": 12, "color": row.plot},
            text=[_label(p) for p in points],
            textposition=[_LABELS.get(p.name, "top center") for p in points],
            textfont={"size": 13},
            cliponaxis=False,
            customdata=[[whole(p.millions * 1e6), p.k, _name(p)] for p in points],
            hovertemplate="%{customdata[2]}<br>%{x} M<br>%{y:.2f} %<extra></extra>",
            name=t("densenet.guide_published"),
        )
    )
    figure.add_vline(x=millions, line={"color": INK, "width": 2, "dash": "dash"})
    figure.add_annotation(
        x=_log(millions),
        xref="x",
        y=1,
        yref="paper",
        yanchor="bottom",
        showarrow=False,
        text=t("densenet.guide_here", parameters=short(parameters, t)),
        font={"size": 13},
    )
    low, high = (min(p.millions for p in points), max(p.millions for p in points))
    edges = (min(low, millions) / 2.5, max(high, millions) * 3)
    top = max(p.error for p in points)
    figure.update_layout(base_layout(None, margin={"l": 8, "r": 8, "t": 62, "b": 8}))
    figure.update_layout(title={"text": title, "font": {"size": 14}, "x": 0, "xanchor": "left"})
    figure.update_xaxes(
        type="log",
        range=[_log(edges[0]), _log(edges[1])],
        title={"text": t("densenet.guide_x"), "font": {"size": 14}},
        tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200],
        ticktext=["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100", "200"],
    )
    figure.update_yaxes(range=[0, top * 1.3])
    return figure


def _name(point: Published) -> str:
    return f"{point.name}, k={point.k}"


def _label(point: Published) -> str:
    """Below a mark a line lower: at a larger size, letters grow upwards into the mark."""
    below = _LABELS.get(point.name, "").startswith("bottom")
    return ("<br>" if below else "") + _name(point)


def sentence(small: PublishedErrors, large: PublishedErrors, parameters: int, t: Words) -> str:
    """What the charts say, with their main numbers, as HTML."""
    words = [t("densenet.guide_chosen", parameters=short(parameters, t))]
    for key, published in (("small", small), ("large", large)):
        light, best = published.lightest, published.best
        words.append(
            t(
                f"densenet.guide_say_{key}",
                light=light.name,
                light_k=light.k,
                light_error=f"{light.error:.1f}",
                light_parameters=short(light.millions * 1e6, t),
                best=best.name,
                best_k=best.k,
                best_error=f"{best.error:.1f}",
                best_parameters=short(best.millions * 1e6, t),
            )
        )
    return f'<p class="scene-sentence" role="status">{html.escape(t.sentences(*words))}</p>'


def _log(value: float) -> float:
    return math.log10(max(value, 1e-3))
