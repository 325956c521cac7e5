"""Numbers of the table as words: amounts, comparisons, reasons, the lecture beside the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from demo.drawing.style import counted, megabytes, milliseconds, short
from demo.text import Words
from demo.topics.choice.records import (
    Answer,
    Candidate,
    Criterion,
    Excluded,
    Reason,
    Timing,
    Verdict,
)

NEARLY = 0.04
"""Relative difference under which two amounts are about the same."""
PARTS = (2, 3, 4, 5, 10, 20)
PART_SLACK = 0.09


def amount(criterion: Criterion, value: float, timed: bool, t: Words) -> str:
    """The criterion's number with its unit."""
    if criterion == "speed":
        return milliseconds(value) if timed else short(value, t)
    if criterion == "size":
        return short(value, t)
    if criterion == "memory":
        return megabytes(value)
    return f"{value:.1f} %" if criterion == "accuracy" else f"{value:.0f} × {value:.0f}"


def time_of(timing: Timing) -> str:
    """ "12 ms (11 to 15)" as "12 ms (11–15 ms)"."""
    low = milliseconds(timing.low).removesuffix(" ms").removesuffix(" s")
    if (timing.low >= 1) != (timing.high >= 1):
        low = milliseconds(timing.low)
    return f"{milliseconds(timing.median)} ({low}–{milliseconds(timing.high)})"


def comparison(reason: Reason, timed: bool, t: Words) -> str:
    """How the first number stands to the second: "about 1/3 of ResNet-50's 25.6 M"."""
    other, versus = amount(reason.criterion, reason.other, timed, t), reason.versus
    if reason.criterion == "accuracy":
        points = reason.value - reason.other
        if abs(points) < 0.05:
            return t("choice.about_same", versus=versus, other=other)
        key = "choice.points_more" if points > 0 else "choice.points_less"
        return t(key, points=f"{abs(points):.1f}", versus=versus, other=other)
    ratio = reason.value / reason.other
    if abs(ratio - 1) < NEARLY:
        return t("choice.about_same", versus=versus, other=other)
    for part in PARTS:
        if abs(ratio * part - 1) < PART_SLACK:
            return t("choice.one_part", part=part, versus=versus, other=other)
    if ratio < 1:
        return t("choice.percent_of", percent=f"{100 * ratio:.0f}", versus=versus, other=other)
    return t("choice.times", times=f"{ratio:.1f}", versus=versus, other=other)


def sentence(reason: Reason, timed: bool, t: Words) -> str:
    """One reason as a sentence with its numbers."""
    kind = reason.criterion
    if kind == "speed":
        kind = "speed_timed" if timed else "speed_macs"
    return t(
        f"choice.reason_{kind}",
        value=amount(reason.criterion, reason.value, timed, t),
        comparison=comparison(reason, timed, t),
    )


def why_not(one: Excluded, t: Words) -> str:
    """Why a network does not fulfil the wish."""
    value = milliseconds(one.value) if one.why == "milliseconds" else megabytes(one.value)
    return t(f"choice.out_{one.why}", value=value)


def advice(found: Answer, said: Verdict, titles: Mapping[str, str], t: Words) -> str:
    """What the lecture advises, and whether the table says the same."""
    advised = t("choice.or").join(titles[key] for key in said.advised)
    if said.agrees:
        return t("choice.agrees", advised=advised)
    if said.best is None or said.loses is None:
        return t("choice.advice_out", advised=advised)
    return t(
        "choice.differs",
        advised=advised,
        title=said.best.title,
        place=said.place,
        count=counted(len(found.ranked), t),
        sentence=sentence(said.loses, found.timed, t),
    )


def note(preset: str, table: Sequence[Candidate], found: Answer, t: Words) -> str:
    """What the table itself says about a scenario; its numbers are read from the table."""
    rows = {row.key: row for row in table}
    dense, residual = rows["densenet121"], rows["resnet50"]
    values: dict[str, object] = {}
    key = f"choice.note_{preset}"
    if preset == "phone" and dense.timing and residual.timing and found.timed:
        key = "choice.note_phone_timed"
        values["macs_percent"] = f"{100 * dense.macs / residual.macs:.0f}"
        values["time_percent"] = f"{100 * dense.timing.median / residual.timing.median:.0f}"
    if preset == "embedded":
        out = sum(one.why == "megabytes" for one in found.excluded)
        total = counted(len(found.ranked) + len(found.excluded), t)
        key_of_limit = "choice.embedded_out" if out else "choice.embedded_in"
        values["limit"] = t(key_of_limit, total=total, count=counted(out, t))
        values["most"] = megabytes(max(one.memory_bytes for one in _all(found)))
    values.update(
        dense_macs=short(dense.macs, t),
        residual_macs=short(residual.macs, t),
        dense_maps=megabytes(dense.footprint.activation_bytes),
        residual_maps=megabytes(residual.footprint.activation_bytes),
        dense_peak=megabytes(dense.footprint.peak_bytes),
        residual_peak=megabytes(residual.footprint.peak_bytes),
        carried=f"{100 * dense.footprint.carried:.0f}",
        cells=dense.footprint.cells,
        residual_cells=residual.footprint.cells,
    )
    return t(key, **values)


def _all(found: Answer) -> list[Candidate]:
    ranked = [one.candidate for one in found.ranked]
    return [*ranked, *(one.candidate for one in found.excluded)]


def first_and_next(found: Answer, t: Words) -> str:
    """Which network fits best, how well, and which comes next."""
    if not found.ranked:
        return t("choice.nobody")
    first, *rest = found.ranked
    words = t("choice.say_first", title=first.candidate.title, score=f"{first.score:.2f}")
    if not rest:
        return words
    following = t("choice.say_next", title=rest[0].candidate.title, score=f"{rest[0].score:.2f}")
    return t.sentences(words, following)


def extremes(table: Sequence[Candidate], t: Words) -> str:
    """The lightest network that knows 1,000 things, and the one that is most often right."""
    rows = [row for row in table if row.dataset == "imagenet" and row.accuracy is not None]
    small = min(rows, key=lambda row: row.parameters)
    best = max(rows, key=lambda row: row.accuracy or 0.0)
    return t(
        "choice.say_table",
        count=counted(len(table), t),
        small=small.title,
        small_parameters=short(small.parameters, t),
        small_accuracy=f"{small.accuracy:.1f} %",
        best=best.title,
        best_parameters=short(best.parameters, t),
        best_accuracy=f"{best.accuracy:.1f} %",
    )
