"""Which model? A wish answered from the table, with reasons that are computed from it too.

Points: the best network of the pool gets 1 for a criterion; one that costs ten times as much, or is
ten points of accuracy behind, gets 0; between them cost counts by its logarithm. The score is the
mean of the points, weighted by the wish. Only the best of the pool sets the scale: a poor network
more or less in it changes nobody's order, and networks that are nearly equal get nearly equal
points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import MappingProxyType

from demo.topics.choice.records import (
    CRITERIA,
    FOUR,
    Answer,
    Candidate,
    Criterion,
    Excluded,
    Pool,
    Preset,
    Ranked,
    Reason,
    Verdict,
    Wish,
)

TENFOLD = 10.0
"""How many times the best one's cost is worth no point."""
ACCURACY_SPAN = 10.0
"""How many points of accuracy behind the best one are worth no point."""
MEBIBYTE = 2**20

_REFERENCE: dict[str, str] = {"imagenet": "resnet50", "cifar10": "mini_resnet"}
_MORE_IS_BETTER: tuple[Criterion, ...] = ("accuracy", "detail")


def _wish(speed: int, size: int, memory: int, accuracy: int, detail: int, mb: float | None) -> Wish:
    weights = dict(zip(CRITERIA, (speed, size, memory, accuracy, detail), strict=True))
    return Wish(MappingProxyType(weights), megabytes=mb)


PRESETS: dict[str, Preset] = {
    "phone": Preset(
        _wish(5, 1, 1, 1, 0, None),
        {"four": ("resnet50",), "imagenet": ("mobilenet_v3_large", "efficientnet_b0")},
    ),
    "embedded": Preset(
        _wish(1, 4, 4, 2, 0, 8192),
        {"four": ("densenet121",), "imagenet": ("densenet121",)},
    ),
    "medical": Preset(
        _wish(0, 0, 0, 5, 5, None),
        {"four": ("densenet121",), "imagenet": ("densenet121", "densenet201")},
    ),
    "competition": Preset(
        _wish(0, 0, 0, 5, 0, None),
        {
            "four": ("resnext50_32x4d",),
            "imagenet": ("resnext101_32x8d", "densenet201", "efficientnet_b7"),
        },
    ),
    "balanced": Preset(
        _wish(1, 1, 1, 1, 1, None),
        {"four": ("resnet50", "resnext50_32x4d"), "imagenet": ("resnet50", "resnext50_32x4d")},
    ),
}
"""The lecture's scenarios (its section 5 and exercise 4) and whom it advises."""


def members(table: Sequence[Candidate], pool: Pool, second: bool = False) -> list[Candidate]:
    """The rows that may be ranked together: one data set, so that accuracies mean the same."""
    if pool == "cifar10":
        return [row for row in table if row.dataset == "cifar10"]
    rows = [row for row in table if row.dataset == "imagenet" and (second or row.recipe != "v2")]
    if pool == "imagenet":
        return rows
    return [row for row in rows if row.architecture in FOUR]


def value(row: Candidate, criterion: Criterion, timed: bool) -> float | None:
    """A row's number: seconds or multiply-adds, parameters, bytes, percent, places across."""
    if criterion == "speed":
        return (row.timing.median if row.timing else None) if timed else float(row.macs)
    if criterion == "accuracy":
        return row.accuracy
    if criterion == "size":
        return float(row.parameters)
    return float(row.memory_bytes if criterion == "memory" else row.footprint.cells)


def points(row: Candidate, rows: Sequence[Candidate], criterion: Criterion, timed: bool) -> float:
    """A row's points in [0, 1] among these rows; 0 where its number is not known."""
    mine = value(row, criterion, timed)
    known = [
        number
        for number in (value(other, criterion, timed) for other in rows)
        if number is not None
    ]
    if mine is None or not known:
        return 0.0
    if criterion == "accuracy":
        behind = (max(known) - mine) / ACCURACY_SPAN
    else:
        ratio = max(known) / mine if criterion == "detail" else mine / min(known)
        behind = math.log(ratio, TENFOLD)
    return max(0.0, 1.0 - behind)


def answer(table: Sequence[Candidate], wish: Wish) -> Answer:
    """Rank the wish's pool; the best first, equals in the order of the table."""
    rows = members(table, wish.pool, wish.second)
    timed = all(row.timing for row in rows)
    refusals = (_excluded(row, wish) for row in rows)
    excluded = tuple(refusal for refusal in refusals if refusal is not None)
    out = {refusal.candidate.key for refusal in excluded}
    total = sum(wish.weights.values()) or 1
    ranked = []
    for row in rows:
        if row.key not in out:
            each = {criterion: points(row, rows, criterion, timed) for criterion in CRITERIA}
            weighted = (wish.weights.get(name, 0) * reached for name, reached in each.items())
            score = sum(weighted) / total
            ranked.append(Ranked(row, score, each))
    ranked.sort(key=lambda row: -row.score)
    if not ranked:
        return Answer(wish, (), excluded, timed)
    first = ranked[0]
    rival = _rival(table, ranked)
    if rival is None:
        return Answer(wish, tuple(ranked), excluded, timed)
    told = {
        name: _reason(first.candidate, rival, rows, name, wish.weights.get(name, 0), timed)
        for name in CRITERIA
    }
    weighed = sorted(
        (reason for reason in told.values() if reason and reason.weight),
        key=lambda reason: -reason.weight,
    )
    worst = min((name for name in CRITERIA if told[name]), key=lambda name: first.points[name])
    price = told[worst] if first.points[worst] < 1 else None
    return Answer(wish, tuple(ranked), excluded, timed, tuple(weighed), price)


def _excluded(row: Candidate, wish: Wish) -> Excluded | None:
    if wish.offline and not row.ready:
        return Excluded(row, "offline", row.download_bytes)
    if wish.megabytes is not None and row.memory_bytes > wish.megabytes * MEBIBYTE:
        return Excluded(row, "megabytes", row.memory_bytes)
    if wish.milliseconds is not None:
        if row.timing is None:
            return Excluded(row, "untimed")
        if row.timing.median * 1000 > wish.milliseconds:
            return Excluded(row, "milliseconds", row.timing.median)
    return None


def _rival(table: Sequence[Candidate], ranked: Sequence[Ranked]) -> Candidate | None:
    """Whom the first is compared with: the usual choice of its data set, or the runner-up."""
    first = ranked[0].candidate
    usual = next((row for row in table if row.key == _REFERENCE[first.dataset]), None)
    if usual is not None and usual.key != first.key:
        return usual
    return ranked[1].candidate if len(ranked) > 1 else None


def _reason(
    row: Candidate,
    other: Candidate,
    rows: Sequence[Candidate],
    criterion: Criterion,
    weight: int,
    timed: bool,
) -> Reason | None:
    mine, theirs = value(row, criterion, timed), value(other, criterion, timed)
    if mine is None or theirs is None:
        return None
    more = criterion in _MORE_IS_BETTER
    known = [number for number in (value(r, criterion, timed) for r in rows) if number is not None]
    ahead = sum(number > mine if more else number < mine for number in known)
    better = None if mine == theirs else (mine > theirs) == more
    return Reason(criterion, mine, theirs, other.title, ahead + 1, len(known), weight, better)


def preset_of(wish: Wish) -> str | None:
    """The scenario with exactly these weights and megabytes, None if there is none."""
    for name, preset in PRESETS.items():
        same = dict(preset.wish.weights) == dict(wish.weights)
        if same and preset.wish.megabytes == wish.megabytes:
            return name
    return None


def verdict(answer: Answer, preset: str) -> Verdict | None:
    """The lecture's advice for this scenario beside the answer; None where it gives none."""
    advised = PRESETS[preset].advice.get(answer.wish.pool, ())
    if not advised or answer.first is None:
        return None
    places = [i for i, row in enumerate(answer.ranked) if row.candidate.key in advised]
    if not places:
        return Verdict(advised, False)
    if places[0] == 0:
        return Verdict(advised, True, 1, answer.first)
    best = answer.ranked[places[0]]
    weights = answer.wish.weights
    gaps = {
        name: weights.get(name, 0) * (answer.ranked[0].points[name] - best.points[name])
        for name in CRITERIA
    }
    where = max(gaps, key=lambda name: gaps[name])
    rows = [row.candidate for row in answer.ranked]
    loses = _reason(best.candidate, answer.first, rows, where, weights.get(where, 0), answer.timed)
    return Verdict(advised, False, places[0] + 1, best.candidate, loses)
