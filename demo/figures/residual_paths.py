"""Cardinality on a photo: three equal forms, the paths as switches, answers before and after."""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.figures.heat import grey_uri
from demo.figures.style import percent
from demo.records import Scores
from demo.records.residual import BRANCH, SHORTCUT, PathMaps, Switched
from demo.text import Words


def switches(found: PathMaps | None, off: Sequence[str], t: Words) -> str:
    """Buttons that are pressed when their part is off; data-part names it.

    Args:
        found: the block's paths; None where it has one.
    """
    rows = [_switch(SHORTCUT, t("residual.part_shortcut"), "", off, t)]
    rows.append(_switch(BRANCH, t("residual.part_branch"), "", off, t))
    tiles = ""
    if found is not None:
        most = float(found.maps.max()) or 1.0
        share = found.strength / (float(found.strength.max()) or 1.0)
        cells = []
        for index, values in enumerate(found.maps):
            picture = (
                f'<img src="{grey_uri(values / most, 48)}" alt="">'
                f'<i style="width:{share[index]:.1%}"></i>'
            )
            name = t("residual.path", number=index + 1)
            cells.append(_switch(str(index), name, picture, off, t))
        tiles = f'<div class="path-tiles">{"".join(cells)}</div>'
    return f'<div class="switches"><div class="whole">{"".join(rows)}</div>{tiles}</div>'


def _switch(part: str, name: str, picture: str, off: Sequence[str], t: Words) -> str:
    words = t("residual.switch_tip", part=name)
    return (
        f'<button type="button" data-part="{part}" aria-pressed="{str(part in off).lower()}"'
        f' title="{html.escape(words, quote=True)}">{picture}<span>{html.escape(name)}</span>'
        "</button>"
    )


def part_name(part: str, t: Words) -> str:
    """What a switch is called."""
    if part in (SHORTCUT, BRANCH):
        return t(f"residual.part_{part}")
    return t("residual.path", number=int(part) + 1)


def before_after(
    scores: Scores, found: Switched, names: Callable[[int], str], t: Words, count: int = 5
) -> str:
    """Probabilities of the whole network and with parts of one block off."""
    before, after = scores.probabilities, found.probabilities
    order = np.argsort(-np.maximum(before, after), kind="stable")[:count]
    rows = "".join(
        f'<div class="change{" chosen" if i == scores.top else ""}" data-class="{i}">'
        f'<span class="name">{html.escape(names(i))}</span>'
        f"{_bar('before', before[i])}{_bar('after', after[i])}</div>"
        for i in sorted(order.tolist(), key=lambda i: -float(before[i]))
    )
    off = ", ".join(part_name(part, t) for part in found.off)
    label = t("residual.after", off=off) if off else t("residual.nothing_off")
    moved = float(after[scores.top] - before[scores.top])
    winner = int(after.argmax())
    words = t(
        "residual.kept_answer" if winner == scores.top else "residual.new_answer",
        name=names(scores.top),
        change=points(moved),
        other=names(winner),
    )
    return (
        f'<div class="worth"><div class="key"><span class="before">'
        f'{html.escape(t("residual.before"))}</span><span class="after">'
        f"{html.escape(label)}</span></div>{rows}"
        f'<p class="moved" data-change="{moved:.6f}">{html.escape(words if found.off else "")}</p>'
        "</div>"
    )


def _bar(kind: str, share: float) -> str:
    return f'<i class="{kind}"><b style="width:{share:.2%}"></b></i><em>{percent(share)}</em>'


def points(change: float) -> str:
    """A change of a probability in percentage points: -0.1234 -> "−12.3"."""
    text = f"{change * 100:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text.replace("-", "−")


def every_block(
    scores: Scores, rows: Sequence[Switched], names: Callable[[int], str], t: Words
) -> str:
    """A table block x (shortcut off, branch off): probability of the network's first choice."""
    top = scores.top
    by_block: dict[str, dict[str, NDArray[np.float32]]] = {}
    for row in rows:
        by_block.setdefault(row.block, {})[row.off[0]] = row.probabilities
    body = "".join(
        f'<tr><th scope="row">{html.escape(block)}</th>'
        + "".join(_cell(part, found[part], top, names) for part in (SHORTCUT, BRANCH))
        + "</tr>"
        for block, found in by_block.items()
    )
    head = "".join(
        f'<th scope="col">{html.escape(t(f"residual.off_{part}"))}</th>'
        for part in (SHORTCUT, BRANCH)
    )
    caption = t(
        "residual.every_caption", name=names(top), before=percent(scores.probabilities[top])
    )
    return (
        f'<div class="every-block"><table><caption>{html.escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{html.escape(t("residual.block"))}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(
    part: str, probabilities: NDArray[np.float32], top: int, names: Callable[[int], str]
) -> str:
    share, winner = float(probabilities[top]), int(probabilities.argmax())
    other = "" if winner == top else f"<small>→ {html.escape(names(winner))}</small>"
    return (
        f'<td data-off="{part}" data-share="{share:.4f}"><span class="cell-bar">'
        f'<i style="width:{share:.2%}"></i></span><em>{percent(share)}</em>{other}</td>'
    )
