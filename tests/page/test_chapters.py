"""The path through the lecture: its order, its scenes, and states that a link can set."""

from __future__ import annotations

import pytest

from demo.page.chapters import chapters
from demo.page.guide import guide
from demo.page.shell import all_scenes
from demo.text import LANGUAGES, text
from demo.topics.lesson.questions.every import EXERCISES
from demo.topics.lesson.records import CHAPTERS
from demo.topics.order import TOPICS


def test_they_are_those_of_the_exercises() -> None:
    assert tuple(one.id for one in chapters()) == CHAPTERS


def test_each_plays_in_a_scene_that_there_is() -> None:
    scenes = {scene.id for scene in all_scenes(TOPICS)}
    used = {one.scene for one in chapters()}
    used |= {claim.scene for one in chapters() for claim in one.claims if claim.scene}
    assert used - scenes == set()


def test_each_leads_to_its_first_exercise() -> None:
    first = {one.chapter: one.id for one in reversed(EXERCISES)}
    assert {one.id: one.exercise for one in chapters()} == first


def test_each_has_something_to_do() -> None:
    assert [one.id for one in chapters() if not one.done.conditions and not one.done.link] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_are_in_the_guide(lang: str) -> None:
    drawn = guide(chapters(), all_scenes(TOPICS), text(lang))
    assert drawn.count("<article ") == len(CHAPTERS)
    assert drawn.count("data-open-chapter") == len(CHAPTERS)
    for one in chapters():
        assert f"?tab=lesson&amp;scene=exercises&amp;lesson_exercise={one.exercise}" in drawn
    assert drawn.count('data-status="claimed"') == 5
