"""The grammar of the diagrams, as SVG text: the same shapes mean the same things in every tab.

Data flows left to right. A box is a layer, its height the space and its width the channels where
it is drawn to scale; a circle with + is addition; a bracket is concatenation; a trapezoid is a
change of channels. Colours are CSS: they follow the theme.
"""

from __future__ import annotations

import html
from typing import Literal

Anchor = Literal["start", "middle", "end"]


def svg(width: float, height: float, body: str, label: str, css_class: str = "diagram") -> str:
    """A whole picture that scales with its column; `label` is what a screen reader says."""
    return (
        f'<svg class="{css_class}" viewBox="0 0 {width:g} {height:g}" role="img"'
        f' aria-label="{html.escape(label, quote=True)}"'
        f' style="max-width:{width:g}px" xmlns="http://www.w3.org/2000/svg">'
        '<defs><marker id="arrow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"'
        ' markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z"'
        f' fill="var(--ink-soft)"/></marker></defs>{body}</svg>'
    )


def text(
    x: float,
    y: float,
    words: str,
    size: float = 14,
    anchor: Anchor = "middle",
    soft: bool = False,
    bold: bool = False,
    fill: str = "",
) -> str:
    """A line of text whose baseline starts at y."""
    colour = fill or ("var(--ink-soft)" if soft else "var(--ink)")
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"'
        f' fill="{colour}"{weight}>{html.escape(words)}</text>'
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    fill: str,
    title: str = "",
    extra: str = "",
    radius: float = 4,
) -> str:
    """A layer or a band; `title` shows on hover, `extra` is further attributes."""
    inner = f"<title>{html.escape(title)}</title>" if title else ""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{radius:g}"'
        f' fill="{fill}" {extra}>{inner}</rect>'
    )


def arrow(points: list[tuple[float, float]], dashed: bool = False, colour: str = "") -> str:
    """A line through the points with its head at the last one."""
    path = " L".join(f"{x:g} {y:g}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="M{path}" fill="none" stroke="{colour or "var(--ink-soft)"}"'
        f' stroke-width="1.6"{dash} marker-end="url(#arrow-head)"/>'
    )


def line(points: list[tuple[float, float]]) -> str:
    """An arrow's line without its head: it goes on somewhere else."""
    path = " L".join(f"{x:g} {y:g}" for x, y in points)
    return f'<path d="M{path}" fill="none" stroke="var(--ink-soft)" stroke-width="1.6"/>'


def plus(x: float, y: float, radius: float = 13) -> str:
    """Addition: a circle with a plus, centred at (x, y)."""
    arm = radius * 0.55
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="var(--surface)"'
        ' stroke="var(--ink)" stroke-width="1.8"/>'
        f'<path d="M{x - arm:g} {y:g} H{x + arm:g} M{x:g} {y - arm:g} V{y + arm:g}"'
        ' stroke="var(--ink)" stroke-width="1.8"/>'
    )


def bracket(x: float, top: float, bottom: float, depth: float = 8) -> str:
    """Concatenation: a square bracket that holds what lies between top and bottom, left of x."""
    return (
        f'<path d="M{x - depth:g} {top:g} H{x:g} V{bottom:g} H{x - depth:g}" fill="none"'
        ' stroke="var(--ink)" stroke-width="1.8"/>'
    )


def trapezoid(
    x: float, middle: float, width: float, left: float, right: float, fill: str, title: str = ""
) -> str:
    """A change of channels from a side of height `left` to one of height `right`."""
    inner = f"<title>{html.escape(title)}</title>" if title else ""
    points = (
        f"{x:g},{middle - left / 2:g} {x + width:g},{middle - right / 2:g}"
        f" {x + width:g},{middle + right / 2:g} {x:g},{middle + left / 2:g}"
    )
    return f'<polygon points="{points}" fill="{fill}">{inner}</polygon>'


def shape(channels: int, height: int, width: int) -> str:
    """ "64 x 56 x 56" with true multiplication signs: C x H x W."""
    return f"{channels:,} × {height} × {width}"
