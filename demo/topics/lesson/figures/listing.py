"""The source of a block, a line below the other, with the shapes that its lines put out."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from demo.text import Words
from demo.topics.lesson.records.code import Part, Place, Shape, Walk


def printed(shape: Shape) -> str:
    """As PyTorch prints it for one picture: [1, 96, 56, 56]."""
    return f"[1, {', '.join(map(str, shape))}]"


def key(place: Place) -> str:
    """How a line is called in the markup."""
    return f"{place[0]}-{place[1]}"


def listing(walk: Walk, t: Words) -> str:
    """All pieces; a line that belongs to parts can be pointed at, one that did not run is pale."""
    pieces = []
    for number, piece in enumerate(walk.pieces):
        lines = "".join(
            _line(walk, (number, place), piece.first + place, words, place in piece.idle, t)
            for place, words in enumerate(piece.lines)
        )
        pieces.append(
            f"<section><h4><code>{html.escape(piece.title)}</code>"
            f" <small><code>{html.escape(piece.file)}:{piece.first}</code></small></h4>"
            f"{lines}</section>"
        )
    return f'<div class="code-lines">{"".join(pieces)}</div>'


def _line(walk: Walk, place: Place, number: int, words: str, idle: bool, t: Words) -> str:
    parts = walk.of(place)
    bare = words.lstrip()
    indent = len(words) - len(bare)
    shapes = told([part for part in parts if place in part.called]) if walk.real else ""
    said = f' <em class="code-shape">→ {html.escape(shapes)}</em>' if shapes else ""
    pointed = ""
    if parts:
        pointed = f' data-line="{key(place)}" role="button" tabindex="0" aria-pressed="false"'
    pale = f' title="{html.escape(t("code.idle"), quote=True)}"' if idle else ""
    return (
        f'<div class="code-line{" idle" if idle else ""}" data-number="{number}"'
        f' style="--indent:{indent}"{pointed}{pale}><code>{_marked(bare, parts)}</code>{said}</div>'
    )


def told(parts: Sequence[Part]) -> str:
    """What the parts of a line put out in turn; a bar stands between branches."""
    words = ""
    for number, part in enumerate(parts):
        before = parts[number - 1] if number else None
        if before is None:
            words = printed(part.shape)
        elif _branches(before, part):
            words += f" | {printed(part.shape)}"
        elif part.shape != before.shape:
            words += f" → {printed(part.shape)}"
    return words


def _branches(before: Part, part: Part) -> bool:
    """Whether a part reads something else than what the one before it put out."""
    return "." in before.name + part.name and before.attribute != part.attribute


def _marked(words: str, parts: Sequence[Part]) -> str:
    """The line as HTML, in which what a part is called by can be told apart."""
    names = {part.attribute for part in parts if part.attribute}
    if not names:
        return html.escape(words)
    pattern = re.compile(rf"self\.({'|'.join(map(re.escape, sorted(names)))})\b")
    found, end = [], 0
    for match in pattern.finditer(words):
        found.append(html.escape(words[end : match.start()]))
        found.append(f'<b data-attribute="{match[1]}">{html.escape(match[0])}</b>')
        end = match.end()
    return "".join([*found, html.escape(words[end:])])
