"""The JSON API of the page itself: /scenes."""

from __future__ import annotations

from typing import Literal

from demo.tabs.endpoint import offer
from demo.tabs.shell import SCENES
from demo.text import text


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(scenes, "scenes", heavy=False)


def scenes(language: Literal["en", "ja"] = "en") -> list[dict]:
    """Every scene of the page in the order in which they are walked.

    `topic` and `scene` as a link names them (?tab=TOPIC&scene=SCENE), `title` is its question in
    the language, `needs` lists what it is not whole without: "photo", "weights".
    """
    t = text(language)
    return [
        {"topic": one.topic, "scene": one.id, "title": one.title(t), "needs": list(one.needs)}
        for one in SCENES
    ]
