"""The paper's Fig. 3 as small diagrams, and how far apart their outputs are on the photo."""

from __future__ import annotations

import html

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var
from demo.text import Words
from demo.topics.residual.records import Forms

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
NAMES = ("paths", "early", "grouped")
WIDTH, HEIGHT = 350.0, 200.0
_TYPE = 19.0
_LANES = (26.0, 78.0, 174.0)
_DOTS = 132.0
_MIDDLE = 100.0
_STRONG = family_var("resnext")
_TINT = family_tint("resnext", 0.1)


def scientific(value: float) -> str:
    """4.8e-07 -> "4.8 × 10⁻⁷"; 0 -> "0"."""
    if value == 0:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def forms(cardinality: int, path_width: int, t: Words) -> str:
    """Three diagrams of a block of so many paths with so many channels each."""
    cells = "".join(
        f'<figure data-form="{name}"><h4>{html.escape(t(f"residual.form_{name}"))}</h4>'
        f"{diagram(name, cardinality, path_width, t)}"
        f"<figcaption>{html.escape(t(f'residual.note_{name}', c=cardinality))}"
        "</figcaption></figure>"
        for name in NAMES
    )
    return f'<div class="forms">{cells}</div>'


def diagram(name: str, cardinality: int, path_width: int, t: Words) -> str:
    """One of the three forms `NAMES`."""
    draw = {"paths": _paths, "early": _early, "grouped": _grouped}[name]
    parts = [
        svg.text(8, _MIDDLE + 6, "x", 21, bold=True),
        *draw(cardinality, path_width),
        svg.text(339, _MIDDLE + 6, "F", 21, bold=True),
    ]
    return svg.svg(WIDTH, HEIGHT, "".join(parts), t(f"residual.form_{name}"))


def differences(found: Forms, t: Words) -> str:
    """The largest differences of each pair, beside the largest value."""
    head = "".join(
        f'<th scope="col">{html.escape(words)}</th>'
        for words in (
            *("(a) ↔ (b)", "(a) ↔ (c)", "(b) ↔ (c)"),
            t("residual.largest_value"),
        )
    )
    rows = "".join(
        f'<tr><th scope="row">{html.escape(t(f"residual.head_{name}"))}</th>'
        + "".join(f"<td>{scientific(value)}</td>" for value in values)
        + f"<td>{largest:.2f}</td></tr>"
        for name, values, largest in (
            ("forward", found.forward, found.forward_scale),
            ("gradient", found.gradient, found.gradient_scale),
        )
    )
    return (
        f'<div class="differences"><table><thead><tr><th scope="col">'
        f"{html.escape(t('residual.head_pair'))}</th>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )


def sentence(found: Forms, t: Words) -> str:
    """How far apart the three are."""
    words = t(
        "residual.forms_say",
        forward=scientific(found.largest),
        gradient=scientific(found.largest_gradient),
    )
    return (
        f'<span class="result" data-largest="{found.largest:.3e}"'
        f' data-gradient="{found.largest_gradient:.3e}">{html.escape(words)}</span>'
    )


def _layer(x: float, y: float, width: float, words: str, strong: bool = False) -> str:
    fill = _STRONG if strong else _TINT
    return svg.box(x, y - 17, width, 34, fill) + svg.text(
        x + width / 2, y + 7, words, _TYPE, fill="var(--surface)" if strong else ""
    )


def _lanes(cardinality: int, path_width: int) -> list[str]:
    parts = []
    for y in _LANES:
        parts.append(svg.arrow([(20, _MIDDLE), (34, y)]))
        parts.append(_layer(36, y, 82, f"1×1, {path_width}"))
        parts.append(svg.arrow([(118, y), (129, y)]))
        parts.append(_layer(131, y, 82, f"3×3, {path_width}", strong=True))
    parts.append(svg.text(125, _DOTS, f"⋮  C = {cardinality}", _TYPE, soft=True))
    return parts


def _paths(cardinality: int, path_width: int) -> list[str]:
    parts = _lanes(cardinality, path_width)
    for y in _LANES:
        parts.append(svg.arrow([(213, y), (224, y)]))
        parts.append(_layer(226, y, 46, "1×1"))
        parts.append(svg.arrow([(272, y), (291, _MIDDLE + (y - _MIDDLE) * 0.12)]))
    return [*parts, svg.plus(305, _MIDDLE, 13), svg.arrow([(319, _MIDDLE), (329, _MIDDLE)])]


def _early(cardinality: int, path_width: int) -> list[str]:
    return [
        *_lanes(cardinality, path_width),
        *(svg.arrow([(213, y), (228, y)]) for y in _LANES),
        svg.bracket(238, _LANES[0] - 17, _LANES[-1] + 17),
        svg.arrow([(240, _MIDDLE), (254, _MIDDLE)]),
        _layer(256, _MIDDLE, 48, "1×1"),
        svg.arrow([(304, _MIDDLE), (328, _MIDDLE)]),
    ]


def _grouped(cardinality: int, path_width: int) -> list[str]:
    wide, count = cardinality * path_width, min(cardinality, 16)
    each = 152 / count
    return [
        svg.arrow([(20, _MIDDLE), (32, _MIDDLE)]),
        _layer(34, _MIDDLE, 92, f"1×1, {wide}"),
        svg.arrow([(126, _MIDDLE), (138, _MIDDLE)]),
        *(
            svg.box(140, _MIDDLE - 76 + each * i, 92, each - 1.6, _STRONG, radius=1.5)
            for i in range(count)
        ),
        svg.box(142, _MIDDLE - 16, 88, 32, "var(--surface)"),
        svg.text(186, _MIDDLE + 7, f"3×3, {wide}", _TYPE, bold=True),
        svg.arrow([(232, _MIDDLE), (244, _MIDDLE)]),
        _layer(246, _MIDDLE, 48, "1×1"),
        svg.arrow([(294, _MIDDLE), (328, _MIDDLE)]),
    ]
