"""Words of the field, explained on a tap where they stand."""

from __future__ import annotations

import html
import json
import re
from functools import cache

from demo.records.families import EXPLAINED, FAMILIES
from demo.text import Words

TERMS = ("gradcam", "macs", "logit", "top1", "recipe", "number")


def term(key: str, word: str) -> str:
    """`word` as a button that shows what the term `key` means; HTML.

    Opens with a click, a tap, Enter or Space, and closes with Escape: see assets/terms.js.
    """
    return tapped(word, f"term.{key}.says")


def explained(sentence: str, t: Words, *keys: str) -> str:
    """A sentence as HTML, in which each term, or each of `keys`, is explained where it comes first.

    Args:
        sentence: plain words; they are escaped here.
    """
    found: dict[str, tuple[int, int]] = {}
    for key in keys or TERMS:
        match = _pattern(t(f"term.{key}.word")).search(sentence)
        if match:
            found[key] = match.span()
    parts, end = [], 0
    for key, (start, stop) in sorted(found.items(), key=lambda item: item[1]):
        if start < end:
            continue
        parts += [html.escape(sentence[end:start]), term(key, sentence[start:stop])]
        end = stop
    return "".join([*parts, html.escape(sentence[end:])])


def glossary(t: Words) -> str:
    """Everything that words are explained by, once a page: JSON for assets/terms.js."""
    said = {f"term.{key}.says": t(f"term.{key}.says") for key in TERMS}
    for family in EXPLAINED:
        key = f"family.says.{family}"
        said[key] = t(key, sign=FAMILIES[family].sign)
    return json.dumps(said, ensure_ascii=False)


def tapped(word: str, key: str) -> str:
    """`word` as a button that shows the entry `key`, one of `glossary`; HTML."""
    return (
        f'<button type="button" class="term" aria-expanded="false"'
        f' data-term="{key}">{html.escape(word)}</button>'
    )


@cache
def _pattern(word: str) -> re.Pattern[str]:
    # A word of letters is not a part of another.
    return re.compile(rf"(?<![A-Za-z])(?:{word})(?![A-Za-z])")
