"""A topic: scenes that belong together, and how the page and the JSON API come to have them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from demo.page.page import Page
from demo.page.scene import Scene


def nothing() -> None:
    """The endpoints of a topic that has none."""


@dataclass(frozen=True)
class Topic:
    """What the shell asks of a topic.

    id: as links name it; the text "tab.ID" is its label. scenes: in the order in which they are
    walked. build: builds them inside the topic's tab. endpoints: offers those of the JSON API;
    called once, inside the app's Blocks context.
    """

    id: str
    scenes: tuple[Scene, ...]
    build: Callable[[Page], None]
    endpoints: Callable[[], None] = nothing
