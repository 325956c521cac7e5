"""What a 1x1 convolution saves: both ways as a diagram and bars to scale, and the sweet spot."""

from __future__ import annotations

import html

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, percent, short, whole
from demo.text import Words
from demo.topics.reduction.records import Detour

_STRONG = family_var("inception")
_PLAIN = family_var("other")
_TINT = family_tint("inception", 0.2)
_BAND = "color-mix(in oklab, var(--family-inception) 14%, var(--page))"
_LIGHT = "color-mix(in oklab, var(--family-other) 35%, var(--surface))"


_TYPE = 19.0


def calculator(found: Detour, most: int, spot: tuple[int, int] | None, t: Words) -> str:
    """Diagrams and bars of one set of numbers beside the curve over all reductions.

    Args:
        most: largest number of reduced channels that still saves weights.
        spot: the range that GoogLeNet chose for such a kernel and input, if it has one.
    """
    return (
        f'<div class="calculator" data-direct="{found.direct}" data-through="{found.through}"'
        f' data-ratio="{found.ratio:.4f}"><section>{ways(found, t)}{bars(found, t)}</section>'
        f"<section><h4>{html.escape(t('reduction.spot_title'))}</h4>"
        f"{curve(found, most, spot, t)}"
        f'<p class="hint">{html.escape(_spot_words(found, most, spot, t))}</p></section></div>'
    )


def sentence(found: Detour, t: Words) -> str:
    """What the 1x1 convolution saves, or that it saves nothing."""
    words = t(
        "reduction.saves" if found.saves else "reduction.costs",
        direct=whole(found.direct),
        through=whole(found.through),
        ratio=found.ratio,
    )
    return f'<span class="verdict">{html.escape(words)}</span>'


def ways(found: Detour, t: Words) -> str:
    """Both ways, channels as heights on one scale."""
    scale = 100 / max(found.in_channels, found.reduced, found.out_channels)
    kernel = f"{found.kernel}×{found.kernel}"
    middle = 84.0

    def bar(x: float, channels: int) -> str:
        height = max(channels * scale, 2)
        return svg.box(x, middle - height / 2, 14, height, _LIGHT) + svg.text(
            x + 7, middle + 76, f"{channels:,}", _TYPE, bold=True
        )

    def way(words: str, channels: list[int], steps: list[tuple[str, int, str]]) -> str:
        parts = [svg.text(0, 20, words, _TYPE, "start", bold=True), bar(14, channels[0])]
        x = 32.0
        for (name, weights, colour), before, after in zip(
            steps, channels[:-1], channels[1:], strict=True
        ):
            left, right = max(before * scale, 2), max(after * scale, 2)
            parts.append(svg.arrow([(x, middle), (x + 24, middle)]))
            parts.append(svg.trapezoid(x + 26, middle, 56, left, right, colour, name))
            parts.append(svg.text(x + 54, middle + 76, name, _TYPE, bold=True))
            cost = whole(weights) if weights < 1e7 else short(weights, t)
            parts.append(svg.text(x + 54, middle + 102, cost, _TYPE, soft=True))
            parts.append(svg.arrow([(x + 84, middle), (x + 108, middle)]))
            parts.append(bar(x + 110, after))
            x += 128
        label = t("reduction.way_alt", way=words, channels=" → ".join(map(str, channels)))
        return svg.svg(48 + 128 * len(steps), 192, "".join(parts), label)

    direct = way(
        t("reduction.direct"),
        [found.in_channels, found.out_channels],
        [(kernel, found.direct, _PLAIN)],
    )
    through = way(
        t("reduction.through"),
        [found.in_channels, found.reduced, found.out_channels],
        [("1×1", found.squeeze, _TINT), (kernel, found.after, _STRONG)],
    )
    return f'<div class="ways"><div>{direct}</div><div>{through}</div></div>'


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
            f'<section data-of="{key}"><h4>{html.escape(t(f"reduction.of_{key}"))}</h4>'
            + _row(t("reduction.direct"), [(direct, "plain")], most, t)
            + _row(
                t("reduction.through"),
                [(squeeze, "squeeze"), (through - squeeze, "after")],
                most,
                t,
            )
            + "</section>"
        )
    kernel = f"{found.kernel}×{found.kernel}"
    key_row = (
        f'<div class="key"><span class="plain">{kernel}: {found.in_channels} → {found.out_channels}'
        f'</span><span class="squeeze">1×1: {found.in_channels} → {found.reduced}</span>'
        f'<span class="after">{kernel}: {found.reduced} → {found.out_channels}</span></div>'
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
    left, right, top, bottom = 92.0, 510.0, 44.0, 244.0
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
        parts.append(svg.text(low, top - 10, t("reduction.googlenet"), _TYPE, "start", soft=True))
    parts += [
        f'<path d="M{left} {top} V{bottom} H{right}" fill="none" stroke="var(--line)"/>',
        f'<path d="M{left} {y(found.direct):g} H{right}" stroke="{_PLAIN}" stroke-width="2"'
        ' stroke-dasharray="6 4"/>',
        _direct(x(most), y(found.direct), left, right, t),
        f'<path d="M{x(0):g} {bottom} L{x(all_of):g} {y(per_channel * all_of):g}" fill="none"'
        f' stroke="{_STRONG}" stroke-width="2.5"/>',
        svg.text(left - 8, y(found.direct) + 6, short(found.direct, t), _TYPE, "end", soft=True),
        svg.text(left, bottom + 24, "0", _TYPE, soft=True),
        svg.text((left + right) / 2, bottom + 50, t("reduction.axis"), _TYPE, soft=True),
    ]
    # Its number needs room beside those at the ends, of which the right one gives way.
    if most < 0.86 * all_of or most >= all_of:
        parts.append(svg.text(right, bottom + 24, f"{all_of:,}", _TYPE, "end", soft=True))
    if 0.1 * all_of < most < all_of:
        parts.append(
            f'<path d="M{x(most):g} {y(found.direct):g} V{bottom}" stroke="{_PLAIN}"'
            ' stroke-dasharray="2 3"/>'
        )
        parts.append(svg.text(x(most), bottom + 24, f"{most:,}", _TYPE, soft=True))
    if found.reduced <= all_of:
        parts.append(_here(found, x(found.reduced), y(found.through), y(found.direct), left))
    drawn = svg.svg(520, bottom + 58, "".join(parts), _spot_words(found, most, spot, t))
    return f'<div class="curve">{drawn}</div>'


def _direct(crossing: float, y: float, left: float, right: float, t: Words) -> str:
    """The name of the direct way's line, where the other line is not."""
    if crossing > (left + right) / 2:
        return svg.text(crossing - 60, y - 9, t("reduction.direct"), _TYPE, "end", soft=True)
    return svg.text(right, y + 23, t("reduction.direct"), _TYPE, "end", soft=True)


def _here(found: Detour, x: float, y: float, direct: float, left: float) -> str:
    """The chosen number of channels on the line, with its weights where nothing else is."""
    near_end = found.reduced > found.in_channels * 0.55
    words_at = max(x - 4, left + 6) if not near_end else x - 12
    lower = y - 16
    if abs(lower - direct) < 18 or abs(lower - 18 - direct) < 10:
        lower = direct + 24
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="7" fill="{_STRONG}" stroke="var(--surface)"'
        ' stroke-width="2"/>'
    ) + svg.text(
        words_at,
        lower,
        f"{found.reduced:,}: {whole(found.through)}",
        _TYPE,
        "end" if near_end else "start",
        bold=True,
    )


def _spot_words(found: Detour, most: int, spot: tuple[int, int] | None, t: Words) -> str:
    words = t("reduction.never")
    if most >= 1:
        words = t(
            "reduction.spot",
            most=most,
            kept=found.kept,
            all=found.in_channels,
            share=percent(found.kept_share),
        )
    if spot is None:
        return words
    low, high = spot
    kernel = f"{found.kernel}×{found.kernel}"
    return t.sentences(
        words,
        t("reduction.spot_googlenet", low=low, high=high, kernel=kernel, all=found.in_channels),
    )
