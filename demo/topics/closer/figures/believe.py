"""Deletion and insertion of each network: two small charts, and the areas under their curves."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.style import counted
from demo.text import Words
from demo.topics.closer.figures.methods import method_name
from demo.topics.closer.records.maps import Method
from demo.topics.closer.records.trials import ORDERS, Curve, Faithfulness

WIDE, HIGH = 200, 100
"""Of a chart's own units, which are stretched to the room there is."""


def trial(found: Faithfulness, t: Words) -> str:
    """One network's charts and areas."""
    charts = "".join(_chart(found, measure, t) for measure in ("deletion", "insertion"))
    return f'<div class="believe">{charts}{_areas(found, t)}</div>'


def _chart(found: Faithfulness, measure: str, t: Words) -> str:
    lines = "".join(
        f'<polyline class="order-{one.order}" points="{_points(getattr(one, measure))}"/>'
        for one in reversed(found.trials)
    )
    area = getattr(found.trial("map"), measure).area
    alt = t(f"closer.measure_alt.{measure}", area=f"{area:.2f}")
    return (
        f"<figure><figcaption>{html.escape(t(f'closer.measure.{measure}'))}</figcaption>"
        f'<svg viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" role="img"'
        f' aria-label="{html.escape(alt, quote=True)}">'
        f'<path class="axis" d="M0 0V{HIGH}H{WIDE}"/>{lines}</svg></figure>'
    )


def _points(curve: Curve) -> str:
    return " ".join(
        f"{WIDE * share:.1f},{HIGH * (1 - value):.1f}"
        for share, value in zip(curve.fractions, curve.probabilities, strict=True)
    )


def _areas(found: Faithfulness, t: Words) -> str:
    least = min(one.deletion.area for one in found.trials)
    most = max(one.insertion.area for one in found.trials)
    rows = []
    for order in ORDERS:
        one = found.trial(order)
        cells = "".join(
            f'<td{" class=best" if area == best else ""} data-{name}="{area:.4f}">{area:.2f}</td>'
            for name, area, best in (
                ("deletion", one.deletion.area, least),
                ("insertion", one.insertion.area, most),
            )
        )
        rows.append(f'<tr><th scope="row">{_named(order, t)}</th>{cells}</tr>')
    head = "".join(
        f'<th scope="col">{html.escape(t(f"closer.area_{one}"))}</th>'
        for one in ("deletion", "insertion")
    )
    corner = html.escape(t("closer.area"))
    return (
        f'<table><thead><tr><th scope="col">{corner}</th>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>"
    )


def legend(t: Words) -> str:
    """The orders' lines by name, once for all networks: where a column has no room for names."""
    return f'<p class="orders">{"".join(f"<span>{_named(one, t)}</span>" for one in ORDERS)}</p>'


def _named(order: str, t: Words) -> str:
    line = f'<polyline class="order-{order}" points="0,3 24,3"/>'
    name = html.escape(t(f"closer.order.{order}"))
    return f'<svg viewBox="0 0 24 6" aria-hidden="true">{line}</svg><span>{name}</span>'


def sentence(found: Sequence[tuple[str, Faithfulness]], method: Method, t: Words) -> str:
    """For how many networks the map beats each decoy by both measures, and where these disagree."""
    count = counted(len(found), t)
    wins = {order: counted(sum(one.wins(order) for _, one in found), t) for order in ORDERS[1:]}
    words = [t("closer.believe_say", method=method_name(method, t), count=count, **wins)]
    split = sum(one.disagrees("edges") for _, one in found)
    if split:
        words.append(t("closer.believe_split", split=counted(split, t)))
    return t.sentences(*words)
