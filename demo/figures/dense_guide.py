"""Growth-rate guide: published errors against parameters, and where a plan stands on that axis."""

from __future__ import annotations

import math
from typing import NamedTuple

import plotly.graph_objects as go

from demo.figures.style import INK, base_layout, short, whole
from demo.records.families import FAMILIES
from demo.text import Words


class Published(NamedTuple):
    """A DenseNet with its published error in percent."""

    name: str
    k: int
    millions: float
    error: float


CIFAR10 = (
    Published("L=40", 12, 1.0, 5.24),
    Published("L=100", 12, 7.0, 4.10),
    Published("BC-100", 12, 0.8, 4.51),
    Published("BC-250", 24, 15.3, 3.62),
    Published("BC-190", 40, 25.6, 3.46),
)
"""CIFAR-10 with augmentation, from the authors' README."""

IMAGENET = (
    Published("121", 32, 7.978856, 100 - 74.434),
    Published("169", 32, 14.14948, 100 - 75.600),
    Published("201", 32, 20.013928, 100 - 76.896),
    Published("161", 48, 28.681, 100 - 77.138),
)
"""ImageNet top-1, torchvision's own weights."""


# Where a label would lie on its neighbour's above its own mark.
_LABELS = {"BC-100": "bottom right", "BC-190": "bottom center", "201": "bottom center"}


def guide(points: tuple[Published, ...], title: str, parameters: int, t: Words) -> go.Figure:
    """One chart; this plan is a line at its parameters, since its accuracy is not known."""
    millions = parameters / 1e6
    row = FAMILIES["densenet"]
    figure = go.Figure(
        go.Scatter(
            x=[p.millions for p in points],
            y=[p.error for p in points],
            mode="markers+text",
            marker={"symbol": row.symbol, "size": 12, "color": row.plot},
            text=[f"{p.name}<br>k={p.k}" for p in points],
            textposition=[_LABELS.get(p.name, "top center") for p in points],
            textfont={"size": 12},
            cliponaxis=False,
            customdata=[[whole(p.millions * 1e6), p.k] for p in points],
            hovertemplate="%{text}<br>%{x} M<br>%{y:.2f} %<extra></extra>",
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
    edges = (min(low, millions) / 1.9, max(high, millions) * 1.9)
    top = max(p.error for p in points)
    figure.update_layout(base_layout(320, margin={"l": 8, "r": 8, "t": 58, "b": 8}))
    figure.update_layout(title={"text": title, "font": {"size": 14}, "x": 0, "xanchor": "left"})
    figure.update_xaxes(
        type="log",
        range=[_log(edges[0]), _log(edges[1])],
        title={"text": t("densenet.guide_x"), "font": {"size": 14}},
        tickvals=[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200],
        ticktext=["0.1", "0.2", "0.5", "1", "2", "5", "10", "20", "50", "100", "200"],
    )
    figure.update_yaxes(
        range=[0, top * 1.3], title={"text": t("densenet.guide_y"), "font": {"size": 14}}
    )
    return figure


def _log(value: float) -> float:
    return math.log10(max(value, 1e-3))
