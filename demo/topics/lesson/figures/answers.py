"""Where an answer is given: a form of each kind, which the script `lesson` reads."""

from __future__ import annotations

import html
import json
from urllib.parse import urlencode

from demo.text import Words
from demo.topics.lesson.figures.words import marked, named, unit
from demo.topics.lesson.records import LETTERS, Asked, Exercise


def form(exercise: Exercise, seed: int, asked: Asked, answer: str, t: Words) -> str:
    """The form; `answer` is what was answered last, "" for nothing yet."""
    if exercise.kind in ("choice", "predict"):
        return _choices(exercise, asked, answer, t)
    if exercise.kind == "number":
        return _number(asked, answer, t)
    if exercise.kind == "order":
        return _order(exercise, asked, answer, t)
    if exercise.kind == "match":
        return _match(exercise, asked, answer, t)
    if exercise.kind == "doing":
        return _doing(exercise, seed, asked, t)
    return _free(exercise, asked, answer, t)


def _check(t: Words) -> str:
    return (
        f'<button type="button" class="exercise-check" data-check>'
        f"{html.escape(t('lesson.check'))}</button>"
    )


def _choices(exercise: Exercise, asked: Asked, answer: str, t: Words) -> str:
    rows = "".join(
        f'<button type="button" class="exercise-choice" data-letter="{letter}"'
        f' aria-pressed="{str(letter == answer).lower()}"><b>{letter}</b>'
        f"<span>{marked(named(exercise, asked, 'option', t, name))}</span></button>"
        for letter, name in zip(LETTERS, asked.options, strict=False)
    )
    return f'<div class="exercise-choices" data-form="choice">{rows}</div>'


def _number(asked: Asked, answer: str, t: Words) -> str:
    label = t("lesson.number_unit", unit=unit(asked, t))
    near = t("lesson.rounded", percent=f"{100 * asked.tolerance:g}") if asked.tolerance else ""
    return (
        f'<div class="exercise-number" data-form="number"><label>{html.escape(label)}'
        f'<input type="text" inputmode="decimal" autocomplete="off" maxlength="60"'
        f' value="{html.escape(answer, quote=True)}"></label>{_check(t)}'
        f"<small>{html.escape(near)}</small></div>"
    )


def _order(exercise: Exercise, asked: Asked, answer: str, t: Words) -> str:
    names = dict(zip(LETTERS, asked.options, strict=False))
    shown = [*answer] if sorted(answer) == sorted(names) else list(names)
    rows = []
    for letter in shown:
        what = named(exercise, asked, "option", t, names[letter])
        steps = "".join(
            f'<button type="button" data-move="{by}"'
            f' aria-label="{html.escape(t(key, what=what), quote=True)}">{sign}</button>'
            for by, key, sign in ((-1, "lesson.up", "↑"), (1, "lesson.down", "↓"))
        )
        rows.append(f'<li data-letter="{letter}"><span>{marked(what)}</span>{steps}</li>')
    return (
        f'<div data-form="order"><ol class="exercise-order">{"".join(rows)}</ol>{_check(t)}</div>'
    )


def _match(exercise: Exercise, asked: Asked, answer: str, t: Words) -> str:
    given = answer if len(answer) == len(asked.lefts) else " " * len(asked.lefts)
    rows = []
    for left, chosen in zip(asked.lefts, given, strict=True):
        options = "".join(
            f'<option value="{letter}"{" selected" if letter == chosen else ""}>'
            f"{html.escape(named(exercise, asked, 'option', t, name))}</option>"
            for letter, name in zip(LETTERS, asked.options, strict=False)
        )
        empty = html.escape(t("lesson.choose"))
        rows.append(
            f"<label><span>{marked(named(exercise, asked, 'left', t, left))}</span>"
            f'<select><option value="-">{empty}</option>{options}</select></label>'
        )
    return f'<div class="exercise-match" data-form="match">{"".join(rows)}{_check(t)}</div>'


def _doing(exercise: Exercise, seed: int, asked: Asked, t: Words) -> str:
    task = asked.task
    assert task is not None
    here = [("tab", "lesson"), ("scene", "exercises")]
    back = [*here, ("lesson_exercise", exercise.id), ("lesson_seed", str(seed))]
    told = {
        "id": exercise.id,
        "seed": seed,
        "scene": task.scene,
        "conditions": [vars(one) for one in task.conditions],
        "back": f"?{urlencode(back)}",
        "words": {
            "title": t("lesson.task"),
            "prompt": named(exercise, asked, "prompt", t),
            "done": t("lesson.task_done"),
            "back": t("lesson.back"),
        },
    }
    link = urlencode([("tab", task.topic), ("scene", task.scene), *task.state])
    return (
        f'<div class="exercise-doing" data-form="doing">'
        f'<a class="exercise-check" href="?{html.escape(link, quote=True)}"'
        f' data-task="{html.escape(json.dumps(told), quote=True)}">'
        f"{html.escape(t('lesson.open'))}</a>"
        f"<small>{html.escape(t('lesson.doing_waits'))}</small></div>"
    )


def _free(exercise: Exercise, asked: Asked, answer: str, t: Words) -> str:
    ticks = "".join(
        f'<label><input type="checkbox" data-number="{number}"'
        f"{' checked' if str(number) in answer.split(',') else ''}>"
        f"<span>{marked(named(exercise, asked, 'point', t, name))}</span></label>"
        for number, name in enumerate(asked.points, start=1)
    )
    words = html.escape(t("lesson.answer"))
    shown = " open" if answer else ""
    return (
        f'<div class="exercise-free" data-form="free"><textarea rows="4" aria-label="{words}"'
        f' placeholder="{html.escape(t("lesson.write"), quote=True)}"></textarea>'
        f"<details{shown}><summary>{html.escape(t('lesson.show_rubric'))}</summary>"
        f"<p>{html.escape(t('lesson.rubric'))}</p>{ticks}{_check(t)}</details></div>"
    )
