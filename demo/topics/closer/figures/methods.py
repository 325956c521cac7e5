"""Several methods side by side: what each one asks, its map, its range, or how far it is."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from demo.drawing.heat import frame
from demo.drawing.style import percent
from demo.records import Box
from demo.text import Words
from demo.topics.closer.figures.maps import legend, place, raw_range, scale_of, signed_overlay
from demo.topics.closer.records.maps import METHODS, Explanation, Method, Methods


@dataclass(frozen=True)
class Progress:
    """How far a method is: done of `total` steps; a total of 0 has not begun."""

    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Asked:
    """Whose answer is explained.

    title: the network's. name: the class as readers call it. seen: the part of the photo that the
    network was given. ratio: width / height of the photo. photo: its address, in colour.
    """

    title: str
    name: str
    probability: float
    seen: Box
    ratio: float
    photo: str


def panel(found: Mapping[Method, Explanation | Progress], asked: Asked, t: Words) -> str:
    """The photo with the square that the network saw, and a tile a method."""
    tiles = [_photo(asked, t), *(_tile(one, found[one], asked, t) for one in METHODS)]
    return f'<div class="methods">{"".join(tiles)}</div>{legend(t)}'


def sentence(found: Methods, name: str, t: Words) -> str:
    """Which two agree most about the places, and which least."""
    pairs = found.pairs
    most, least = pairs[0], pairs[-1]
    return t(
        "closer.methods_say",
        name=name,
        share=percent(found.probability),
        first=method_name(most.first, t),
        second=method_name(most.second, t),
        most=f"{most.correlation:.2f}",
        third=method_name(least.first, t),
        fourth=method_name(least.second, t),
        least=f"{least.correlation:.2f}".replace("-", "−"),
    )


def method_name(method: Method, t: Words) -> str:
    """What a method is called."""
    return t(f"closer.method.{method}")


def _photo(asked: Asked, t: Words) -> str:
    alt = html.escape(t("closer.photo_alt", model=asked.title), quote=True)
    answer = t("closer.answer", name=asked.name, share=percent(asked.probability))
    shape = frame(asked.ratio, asked.photo)
    return (
        f'<figure data-method="photo"><figcaption><b>{html.escape(asked.title)}</b>'
        f"<span>{html.escape(answer)}</span></figcaption>"
        f'<div class="overlay" role="img" aria-label="{alt}" style="{shape}">'
        f'<i class="seen" style="{place(asked.seen)}"></i></div>'
        f"<small>{html.escape(t('closer.square'))}</small></figure>"
    )


def _tile(method: Method, found: Explanation | Progress, asked: Asked, t: Words) -> str:
    name = method_name(method, t)
    if isinstance(found, Explanation):
        alt = t("closer.map_alt", method=name, model=asked.title, name=asked.name)
        scale = scale_of(found) or 1.0
        drawn = signed_overlay(found.raw / scale, found.seen, alt, asked.ratio)
        below = f"<small>{html.escape(raw_range(found, t))}</small>"
    else:
        drawn, below = _under_way(found, asked, t), "<small>&nbsp;</small>"
    return (
        f'<figure data-method="{method}"><figcaption><b>{html.escape(name)}</b>'
        f"<span>{html.escape(t(f'closer.asks.{method}'))}</span></figcaption>{drawn}{below}</figure>"
    )


def _under_way(at: Progress, asked: Asked, t: Words) -> str:
    words = t("closer.step", done=at.done, total=at.total) if at.total else t("closer.waiting")
    bar = f'<progress max="{at.total}" value="{at.done}"></progress>' if at.total else ""
    return (
        f'<div class="framed under-way" style="{frame(asked.ratio)}"><p>{html.escape(words)}</p>'
        f'{bar}<p class="when-stopped">{html.escape(t("closer.stopped"))}</p></div>'
    )
