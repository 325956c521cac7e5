"""Full-size networks, where a GPU pays. Small ones stay on the processor and cost no quota."""

from __future__ import annotations

from demo import gpu
from demo.engine.ask import ask
from demo.lane import Turn
from demo.page import own
from demo.records import Photo
from demo.topics.compare.card import card, card_on_device
from demo.topics.compare.records import Card
from demo.zoo.loading import load
from demo.zoo.spec import ModelSpec

SECONDS = 20
"""For one card on a shared GPU: a process begins, a network is moved, one pass and its map."""


def is_full_size(one: ModelSpec) -> bool:
    """Whether the network is large enough for a GPU to pay."""
    return one.weights.kind == "download" and one.dataset != "own"


def turn(one: ModelSpec) -> Turn:
    """Where a card of the network is asked for: who waits for a shared GPU needs nothing here."""
    return Turn.OUTSIDE if gpu.SHARED and is_full_size(one) else Turn.NETWORK


def card_of(one: ModelSpec, photo: Photo, k: int, label: str, depth: str) -> Card:
    """As `card.card`, on a GPU where the network is full-size and there is one.

    Raises:
        Problem: as `ask` and `own.network_of`.
        gr.Error: if the shared GPU cannot be had.
    """
    if one.dataset == "own":
        return ask(card, own.network_of(own.KEY), photo, k, label, depth)
    if not is_full_size(one):
        return ask(card, one.key, photo, k, label, depth)
    if gpu.SHARED:
        # Read in this process, the weights are there in the one that is forked for it as well.
        load(one.key)
    return full_size(one.key, photo, k, label, depth)


@gpu.on_gpu(SECONDS)
def full_size(key: str, photo: Photo, k: int, label: str, depth: str) -> Card:
    """As `card.card`, for a network whose weights are here."""
    return ask(card_on_device, key, photo, k, label, depth)
