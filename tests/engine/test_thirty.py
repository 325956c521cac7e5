"""Thirty who ask for the same at once, as a class does: one pass, wherever the network is."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from demo.engine.ask import ask
from demo.engine.gradcam import heat_map
from demo.engine.workers import Workers
from demo.lane import Bounds, Lane, Visitor
from demo.records import HeatMap
from demo.settings import read
from demo.zoo.catalogue import spec
from tests import asked
from tests.apart import behind, noisy

KEY = "mini_resnet"
FIRST = spec(KEY).layers[0].name
"""Its map needs the way back, for which PyTorch runs."""


@pytest.fixture(scope="module", autouse=True)
def workers() -> Iterator[Workers]:
    with behind(Workers(1, threads=1)) as made:
        yield made


def all_alike(found: list[HeatMap]) -> None:
    assert len(found) == 30
    for one in found:
        np.testing.assert_array_equal(one.values, found[0].values)


def test_through_the_lane_they_cost_one_pass() -> None:
    lane = Lane("class", read({"FOUR_FAMILIES_WORKERS": "1"}).waiting, Bounds(100, 100, 100))
    photo = noisy(1)
    assert ask(asked.seen, KEY, photo) == 0
    futures = [
        lane.submit(Visitor(f"address {n}", ""), lambda: ask(heat_map, KEY, photo, FIRST, 3))
        for n in range(30)
    ]
    all_alike([future.result() for future in futures])
    assert ask(asked.seen, KEY, photo) == 1


def test_at_once_they_cost_one_pass() -> None:
    photo = noisy(2)
    assert ask(asked.seen, KEY, photo) == 0
    with ThreadPoolExecutor(30) as pool:
        all_alike([*pool.map(lambda _: ask(heat_map, KEY, photo, FIRST, 3), range(30))])
    assert ask(asked.seen, KEY, photo) == 1


def test_one_who_asks_much_leaves_another_ones_question_its_turn() -> None:
    """Of ten pages at one address and one at another, that one's question is the second taken."""
    lane = Lane("fair", read({"FOUR_FAMILIES_WORKERS": "1"}).waiting, Bounds(100, 100, 100))
    order: list[str] = []
    all_asked = threading.Event()

    def taken(name: str) -> bool:
        order.append(name)
        return True

    def answer(seed: int) -> None:
        photo = noisy(seed, 16)
        assert ask(asked.mean, KEY, photo) == pytest.approx(photo.pixels.mean())

    for n in range(2):
        lane.submit(Visitor(f"gate {n}", ""), all_asked.wait)
    # Asked when each is taken, under the lane's lock: which answer comes first is chance.
    greedy = [
        lane.submit(Visitor("much", f"{n}"), lambda n=n: answer(n), lambda: taken("much"))
        for n in range(10)
    ]
    one = lane.submit(Visitor("little", ""), lambda: answer(100), lambda: taken("little"))
    all_asked.set()
    for future in (*greedy, one):
        future.result()
    assert order == ["much", "little", *["much"] * 9]
