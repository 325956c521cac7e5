"""What the topic's scenes ask about: one network or several, a class, and another one."""

from __future__ import annotations

from collections.abc import Sequence

from demo.labels import label_name
from demo.page import own
from demo.text import Words
from demo.zoo.catalogue import CATALOGUE, relatives, spec
from demo.zoo.spec import ModelSpec

SMALL = tuple(one.key for one in CATALOGUE if one.dataset == "cifar10")
JUDGE = "efficientnet_lite0"
FIVE = [*SMALL, JUDGE]
"""Those that ship with the app."""
OFFERED = (*SMALL, JUDGE, *(one.key for one in relatives(map(spec, SMALL))))
"""The bundled networks and the full-size ones of the same families."""
START = "mini_densenet"


def index_of(one: ModelSpec, label: str) -> int | None:
    """Index of the class of that label; None for "", or where the network does not know it."""
    return one.labels.index(label) if label in one.labels else None


def class_name(one: ModelSpec, index: int, t: Words) -> str:
    """What a class is called in the reader's language."""
    return label_name(t, one.dataset, one.labels[index])


def choices(keys: Sequence[str] = OFFERED) -> list[tuple[str, str]]:
    """Networks as a control offers them; at last the one that the page has trained, if any."""
    mine = own.shown()
    return [
        *((spec(key).title, key) for key in keys),
        *([(mine.spec.title, own.KEY)] if mine else []),
    ]
