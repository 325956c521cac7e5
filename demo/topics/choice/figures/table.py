"""The table of all networks, as HTML whose columns can be sorted."""

from __future__ import annotations

import html
from collections.abc import Sequence

from demo.drawing.families import signs
from demo.drawing.style import family_var, megabytes, short, whole
from demo.records.families import FAMILIES
from demo.text import Words
from demo.topics.choice.figures.words import time_of
from demo.topics.choice.records import Candidate

COLUMNS = (
    "model",
    "accuracy",
    "parameters",
    "macs",
    "maps",
    "memory",
    "cells",
    "time",
    "weights",
)


def table(rows: Sequence[Candidate], t: Words) -> str:
    """One row of each network, in two groups whose accuracies do not compare."""
    head = "".join(
        f'<th scope="col" data-column="{name}"><button type="button" data-sort="{index}"'
        f' title="{_e(t(f"choice.coltip_{name}", signs=signs(t)))}">'
        f"{_e(t(f'choice.col_{name}'))}</button></th>"
        for index, name in enumerate(COLUMNS)
    )
    groups = "".join(
        f'<tbody data-dataset="{name}"><tr class="group"><th colspan="{len(COLUMNS)}">'
        f"{_e(t(f'choice.group_{name}'))}</th></tr>"
        f"{''.join(_row(row, t) for row in rows if row.dataset == name)}</tbody>"
        for name in ("cifar10", "imagenet")
    )
    return (
        f'<p class="hint choice-sideways" data-unsaved>{_e(t("choice.sideways"))}</p>'
        f'<div class="choice-scroll"><table class="choice-table"><thead><tr>{head}</tr></thead>'
        f"{groups}</table></div>"
    )


def _row(row: Candidate, t: Words) -> str:
    weights = t("choice.here") if row.ready else t("choice.download", size=_decimal(row))
    cells = (
        (
            row.title,
            f'<span class="sign">{_e(FAMILIES[row.family].sign)}</span> {_e(row.title)}',
            "",
        ),
        (row.accuracy or 0, *_accuracy(row, t)),
        (row.parameters, short(row.parameters, t), whole(row.parameters)),
        (row.macs, short(row.macs, t), whole(row.macs)),
        (
            row.footprint.activation_bytes,
            megabytes(row.footprint.activation_bytes),
            whole(row.footprint.activation_bytes),
        ),
        (row.memory_bytes, megabytes(row.memory_bytes), _memory(row, t)),
        (
            row.footprint.cells,
            f"{row.footprint.cells} × {row.footprint.cells}",
            t("choice.tip_input", size=row.input_size),
        ),
        (row.timing.median if row.timing else 1e9, *_time(row, t)),
        (0 if row.ready else row.download_bytes, _e(weights), ""),
    )
    drawn = "".join(_cell(name, *cell, t) for name, cell in zip(COLUMNS, cells, strict=True))
    return f'<tr data-key="{_e(row.key)}" style="--family: {family_var(row.family)}">{drawn}</tr>'


def _cell(column: str, value: object, words: str, tip: str, t: Words) -> str:
    """value: what the column is sorted by; words: HTML. On a phone the column's name is beside."""
    title = f' title="{_e(tip)}"' if tip else ""
    name = _e(t(f"choice.col_{column}"))
    return f'<td data-value="{_e(str(value))}" data-name="{name}"{title}>{words}</td>'


def _accuracy(row: Candidate, t: Words) -> tuple[str, str]:
    if row.accuracy is None:
        return f"<small>{_e(t('choice.not_yet'))}</small>", ""
    if row.interval:
        low, high = row.interval
        return (
            f"<b>{row.accuracy:.1f} %</b> <small>{low:.1f}–{high:.1f}</small>"
            f' <small class="origin measured below">{_e(t("choice.measured"))}</small>',
            t("choice.tip_interval", pictures=whole(row.pictures)),
        )
    recipe = row.recipe.upper()
    return (
        f'{row.accuracy:.1f} % <small class="origin">{_e(t("choice.published", recipe=recipe))}'
        "</small>",
        t("choice.tip_published", recipe=recipe),
    )


def _memory(row: Candidate, t: Words) -> str:
    return t(
        "choice.tip_memory_parts",
        weights=megabytes(row.weight_bytes),
        maps=megabytes(row.footprint.peak_bytes),
    )


def _time(row: Candidate, t: Words) -> tuple[str, str]:
    if row.timing is None:
        return f"<small>{_e(t('choice.not_yet'))}</small>", ""
    median, _, spread = time_of(row.timing).partition(" (")
    spread = f"({spread}"
    mark = f" {t('choice.random')}" if row.timing.random else ""
    return (
        f'<b>{_e(median)}</b> <small class="below">{_e(spread + mark)}</small>',
        t("choice.tip_timed", passes=row.timing.passes),
    )


def _decimal(row: Candidate) -> str:
    return f"{row.download_bytes / 1e6:.0f} MB"


def _e(words: str) -> str:
    return html.escape(words, quote=True)
