"""The path through the lecture: its order, its scenes, and states that a link can set."""

from __future__ import annotations

import pytest

from demo.page.chapters import chapters
from demo.page.guide import guide
from demo.page.shell import all_scenes
from demo.text import LANGUAGES, text
from demo.topics.order import TOPICS

ORDER = [
    *("addition", "dense", "growth_rate", "transition", "densenet121", "implementation"),
    *("transfer", "idea", "one_by_one", "module", "inception_v3", "resnext", "cardinality"),
    "choice",
]


def test_they_follow_the_lecture() -> None:
    assert [one.id for one in chapters()] == ORDER


def test_each_plays_in_a_scene_that_there_is() -> None:
    scenes = {scene.id for scene in all_scenes(TOPICS)}
    used = {one.scene for one in chapters()}
    used |= {claim.scene for one in chapters() for claim in one.claims if claim.scene}
    assert used - scenes == set()


def test_each_has_something_to_do() -> None:
    assert [one.id for one in chapters() if not one.done.see and not one.done.link] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_all_are_in_the_guide(lang: str) -> None:
    drawn = guide(chapters(), all_scenes(TOPICS), text(lang))
    assert drawn.count("<article ") == len(ORDER)
    assert drawn.count("data-open-chapter") == len(ORDER)
    assert drawn.count('data-status="claimed"') == 5
