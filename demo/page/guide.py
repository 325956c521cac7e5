"""The guide: the lecture's path, a chapter beside its live scene."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from demo.drawing.terms import explained
from demo.page.chapters import Chapter, Claim
from demo.page.scene import Scene
from demo.text import Words


def guide(chapters: Sequence[Chapter], scenes: Sequence[Scene], t: Words) -> str:
    """All chapters; the page's script shows the one that is open, and marks those that are done."""
    topic_of = {scene.id: scene.topic for scene in scenes}
    data = [
        {
            "id": one.id,
            "scene": one.scene,
            "topic": topic_of[one.scene],
            "state": dict(one.state),
            "done": one.done.told(),
        }
        for one in chapters
    ]
    places = "".join(
        f'<li><button type="button" data-open-chapter="{one.id}"'
        f' aria-label="{_e(t("path.place", number=number, title=t(f"path.{one.id}.title")))}"'
        f' title="{_e(t(f"path.{one.id}.title"))}">{number}</button></li>'
        for number, one in enumerate(chapters, start=1)
    )
    titles = {scene.id: scene.title(t) for scene in scenes}
    bodies = "".join(_chapter(one, titles, t) for one in chapters)
    steps = {
        by: f'<button type="button" data-chapter-step="{by}">{_e(words)}</button>'
        for by, words in ((-1, t("path.back")), (1, t("path.next")))
    }
    return (
        f'<section class="guide" aria-label="{_e(t("path.name"))}"'
        f' data-path="{_e(json.dumps(data, ensure_ascii=False))}">'
        f'<header><b>{_e(t("path.name"))}</b><button type="button" data-leave-path'
        f' aria-label="{_e(t("path.leave"))}" title="{_e(t("path.leave"))}">×</button></header>'
        f'<nav aria-label="{_e(t("path.all"))}"><ol class="guide-places">{places}</ol></nav>'
        f'{bodies}<p class="guide-said" role="status"></p>'
        f'<footer>{steps[-1]}<button type="button" data-chapter-again>{_e(t("path.again"))}'
        f"</button>{steps[1]}</footer></section>"
    )


def _chapter(one: Chapter, titles: Mapping[str, str], t: Words) -> str:
    claims = "".join(
        f'<li data-status="{claim.status}"><b>{_e(t(f"path.status_{claim.status}"))}</b> '
        f"{_e(_claim(claim, titles, t))}</li>"
        for claim in one.claims
    )
    said = f'<ul class="guide-claims">{claims}</ul>' if claims else ""
    title, words = t(f"path.{one.id}.title"), explained(t(f"path.{one.id}.text"), t)
    return (
        f'<article data-chapter="{one.id}" hidden><h2>{_e(title)}</h2><p>{words}</p>'
        f'<p class="guide-do"><i aria-hidden="true"></i>'
        f"<span>{_e(t(f'path.{one.id}.do'))}</span></p>"
        f'<p class="guide-done" hidden>{_e(t(f"path.{one.id}.done"))}</p>{said}'
        f'<p class="guide-exercises"><a href="?{_e(urlencode(_exercises(one)))}">'
        f"{_e(t('path.exercises'))}</a></p></article>"
    )


def _exercises(one: Chapter) -> dict[str, str]:
    """The link to the chapter's first exercise."""
    return {"tab": "lesson", "scene": "exercises", "lesson_exercise": one.exercise}


def _claim(claim: Claim, titles: Mapping[str, str], t: Words) -> str:
    if claim.scene:
        return t(f"path.see_{claim.name}", scene=titles[claim.scene])
    return t(f"path.claim_{claim.name}")


def _e(words: str) -> str:
    return html.escape(words, quote=True)
