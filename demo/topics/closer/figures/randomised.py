"""Maps while a network forgets: a strip of one method's, above a line for each method."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence

from demo.drawing.style import listed
from demo.text import Words
from demo.topics.closer.figures.maps import fullest, signed_overlay
from demo.topics.closer.figures.methods import Progress
from demo.topics.closer.records.sanity import PROBES, Cascade, Probe, unchanged

HIGH = 100
"""Of the chart's own units, which are stretched to the room there is."""
LEAST = -0.4
"""Correlation at the chart's bottom, unless one falls further."""
_SHARP: tuple[Probe, ...] = ("guided", "saliency", "integrated", "edges")

Found = Mapping[Probe, Cascade | Progress]
"""Those that are drawn; the others are when they are chosen."""


def panel(found: Found, chosen: Probe, name: str, ratio: float, t: Words) -> str:
    """The strip of the chosen method, and the lines of all that are done.

    Args:
        name: the class as readers call it.
        ratio: width / height of the photo that an element around gives (`heat.photo_once`).
    """
    mine = found[chosen]
    strip = _strip(mine, name, ratio, t) if isinstance(mine, Cascade) else _under_way(mine, t)
    return (
        f'<div class="forgets"><div class="beside">{strip}{_chart(found, chosen, t)}</div>'
        f"{_lines(found, chosen, name, t)}</div>"
    )


def sentence(found: Sequence[Cascade], chosen: Probe, title: str, t: Words) -> str:
    """Whether the chosen map has followed the network, and which did not."""
    mine = next(one for one in found if one.probe == chosen)
    values = {"method": probe_name(chosen, t), "title": title, "end": number(mine.end)}
    words = [t("closer.forgot" if mine.changed else "closer.forgot_not", **values)]
    others = [one for one in unchanged(tuple(found)) if one.probe not in (chosen, "edges")]
    if others:
        names = listed([_with_number(one, t) for one in others], t)
        words.append(t("closer.forgot_others", methods=names))
    elif chosen != "edges" and mine.changed:
        words.append(t("closer.forgot_edges"))
    return t.sentences(*words)


def probe_name(probe: Probe, t: Words) -> str:
    """What a method is called."""
    return t(f"closer.method.{probe}")


def number(value: float) -> str:
    """Two digits, with a true minus sign."""
    size = f"{abs(value):.2f}"
    return f"−{size}" if value < 0 and float(size) else size


def _with_number(one: Cascade, t: Words) -> str:
    return t("closer.with_number", method=probe_name(one.probe, t), end=number(one.end))


def _strip(found: Cascade, name: str, ratio: float, t: Words) -> str:
    tiles = []
    for place, one in enumerate(found.stages):
        part = t(f"closer.part.{one.part}") if one.part else t("closer.part.none")
        caption = t("closer.part_too", part=part) if place > 1 else part
        method = probe_name(found.probe, t)
        alt = t("closer.forgot_alt", method=method, name=name, part=part)
        scale = fullest(one.raw, found.probe in _SHARP) or 1.0
        drawn = signed_overlay(one.raw / scale, found.seen, alt, ratio)
        tiles.append(
            f'<figure data-part="{one.part}" data-correlation="{one.correlation:.4f}">{drawn}'
            f"<small><b>{html.escape(caption)}</b><em>{number(one.correlation)}</em></small>"
            "</figure>"
        )
    return f'<div class="strip" style="--parts:{len(tiles)}">{"".join(tiles)}</div>'


def _under_way(at: Progress, t: Words) -> str:
    words = t("closer.step", done=at.done, total=at.total) if at.total else t("closer.waiting")
    bar = f'<progress max="{at.total}" value="{at.done}"></progress>' if at.total else ""
    return (
        f'<div class="strip under-way"><p>{html.escape(words)}</p>{bar}'
        f'<p class="when-stopped">{html.escape(t("closer.stopped"))}</p></div>'
    )


def _chart(found: Found, chosen: Probe, t: Words) -> str:
    done = [one for one in found.values() if isinstance(one, Cascade)]
    values = [stage.correlation for one in done for stage in one.stages]
    low = min([LEAST, *values])

    def high(value: float) -> float:
        return HIGH * (1 - value) / (1 - low)

    # The chosen one lies upon the others.
    lines = "".join(
        f'<polyline class="{_line(one.probe, chosen)}" points="{_points(one, high)}"/>'
        for one in sorted(done, key=lambda one: one.probe == chosen)
    )
    label = html.escape(t("closer.forgot_chart"), quote=True)
    marks = "".join(
        f'<b style="top:{high(value):.2f}%">{words}</b>' for value, words in ((1, "1"), (0, "0"))
    )
    wide = 2 * max((len(one.stages) for one in done), default=2)
    return (
        f'<div class="correlations">{marks}<svg viewBox="0 0 {wide} {HIGH}"'
        f' preserveAspectRatio="none" role="img" aria-label="{label}">'
        f'<path class="axis" d="M0 0H{wide}M0 {high(0):.1f}H{wide}"/>{lines}</svg></div>'
    )


def _points(found: Cascade, high: Callable[[float], float]) -> str:
    # Each under the middle of its map.
    return " ".join(
        f"{2 * place + 1},{high(stage.correlation):.1f}" for place, stage in enumerate(found.stages)
    )


def _lines(found: Found, chosen: Probe, name: str, t: Words) -> str:
    """What is asked, and every method by name with its line and where it ends, the most alike
    first.
    """

    def ends(probe: Probe) -> float:
        one = found.get(probe)
        return -one.end if isinstance(one, Cascade) else 2.0

    rows = []
    for probe in sorted(PROBES, key=ends):
        one = found.get(probe)
        if isinstance(one, Cascade):
            value = f'<em data-end="{probe}">{number(one.end)}</em>'
        else:
            value = f"<em>{_how_far(one, t)}</em>"
        here = ' aria-current="true"' if probe == chosen else ""
        rows.append(
            f'<li{here}><svg viewBox="0 0 24 6" aria-hidden="true"><polyline'
            f' class="{_line(probe, chosen)}" points="0,3 24,3"/></svg>'
            f"<span>{html.escape(probe_name(probe, t))}</span>{value}</li>"
        )
    head = html.escape(t("closer.forgot_ends"))
    about = html.escape(t("closer.about", method=probe_name(chosen, t), name=name))
    asks = html.escape(t(f"closer.asks.{chosen}"))
    return (
        f'<div class="ends"><div class="asked"><b>{about}</b><span>{asks}</span></div>'
        f"<div><p>{head}</p><ul>{''.join(rows)}</ul></div></div>"
    )


def _how_far(at: Progress | None, t: Words) -> str:
    if at is None:
        return html.escape(t("closer.when_chosen"))
    return html.escape(t("closer.of", done=at.done, total=at.total)) if at.total else "…"


def _line(probe: Probe, chosen: Probe) -> str:
    return f"probe-{probe}{' chosen' if probe == chosen else ''}"
