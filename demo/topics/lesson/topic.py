"""The lesson's exercises, its blocks as code beside picture, networks of one's own."""

from __future__ import annotations

from demo.page.page import Page
from demo.page.scene import Scene
from demo.page.topic import Topic
from demo.topics.lesson import api
from demo.topics.lesson.scenes import code, design, view

ID = "lesson"
ASKED = Scene(ID, "exercises")
CODE = Scene(ID, "code")
OWN = Scene(ID, "design")
SCENES = (ASKED, CODE, OWN)


def build(page: Page) -> None:
    """Build the topic inside its gr.Tab."""
    with ASKED.stage(page.words):
        view.build(page, ASKED)
    with CODE.stage(page.words):
        code.build(page, CODE)
    with OWN.stage(page.words):
        design.build(page, OWN)


LESSON = Topic(ID, SCENES, build, api.register)
