"""Two networks on the same photos: their accuracies with intervals, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, percent
from demo.records import Family
from demo.text import Words
from demo.topics.train.records import Duel

WIDTH, HEIGHT, TYPE = 610.0, 340.0, 16
LEFT, RIGHT = 16.0, 570.0
ROWS, TALL = (62.0, 132.0), 26.0
STRIP, STRIP_TALL = 252.0, 34.0


def duel(found: Duel, titles: Sequence[str], families: Sequence[Family], t: Words) -> str:
    """Bars from 0 to 100 % with their intervals; below, the photos by who has them right."""
    parts = [svg.text(LEFT, 20, t("train.duel_title"), TYPE, "start", bold=True)]
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _x(share)
        parts.append(f'<path d="M{x:g} 44 V176" stroke="var(--line)"/>')
        parts.append(svg.text(x, 194, f"{share:.0%}".replace("%", " %"), TYPE, soft=True))
    first, second = (family_var(family) for family in families)
    if first == second:
        second = family_tint(families[1], 0.2)
    for row, (y, colour) in enumerate(zip(ROWS, (first, second), strict=True)):
        parts.append(_bar(found, row, y, titles[row], colour, t))
    parts.append(_strip(found, titles, (first, second), t))
    alt = t(
        "train.duel_alt",
        first=titles[0],
        second=titles[1],
        one=percent(found.accuracy[0]),
        other=percent(found.accuracy[1]),
    )
    return svg.svg(WIDTH, HEIGHT, "".join(parts), alt)


def _x(share: float) -> float:
    return LEFT + (RIGHT - LEFT) * share


def _bar(found: Duel, row: int, y: float, title: str, colour: str, t: Words) -> str:
    share, (low, high) = found.accuracy[row], found.interval[row]
    middle = y + 14 + TALL / 2
    said = t("train.duel_bar", share=percent(share), right=found.right[row], count=found.count)
    whisker = (
        f'<path d="M{_x(low):g} {middle - 8:g} V{middle + 8:g} M{_x(low):g} {middle:g}'
        f' H{_x(high):g} M{_x(high):g} {middle - 8:g} V{middle + 8:g}" fill="none"'
        ' stroke="var(--ink)" stroke-width="2.4"/>'
    )
    return (
        svg.text(LEFT, y + 6, title, TYPE, "start")
        + svg.text(RIGHT, y + 6, said, TYPE, "end")
        + svg.box(LEFT, y + 14, max(_x(share) - LEFT, 2), TALL, colour, title)
        + whisker
    )


def _strip(found: Duel, titles: Sequence[str], colours: tuple[str, str], t: Words) -> str:
    """One row of all photos: right by both, by one alone, by neither."""
    parts = [svg.text(LEFT, STRIP - 14, t("train.duel_photos"), TYPE, "start", bold=True)]
    kinds = (
        ("both", found.both, "var(--ink-soft)"),
        ("first", found.alone[0], colours[0]),
        ("second", found.alone[1], colours[1]),
        ("neither", found.neither, "var(--surface-soft)"),
    )
    x, words = LEFT, []
    for kind, count, colour in kinds:
        wide = (RIGHT - LEFT) * count / found.count
        said = _said(kind, count, titles, t)
        if count:
            edge = 'stroke="var(--ink)" stroke-width="1.2"'
            parts.append(svg.box(x, STRIP, wide, STRIP_TALL, colour, said, edge, 3))
        words.append(said)
        x += wide
    for line, pair in enumerate((words[:2], words[2:])):
        for column, said in enumerate(pair):
            at = LEFT + column * (RIGHT - LEFT) / 2
            y = STRIP + STRIP_TALL + 24 + 22 * line
            colour = kinds[2 * line + column][2]
            parts.append(svg.box(at, y - 12, 14, 14, colour, extra='stroke="var(--ink)"'))
            parts.append(svg.text(at + 20, y, said, TYPE, "start"))
    return "".join(parts)


def _said(kind: str, count: int, titles: Sequence[str], t: Words) -> str:
    if kind in ("first", "second"):
        return t("train.duel_alone", model=titles[kind == "second"], count=count)
    return t(f"train.share_{kind}", count=count)
