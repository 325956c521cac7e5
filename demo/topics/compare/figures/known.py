"""The line over the cards: how much the networks know, and what a photo shows beyond that."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.labels import label_name
from demo.records.known import Known
from demo.text import Words

_BARE = frozenset(
    (
        "binoculars",
        "brass",
        "broccoli",
        "carbonara",
        "cauliflower",
        "chain mail",
        "chocolate sauce",
        "confectionery",
        "consomme",
        "corn",
        "dough",
        "eggnog",
        "espresso",
        "face powder",
        "guacamole",
        "hair spray",
        "hay",
        "lotion",
        "mashed potato",
        "parallel bars",
        "rapeseed",
        "red wine",
        "sunglasses",
        "sunscreen",
        "swimming trunks",
        "toilet tissue",
        "velvet",
        "wool",
    )
)
"""Labels that English calls a stuff or several, so that no "a" stands before them."""
_A = frozenset(("European fire salamander", "European gallinule", "unicycle"))
_AN = frozenset(("hourglass",))
"""Labels whose first letter is not their first sound."""


def thing(t: Words, label: str) -> str:
    """An ImageNet class as a sentence mentions it: "a lion", "an obelisk", "hay"; 「ライオン」."""
    an = label in _AN or (label[0] in "AEIOUaeiou" and label not in _A)
    article = "bare" if label in _BARE else "an" if an else "a"
    return t(f"known.article_{article}", label=label_name(t, "imagenet", label))


def sentence(verdict: Known, large: Sequence[str], t: Words) -> str:
    """What the large network sees instead; where it is one of the ten, what the networks know.

    Always there, so that no map moves when the verdict comes.

    Args:
        large: titles of the networks beside the small ones, which know 1,000 things.
    """
    if verdict.known:
        if len(large) == 1:
            words = t("known.ten_and_one", large=large[0])
        else:
            words = t("known.ten_and_more") if large else t("known.ten_alone")
        return _line("p", "of-ten", words, t)
    seen = verdict.label and thing(t, verdict.label)
    words = t("known.named", thing=seen) if seen else t("known.unnamed")
    return _line("p", "of-ten none-of-ten", words, t)


def mark(verdict: Known, t: Words) -> str:
    """The same under one photo of several."""
    if verdict.known:
        return ""
    seen = verdict.label and thing(t, verdict.label)
    words = t("known.mark_named", thing=seen) if seen else t("known.mark_unnamed")
    return _line("span", "none-of-ten", words, t)


def _line(tag: str, kind: str, words: str, t: Words) -> str:
    tip = html.escape(t("known.tip"))
    return f'<{tag} class="{kind}" title="{tip}">{html.escape(words)}</{tag}>'
