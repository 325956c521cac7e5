"""What a reader is told where something cannot be shown."""

from __future__ import annotations

import html

from demo.text import Words


def refusal(sentence: str, command: str, t: Words) -> str:
    """A notice: the sentence, and folded under it what a teacher types, if there is anything."""
    folded = ""
    if command:
        folded = (
            f"<details><summary>{html.escape(t('problem.for_teachers'))}</summary>"
            f"<p>{html.escape(t('problem.type_this'))}</p><code>{html.escape(command)}</code>"
            "</details>"
        )
    return f'<div class="notice">{html.escape(sentence)}{folded}</div>'
