"""How far a download of one or several networks is."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.style import listed
from demo.text import Words

MEGABYTE = 1e6


def progress(titles: Sequence[str], done: int, total: int, t: Words) -> str:
    """One bar for all, and in words how much of how much has come, in bytes."""
    words = t(
        "compare.fetching",
        models=listed(list(titles), t),
        done=round(done / MEGABYTE),
        total=round(total / MEGABYTE),
    )
    return (
        f'<div class="fetching" role="status"><span>{html.escape(words)}</span>'
        f'<progress max="{max(total, 1)}" value="{done}"></progress></div>'
    )
