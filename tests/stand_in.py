"""Networks, photos and answers that a test makes, as fixtures of the engine and the topics."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.cache import Results
from demo.engine.runs import DEEP, RUNS
from demo.records import Box, Photo, Scores, Source
from demo.zoo.loading import PREPARED, Speed
from demo.zoo.spec import Layer, ModelSpec, Preprocess, Weights


@dataclass
class StandIn:
    """What the engine uses of a LoadedModel, without files; pixels go in as they are."""

    spec: ModelSpec
    network: nn.Module
    source: Source = "bundled"
    device: str = "cpu"
    lock: Any = field(default_factory=threading.RLock)
    results: Results = field(default_factory=Results)
    speed: Speed = field(default_factory=Speed)

    def prepare(self, photo: Photo) -> tuple[Tensor, Box]:
        x = torch.from_numpy(photo.pixels.astype(np.float32)).permute(2, 0, 1)[None]
        return x, Box(0.0, 0.25, 1.0, 0.75)


@pytest.fixture
def loaded() -> Callable[..., StandIn]:
    """Make a stand-in: loaded(network, paths, classes); the last path is the default layer."""

    def make(
        network: nn.Module, paths: tuple[str, ...], classes: int, temperature: float = 1.0
    ) -> StandIn:
        key = f"tiny-{uuid.uuid4()}"
        spec = ModelSpec(
            key=key,
            architecture=key,
            title="Tiny",
            family="other",
            dataset="cifar10",
            labels=tuple(f"class {i}" for i in range(classes)),
            build=lambda: network,
            weights=Weights("bundled", "tiny.safetensors"),
            preprocess=Preprocess(4, 4, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)),
            layers=tuple(Layer(f"layer {path}", path, 1, 1) for path in paths),
            parameters=0,
            macs=0,
            default_layer=f"layer {paths[-1]}",
            capabilities=("predict", "gradcam"),
            temperature=temperature,
        )
        return StandIn(spec, network.eval().requires_grad_(False))

    return make


@pytest.fixture
def noise() -> Callable[[int, int], Photo]:
    """A picture of noise: noise(size, seed); values are already what networks expect."""

    def make(size: int, seed: int) -> Photo:
        pixels = np.random.default_rng(seed).normal(size=(size, size, 3)).astype(np.float32)
        return Photo(f"noise {size} {seed}", pixels)

    return make


@pytest.fixture
def ramp() -> Photo:
    """The 4x4 picture 0, 1, ..., 15 in every channel."""
    return Photo("ramp", np.arange(16, dtype=np.uint8).reshape(4, 4, 1).repeat(3, axis=2))


@pytest.fixture
def answer() -> Callable[..., Scores]:
    """A network's answer: answer("model", [0.2, 0.8])."""

    def make(model: str, probabilities: list[float]) -> Scores:
        p = np.array(probabilities, dtype=np.float32)
        return Scores(model, "photo", np.log(p), p, 0.01, "bundled", Box(0.0, 0.0, 1.0, 1.0))

    return make


@pytest.fixture(autouse=True)
def no_runs_kept() -> Iterator[None]:
    yield
    for kept in (RUNS, DEEP, PREPARED):
        kept.clear()
