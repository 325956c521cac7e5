"""A block of branches side by side, whose ends are concatenated."""

from __future__ import annotations

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var
from demo.text import Words
from demo.topics.lesson.figures.part import TYPE, node
from demo.topics.lesson.records.code import Walk


def branched(walk: Walk, t: Words) -> tuple[float, float, str]:
    """Branches in columns above one row of bars: width, height, and what is drawn."""
    names = sorted({part.attribute for part in walk.parts if part.attribute})
    column, row = 150.0, 92.0
    width = column * len(names)
    edge = family_var(walk.block.family)
    into = svg.text(width / 2, 24, f"x  {svg.shape(*walk.shape_in)}", TYPE, bold=True)
    parts = [into]
    scale = (width - 40) / walk.shape_out[0]
    last = next(part for part in walk.parts if part.kind == "cat")
    bars, x = [], 20.0
    bottom = 70 + 2 * row
    for number, name in enumerate(names):
        chain = [part for part in walk.parts if part.attribute == name]
        middle = column * (number + 0.5)
        tint = family_tint(walk.block.family, 0.05 + 0.3 * number)
        parts.append(svg.arrow([(width / 2, 32), (middle, 60)]))
        for place, part in enumerate(chain):
            y = 62 + (place + 2 - len(chain)) * row
            if place == 0 and len(chain) == 1:
                parts.append(svg.line([(middle, 60), (middle, y)]))
            drawn = svg.box(
                middle - 60,
                y,
                120,
                40,
                family_tint(walk.block.family, 0.0),
                extra=(f'stroke="{edge}" stroke-width="1.5"'),
            )
            size = f"{part.kernel}×{part.kernel}"
            label = t("code.max", size=size) if part.kind == "max" else size
            drawn += svg.text(middle, y + 27, label, TYPE, bold=True)
            parts.append(node(part, drawn, walk, t))
            if walk.real:
                words = svg.shape(*part.shape)
                parts.append(svg.text(middle, y + 62, words, TYPE))
            if place + 1 < len(chain):
                parts.append(svg.arrow([(middle, y + 68), (middle, y + row - 2)]))
        wide = chain[-1].shape[0] * scale
        parts.append(svg.arrow([(middle, bottom - 20), (x + wide / 2, bottom + 4)]))
        stroke = f'stroke="{edge}" stroke-width="1.5"'
        bars.append(svg.box(x, bottom + 6, max(wide, 2), 26, tint, extra=stroke, radius=0))
        x += wide
    low = bottom + 36
    bars.append(
        f'<path d="M20 {low:g} v7 h{width - 40:g} v-7" fill="none" stroke="var(--ink)"'
        ' stroke-width="1.8"/>'
    )
    parts.append(node(last, "".join(bars), walk, t))
    words = f"torch.cat  {svg.shape(*last.shape)}" if walk.real else "torch.cat"
    named_below = svg.text(width / 2, low + 32, words, TYPE, bold=True)
    parts.append(f'<g translate="no">{named_below}</g>')
    return width, low + 40, "".join(parts)
