"""Two trained networks on the same photos: which does better, and is it more than chance?"""

from __future__ import annotations

import html
from collections.abc import Iterator

from demo.drawing.stage import staged
from demo.drawing.style import percent
from demo.lane import Turn
from demo.text import Words
from demo.topics.train.figures.duel import duel
from demo.topics.train.numbers import compared
from demo.topics.train.records import Duel
from demo.topics.train.scenes import work
from demo.topics.train.scenes.said import photos_of, waiting
from demo.topics.train.scenes.view import lacking, unready
from demo.topics.train.training import Trained
from demo.zoo.catalogue import spec


def rivals(
    t: Words, token: str, key: str, mode: str, seed: str, other: str
) -> Iterator[str | Turn]:
    """Both are trained, one after the other, on the same photos; then they are compared."""
    if lacks := lacking(photos_of(token, t), t):
        yield unready(lacks, t)
        return
    if key == other:
        yield staged('<div class="train train-wait"></div>', html.escape(t("train.duel_same")))
        return
    results = []
    for one in (key, other):
        for reached in work.trained(token, one, mode, work.seed_of(seed)):
            if isinstance(reached, Trained):
                results.append(reached.result)
            else:
                yield waiting(reached, t)
    found, specs = compared(*results), (spec(key), spec(other))
    titles = [one.title for one in specs]
    drawn = duel(found, titles, [one.family for one in specs], t)
    yield staged(drawn, html.escape(sentence(found, titles, t)), "drawing")


def sentence(found: Duel, titles: list[str], t: Words) -> str:
    """Who is right on how many, and whether the difference is more than chance."""
    if found.better is None:
        key = "train.duel_chance" if sum(found.alone) else "train.duel_equal"
    else:
        key = "train.duel_better"
    better = found.better or 0
    words = t(
        "train.duel_say",
        first=titles[0],
        second=titles[1],
        one=found.right[0],
        other=found.right[1],
        count=found.count,
    )
    judged = t(
        key,
        model=titles[better],
        differ=sum(found.alone),
        share=percent(found.p),
    )
    return t.sentences(words, judged)
