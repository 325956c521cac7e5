"""Sets of networks in one click, and what shows that a network is not on this machine."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from demo.drawing.progress import MEGABYTE
from demo.drawing.style import family_var
from demo.records import Family
from demo.text import Words


def opener(panel: str, words: str, count: int | None = None) -> str:
    """A button that opens the panel of that id (see page.js), with how much is chosen in it."""
    number = "" if count is None else f'<b data-count="{panel}">{count}</b>'
    return (
        f'<button type="button" class="opener" data-panel="{panel}" aria-expanded="false"'
        f' aria-controls="{panel}"><span>{html.escape(words)}</span>{number}</button>'
    )


def sets(pressed: Mapping[str, bool], missing: int, t: Words) -> str:
    """Buttons that choose a set of networks, `data-set`.

    Args:
        pressed: set -> whether exactly its networks are chosen.
        missing: bytes that the full-size relatives still need.
    """
    buttons = []
    for name, chosen in pressed.items():
        words = t(f"compare.set_{name}")
        if name == "relatives" and missing:
            words = t("compare.sized_set", set=words, size=round(missing / MEGABYTE))
        buttons.append(
            f'<button type="button" data-set="{name}" aria-pressed="{str(chosen).lower()}"'
            f' title="{html.escape(t(f"compare.set_{name}_tip"), quote=True)}">'
            f"{html.escape(words)}</button>"
        )
    label = html.escape(t("compare.sets"), quote=True)
    return f'<div class="sets" role="group" aria-label="{label}">{"".join(buttons)}</div>'


def coloured(families: Mapping[str, Family]) -> str:
    """Style that gives each choice of a network, by its key, the colour of its family."""
    rules = "".join(
        f'.models label:has([name="{key}"]) {{ --family: {family_var(family)}; }}'
        for key, family in families.items()
    )
    return f"<style>{rules}</style>"


def absent(keys: Sequence[str]) -> str:
    """Style that mutes the choices of networks that are not on this machine."""
    if not keys:
        return ""
    inputs = ", ".join(f'[name="{key}"]' for key in keys)
    return (
        f"<style>.models label:has(input:is({inputs})) "
        "{ color: var(--ink-soft); border-style: dashed !important; }</style>"
    )
