"""The JSON API of the page itself: /scenes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from demo.page.endpoint import offer
from demo.page.topic import Topic
from demo.text import text

Listing = Callable[[Literal["en", "ja"]], list[dict]]


def register(topics: Sequence[Topic]) -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(listing(topics), "scenes", heavy=False)


def listing(topics: Sequence[Topic]) -> Listing:
    """The endpoint for a page of these topics."""

    def scenes(language: Literal["en", "ja"] = "en") -> list[dict]:
        """Every scene of the page in the order in which they are walked.

        `topic` and `scene` as a link names them (?tab=TOPIC&scene=SCENE), `title` is its question
        in the language, `needs` lists what it is not whole without: "photo", "weights".
        """
        t = text(language)
        return [
            {"topic": topic.id, "scene": scene.id, "title": scene.title(t), "needs": [*scene.needs]}
            for topic in topics
            for scene in topic.scenes
        ]

    return scenes
