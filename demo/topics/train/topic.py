"""Train your own: so far its endpoint alone."""

from __future__ import annotations

from demo.page.page import Page
from demo.page.topic import Topic
from demo.topics.train import api

ID = "train"


def build(page: Page) -> None:
    """It has no scene yet."""


TRAIN = Topic(ID, (), build, api.register)
