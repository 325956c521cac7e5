from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.blocks.networks import mini_resnet
from demo.engine import runs
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.engine.runs import once, run, way_back
from demo.records import HeatMap, Photo, Scores

Loaded = Callable[..., Any]
Noise = Callable[[int, int], Photo]


def tiny() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 4, 1), nn.ReLU(inplace=True), nn.AvgPool2d(4), nn.Flatten())


def test_one_run_for_photo_and_model(loaded: Loaded, noise: Noise) -> None:
    one, other = loaded(tiny(), ("0", "1"), 4), loaded(tiny(), ("0",), 4)
    found = run(one, noise(4, 0))
    assert run(one, noise(4, 0)) is found
    assert run(one, noise(4, 1)) is not found
    assert run(other, noise(4, 0)) is not found
    assert found.last.shape == (1, 4, 4, 4)
    assert not found.last.requires_grad
    assert list(way_back(one, noise(4, 0)).activations) == ["0", "1"]
    assert found.scores.logits.tolist() == way_back(one, noise(4, 0)).logits[0].tolist()


def test_threads_that_ask_together_cause_one_forward_pass(loaded: Loaded, noise: Noise) -> None:
    model, photo = loaded(tiny(), ("0",), 4), noise(4, 0)
    passes, together = [], threading.Barrier(8)
    model.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))

    def ask(_: int) -> runs.Run:
        together.wait()
        return run(model, photo)

    with ThreadPoolExecutor(8) as pool:
        assert len({id(found) for found in pool.map(ask, range(8))}) == 1
    assert len(passes) == 1


class Mark:
    """Something whose end can be watched."""


class Marked(torch.autograd.Function):
    """Passes x on; its node in the graph holds a Mark."""

    marks: ClassVar[weakref.WeakSet[Mark]] = weakref.WeakSet()

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor) -> Tensor:
        ctx.mark = Mark()
        Marked.marks.add(ctx.mark)
        return x.clone()

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, gradient: Tensor) -> Tensor:
        return gradient


class MarkedLayer(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return Marked.apply(x)


def test_a_way_back_that_drops_out_of_the_cache_is_freed(
    loaded: Loaded, noise: Noise, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = nn.Sequential(nn.Identity(), MarkedLayer(), nn.AvgPool2d(4), nn.Flatten())
    model = loaded(network, ("0",), 3)
    gc.disable()
    try:
        size = way_back(model, noise(4, 0)).nbytes
        monkeypatch.setattr(runs.DEEP, "capacity", 2 * size)
        for seed in range(1, 6):
            heat_map(model, noise(4, seed))
        assert runs.DEEP.bytes == 2 * size
        assert len(Marked.marks) == 2
        runs.DEEP.clear()
        assert len(Marked.marks) == 0
    finally:
        gc.enable()


def test_results_live_and_die_with_their_run(loaded: Loaded, noise: Noise) -> None:
    network = nn.Sequential(nn.Identity(), nn.AvgPool2d(4), nn.Flatten())
    model, photo, asked = loaded(network, ("0",), 3), noise(4, 0), []

    def compute() -> str:
        asked.append(1)
        return "result"

    assert [once(model, photo, "key", compute) for _ in range(3)] == ["result"] * 3
    assert len(asked) == 1
    once(model, noise(4, 1), "key", compute)
    assert len(asked) == 2
    runs.RUNS.clear()
    once(model, photo, "key", compute)
    assert len(asked) == 3


def test_what_results_grow_to_counts(loaded: Loaded, noise: Noise) -> None:
    network = nn.Sequential(nn.Identity(), nn.AvgPool2d(4), nn.Flatten())
    model, photo = loaded(network, ("0",), 3), noise(4, 0)
    before = run(model, photo).nbytes
    once(model, photo, "key", lambda: np.zeros(1000, np.float32))
    assert run(model, photo).nbytes == before + 4000


def test_eight_threads_get_what_one_gets(loaded: Loaded, noise: Noise) -> None:
    torch.manual_seed(0)
    network = mini_resnet()
    paths = ("stages.stage1", "stages.stage2", "stages.stage3")
    photos = [noise(32, seed) for seed in range(4)]
    asked = [
        (photo, f"layer {path}", index) for photo in photos for path in paths for index in (0, 3, 9)
    ]

    def ask(model: Any, question: tuple[Photo, str, int]) -> tuple[Scores, HeatMap]:
        photo, layer, index = question
        return scores(model, photo), heat_map(model, photo, layer, index)

    serial = loaded(network, paths, 10)
    expected = [ask(serial, question) for question in asked]
    shared = loaded(network, paths, 10)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda question: ask(shared, question), asked[::-1]))[::-1]
    for (their_scores, their_map), (our_scores, our_map) in zip(expected, found, strict=True):
        assert np.allclose(their_scores.logits, our_scores.logits, atol=1e-6)
        assert np.allclose(their_map.values, our_map.values, atol=1e-5)
        assert (their_map.layer, their_map.index) == (our_map.layer, our_map.index)
        assert our_map.raw_max == pytest.approx(their_map.raw_max, rel=1e-4)
    assert not any(module._forward_hooks for module in network.modules())
