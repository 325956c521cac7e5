"""The layer that is replaced, as code and as boxes, and how loss and accuracy go as it learns."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing import svg
from demo.drawing.style import percent, whole
from demo.text import Words
from demo.topics.train.records import Replaced, Step

WIDTH, HEIGHT, TYPE = 350.0, 190.0, 15
LEFT, TOP, BOTTOM = 56.0, 32.0, 160.0


def replaced(rows: Sequence[Replaced], t: Words) -> str:
    """Each layer before and after, with its line of code."""
    drawn = []
    for row in rows:
        before, after = (f"{whole(inputs)} → {whole(outputs)}" for outputs, inputs in _shapes(row))
        drawn.append(
            f'<div class="train-layer"><p><b>{html.escape(row.path)}</b> <s>{before}</s>'
            f" <span>{after}</span></p><code>{html.escape(row.said)}</code></div>"
        )
    title = html.escape(t("train.replaced"))
    return f'<div class="train-layers"><h4>{title}</h4>{"".join(drawn)}</div>'


def _shapes(row: Replaced) -> tuple[tuple[int, int], tuple[int, int]]:
    return row.before, row.after


def curves(steps: Sequence[Step], of: int, t: Words) -> str:
    """Loss and accuracy over the epochs: full lines for learned photos, dashed for held out."""
    top = max([1.0, *(max(step.loss, step.held_loss) for step in steps)])
    loss = _plot(
        t("train.loss"),
        [(step.epoch, step.loss, step.held_loss) for step in steps],
        of,
        top,
        [(value, f"{value:.1f}") for value in (0.0, top / 2, top)],
        t,
    )
    accuracy = _plot(
        t("train.accuracy"),
        [(step.epoch, step.accuracy, step.held_accuracy) for step in steps],
        of,
        1.0,
        [(0.0, "0 %"), (0.5, "50 %"), (1.0, "100 %")],
        t,
    )
    key = (
        f'<p class="train-key"><i class="line"></i>{html.escape(t("train.key_learned"))}'
        f'<i class="line dashed"></i>{html.escape(t("train.key_held"))}</p>'
    )
    return f'<div class="train-curves">{loss}{accuracy}</div>{key}'


def _plot(
    title: str,
    points: Sequence[tuple[int, float, float]],
    of: int,
    top: float,
    ticks: Sequence[tuple[float, str]],
    t: Words,
) -> str:
    right = WIDTH - 12

    def x(epoch: int) -> float:
        return LEFT + (right - LEFT) * (epoch - 1) / max(of - 1, 1)

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * min(value / top, 1.0)

    parts = [svg.text(0, 16, title, TYPE, "start", bold=True)]
    for value, words in ticks:
        parts.append(f'<path d="M{LEFT:g} {y(value):g} H{right:g}" stroke="var(--line)"/>')
        parts.append(svg.text(LEFT - 6, y(value) + 5, words, TYPE, "end", soft=True))
    parts.append(svg.text(x(1), BOTTOM + 20, "1", TYPE, soft=True))
    parts.append(svg.text(x(of), BOTTOM + 20, f"{of}", TYPE, "end", soft=True))
    parts.append(svg.text((LEFT + right) / 2, BOTTOM + 20, t("train.epochs"), TYPE, soft=True))
    for column, dash in ((1, ""), (2, ' stroke-dasharray="6 5"')):
        line = " L".join(f"{x(int(row[0])):.1f} {y(row[column]):.1f}" for row in points)
        if len(points) > 1:
            parts.append(
                f'<path d="M{line}" fill="none" stroke="var(--ink)" stroke-width="2.4"{dash}/>'
            )
        elif points:
            cx, cy = x(int(points[0][0])), y(points[0][column])
            parts.append(f'<circle cx="{cx:.1f}" cy="{cy:.1f}" r="4" fill="var(--ink)"/>')
    said = title
    if points:
        _, learned, held = points[-1]
        written = percent if top == 1.0 and "%" in ticks[-1][1] else "{:.3f}".format
        said = t("train.plot_alt", title=title, learned=written(learned), held=written(held))
    return svg.svg(WIDTH, HEIGHT, "".join(parts), said)
