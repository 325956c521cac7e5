"""What branches are worth: each as a switch, and the matrix of all of them, one off at a time."""

from __future__ import annotations

import html
from collections.abc import Collection

from demo.drawing.heat import overlay
from demo.drawing.style import percent, signed
from demo.drawing.terms import explained
from demo.records import Box
from demo.text import Words
from demo.topics.inception.figures.maps import spread_out
from demo.topics.inception.figures.style import label, tints
from demo.topics.inception.records import Block, BlockActivity, CutMatrix

SWITCHES = "inception-off"
"""Name of what is picked in the switches: the branches that are off."""


def switches(
    block: Block,
    activity: BlockActivity,
    off: Collection[str],
    seen: Box,
    ratio: float,
    t: Words,
) -> str:
    """A button for each branch with its mean map on the photo, pressed where the branch is off.

    Args:
        seen: the part of the photo that the network was given.
        ratio: width / height of the photo, which is the page's `--photo`.
    """
    buttons = []
    for branch, tint, found in zip(
        block.branches, tints(block.branches), activity.branches, strict=True
    ):
        name = label(branch.name, t)
        tip = html.escape(t("inception.switch_tip", branch=name), quote=True)
        alt = t("inception.heat_alt", branch=name)
        buttons.append(
            f'<button type="button" data-pick="{branch.name}" style="--tint:{tint}" title="{tip}"'
            f' aria-pressed="{str(branch.name in off).lower()}">'
            f"<span>{overlay('', spread_out(found.heat), seen, alt, ratio=ratio)}</span>"
            f"<b>{html.escape(name)}</b>"
            f"<small>{html.escape(t('inception.of_energy', share=percent(found.energy_share)))}"
            "</small></button>"
        )
    return (
        f'<div class="branch-switches" data-picks="{SWITCHES}" data-several>'
        f"{''.join(buttons)}</div>"
    )


def matrix(found: CutMatrix, index: int, name: str, t: Words) -> str:
    """A table block x branch: how the class's logit changes when that branch alone is off."""
    changes = {(cut.block, cut.off[0]): cut.logit_change(index) for cut in found.cuts}
    largest = found.largest(index) or 1.0
    rows: dict[str, list[str]] = {}
    for (block, branch), change in changes.items():
        rows.setdefault(block, []).append(_cell(block, branch, change, largest, t))
    body = "".join(
        f'<tr><th scope="row">{html.escape(block)}</th>{"".join(cells)}</tr>'
        for block, cells in rows.items()
    )
    words = explained(t("inception.matrix_caption", name=name), t, "logit")
    return (
        f'<div class="cut-matrix"><table><caption>{words}</caption>{body}</table>'
        f'<div class="signed-bar"><span>{signed(-largest)}</span><i></i>'
        f"<span>{signed(largest)}</span></div></div>"
    )


def _cell(block: str, branch: str, change: float, largest: float, t: Words) -> str:
    share = round(100 * min(1.0, abs(change) / largest) * 0.75)
    tone = "var(--loss)" if change < 0 else "var(--gain)"
    title = f"{block}, {label(branch, t)}: {signed(change)}"
    return (
        f'<td data-block="{html.escape(block)}" data-branch="{branch}" title="{html.escape(title)}"'
        f' style="background:color-mix(in oklab, {tone} {share}%, var(--surface))">'
        f"<small>{html.escape(label(branch, t))}</small><b>{signed(change)}</b></td>"
    )
