"""What all pictures share: the families' tints, number formats, Plotly's base layout."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from demo.records import Family
from demo.text import Words

INK = "#7A828E"
GRID = "rgba(128,136,148,0.25)"


def family_var(family: Family) -> str:
    """The CSS colour of a family, for HTML and SVG; follows the theme by itself."""
    return f"var(--family-{family})"


def family_tint(family: Family, depth: float) -> str:
    """A tint of the family's CSS colour: depth 0 is light, 1 the colour itself."""
    share = round(30 + 70 * min(max(depth, 0.0), 1.0))
    return f"color-mix(in oklab, var(--family-{family}) {share}%, var(--surface))"


_UNITS = {
    "en": ((1e9, " G"), (1e6, " M"), (1e3, " k")),
    "ja": ((1e12, "兆"), (1e8, "億"), (1e4, "万")),
}


def short(number: float, t: Words) -> str:
    """A large number as people of the language read it, to three digits or whole units.

    25557032 -> "25.6 M" or "2,556万", 79888 -> "79.9 k" or "7.99万", 4.09e9 -> "4.09 G" or
    "40.9億".
    """
    for size, unit in _UNITS[t.lang]:
        if abs(number) >= size:
            value = number / size
            digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
            return f"{value:,.{digits}f}{unit}"
    return whole(number)


def counted(count: int, t: Words) -> str:
    """How many things there are: 4 -> "4" or "4つ", 14 and 0 -> "14" or "14個"."""
    return t("page.things" if 0 < count < 10 else "page.many_things", count=count)


def whole(number: float) -> str:
    """163328 -> "163,328"."""
    return f"{number:,.0f}"


def percent(share: float) -> str:
    """0.934 -> "93.4 %"; small shares keep a digit that says something."""
    value = share * 100
    if 0 < value < 0.1:
        return "< 0.1 %"
    return f"{value:.1f} %"


def signed(value: float, digits: int = 2) -> str:
    """-1.234 -> "−1.23", 0.5 -> "+0.50"; a change too small to tell is 0."""
    size = f"{abs(value):.{digits}f}"
    if float(size) == 0:
        return size
    return f"{'−' if value < 0 else '+'}{size}"


def milliseconds(seconds: float) -> str:
    """0.0123 -> "12 ms", 0.0042 -> "4.2 ms", 1.5 -> "1.50 s"."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    value = seconds * 1000
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def megabytes(size: float) -> str:
    """102_400_000 bytes -> "97.7 MB" (of 2**20 bytes)."""
    return f"{size / 2**20:.1f} MB"


def base_layout(height: int | None, **more: Any) -> go.Layout:
    """Transparent, quiet and theme-aware: text takes its colour from the page's style sheet.

    height: in pixels; None fills what is around it.
    """
    axis = {"gridcolor": GRID, "zerolinecolor": GRID, "linecolor": GRID, "automargin": True}
    layout = go.Layout(
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "inherit", "size": 14, "color": INK},
        showlegend=False,
        xaxis=axis,
        yaxis=axis,
        hoverlabel={"font": {"family": "inherit", "size": 14}},
        template="none",
    )
    layout.update(more)
    return layout


def listed(names: Sequence[str], t: Words) -> str:
    """Names in a sentence: "A, B and C"."""
    *early, last = names
    return f"{t('page.comma').join(early)}{t('page.and')}{last}" if early else last
