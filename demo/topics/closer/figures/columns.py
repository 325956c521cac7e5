"""Networks side by side, a column each."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

MOST = 5
"""Columns beside each other; more make another band."""


def columns(drawn: Sequence[str]) -> str:
    """The columns, in as many bands as they need."""
    bands = math.ceil(len(drawn) / MOST)
    beside = math.ceil(len(drawn) / bands)
    style = f"--bands:{bands};--beside:{beside}"
    return f'<div class="networks" style="{style}">{"".join(drawn)}</div>'


def column(key: str, title: str, colour: str, body: str) -> str:
    """One network's.

    Args:
        colour: CSS, its family's.
        body: HTML below its title.
    """
    return (
        f'<section data-model="{key}" style="--family:{colour}"><h4>{html.escape(title)}</h4>'
        f"{body}</section>"
    )
