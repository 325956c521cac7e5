"""A part of a block's diagram: what it is called, and that it can be pointed at."""

from __future__ import annotations

import html

from demo.text import Words
from demo.topics.lesson.figures.listing import key, printed
from demo.topics.lesson.records.code import Part, Walk

TYPE = 19.0
"""Size of a diagram's type: legible at the back row."""


def named(part: Part, t: Words) -> str:
    """What a part is called in the diagram: its name in the source, with the size of its filter."""
    if part.kind in ("cat", "add"):
        return {"cat": "torch.cat", "add": "+"}[part.kind]
    if part.name.isdecimal():
        return f"DenseLayer {int(part.name) + 1}"
    name = part.name.split("#")[0]
    size = f" {part.kernel}×{part.kernel}" if part.kernel else ""
    words = f"{name}{size}"
    return t("code.grouped", name=words, groups=part.groups) if part.groups > 1 else words


def node(part: Part, shape: str, walk: Walk, t: Words) -> str:
    """The drawn shape of a part as a place that can be pointed at."""
    said = t("code.part", name=named(part, t), kind=t(f"code.kind.{part.kind}"))
    if walk.real:
        said = f"{said} {printed(part.shape)}"
    lines = " ".join(key(place) for place in sorted(part.lines))
    return (
        # Names of the source are the same in every language.
        f'<g class="code-part" translate="no" data-part="{part.name}"'
        f' data-attribute="{part.attribute}" data-lines="{lines}"'
        f' role="button" tabindex="0" aria-pressed="false"'
        f' aria-label="{html.escape(said, quote=True)}">{shape}'
        f"<title>{html.escape(said)}</title></g>"
    )
