"""The parts of a residual block as switches, and every block without one of its parts."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

from demo.drawing.heat import grey_uri
from demo.drawing.style import percent
from demo.records.counterfactual import Counterfactual
from demo.text import Words
from demo.topics.residual.records import BRANCH, SHORTCUT, Bottleneck, PathMaps

MANY = 12
"""More paths than these are numbered only."""


def switches(block: Bottleneck, found: PathMaps | None, off: Sequence[str], t: Words) -> str:
    """Buttons that are pressed when their part is off; data-pick names it.

    Args:
        found: what each path adds; None where the block has one, or there is no photo.
    """
    whole = "".join(_switch(part, part_name(part, t), "", off, t) for part in (SHORTCUT, BRANCH))
    many = " many" if block.cardinality > MANY else ""
    cells = []
    for part in block.switches[2:]:
        index = int(part)
        picture = "" if found is None else _path(found, index)
        name = str(index + 1) if many else part_name(part, t)
        cells.append(_switch(part, name, picture, off, t))
    tiles = f'<div class="path-tiles{many}">{"".join(cells)}</div>' if cells else ""
    return (
        '<div class="switches" data-picks="residual-off" data-several>'
        f'<div class="whole">{whole}</div>{tiles}</div>'
    )


def _path(found: PathMaps, index: int) -> str:
    picture = grey_uri(found.maps[index] / (found.largest or 1.0), 48)
    return f'<img src="{picture}" alt=""><i style="width:{found.shares[index]:.1%}"></i>'


def _switch(part: str, name: str, picture: str, off: Sequence[str], t: Words) -> str:
    words = html.escape(t("residual.switch_tip", part=part_name(part, t)), quote=True)
    return (
        f'<button type="button" data-pick="{part}" aria-pressed="{str(part in off).lower()}"'
        f' title="{words}" aria-label="{words}">{picture}<span>{html.escape(name)}</span>'
        "</button>"
    )


def part_name(part: str, t: Words) -> str:
    """What a switch is called."""
    if part in (SHORTCUT, BRANCH):
        return t(f"residual.part_{part}")
    return t("residual.path", number=int(part) + 1)


def every_block(rows: Sequence[Counterfactual], names: Callable[[int], str], t: Words) -> str:
    """A table block x (shortcut off, branch off): probability of the network's first choice."""
    before, top = rows[0].before, rows[0].top
    by_block: dict[str, dict[str, Counterfactual]] = {}
    for row in rows:
        by_block.setdefault(row.block, {})[row.off[0]] = row
    body = "".join(
        f'<tr><th scope="row">{html.escape(block)}</th>'
        + "".join(_cell(part, parts[part], names) for part in (SHORTCUT, BRANCH))
        + "</tr>"
        for block, parts in by_block.items()
    )
    head = "".join(
        f'<th scope="col">{html.escape(t(f"residual.off_{part}"))}</th>'
        for part in (SHORTCUT, BRANCH)
    )
    caption = t(
        "residual.every_caption", name=names(top), before=percent(before.probabilities[top])
    )
    return (
        f'<div class="every-block"><table><caption>{html.escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{html.escape(t("residual.block"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(part: str, found: Counterfactual, names: Callable[[int], str]) -> str:
    share = float(found.after.probabilities[found.top])
    other = f"<small>→ {html.escape(names(found.winner))}</small>" if found.flips else ""
    return (
        f'<td data-off="{part}" data-share="{share:.4f}"><span class="cell-bar">'
        f'<i style="width:{share:.2%}"></i></span><em>{percent(share)}</em>{other}</td>'
    )
