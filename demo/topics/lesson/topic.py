"""The lesson's exercises, and its blocks as code beside picture; need no photo."""

from __future__ import annotations

from demo.page.page import Page
from demo.page.scene import Scene
from demo.page.topic import Topic
from demo.topics.lesson import api
from demo.topics.lesson.scenes import code, view

ID = "lesson"
ASKED = Scene(ID, "exercises")
CODE = Scene(ID, "code")
SCENES = (ASKED, CODE)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    with ASKED.stage(page.words):
        view.build(page, ASKED)
    with CODE.stage(page.words):
        code.build(page, CODE)


LESSON = Topic(ID, SCENES, build, api.register)
