"""What each family's sign means, one line a family, beside the choice of networks."""

from __future__ import annotations

import html

from demo.figures.cards import SIGNS
from demo.figures.style import family_var
from demo.figures.terms import NAMED, tapped
from demo.text import Words


def families(t: Words) -> str:
    """One line a family: its sign, and what it stands for, with more on a tap."""
    rows = "".join(
        f'<li style="--family: {family_var(family)}">'
        f'<span class="sign" aria-hidden="true">{html.escape(SIGNS[family])}</span> '
        f"{tapped(t(f'family.{family}'), f'family.{family}_says')}</li>"
        for family in NAMED
    )
    return f'<ul class="families" aria-label="{html.escape(t("family.title"))}">{rows}</ul>'
