"""The sentence over the small networks' answers where a photo shows none of their ten things."""

from __future__ import annotations

import html

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


def sentence(verdict: Known, t: Words) -> str:
    """What the large network sees instead, as a slim line; "" where it is one of the ten."""
    if verdict.known:
        return ""
    seen = verdict.label and thing(t, verdict.label)
    return _line("p", t("known.named", thing=seen) if seen else t("known.unnamed"), t)


def mark(verdict: Known, t: Words) -> str:
    """The same under one photo of several."""
    if verdict.known:
        return ""
    seen = verdict.label and thing(t, verdict.label)
    return _line("span", t("known.mark_named", thing=seen) if seen else t("known.mark_unnamed"), t)


def _line(tag: str, words: str, t: Words) -> str:
    tip = html.escape(t("known.tip"))
    return f'<{tag} class="none-of-ten" title="{tip}">{html.escape(words)}</{tag}>'
