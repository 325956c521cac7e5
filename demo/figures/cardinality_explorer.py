"""A setting C x d: its weight matrix, its cost beside ResNet's block, and the paper's errors."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping

from demo.figures import svg
from demo.figures.style import family_tint, family_var, short, signed, whole
from demo.records.residual import Setting
from demo.text import Words

_SIDE = 250.0
_STRONG = family_var("resnext")
Errors = Mapping[tuple[int, int], tuple[float, float]]


def explorer(
    found: Setting,
    reference: Setting,
    network: int,
    reference_network: int,
    errors: Errors,
    t: Words,
) -> str:
    """Everything about one setting.

    Args:
        reference: the setting to compare with, ResNet's.
        network, reference_network: parameters of the whole 50-layer networks, counted live.
        errors: (C, d) -> published errors in percent with 50 and 101 layers.
    """
    title = f"{found.cardinality} × {found.width}d"
    return (
        f'<div class="explorer" data-parameters="{found.parameters}" data-macs="{found.macs}"'
        f' data-network="{network}"><section><h4>{html.escape(t("residual.matrix_title"))}</h4>'
        f"{matrix(found, t)}<p class='hint'>{html.escape(_matrix_words(found, t))}</p></section>"
        f"<section><h4>{html.escape(t('residual.cost_of', setting=title))}</h4>"
        f"{costs(found, reference, network, reference_network, t)}</section>"
        f"<section class='errors'><h4>{html.escape(t('residual.errors_title'))}</h4>"
        f"{chart(found, errors, t)}</section></div>"
    )


def sentence(found: Setting, reference: Setting, errors: Errors, t: Words) -> str:
    """What the setting costs, and what the paper measured of it."""
    change = (found.parameters - reference.parameters) / reference.parameters * 100
    words = t(
        "residual.cardinality_say",
        c=found.cardinality,
        d=found.width,
        weights=whole(found.parameters),
        change=signed(change, 1),
    )
    return t.sentences(html.escape(words), _error_words(found, errors, t))


def matrix(found: Setting, t: Words) -> str:
    """The grouped convolution's weights, rows out and columns in: a square for each path."""
    each = _SIDE / found.cardinality
    gap = min(1.2, each * 0.12)
    squares = "".join(
        svg.box(
            30 + i * each + gap / 2,
            24 + i * each + gap / 2,
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
        30, 24, _SIDE, _SIDE, "var(--surface-soft)", t("residual.zeros_tip"), 'stroke="var(--line)"'
    )
    words = (
        svg.text(30 + _SIDE / 2, 16, t("residual.matrix_in", channels=wide), 14, soft=True)
        + f'<g transform="translate(18 {24 + _SIDE / 2:g}) rotate(-90)">'
        + svg.text(0, 4, t("residual.matrix_out", channels=wide), 14, soft=True)
        + "</g>"
    )
    label = t("residual.matrix_alt", c=found.cardinality, d=found.width)
    return svg.svg(290, 284, frame + squares + words, label)


def _matrix_words(found: Setting, t: Words) -> str:
    if found.cardinality == 1:
        return t("residual.matrix_full", wide=found.group_width)
    return t(
        "residual.matrix_share",
        c=found.cardinality,
        d=found.width,
        weights=whole(found.weights[1]),
        full=whole(9 * found.group_width**2),
    )


def costs(
    found: Setting, reference: Setting, network: int, reference_network: int, t: Words
) -> str:
    """Bars to scale, this setting above the reference: weights by layer, multiply-adds, network."""
    most = max(found.parameters, reference.parameters)
    names = (
        f"{found.cardinality} × {found.width}d",
        f"{reference.cardinality} × {reference.width}d",
    )
    rows = "".join(
        f'<div class="stack"><span>{name}</span><i style="width:{one.parameters / most:.2%}">'
        + "".join(
            f'<b class="layer{index}" style="flex:{weights}" title="{layer}: {whole(weights)}"></b>'
            for index, (layer, weights) in enumerate(
                zip(("1×1", "3×3", "1×1"), one.weights, strict=True)
            )
        )
        + f"</i><em>{whole(one.parameters)}</em></div>"
        for name, one in zip(names, (found, reference), strict=True)
    )
    numbers = (
        ("weights", whole(found.parameters), whole(reference.parameters)),
        ("group_width", str(found.group_width), str(reference.group_width)),
        ("macs", short(found.macs, t), short(reference.macs, t)),
        ("network", whole(network), whole(reference_network)),
    )
    table = "".join(
        f'<tr data-row="{name}"><th scope="row">{html.escape(t(f"residual.row_{name}"))}</th>'
        f"<td>{here}</td><td>{there}</td></tr>"
        for name, here, there in numbers
    )
    key = "".join(
        f'<span class="layer{index}">{html.escape(layer)}</span>'
        for index, layer in enumerate(("1×1", "3×3", "1×1"))
    )
    return (
        f'<div class="stacks">{rows}<div class="key">{key}</div></div><table class="numbers">'
        f"<thead><tr><td></td><th scope='col'>{names[0]}</th><th scope='col'>{names[1]}</th></tr>"
        f"</thead><tbody>{table}</tbody></table>"
    )


def chart(found: Setting, errors: Errors, t: Words) -> str:
    """Published errors over C (logarithmic); the chosen C is a line without an error."""
    left, right, top, bottom = 44.0, 300.0, 22.0, 214.0
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
        parts.append(svg.text(left - 8, y(tick) + 5, f"{tick}", 13, "end", soft=True))
    for c in (1, 2, 4, 8, 16, 32):
        parts.append(svg.text(x(c), bottom + 20, str(c), 13, soft=True))
    parts.append(svg.text((left + right) / 2, bottom + 42, t("residual.axis_c"), 13, soft=True))
    parts.append(svg.text(left - 30, 13, t("residual.axis_error"), 13, "start", soft=True))
    here = x(found.cardinality)
    parts.append(
        f'<path d="M{here:g} {top} V{bottom}" stroke="var(--ink)" stroke-width="1.6"'
        ' stroke-dasharray="5 4"/>'
    )
    for which, depth in ((0, 50), (1, 101)):
        colour = _STRONG if which == 0 else family_tint("resnext", 0.35)
        points = [(x(c), y(pair[which]), c, d, pair[which]) for (c, d), pair in errors.items()]
        line = " L".join(f"{px:g} {py:g}" for px, py, *_ in points)
        parts.append(f'<path d="M{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for px, py, c, d, error in points:
            chosen = (c, d) == (found.cardinality, found.width)
            tip = t("residual.error_tip", c=c, d=d, depth=depth, error=error)
            parts.append(
                f'<circle cx="{px:g}" cy="{py:g}" r="{8 if chosen else 5}" fill="{colour}"'
                f' stroke="var(--surface)" stroke-width="2"><title>{html.escape(tip)}</title>'
                "</circle>"
            )
        last = points[-1]
        parts.append(
            svg.text(last[0] + 10, last[1] - 8, t("residual.layers", count=depth), 13, "start")
        )
    return svg.svg(400, bottom + 50, "".join(parts), t("residual.errors_title"))


def _error_words(found: Setting, errors: Errors, t: Words) -> str:
    pair = errors.get((found.cardinality, found.width))
    if pair is None:
        words = t("residual.not_measured", c=found.cardinality, d=found.width)
        return f'<span class="error-words" data-measured="no">{html.escape(words)}</span>'
    words = t(
        "residual.measured", c=found.cardinality, d=found.width, fifty=pair[0], hundred=pair[1]
    )
    return f'<span class="error-words" data-measured="yes">{html.escape(words)}</span>'
