"""What a 1x1 convolution saves: both ways as a diagram and bars to scale, and the sweet spot."""

from __future__ import annotations

import html

from demo.figures import svg
from demo.figures.style import family_tint, family_var, percent, short, whole
from demo.records.residual import Detour
from demo.text import Words

_STRONG = family_var("inception")
_PLAIN = family_var("other")
_TINT = family_tint("inception", 0.2)
_BAND = "color-mix(in oklab, var(--family-inception) 14%, var(--page))"
_LIGHT = "color-mix(in oklab, var(--family-other) 35%, var(--surface))"


def calculator(found: Detour, most: int, spot: tuple[int, int] | None, t: Words) -> str:
    """Diagrams, bars and words for one set of numbers.

    Args:
        most: largest number of reduced channels that still saves weights.
        spot: the range that GoogLeNet chose for such a kernel and input, if it has one.
    """
    return (
        f'<div class="calculator" data-direct="{found.direct}" data-through="{found.through}"'
        f' data-ratio="{found.ratio:.4f}"><p class="verdict">{_verdict(found, t)}</p>'
        f'<div class="ways">{_diagram(found, t)}</div>{bars(found, t)}'
        f"<h3>{html.escape(t('reduction.spot_title'))}</h3>{curve(found, most, spot, t)}"
        f"<p>{html.escape(_spot_words(found, most, spot, t))}</p></div>"
    )


def _verdict(found: Detour, t: Words) -> str:
    key = "reduction.saves" if found.ratio > 1 else "reduction.costs"
    words = t(key, direct=whole(found.direct), through=whole(found.through), ratio=found.ratio)
    return html.escape(words)


def _diagram(found: Detour, t: Words) -> str:
    """Both ways, channels as heights on one scale."""
    scale = 104 / max(found.in_channels, found.reduced, found.out_channels)
    kernel = f"{found.kernel}×{found.kernel}"

    def bar(x: float, middle: float, channels: int) -> str:
        height = max(channels * scale, 2)
        return svg.box(x, middle - height / 2, 14, height, _LIGHT) + svg.text(
            x + 7, middle + 70, f"{channels:,}", 15, bold=True
        )

    def way(offset: float, steps: list[tuple[str, int, int, int, str]], words: str) -> str:
        middle = 92.0
        parts = [
            svg.text(offset + 8, 18, words, 15, "start", bold=True),
            bar(offset + 8, middle, steps[0][1]),
        ]
        x = offset + 26
        for name, before, after, weights, colour in steps:
            left, right = max(before * scale, 2), max(after * scale, 2)
            parts.append(svg.arrow([(x, middle), (x + 28, middle)]))
            parts.append(svg.trapezoid(x + 30, middle, 62, left, right, colour, name))
            parts.append(svg.text(x + 61, middle + 70, name, 15, bold=True))
            parts.append(svg.text(x + 61, middle + 89, whole(weights), 13, soft=True))
            parts.append(svg.arrow([(x + 94, middle), (x + 120, middle)]))
            parts.append(bar(x + 122, middle, after))
            x += 140
        return "".join(parts)

    direct = way(
        0,
        [(kernel, found.in_channels, found.out_channels, found.direct, _PLAIN)],
        t("reduction.direct"),
    )
    through = way(
        290,
        [
            ("1×1", found.in_channels, found.reduced, found.squeeze, _TINT),
            (kernel, found.reduced, found.out_channels, found.after, _STRONG),
        ],
        t("reduction.through"),
    )
    one = svg.svg(200, 190, direct, t("reduction.direct"))
    moved = f'<g transform="translate(-290 0)">{through}</g>'
    two = svg.svg(330, 190, moved, t("reduction.through"))
    return f'<div class="way-direct">{one}</div><div class="way-through">{two}</div>'


def bars(found: Detour, t: Words) -> str:
    """Weights and multiply-adds, each pair on one scale from 0."""
    parts = []
    direct_macs, through_macs = found.macs
    squeeze_macs = found.squeeze * found.side**2
    for key, direct, squeeze, through in (
        ("weights", found.direct, found.squeeze, found.through),
        ("macs", direct_macs, squeeze_macs, through_macs),
    ):
        most = max(direct, through)
        parts.append(
            f'<section data-of="{key}"><h3>{html.escape(t(f"reduction.of_{key}"))}</h3>'
            + _row(t("reduction.direct"), [(direct, "plain")], most, t)
            + _row(
                t("reduction.through"),
                [(squeeze, "squeeze"), (through - squeeze, "behind")],
                most,
                t,
            )
            + "</section>"
        )
    kernel = f"{found.kernel}×{found.kernel}"
    key_row = (
        f'<div class="key"><span class="plain">{kernel}: {found.in_channels} → {found.out_channels}'
        f'</span><span class="squeeze">1×1: {found.in_channels} → {found.reduced}</span>'
        f'<span class="behind">{kernel}: {found.reduced} → {found.out_channels}</span></div>'
    )
    return f'<div class="reduction-bars">{"".join(parts)}{key_row}</div>'


def _row(name: str, pieces: list[tuple[int, str]], most: int, t: Words) -> str:
    total = sum(value for value, _ in pieces)
    drawn = "".join(
        f'<b class="{kind}" style="width:{value / most:.3%}" title="{whole(value)}"></b>'
        for value, kind in pieces
    )
    number = whole(total) if total < 1e7 else short(total, t)
    return (
        f'<div class="row"><span>{html.escape(name)}</span><i>{drawn}</i>'
        f'<em title="{whole(total)}">{number}</em></div>'
    )


def curve(found: Detour, most: int, spot: tuple[int, int] | None, t: Words) -> str:
    """Weights over the number of reduced channels, from 1 to all; the direct way is a line."""
    left, right, top, bottom = 76.0, 660.0, 26.0, 216.0
    all_of = found.in_channels
    per_channel = found.in_channels + found.kernel**2 * found.out_channels
    highest = max(found.direct, per_channel * all_of) * 1.08

    def x(reduced: float) -> float:
        return left + (right - left) * reduced / all_of

    def y(weights: float) -> float:
        return bottom - (bottom - top) * weights / highest

    parts = []
    if spot is not None:
        low, high = (x(min(value, all_of)) for value in spot)
        parts.append(svg.box(low, top, max(high - low, 2), bottom - top, _BAND, radius=0))
        parts.append(svg.text(low, top - 8, t("reduction.googlenet"), 13, "start", soft=True))
    parts += [
        f'<path d="M{left} {top} V{bottom} H{right}" fill="none" stroke="var(--line)"/>',
        f'<path d="M{left} {y(found.direct):g} H{right}" stroke="{_PLAIN}" stroke-width="2"'
        ' stroke-dasharray="6 4"/>',
        svg.text(right, y(found.direct) - 7, t("reduction.direct"), 13, "end", soft=True),
        f'<path d="M{x(0):g} {bottom} L{x(all_of):g} {y(per_channel * all_of):g}" fill="none"'
        f' stroke="{_STRONG}" stroke-width="2.5"/>',
        svg.text(left - 8, y(found.direct) + 5, short(found.direct, t), 13, "end", soft=True),
        svg.text(left, bottom + 20, "0", 13, soft=True),
        svg.text(right, bottom + 20, f"{all_of:,}", 13, soft=True),
        svg.text((left + right) / 2, bottom + 40, t("reduction.axis"), 14, soft=True),
    ]
    if 0 < most < all_of:
        parts.append(
            f'<path d="M{x(most):g} {y(found.direct):g} V{bottom}" stroke="{_PLAIN}"'
            ' stroke-dasharray="2 3"/>'
        )
        parts.append(svg.text(x(most), bottom + 20, f"{most:,}", 13, soft=True))
    if found.reduced <= all_of:
        parts.append(
            f'<circle cx="{x(found.reduced):g}" cy="{y(found.through):g}" r="7" fill="{_STRONG}"'
            ' stroke="var(--surface)" stroke-width="2"/>'
        )
        # Above the line on its left part, left of it near its end.
        near_end = found.reduced > all_of * 0.75
        parts.append(
            svg.text(
                x(found.reduced) - 10 if near_end else max(x(found.reduced) - 4, left + 6),
                y(found.through) - 14,
                f"{found.reduced:,}: {whole(found.through)}",
                14,
                "end" if near_end else "start",
                bold=True,
            )
        )
    drawn = svg.svg(690, bottom + 48, "".join(parts), t("reduction.spot_title"))
    return f'<div class="curve">{drawn}</div>'


def _spot_words(found: Detour, most: int, spot: tuple[int, int] | None, t: Words) -> str:
    kept = min(found.reduced, found.in_channels)
    words = t(
        "reduction.spot",
        most=most,
        kept=kept,
        all=found.in_channels,
        share=percent(kept / found.in_channels),
    )
    if most < 1:
        words = t("reduction.never")
    if spot is not None:
        low, high = spot
        words += " " + t(
            "reduction.spot_googlenet",
            low=low,
            high=high,
            kernel=f"{found.kernel}×{found.kernel}",
            all=found.in_channels,
        )
    return words
