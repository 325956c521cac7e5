"""The paper's Fig. 3 as small diagrams, and how far apart their outputs are on the photo."""

from __future__ import annotations

import html

from demo.figures import svg
from demo.figures.style import family_tint, family_var
from demo.records.residual import Forms
from demo.text import Words

_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WIDTH, HEIGHT = 320.0, 156.0
_LANES = (26.0, 66.0, 130.0)
_DOTS = 98.0
_MIDDLE = 78.0
_STRONG = family_var("resnext")
_TINT = family_tint("resnext", 0.1)


def scientific(value: float) -> str:
    """4.8e-07 -> "4.8 × 10⁻⁷"; 0 -> "0"."""
    if value == 0:
        return "0"
    digits, _, exponent = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def forms(found: Forms, t: Words) -> str:
    """Three diagrams."""
    cells = "".join(
        f'<figure data-form="{name}"><h4>{html.escape(t(f"residual.form_{name}"))}</h4>{drawn}'
        f"<figcaption>{html.escape(t(f'residual.note_{name}', c=found.cardinality))}"
        "</figcaption></figure>"
        for name, drawn in (
            ("paths", _paths(found, t)),
            ("early", _early(found, t)),
            ("grouped", _grouped(found, t)),
        )
    )
    return f'<div class="forms">{cells}</div>'


def differences(found: Forms, t: Words) -> str:
    """The largest differences of each pair, beside the largest value."""
    pairs = (("paths", "early"), ("paths", "grouped"), ("early", "grouped"))
    rows = "".join(
        f'<tr><th scope="row">{html.escape(t(f"residual.form_{a}"))} '
        f"↔ {html.escape(t(f'residual.form_{b}'))}</th>"
        f"<td>{scientific(forward)}</td><td>{scientific(gradient)}</td></tr>"
        for (a, b), forward, gradient in zip(pairs, found.forward, found.gradient, strict=True)
    )
    scale = (
        f'<tr class="scale"><th scope="row">{html.escape(t("residual.largest_value"))}</th>'
        f"<td>{found.forward_scale:.2f}</td><td>{found.gradient_scale:.2f}</td></tr>"
    )
    head = "".join(
        f'<th scope="col">{html.escape(t(f"residual.head_{name}"))}</th>'
        for name in ("pair", "forward", "gradient")
    )
    return (
        f'<div class="differences"><table><thead><tr>{head}</tr></thead><tbody>{rows}{scale}'
        "</tbody></table></div>"
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
    return svg.box(x, y - 13, width, 26, fill) + svg.text(
        x + width / 2, y + 5, words, 13, fill="var(--surface)" if strong else ""
    )


def _frame(body: list[str], name: str, t: Words) -> str:
    parts = [svg.text(10, _MIDDLE + 5, "x", 16, bold=True), *body]
    parts.append(svg.text(306, _MIDDLE + 5, "F", 16, bold=True))
    return svg.svg(WIDTH, HEIGHT, "".join(parts), t(f"residual.form_{name}"))


def _lanes(found: Forms, ends: bool) -> list[str]:
    d, parts = found.path_width, []
    for y in _LANES:
        parts.append(svg.arrow([(20, _MIDDLE), (40, y)]))
        parts.append(_layer(42, y, 62, f"1×1, {d}"))
        parts.append(svg.arrow([(104, y), (120, y)]))
        parts.append(_layer(122, y, 62, f"3×3, {d}", strong=True))
        if ends:
            parts.append(svg.arrow([(184, y), (198, y)]))
            parts.append(_layer(200, y, 42, "1×1"))
    parts.append(svg.text(112, _DOTS + 4, f"⋮  C = {found.cardinality}", 14, soft=True))
    return parts


def _paths(found: Forms, t: Words) -> str:
    body = _lanes(found, ends=True)
    body += [svg.arrow([(242, y), (262, _MIDDLE + (y - _MIDDLE) * 0.12)]) for y in _LANES]
    body += [svg.plus(276, _MIDDLE, 12), svg.arrow([(289, _MIDDLE), (300, _MIDDLE)])]
    return _frame(body, "paths", t)


def _early(found: Forms, t: Words) -> str:
    body = _lanes(found, ends=False)
    body += [svg.arrow([(184, y), (204, y)]) for y in _LANES]
    body.append(svg.bracket(214, 14, 142))
    body.append(svg.arrow([(216, _MIDDLE), (232, _MIDDLE)]))
    body.append(_layer(234, _MIDDLE, 48, "1×1"))
    body.append(svg.arrow([(282, _MIDDLE), (298, _MIDDLE)]))
    return _frame(body, "early", t)


def _grouped(found: Forms, t: Words) -> str:
    wide = found.cardinality * found.path_width
    body = [
        svg.arrow([(20, _MIDDLE), (38, _MIDDLE)]),
        _layer(40, _MIDDLE, 74, f"1×1, {wide}"),
        svg.arrow([(114, _MIDDLE), (130, _MIDDLE)]),
    ]
    stripes = min(found.cardinality, 16)
    each = 116 / stripes
    body += [
        svg.box(132, 20 + i * each + 0.8, 78, max(each - 1.6, 1), _STRONG, radius=1.5)
        for i in range(stripes)
    ]
    body += [
        svg.box(136, _MIDDLE - 13, 70, 26, "var(--surface)"),
        svg.text(171, _MIDDLE + 5, f"3×3, {wide}", 13, bold=True),
        svg.arrow([(210, _MIDDLE), (226, _MIDDLE)]),
        _layer(228, _MIDDLE, 48, "1×1"),
        svg.arrow([(276, _MIDDLE), (298, _MIDDLE)]),
    ]
    return _frame(body, "grouped", t)
