"""A training as the scenes ask for it: by set, network, mode and seed; once, then remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

from demo.lane import Turn
from demo.topics.train.records import Mode, Step
from demo.topics.train.scenes import visits
from demo.topics.train.training import Features, Progress, Trained, training, under_way
from demo.zoo.loading import load

_STOPS: dict[str, threading.Event] = {}
MODES: tuple[Mode, ...] = ("head", "block")
SEEDS = 1_000
"""Splits that the page offers."""


def seed_of(written: str) -> int:
    """The seed that the page keeps as text; 0 for anything else."""
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0
    return number if number < SEEDS else 0


def trained(
    token: str, key: str, mode: str, seed: int
) -> Iterator[Features | list[Step] | Trained | Turn]:
    """How far it is, the epochs so far, at last what was trained; a Turn before each step.

    Raises:
        Problem: as `visits.kept`, `load` and `training`.
    """
    wanted = (token, key, mode, seed)
    known = visits.RESULTS.peek(wanted)
    if known is not None:
        yield known
        return
    photos, stop = visits.kept(token), threading.Event()
    _STOPS[visits.session()] = stop
    name = ":".join(map(str, (token or "built-in", *wanted[1:])))
    steps: list[Step] = []
    try:
        with under_way():
            yield Turn.NETWORK
            loaded = load(key)
            chosen = cast(Mode, mode if mode in MODES else MODES[0])
            for reached in training(loaded, photos, name, chosen, seed, stop=stop.is_set):
                if isinstance(reached, Progress):
                    steps.append(reached.step)
                    yield list(steps)
                elif isinstance(reached, Trained):
                    yield visits.RESULTS.get(wanted, lambda done=reached: done)
                else:
                    yield reached
                yield Turn.NETWORK
    finally:
        _STOPS.pop(visits.session(), None)


def stop() -> None:
    """End the training that the page has under way; what is reached by then is its result."""
    event = _STOPS.get(visits.session())
    if event is not None:
        event.set()
