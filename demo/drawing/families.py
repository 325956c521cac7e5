"""What the families' rows make of themselves on the page: its colours, and what each sign means."""

from __future__ import annotations

import html

from demo.drawing.style import family_var
from demo.drawing.terms import tapped
from demo.records.families import EXPLAINED, FAMILIES
from demo.text import Words


def colours() -> str:
    """The style sheet that `style.family_var` reads: each family's colour in both themes."""
    light = "".join(f" --family-{key}: {row.light};" for key, row in FAMILIES.items())
    dark = "".join(f" --family-{key}: {row.dark};" for key, row in FAMILIES.items())
    return f":root {{{light} }}\n.dark {{{dark} }}"


def families(t: Words) -> str:
    """One line a family: its sign, and what it stands for, with more on a tap."""
    rows = "".join(
        f'<li style="--family: {family_var(family)}">'
        f'<span class="sign" aria-hidden="true">{html.escape(FAMILIES[family].sign)}</span> '
        f"{tapped(t(f'family.name.{family}'), f'family.says.{family}')}</li>"
        for family in EXPLAINED
    )
    return f'<ul class="families" aria-label="{html.escape(t("family.title"))}">{rows}</ul>'


def signs(t: Words) -> str:
    """All signs in words, for a sentence: "+ addition, ▤ concatenation, ..."."""
    return t("page.comma").join(
        t("family.sign", sign=row.sign, idea=t(f"family.idea.{key}"))
        for key, row in FAMILIES.items()
    )
