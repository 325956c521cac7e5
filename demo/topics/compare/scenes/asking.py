"""One card of the comparison: of whom it is asked, and where it is waited for."""

from __future__ import annotations

from demo.engine.ask import ask, elsewhere
from demo.lane import Turn
from demo.page import own
from demo.records import Photo
from demo.topics.compare.card import card
from demo.topics.compare.records import Card
from demo.zoo.spec import ModelSpec


def turn(one: ModelSpec) -> Turn:
    """Where who asks for a card of the network waits for it."""
    mine = one.dataset == "own"
    return Turn.OUTSIDE if not mine and elsewhere(card, one.key) else Turn.NETWORK


def card_of(one: ModelSpec, photo: Photo, k: int, label: str, depth: str) -> Card:
    """As `card.card`, of a network of the catalogue or the page's own.

    Raises:
        Problem: as `ask` and `own.network_of`.
        gr.Error: if a shared GPU that it is asked of cannot be had.
    """
    network = own.network_of(own.KEY if one.dataset == "own" else one.key)
    return ask(card, network, photo, k, label, depth)
