"""Addition beside concatenation: two lanes of small diagrams that move in step.

Each cell is one step. Heights are channels, on one scale for both lanes.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.figures import svg
from demo.figures.style import family_tint, family_var
from demo.records.dense import Passage
from demo.scripts import script
from demo.text import Words

WIDTH, HEIGHT, TALL = 330, 190, 116
MIDDLE = 76
BAR = 34

SCRIPT = script("dense_passage")


def lanes(residual: Passage, dense: Passage, t: Words) -> str:
    """Both networks, step by step below each other."""
    most = max(shape[0] for passage in (residual, dense) for shape in passage.shapes)
    rows = _lane(residual, most, t) + _lane(dense, most, t)
    return (
        '<div class="passage"><div class="dg-controls">'
        '<button type="button" class="dg-play" data-do="play">'
        f"▶ {html.escape(t('densenet.grow.play'))}</button>"
        '<button type="button" data-do="forward">'
        f"{html.escape(t('densenet.grow.forward'))}</button></div>{rows}</div>"
    )


def _lane(passage: Passage, most: int, t: Words) -> str:
    cells = "".join(_cell(passage, step, most, t) for step in range(len(passage.added)))
    widths = " → ".join(str(shape[0]) for shape in passage.shapes)
    formula = "H(x) = F(x) + x" if passage.sums else "H(x) = [x, F(x)]"
    key = "densenet.passage_adds" if passage.sums else "densenet.passage_keeps"
    words = t(key, number=_number(passage.block))
    return (
        f'<section class="lane" data-lane="{passage.family}" data-widths="{widths}"'
        f' style="--family:{family_var(passage.family)}"><h4><b>{html.escape(passage.title)}</b>'
        f"<code>{formula}</code><span>{widths}</span></h4><p>{html.escape(words)}</p>"
        f'<div class="lane-cells">{cells}</div></section>'
    )


def _number(block: str) -> str:
    """ "stage3" -> "3"."""
    return "".join(letter for letter in block if letter.isdigit())


def _cell(passage: Passage, step: int, most: int, t: Words) -> str:
    before, after = passage.shapes[step], passage.shapes[step + 1]
    added, scale = passage.added[step], TALL / most
    strong, light = family_var(passage.family), family_tint(passage.family, 0.0)
    here, f_at, joint, there = 14, 118, 208, 272
    body = [
        *_stack(here, passage, step, scale),
        svg.arrow([(here + BAR + 4, MIDDLE), (f_at - 3, MIDDLE)]),
        svg.box(
            f_at, MIDDLE - 19, 44, 38, "var(--surface)", extra=f'stroke="{strong}" stroke-width="2"'
        ),
        svg.text(f_at + 22, MIDDLE + 6, "F", 17, bold=True),
        svg.text(f_at + 22, MIDDLE + 42, f"{added}", 14, bold=True, fill=strong),
        # x itself goes round F.
        svg.arrow(
            [(here + BAR + 14, MIDDLE), (here + BAR + 14, 12), (joint, 12), (joint, MIDDLE - 16)]
        ),
        svg.text(f_at + 22, 28, "x", 15, soft=True),
        svg.arrow([(f_at + 48, MIDDLE), (joint - 16, MIDDLE)]),
    ]
    if passage.sums:
        mixed = f"url(#mix-{passage.model}-{step})"
        body += [
            f'<defs><linearGradient id="mix-{passage.model}-{step}" x2="0" y2="1">'
            f'<stop offset="0" stop-color="{strong}"/><stop offset="1" stop-color="{light}"/>'
            "</linearGradient></defs>",
            svg.plus(joint, MIDDLE),
            svg.box(there, MIDDLE - after[0] * scale / 2, BAR, after[0] * scale, mixed),
        ]
    else:
        body += [
            svg.bracket(joint + 6, MIDDLE - 15, MIDDLE + 15),
            *_stack(there, passage, step + 1, scale),
        ]
    body += [
        svg.arrow([(joint + 15, MIDDLE), (there - 4, MIDDLE)]),
        svg.text(here + BAR / 2, 156, str(before[0]), 17, bold=True),
        svg.text(here + BAR / 2, 174, f"× {before[1]} × {before[2]}", 13, soft=True),
        svg.text(there + BAR / 2, 156, str(after[0]), 17, bold=True),
        svg.text(there + BAR / 2, 174, f"× {after[1]} × {after[2]}", 13, soft=True),
    ]
    kept = t("densenet.kept", kept=passage.kept[step], all=before[0])
    label = f"{svg.shape(*before)} → {svg.shape(*after)}"
    return (
        f'<figure data-at="{step}">{svg.svg(WIDTH, HEIGHT, "".join(body), label)}'
        f"<figcaption>{html.escape(kept)}</figcaption></figure>"
    )


def _stack(x: float, passage: Passage, step: int, scale: float) -> Sequence[str]:
    """The tensor before step `step`: one bar, or in a dense block x with every addition on top."""
    total = passage.shapes[step][0]
    low = MIDDLE + total * scale / 2
    if passage.sums:
        tint = family_tint(passage.family, 0.35)
        return [svg.box(x, low - total * scale, BAR, total * scale, tint)]
    parts, from_channel = [], 0
    ends = [shape[0] for shape in passage.shapes[: step + 1]]
    for index, end in enumerate(ends):
        tint = family_tint(passage.family, index / max(1, len(passage.added)))
        top, height = low - end * scale, (end - from_channel) * scale - 0.8
        parts.append(svg.box(x, top, BAR, height, tint, radius=1.5))
        from_channel = end
    return parts
