"""Networks and runs that drop out of their caches while somebody works with them."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from torch import Tensor, nn

from demo.cache import ByteCache
from demo.engine import runs
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import HeatMap, Photo, Scores
from demo.zoo import loading
from demo.zoo.loading import LoadedModel, load

KEYS = ("mini_resnet", "mini_densenet")


def photo(seed: int) -> Photo:
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    return Photo(f"evicted-{seed}", pixels)


@pytest.fixture
def room_for_one(monkeypatch: pytest.MonkeyPatch) -> ByteCache[LoadedModel]:
    """All caches, with room for one network, one run and one way back; nothing is compiled."""
    cache: ByteCache[LoadedModel] = ByteCache(1, size=lambda model: model.nbytes)
    monkeypatch.setattr(loading, "MODELS", cache)
    monkeypatch.setattr(loading.COMPILER, "soon", lambda work: None)
    for kept in (runs.RUNS, runs.DEEP):
        kept.clear()
        monkeypatch.setattr(kept, "capacity", 1)
    return cache


def answers(loaded: LoadedModel, seed: int) -> tuple[Scores, HeatMap]:
    """What the network says, and where it looks at its first layer."""
    first = loaded.spec.layers[0].name
    return scores(loaded, photo(seed)), heat_map(loaded, photo(seed), first, 3)


def are_same(some: tuple[Scores, HeatMap], others: tuple[Scores, HeatMap]) -> bool:
    probabilities = np.abs(some[0].probabilities - others[0].probabilities).max()
    return probabilities < 1e-6 and np.abs(some[1].values - others[1].values).max() < 1e-5


def test_two_that_are_in_use_are_evicted_and_answer_as_alone(
    room_for_one: ByteCache[LoadedModel],
) -> None:
    expected = {key: answers(load(key), 0) for key in KEYS}
    room_for_one.clear()
    runs.RUNS.clear()
    runs.DEEP.clear()
    inside, gate = threading.Barrier(len(KEYS) + 1), threading.Event()
    used: dict[str, weakref.ref[nn.Module]] = {}

    def held(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """In the middle of a pass, until both have been evicted."""
        if not gate.is_set():
            inside.wait(60)
            assert gate.wait(60)

    def ask(key: str) -> tuple[Scores, HeatMap]:
        loaded = load(key)
        used[key] = weakref.ref(loaded.network)
        list(loaded.network.modules())[-1].register_forward_pre_hook(held)
        return answers(loaded, 0)

    with ThreadPoolExecutor(len(KEYS)) as pool:
        asked = {key: pool.submit(ask, key) for key in KEYS}
        inside.wait(60)
        # Both are at work. A third one takes their place; who asks for one now has it read anew.
        load("mini_googlenet")
        assert [room_for_one.peek(key) for key in KEYS] == [None, None]
        assert load(KEYS[0]).network is not used[KEYS[0]]()
        gate.set()
        assert all(are_same(asked[key].result(), expected[key]) for key in KEYS)
    # Nobody holds them any more.
    gc.collect()
    assert [used[key]() for key in KEYS] == [None, None]


def test_many_whose_runs_are_evicted_all_the_time_answer_as_alone(
    room_for_one: ByteCache[LoadedModel],
) -> None:
    asked = [(key, seed) for key in KEYS for seed in range(3)]
    expected = [answers(load(key), seed) for key, seed in asked]
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda one: answers(load(one[0]), one[1]), asked * 3))
    assert all(map(are_same, found, expected * 3))
    assert len(room_for_one._values) == 1
