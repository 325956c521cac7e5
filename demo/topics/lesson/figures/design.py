"""A network of one's own, drawn to scale, with what it takes of the budget; and its code."""

from __future__ import annotations

import html
from urllib.parse import quote

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var, short, whole
from demo.text import Words
from demo.topics.lesson.records.code import Field
from demo.topics.lesson.records.design import MOST_MACS, MOST_PARAMETERS, Design, Unit

_WARN = "#c2410c"
_GREY = "color-mix(in oklab, var(--family-other) 40%, var(--surface))"
"""Of what belongs to no stage."""
_HIGH = 224.0
"""Height of the network's row."""
_STAGED = ("layers", "blocks", "width", "out", "modules", "unit", "share")
"""Fields that there is one of for each stage, or for each size of filter."""
LIMITS = {"parameters": MOST_PARAMETERS, "macs": MOST_MACS}


def picture(made: Design, t: Words) -> str:
    """The network and its budget twice: wide, and for narrow screens."""
    label = t(
        "design.alt",
        blocks=sum(unit.kind == "block" for unit in made.units),
        parameters=whole(made.parameters),
        macs=whole(made.macs),
    )
    return (
        f'<div class="drawn wide" data-parameters="{made.parameters}" data-macs="{made.macs}"'
        f' data-family="{made.family}" data-broken="{len(made.broken)}">'
        f'{_drawn(made, 960, 17, label, t)}</div><div class="drawn tall">'
        f"{_drawn(made, 400, 15, label, t)}</div>"
    )


def sentence(made: Design, t: Words) -> str:
    """Whether it stays within the budget, and by how much; where not, which stage costs most."""
    counted = t("design.counted", parameters=whole(made.parameters), macs=short(made.macs, t))
    if not made.broken:
        left = t(
            "design.within",
            parameters=whole(MOST_PARAMETERS - made.parameters),
            macs=short(MOST_MACS - made.macs, t),
        )
        return html.escape(t.sentences(counted, left))
    which = "both" if len(made.broken) > 1 else made.broken[0]
    over = t(
        f"design.over.{which}",
        parameters=whole(made.parameters - MOST_PARAMETERS),
        macs=short(made.macs - MOST_MACS, t),
    )
    return html.escape(t.sentences(counted, over, t("design.dearest", stage=made.dearest)))


def label(field: Field, t: Words) -> str:
    """What a number of a design is called."""
    name = field.name[:-1] if field.name[:-1] in _STAGED else field.name
    return t(f"design.field.{name}", place=field.name[-1])


def printed(code: str, t: Words) -> str:
    """The code, to be copied or saved as a file."""
    lines = "".join(
        f'<span style="--indent:{len(line) - len(line.lstrip())}">{html.escape(line)}</span>'
        for line in code.splitlines(keepends=True)
    )
    address = f"data:text/x-python;charset=utf-8,{quote(code)}"
    return (
        f'<div class="design-code"><pre tabindex="0"><code>{lines}</code></pre>'
        f'<p><button type="button" data-copy-code data-done="{html.escape(t("design.copied"))}">'
        f"{html.escape(t('design.copy'))}</button> "
        f'<a download="network.py" href="{html.escape(address, quote=True)}">'
        f"{html.escape(t('design.save'))}</a></p></div>"
    )


def _drawn(made: Design, width: float, size: float, said: str, t: Words) -> str:
    parts = _network(made, width, size, t)
    parts.append(svg.box(4, _HIGH + 2.2 * size, size, size, _GREY, radius=1.5))
    parts.append(svg.text(8 + 1.3 * size, _HIGH + 3.05 * size, t("design.grey"), size, "start"))
    y = _HIGH + 5.4 * size
    for name, value in (("parameters", made.parameters), ("macs", made.macs)):
        parts.append(_budget(name, value, made, width, y, size, t))
        y += 3.4 * size
    return svg.svg(width, y - size, "".join(parts), said)


def _network(made: Design, width: float, size: float, t: Words) -> list[str]:
    """Blocks in a row: as high as the maps, as wide as their channels."""
    units = (made.stem, *made.units)
    gap = 3.0 if len(units) < 30 else 1.0
    scale = (width - 56 - 6 * size - gap * len(units)) / sum(unit.out for unit in units)
    middle, tallest = _HIGH / 2 + 4, _HIGH - 56
    parts = [svg.text(4, middle + 6, "x", size, "start", bold=True)]
    ends: dict[int, tuple[float, float, Unit]] = {}
    x = 20.0
    for unit in units:
        wide, tall = max(unit.out * scale, 1), unit.side * tallest / 32
        title = f"{unit.into:,} → {unit.out:,}: {whole(unit.parameters)}"
        fill = _fill(made, unit)
        parts.append(svg.box(x, middle - tall / 2, wide, tall, fill, title, radius=1.5))
        if unit.kind == "block":
            begin = ends.get(unit.stage, (x, x, unit))[0]
            ends[unit.stage] = (begin, x + wide, unit)
        x += wide + gap
    last = (-width, 0.0)
    for stage, (begin, end, unit) in ends.items():
        count = sum(one.kind == "block" and one.stage == stage for one in made.units)
        at = min(max((begin + end) / 2, size * 3.7), width - size * 3.7)
        words = t(f"design.count.{made.family}", count=count)
        above = middle - unit.side * tallest / 64 - 7
        parts.append(svg.text(at, above, words, size, bold=True))
        low = _HIGH - 4
        # Two stages that are narrow do not stand in each other's way.
        if at - last[0] < 8.5 * size and last[1] == low:
            low += size + 2
        last = (at, low)
        parts.append(svg.text(at, low, svg.shape(unit.out, unit.side, unit.side), size))
    parts.append(svg.arrow([(x + 2, middle), (x + 22, middle)]))
    parts.append(svg.text(x + 26, middle + 6, t("design.classes"), size, "start", bold=True))
    return parts


def _fill(made: Design, unit: Unit) -> str:
    if unit is made.stem or unit.kind == "between":
        return _GREY
    return family_tint(made.family, 0.2 + 0.4 * (unit.stage - 1))


def _budget(
    name: str, value: int, made: Design, width: float, y: float, size: float, t: Words
) -> str:
    """A bar from 0, and the line that it may not cross."""
    limit, over = LIMITS[name], name in made.broken
    scale = (width - 20) / max(1.25 * limit, value)
    words = t(f"design.of.{name}", value=whole(value), limit=whole(limit))
    fill = _WARN if over else family_var(made.family)
    edge = 4 + limit * scale
    return (
        svg.text(4, y, f"{'✗' if over else '✓'} {words}", size, "start", bold=over)
        + svg.box(4, y + 8, max(value * scale, 1), size, fill, radius=2)
        + f'<path d="M{edge:g} {y + 3:g} v{size + 10:g}" stroke="var(--ink)" stroke-width="2.5"/>'
    )
