"""Two networks on the same photos: their accuracies with intervals, and where they differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, percent
from demo.records import Family
from demo.text import Words
from demo.topics.train.records import Duel

LEFT, TALL, STRIP_TALL = 16.0, 26.0, 34.0
EDGE = 'stroke="var(--ink)" stroke-width="1.2"'


@dataclass(frozen=True)
class _Room:
    """The width of a drawing, the size of its type, and how many keys stand side by side."""

    width: float
    type: int
    across: int

    @property
    def right(self) -> float:
        """Where 100 % is."""
        return self.width - (40 if self.across > 1 else 24)

    def x(self, share: float) -> float:
        return LEFT + (self.right - LEFT) * share


WIDE, NARROW = _Room(610.0, 16, 2), _Room(360.0, 15, 1)


def duel(found: Duel, titles: Sequence[str], families: Sequence[Family], t: Words) -> str:
    """Bars from 0 to 100 % with their intervals; below, the photos by who has them right.

    Twice: wide, and for narrow screens.
    """
    first, second = (family_var(family) for family in families)
    if first == second:
        second = family_tint(families[1], 0.2)
    wide, tall = (_drawn(found, titles, (first, second), room, t) for room in (WIDE, NARROW))
    return f'<div class="drawn wide">{wide}</div><div class="drawn tall">{tall}</div>'


def _drawn(
    found: Duel, titles: Sequence[str], colours: tuple[str, str], room: _Room, t: Words
) -> str:
    parts = [svg.text(LEFT, 20, t("train.duel_title"), room.type, "start", bold=True)]
    interval = t("train.duel_interval")
    if room.across > 1:
        top = 44.0
        parts.append(svg.text(room.right, 20, interval, room.type, "end", soft=True))
    else:
        top = 60.0
        parts.append(svg.text(LEFT, 40, interval, room.type, "start", soft=True))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts.append(f'<path d="M{room.x(share):g} {top:g} v132" stroke="var(--line)"/>')
        said = f"{100 * share:.0f} %"
        parts.append(svg.text(room.x(share), top + 150, said, room.type, soft=True))
    for row, colour in enumerate(colours):
        parts.append(_bar(found, row, top + 18 + 70 * row, titles[row], colour, room, t))
    drawn, bottom = _strip(found, titles, colours, top + 194, room, t)
    alt = t(
        "train.duel_alt",
        first=titles[0],
        second=titles[1],
        one=percent(found.accuracy[0]),
        other=percent(found.accuracy[1]),
    )
    return svg.svg(room.width, bottom, "".join([*parts, drawn]), alt)


def _bar(found: Duel, row: int, y: float, title: str, colour: str, room: _Room, t: Words) -> str:
    share, (low, high) = found.accuracy[row], found.interval[row]
    middle = y + 14 + TALL / 2
    said = t("train.duel_bar", share=percent(share), right=found.right[row], count=found.count)
    whisker = (
        f'<path d="M{room.x(low):g} {middle - 8:g} V{middle + 8:g} M{room.x(low):g} {middle:g}'
        f' H{room.x(high):g} M{room.x(high):g} {middle - 8:g} V{middle + 8:g}" fill="none"'
        ' stroke="var(--ink)" stroke-width="2.4"/>'
    )
    return (
        svg.text(LEFT, y + 6, title, room.type, "start")
        + svg.text(room.right, y + 6, said, room.type, "end")
        + svg.box(LEFT, y + 14, max(room.x(share) - LEFT, 2), TALL, colour, title)
        + whisker
    )


def _strip(
    found: Duel,
    titles: Sequence[str],
    colours: tuple[str, str],
    top: float,
    room: _Room,
    t: Words,
) -> tuple[str, float]:
    """One row of all photos: right by both, by one alone, by neither; and where its keys end."""
    parts = [svg.text(LEFT, top, t("train.duel_photos"), room.type, "start", bold=True)]
    kinds = (
        ("both", found.both, colours),
        ("first", found.alone[0], colours[:1]),
        ("second", found.alone[1], colours[1:]),
        ("neither", found.neither, ("var(--surface)",)),
    )
    x, y = LEFT, top + 14
    below = y + STRIP_TALL + 24
    for place, (kind, count, fills) in enumerate(kinds):
        wide = (room.right - LEFT) * count / found.count
        said = _said(kind, count, titles, t)
        if count:
            parts.append(_filled(x, y, wide, STRIP_TALL, fills, said))
        line, column = divmod(place, room.across)
        at = LEFT + column * (room.right - LEFT) / room.across
        parts.append(_filled(at, below + 24 * line - 13, 16, 16, fills))
        parts.append(svg.text(at + 24, below + 24 * line, said, room.type, "start"))
        x += wide
    return "".join(parts), below + 24 * line + 12


def _filled(
    x: float, y: float, wide: float, tall: float, fills: Sequence[str], title: str = ""
) -> str:
    """A box of one colour, or of two, one above the other: both networks have it right."""
    part = tall / len(fills)
    colours = "".join(
        svg.box(x, y + part * place, wide, part, fill, radius=0) for place, fill in enumerate(fills)
    )
    return colours + svg.box(x, y, wide, tall, "transparent", title, EDGE, 0)


def _said(kind: str, count: int, titles: Sequence[str], t: Words) -> str:
    if kind in ("first", "second"):
        return t("train.duel_alone", model=titles[kind == "second"], count=count)
    return t(f"train.share_{kind}", count=count)
