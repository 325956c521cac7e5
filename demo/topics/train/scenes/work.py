"""A training as the scenes ask for it: by set, network, mode and seed; once, then remembered.

A class that opens the built-in set together waits for one training and shares it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import cast

from demo.lane import Turn, Visitor
from demo.page import own, question
from demo.topics.train.numbers import check
from demo.topics.train.records import Mode, Step
from demo.topics.train.scenes import visits
from demo.topics.train.scenes.seats import SEATS, Waiting
from demo.topics.train.training import Features, Progress, Trained, training
from demo.zoo.loading import load

_STOPS: dict[str, threading.Event] = {}
_RUNNING: set[tuple[str, str, str, int]] = set()
_LOCK = threading.Lock()
Reached = Waiting | Features | list[Step] | Trained
"""What a training has come to."""
MODES: tuple[Mode, ...] = ("head", "block")
SEEDS = 1_000
"""Splits that the page offers."""


def seed_of(written: str) -> int:
    """The seed that the page keeps as text; 0 for anything else."""
    number = int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else 0
    return number if number < SEEDS else 0


def trained(token: str, key: str, mode: str, seed: int) -> Iterator[Reached | Turn]:
    """Its place in the queue, how far it is, the epochs so far, at last what was trained.

    A Turn comes before each step.

    Raises:
        Problem: as `Seats.taken`, `visits.kept`, `check`, `load` and `training`.
    """
    wanted = (token, key, mode, seed)
    # What its reader has stopped is nobody else's.
    mine = (token or visits.own_name(), *wanted[1:])
    while True:
        known = visits.RESULTS.peek(mine) or visits.RESULTS.peek(wanted)
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
        stop = threading.Event()
        _STOPS[own.session()] = stop
        steps: list[Step] = []
        visitor = Visitor(question.asking().address, own.session())
        with SEATS.taken(visitor, question.listening()) as place:
            yield from _queue(place)
            yield Turn.NETWORK
            photos, loaded = visits.kept(token), load(key)
            check(photos.classes, photos.labels.tolist())
            # Of this training alone: a stopped one must not answer for the next.
            name = visits.new_key(token)
            chosen = cast(Mode, mode if mode in MODES else MODES[0])
            for reached in training(loaded, photos, name, chosen, seed, stop=stop.is_set):
                # It ends where nobody listens any more.
                place()
                if isinstance(reached, Progress):
                    steps.append(reached.step)
                    yield list(steps)
                elif isinstance(reached, Trained):
                    where = mine if reached.result.stopped else wanted
                    # Nothing is kept for a visit that has left meanwhile.
                    if visits.is_there(token):
                        reached = visits.RESULTS.get(where, lambda done=reached: done)
                    yield reached
                else:
                    yield reached
                yield Turn.NETWORK
    finally:
        with _LOCK:
            _RUNNING.discard(wanted)
        _STOPS.pop(own.session(), None)


def _queue(place: Callable[[], int]) -> Iterator[Waiting | Turn]:
    """The place in the queue, told anew whenever it is another, until there is a seat."""
    told = 0
    while (now := place()) > 0:
        if now != told:
            told = now
            yield Waiting(now, SEATS.count)
        # Those who have a seat go on between two turns of this one.
        yield Turn.NETWORK


def stop() -> None:
    """End the training that the page has under way; what is reached by then is its result."""
    event = _STOPS.get(own.session())
    if event is not None:
        event.set()
