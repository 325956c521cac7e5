"""A training as the scenes ask for it: by set, network, mode and seed; once, then remembered.

A class that opens the built-in set together waits for one training and shares it.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterator
from typing import cast

from demo.lane import Turn
from demo.topics.train.records import Mode, Step
from demo.topics.train.scenes import visits
from demo.topics.train.training import Features, Progress, Trained, training, under_way
from demo.zoo.loading import load

_STOPS: dict[str, threading.Event] = {}
_RUNNING: set[tuple[str, str, str, int]] = set()
_LOCK = threading.Lock()
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
    # What its reader has stopped is nobody else's.
    own = (token or visits.own_name(), *wanted[1:])
    while True:
        known = visits.RESULTS.peek(own) or visits.RESULTS.peek(wanted)
        if known is not None:
            yield known
            return
        with _LOCK:
            if wanted not in _RUNNING:
                _RUNNING.add(wanted)
                break
        # Somebody has the very same under way, and goes on between two turns of this one.
        yield Turn.NETWORK
    try:
        photos, stop = visits.kept(token), threading.Event()
        _STOPS[visits.session()] = stop
        # Of this training alone: a stopped one must not answer for the next.
        name = ":".join(map(str, (token or "built-in", *wanted[1:], secrets.token_hex(4))))
        steps: list[Step] = []
        with under_way():
            yield Turn.NETWORK
            loaded = load(key)
            chosen = cast(Mode, mode if mode in MODES else MODES[0])
            for reached in training(loaded, photos, name, chosen, seed, stop=stop.is_set):
                if isinstance(reached, Progress):
                    steps.append(reached.step)
                    yield list(steps)
                elif isinstance(reached, Trained):
                    place = own if reached.result.stopped else wanted
                    yield visits.RESULTS.get(place, lambda done=reached: done)
                else:
                    yield reached
                yield Turn.NETWORK
    finally:
        with _LOCK:
            _RUNNING.discard(wanted)
        _STOPS.pop(visits.session(), None)


def stop() -> None:
    """End the training that the page has under way; what is reached by then is its result."""
    event = _STOPS.get(visits.session())
    if event is not None:
        event.set()
