"""An Inception module of one's own, all channels to one scale, and the weights of its branches."""

from __future__ import annotations

import html

from demo.drawing import svg
from demo.drawing.style import family_tint, percent, whole
from demo.text import Words
from demo.topics.reduction.records import PlannedBranch, PlannedModule, PlannedStep

_TYPE = 18.0
_ROOM = 108.0
"""Height of a branch's lane."""
_TALLEST = 90.0
"""Height of the most channels that a lane holds."""
_TOP = 34.0
_POOL = "color-mix(in oklab, var(--family-other) 55%, var(--surface))"
_TINTS = (*(family_tint("inception", depth) for depth in (0.2, 0.6, 1.0)), _POOL)
_FIRST, _SECOND, _WIDE = 148.0, 318.0, 92.0
"""Left edges of a branch's two places, and how wide what stands in them is."""
_END, _STACK = 500.0, 570.0


def module(plan: PlannedModule, t: Words) -> str:
    """The module twice: flowing to the right, and for narrow screens a branch below the other."""
    most = max(plan.in_channels, *(step.channels for one in plan.branches for step in one.steps))
    scale = _TALLEST / most
    label = t(
        "reduction.module_alt",
        count=plan.in_channels,
        terms=" + ".join(f"{branch.channels:,}" for branch in plan.branches),
        out=f"{plan.out_channels:,}",
        weights=", ".join(f"{_name(one, t)}: {whole(one.weights)}" for one in plan.branches),
    )
    return (
        f'<div class="drawn wide" data-weights="{plan.weights}" data-in="{plan.in_channels}"'
        f' data-out="{plan.out_channels}">'
        f'{_wide(plan, scale, label, t)}</div><div class="drawn tall">'
        f"{_tall(plan, scale, label, t)}</div>"
    )


def _wide(plan: PlannedModule, scale: float, label: str, t: Words) -> str:
    """Input, four lanes and their concatenation; at the right a bar a branch."""
    bottom = _TOP + 4 * _ROOM
    middle = (_TOP + bottom) / 2
    into, out = (svg.shape(c, plan.side, plan.side) for c in (plan.in_channels, plan.out_channels))
    parts = [
        svg.text(4, 20, into, _TYPE, "start", bold=True),
        _bar(30, middle, plan.in_channels * scale, "var(--family-other)"),
        svg.text(_STACK + 80, 20, out, _TYPE, "end", bold=True),
        svg.bracket(
            _STACK - 6, middle - plan.out_channels * scale / 2 - 6, _under(plan, middle, scale), 7
        ),
    ]
    y = middle - plan.out_channels * scale / 2
    heaviest = plan.heaviest.weights
    for number, (branch, tint) in enumerate(zip(plan.branches, _TINTS, strict=True)):
        lane = _TOP + (number + 0.5) * _ROOM
        tall = max(branch.channels * scale, 1)
        parts.append(svg.arrow([(46, middle), (78, middle), (_FIRST - 34, lane)]))
        parts.append(_lane(branch, lane, scale, tint, t))
        parts.append(svg.arrow([(_END, lane), (_END + 14, lane), (_STACK - 14, y + tall / 2)]))
        parts.append(svg.box(_STACK, y, 40, tall, tint, extra='stroke="var(--surface)"', radius=1))
        parts.append(_weights(branch, lane, heaviest, plan.weights, tint, t))
        y += tall
    parts.append(svg.text(666, 20, t("reduction.of_branch"), _TYPE, "start", bold=True))
    return svg.svg(960, bottom + 6, "".join(parts), label)


def _tall(plan: PlannedModule, scale: float, label: str, t: Words) -> str:
    """Four lanes below each other, the bar of each below it."""
    heaviest, each = plan.heaviest.weights, _ROOM + 58
    into, out = (svg.shape(c, plan.side, plan.side) for c in (plan.in_channels, plan.out_channels))
    parts = [svg.text(196, 20, f"{into} → {out}", _TYPE, bold=True)]
    for number, (branch, tint) in enumerate(zip(plan.branches, _TINTS, strict=True)):
        lane = _TOP + number * each + _ROOM / 2
        bar = _weights(branch, lane + _ROOM / 2 + 24, heaviest, plan.weights, tint, t)
        parts.append(f'<g transform="translate(-114 0)">{_lane(branch, lane, scale, tint, t)}</g>')
        parts.append(f'<g transform="translate(-662 0)">{bar}</g>')
    return svg.svg(392, _TOP + 4 * each, "".join(parts), label)


def sentence(plan: PlannedModule, name: str | None, t: Words) -> str:
    """Channels out and weights, term by term, and what the two reductions save."""
    branches = plan.branches
    shapes = (f"[1, {c}, {plan.side}, {plan.side}]" for c in (plan.in_channels, plan.out_channels))
    said = t(
        "reduction.module_say",
        shapes=" → ".join(shapes),
        channels=" + ".join(f"{branch.channels:,}" for branch in branches),
        out=f"{plan.out_channels:,}",
        terms=" + ".join(whole(branch.weights) for branch in branches),
        weights=whole(plan.weights),
    )
    ratio = t(
        "reduction.module_saves" if plan.unreduced > plan.weights else "reduction.module_costs",
        unreduced=whole(plan.unreduced),
        ratio=plan.ratio,
    )
    own = t("reduction.module_named", name=name) if name else ""
    return html.escape(t.sentences(own, said, ratio))


def _under(plan: PlannedModule, middle: float, scale: float) -> float:
    """Where the bracket around the concatenated channels ends."""
    return middle + plan.out_channels * scale / 2 + 6


def _bar(x: float, middle: float, tall: float, fill: str) -> str:
    return svg.box(x, middle - max(tall, 1) / 2, 14, max(tall, 1), fill, radius=1)


def _lane(branch: PlannedBranch, lane: float, scale: float, tint: str, t: Words) -> str:
    """One branch: its steps in their places, the channels between them."""
    before = branch.steps[0].in_channels
    parts = [_bar(_FIRST - 30, lane, before * scale, "var(--family-other)")]
    places = [_FIRST, _SECOND]
    if branch.pools:
        tall, broad = before * scale, _WIDE + 42
        edge = f'stroke="{tint}" stroke-width="1.6" stroke-dasharray="4 3"'
        parts.append(svg.arrow([(_FIRST - 14, lane), (_FIRST - 2, lane)]))
        parts.append(svg.box(_FIRST, lane - tall / 2, broad, tall, "var(--surface)", extra=edge))
        name = t("reduction.pool")
        parts.append(svg.text(_FIRST + broad / 2, lane - 2, name, _TYPE, bold=True))
        parts.append(svg.text(_FIRST + broad / 2, lane + 18, "3×3", _TYPE))
        parts.append(svg.arrow([(_FIRST + broad, lane), (_SECOND - 2, lane)]))
        places = [_SECOND]
    for step, x, following in zip(
        branch.steps, places, (*places[1 : len(branch.steps)], _END), strict=False
    ):
        if x == _FIRST:
            parts.append(svg.arrow([(_FIRST - 14, lane), (_FIRST - 2, lane)]))
        parts.append(_step(step, x, lane, scale, tint))
        ends = [(x + _WIDE, lane), (following - (2 if following != _END else 0), lane)]
        parts.append(svg.line(ends) if following == _END else svg.arrow(ends))
        at = min(x + _WIDE + 36, following - 6)
        parts.append(svg.text(at, lane - 9, f"{step.channels:,}", _TYPE, bold=True))
    return "".join(parts)


def _step(step: PlannedStep, x: float, lane: float, scale: float, tint: str) -> str:
    """A convolution as the trapezoid from its channels in to its channels out."""
    kernel = f"{step.kernel}×{step.kernel}"
    title = f"{kernel}: {step.in_channels:,} → {step.channels:,}: {whole(step.weights)}"
    fill = f"color-mix(in oklab, {tint} 50%, var(--surface))"
    sides = max(step.in_channels * scale, 1), max(step.channels * scale, 1)
    drawn = svg.trapezoid(x, lane, _WIDE, *sides, fill, title)
    drawn = drawn.replace("<polygon", f'<polygon stroke="{tint}" stroke-width="1.6"', 1)
    # Its name stands above it where it is too thin to hold it.
    thin = sum(sides) / 2 < _TYPE + 6
    baseline = lane - max(sides) / 2 - 6 if thin else lane + 6
    return drawn + svg.text(x + _WIDE / 2, baseline, kernel, _TYPE, bold=True)


def _weights(
    branch: PlannedBranch, lane: float, heaviest: int, total: int, tint: str, t: Words
) -> str:
    """The branch's weights as a bar from 0, its reduction the paler part, and their share."""
    left, most = 666.0, 286.0
    parts = []
    x = left
    for number, step in enumerate(branch.steps):
        wide = max(most * step.weights / heaviest, 0.5)
        pale = number == 0 and len(branch.steps) > 1
        fill = f"color-mix(in oklab, {tint} 45%, var(--surface))" if pale else tint
        title = f"{step.kernel}×{step.kernel}: {whole(step.weights)}"
        parts.append(svg.box(x, lane + 2, wide, 20, fill, title, radius=2))
        x += wide
    words = t(
        "reduction.branch_weights",
        name=_name(branch, t),
        weights=whole(branch.weights),
        share=percent(branch.weights / total),
    )
    return svg.text(left, lane - 8, words, _TYPE, "start") + "".join(parts)


def _name(branch: PlannedBranch, t: Words) -> str:
    return t("reduction.pool_branch") if branch.pools else branch.name.replace("x", "×")
