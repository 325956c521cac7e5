"""The lesson's exercises: questions over all chapters that answer back; need no photo."""

from __future__ import annotations

from demo.page.page import Page
from demo.page.scene import Scene
from demo.page.topic import Topic
from demo.topics.lesson import api
from demo.topics.lesson.scenes import view

ID = "lesson"
ASKED = Scene(ID, "exercises")
SCENES = (ASKED,)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    with ASKED.stage(page.words):
        view.build(page, ASKED)


LESSON = Topic(ID, SCENES, build, api.register)
