"""Addition beside concatenation: two lanes that move in step.

A lane is a row of cells: what goes into a step, and the step; the last holds what comes out.
Heights are channels, on one scale for both lanes.
"""

from __future__ import annotations

import html

from demo.drawing import svg
from demo.drawing.style import family_tint, family_var
from demo.text import Words
from demo.topics.dense.records import Passage

WIDTH, END, HEIGHT = 250, 78, 152
"""Of a step's cell, of the last one, of both."""
TALL, MIDDLE = 92, 64
BAR, HERE = 34, 22
F_AT, JOINT, ROOF = 102, 186, 10


def lanes(residual: Passage, dense: Passage, t: Words) -> str:
    """Both networks, step by step below each other."""
    most = max(*residual.widths, *dense.widths)
    return f'<div class="passage">{_lane(residual, most, t)}{_lane(dense, most, t)}</div>'


def buttons(t: Words) -> str:
    """What lets the steps come in one after another."""
    return (
        '<div class="scene-controls dense-strip" data-unsaved>'
        '<button type="button" class="dg-play" data-do="play">'
        f"▶ {html.escape(t('densenet.grow.play'))}</button>"
        '<button type="button" data-do="forward">'
        f"{html.escape(t('densenet.grow.forward'))}</button></div>"
    )


def _lane(way: Passage, most: int, t: Words) -> str:
    scale = TALL / most
    cells = "".join(_cell(way, step, scale, t) for step in range(len(way.added)))
    widths = " → ".join(map(str, way.widths))
    formula = "H(x) = F(x) + x" if way.sums else "H(x) = [x, F(x)]"
    number = "".join(letter for letter in way.block if letter.isdigit())
    words = t("densenet.passage_adds" if way.sums else "densenet.passage_keeps", number=number)
    return (
        f'<section class="lane" data-lane="{way.family}" data-widths="{widths}"'
        f' style="--family:{family_var(way.family)}"><h4><b>{html.escape(way.title)}</b>'
        f"<code>{formula}</code><span>{widths}</span></h4><p>{html.escape(words)}</p>"
        f'<div class="lane-cells">{cells}{_end(way, scale)}</div></section>'
    )


def _cell(way: Passage, step: int, scale: float, t: Words) -> str:
    """What goes into a step, and the step."""
    strong, after = family_var(way.family), way.shapes[step + 1]
    start = HERE + BAR
    body = [
        *_tensor(way, step, scale),
        svg.arrow([(start + 4, MIDDLE), (F_AT - 3, MIDDLE)]),
        svg.box(
            F_AT,
            MIDDLE - 19,
            44,
            38,
            "var(--surface)",
            extra=f'stroke="{strong}" stroke-width="2"',
        ),
        svg.text(F_AT + 22, MIDDLE + 6, "F", 18, bold=True),
        svg.text(F_AT + 22, MIDDLE + 40, f"{way.added[step]}", 16, bold=True, fill=strong),
        # x itself goes round F.
        svg.arrow([(start + 16, MIDDLE), (start + 16, ROOF), (JOINT, ROOF), (JOINT, MIDDLE - 16)]),
        svg.text(F_AT + 22, ROOF + 18, "x", 16, soft=True),
        svg.arrow([(F_AT + 48, MIDDLE), (JOINT - 16, MIDDLE)]),
        svg.plus(JOINT, MIDDLE) if way.sums else svg.bracket(JOINT + 6, MIDDLE - 15, MIDDLE + 15),
        svg.line([(JOINT + 15, MIDDLE), (WIDTH, MIDDLE)]),
    ]
    label = f"{svg.shape(*way.shapes[step])} → {svg.shape(*after)}"
    if way.kept:
        kept = t("densenet.kept", kept=way.kept[step], all=way.widths[step])
        body.append(svg.text(164, HEIGHT - 5, kept, 15.5, soft=True))
        label = f"{label}; {kept}"
    return (
        f'<figure data-at="{step}" style="flex-grow:{WIDTH}">'
        f"{svg.svg(WIDTH, HEIGHT, ''.join(body), label)}</figure>"
    )


def _end(way: Passage, scale: float) -> str:
    """What comes out."""
    last = len(way.added)
    body = "".join(_tensor(way, last, scale))
    drawn = svg.svg(END, HEIGHT, body, svg.shape(*way.shapes[last]))
    return f'<figure data-at="{last}" style="flex-grow:{END}">{drawn}</figure>'


def _tensor(way: Passage, step: int, scale: float) -> list[str]:
    """The tensor before step `step`, with its shape below it."""
    channels, high, wide = way.shapes[step]
    middle = HERE + BAR / 2
    arriving = [svg.arrow([(0, MIDDLE), (HERE - 4, MIDDLE)])] if step else []
    return [
        *arriving,
        *_stack(way, step, scale),
        svg.text(middle, HEIGHT - 21, str(channels), 18, bold=True),
        svg.text(middle, HEIGHT - 5, f"{high} × {wide}", 15.5, soft=True),
    ]


def _stack(way: Passage, step: int, scale: float) -> list[str]:
    """One bar, mixed once something was added to it, or x with every addition on top."""
    total = way.widths[step]
    low = MIDDLE + total * scale / 2
    if way.sums:
        strong, light = family_var(way.family), family_tint(way.family, 0.35)
        if not step:
            return [svg.box(HERE, low - total * scale, BAR, total * scale, light)]
        name = f"mix-{way.model}-{step}"
        return [
            f'<defs><linearGradient id="{name}" x2="0" y2="1">'
            f'<stop offset="0" stop-color="{strong}"/><stop offset="1" stop-color="{light}"/>'
            "</linearGradient></defs>",
            svg.box(HERE, low - total * scale, BAR, total * scale, f"url(#{name})"),
        ]
    parts, first = [], 0
    for index, end in enumerate(way.widths[: step + 1]):
        tint = family_tint(way.family, index / max(1, len(way.added)))
        top, height = low - end * scale, (end - first) * scale - 0.8
        parts.append(svg.box(HERE, top, BAR, height, tint, radius=1.5))
        first = end
    return parts
