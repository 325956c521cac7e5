"""A setting C x d: its weight matrix, its cost beside ResNet's block, and the paper's errors."""

from __future__ import annotations

import html
import math

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, short, signed, whole
from demo.text import Words
from demo.topics.residual.records import Cardinality, Setting

_SIDE = 250.0
_TYPE = 19.0
_STRONG = family_var("resnext")


def explorer(found: Cardinality, t: Words) -> str:
    """Everything about one setting: its matrix, its costs, its published errors."""
    one = found.setting
    return (
        f'<div class="explorer" data-parameters="{one.parameters}" data-macs="{one.macs}"'
        f' data-network="{found.network}"><section class="matrix">'
        f"<h4>{html.escape(t('residual.matrix_title'))}</h4>{matrix(one, t)}"
        f'<p class="hint">{html.escape(_matrix_words(one, t))}</p></section>'
        f"<section><h4>{html.escape(t('residual.cost_of', setting=_name(one)))}</h4>"
        f"{costs(found, t)}</section>"
        f'<section class="errors"><h4>{html.escape(t("residual.errors_title"))}</h4>'
        f"{chart(found, t)}</section></div>"
    )


def sentence(found: Cardinality, t: Words) -> str:
    """What the setting costs, and what the paper measured of it."""
    words = t(
        "residual.cardinality_say",
        c=found.setting.cardinality,
        d=found.setting.width,
        weights=whole(found.setting.parameters),
        change=signed(100 * found.change, 1),
    )
    return t.sentences(html.escape(words), _error_words(found, t))


def _name(one: Setting) -> str:
    return f"{one.cardinality} × {one.width}d"


def matrix(found: Setting, t: Words) -> str:
    """The grouped convolution's weights, rows out and columns in: a square for each path."""
    each = _SIDE / found.cardinality
    gap = min(1.2, each * 0.12)
    squares = "".join(
        svg.box(
            30 + i * each + gap / 2,
            30 + i * each + gap / 2,
            each - gap,
            each - gap,
            _STRONG if i % 2 == 0 else family_tint("resnext", 0.55),
            t("residual.square_tip", number=i + 1, weights=9 * found.width**2),
            radius=min(3, each / 6),
        )
        for i in range(found.cardinality)
    )
    wide = found.group_width
    frame = svg.box(
        30, 30, _SIDE, _SIDE, "var(--surface-soft)", t("residual.zeros_tip"), 'stroke="var(--line)"'
    )
    words = (
        svg.text(30 + _SIDE / 2, 19, t("residual.matrix_in", channels=wide), _TYPE, soft=True)
        + f'<g transform="translate(18 {30 + _SIDE / 2:g}) rotate(-90)">'
        + svg.text(0, 4, t("residual.matrix_out", channels=wide), _TYPE, soft=True)
        + "</g>"
    )
    label = t("residual.matrix_alt", c=found.cardinality, d=found.width)
    return svg.svg(290, 290, frame + squares + words, label)


def _matrix_words(found: Setting, t: Words) -> str:
    if found.cardinality == 1:
        return t("residual.matrix_full", wide=found.group_width)
    return t(
        "residual.matrix_share",
        c=found.cardinality,
        d=found.width,
        weights=whole(found.weights[1]),
        full=whole(found.full),
    )


def costs(found: Cardinality, t: Words) -> str:
    """Pairs of bars from 0, this setting above the reference: block, 3x3, multiply-adds, network.

    The first pair is cut into the layers.
    """
    pair = (found.setting, found.reference)
    rows = (
        ("weights", [one.parameters for one in pair], [whole(one.parameters) for one in pair]),
        ("group_width", [one.group_width for one in pair], [str(one.group_width) for one in pair]),
        ("macs", [one.macs for one in pair], [short(one.macs, t) for one in pair]),
        (
            "network",
            [found.network, found.reference_network],
            [whole(found.network), whole(found.reference_network)],
        ),
    )
    parts = []
    for row, values, numbers in rows:
        bars = []
        for one, value, number, kind in zip(pair, values, numbers, ("this", "other"), strict=True):
            inside = _layers(one) if row == "weights" else ""
            bars.append(
                f'<div class="stack {kind}"><span>{_name(one)}</span><i>'
                f'<u style="width:{value / max(values):.2%}">{inside}</u></i>'
                f"<em>{number}</em></div>"
            )
        key = _layer_key() if row == "weights" else ""
        parts.append(
            f'<div class="cost-pair" data-row="{row}"><p>{html.escape(t(f"residual.row_{row}"))}'
            f"{key}</p>{''.join(bars)}</div>"
        )
    return f'<div class="stacks">{"".join(parts)}</div>'


def _layers(one: Setting) -> str:
    return "".join(
        f'<b class="layer{index}" style="flex:{weights}" title="{layer}: {whole(weights)}"></b>'
        for index, (layer, weights) in enumerate(
            zip(("1×1", "3×3", "1×1"), one.weights, strict=True)
        )
    )


def _layer_key() -> str:
    spans = "".join(
        f'<span class="layer{index}">{layer}</span>'
        for index, layer in enumerate(("1×1", "3×3", "1×1"))
    )
    return f'<span class="key">{spans}</span>'


def chart(found: Cardinality, t: Words) -> str:
    """Published errors over C (logarithmic); the chosen C is a line without an error."""
    left, right, top, bottom = 44.0, 310.0, 34.0, 244.0
    low, high = 21.0, 24.2

    def x(c: float) -> float:
        return left + 16 + (right - left - 32) * math.log2(c) / 5

    def y(error: float) -> float:
        return bottom - (bottom - top) * (error - low) / (high - low)

    parts = []
    for tick in (21, 22, 23, 24):
        parts.append(
            f'<path d="M{left} {y(tick):g} H{right}" stroke="var(--line)" stroke-width="1"/>'
        )
        parts.append(svg.text(left - 8, y(tick) + 6, f"{tick}", _TYPE, "end", soft=True))
    for c in (1, 2, 4, 8, 16, 32):
        parts.append(svg.text(x(c), bottom + 24, str(c), _TYPE, soft=True))
    parts.append(svg.text((left + right) / 2, bottom + 50, t("residual.axis_c"), _TYPE, soft=True))
    parts.append(svg.text(4, 17, t("residual.axis_error"), _TYPE, "start", soft=True))
    here = x(found.setting.cardinality)
    parts.append(
        f'<path d="M{here:g} {top} V{bottom}" stroke="var(--ink)" stroke-width="1.6"'
        ' stroke-dasharray="5 4"/>'
    )
    for which, depth in ((0, 50), (1, 101)):
        colour = _STRONG if which == 0 else family_tint("resnext", 0.35)
        points = [
            (x(c), y(pair[which]), c, d, pair[which]) for (c, d), pair in found.errors.items()
        ]
        line = " L".join(f"{px:g} {py:g}" for px, py, *_ in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for px, py, c, d, error in points:
            chosen = (c, d) == (found.setting.cardinality, found.setting.width)
            tip = t("residual.error_tip", c=c, d=d, depth=depth, error=error)
            parts.append(
                f'<circle cx="{px:g}" cy="{py:g}" r="{8 if chosen else 5}" fill="{colour}"'
                f' stroke="var(--surface)" stroke-width="2"><title>{html.escape(tip)}</title>'
                "</circle>"
            )
        last = points[-1]
        parts.append(
            svg.text(last[0] + 14, last[1] + 6, t("residual.layers", count=depth), _TYPE, "start")
        )
    return svg.svg(418, bottom + 58, "".join(parts), t("residual.errors_title"))


def _error_words(found: Cardinality, t: Words) -> str:
    c, d = found.setting.cardinality, found.setting.width
    if found.error is None:
        words = t("residual.not_measured", c=c, d=d)
        return f'<span class="error-words" data-measured="no">{html.escape(words)}</span>'
    fifty, hundred = found.error
    words = t("residual.measured", c=c, d=d, fifty=fifty, hundred=hundred)
    return f'<span class="error-words" data-measured="yes">{html.escape(words)}</span>'
