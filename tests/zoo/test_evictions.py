"""Networks and runs that drop out of their caches while somebody works with them."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.cache import ByteCache
from demo.engine import runs
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import HeatMap, Photo, Scores
from demo.zoo import loading
from demo.zoo.catalogue import spec
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


def alone(key: str, seed: int) -> tuple[Scores, HeatMap]:
    """What the network answers, and where it looked at its first layer."""
    loaded = load(key)
    first = loaded.spec.layers[0].name
    return scores(loaded, photo(seed)), heat_map(loaded, photo(seed), first, 3)


def test_two_that_are_in_use_are_evicted_and_answer_as_alone(
    room_for_one: ByteCache[LoadedModel],
) -> None:
    expected = {key: alone(key, 0) for key in KEYS}
    room_for_one.clear()
    runs.RUNS.clear()
    runs.DEEP.clear()
    inside, gate = threading.Barrier(len(KEYS) + 1), threading.Event()
    gone: list[weakref.ref[nn.Module]] = []

    def held(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        """In the middle of a pass, until both have been evicted."""
        if not gate.is_set():
            inside.wait(60)
            assert gate.wait(60)

    def ask(key: str) -> tuple[Scores, HeatMap]:
        network = load(key).network
        gone.append(weakref.ref(network))
        list(network.modules())[-1].register_forward_pre_hook(held)
        return alone_of(key, network)

    def alone_of(key: str, network: nn.Module) -> tuple[Scores, HeatMap]:
        model = LoadedModel(spec(key), network, "bundled")
        first = model.spec.layers[0].name
        return scores(model, photo(0)), heat_map(model, photo(0), first, 3)

    with ThreadPoolExecutor(len(KEYS)) as pool:
        asked = [pool.submit(ask, key) for key in KEYS]
        inside.wait(60)
        # Both are at work. A third one takes their place, and then each is read anew.
        load("mini_googlenet")
        assert [room_for_one.peek(key) for key in KEYS] == [None, None]
        assert load(KEYS[0]).network is not gone[0]()
        gate.set()
        answers = [one.result() for one in asked]
    for key, (found, where) in zip(KEYS, answers, strict=True):
        assert np.abs(found.probabilities - expected[key][0].probabilities).max() < 1e-6
        assert np.abs(where.values - expected[key][1].values).max() < 1e-5
    # Nobody holds them any more.
    del asked, answers
    gc.collect()
    assert [one() for one in gone] == [None, None]


def test_many_whose_runs_are_evicted_all_the_time_answer_as_alone(
    room_for_one: ByteCache[LoadedModel],
) -> None:
    asked = [(key, seed) for key in KEYS for seed in range(3)]
    expected = [alone(key, seed) for key, seed in asked]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda one: alone(*one), asked * 3))
    for number, (found, where) in enumerate(answers):
        before, map_before = expected[number % len(asked)]
        assert torch.allclose(
            torch.from_numpy(found.probabilities), torch.from_numpy(before.probabilities), atol=1e-6
        )
        assert np.abs(where.values - map_before.values).max() < 1e-5
    assert len(room_for_one._values) == 1
