from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from torch import nn

from demo.zoo.loading import MODELS
from demo.zoo.spec import Layer, ModelSpec, Preprocess, Weights
from tests.zoo.server import Server, serving


def tiny() -> nn.Module:
    """Two convolutions for 4x4 photos, some 600 kB."""
    return nn.Sequential(
        *(nn.Conv2d(3, 64, 3), nn.BatchNorm2d(64), nn.ReLU(), nn.Conv2d(64, 2048, 1)),
        *(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 2)),
    )


@dataclass
class Checkpoint:
    """A network with its weights as a file's content, and the spec that describes it."""

    network: nn.Module
    content: bytes
    spec: ModelSpec


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
def checkpoint() -> Checkpoint:
    torch.manual_seed(0)
    network = tiny().eval()
    network[1].running_mean.normal_()
    buffer = io.BytesIO()
    torch.save(network.state_dict(), buffer)
    content = buffer.getvalue()
    digest = hashlib.sha256(content).hexdigest()[:8]
    spec = ModelSpec(
        key="tiny",
        architecture="tiny",
        title="Tiny",
        family="other",
        dataset="cifar10",
        labels=("left", "right"),
        build=tiny,
        weights=Weights("download", f"http://127.0.0.1:9/tiny-{digest}.pth", sha256=digest),
        preprocess=Preprocess(4, 4, (0.5,) * 3, (0.5,) * 3),
        layers=(Layer("relu", "2", 64, 2),),
        parameters=sum(p.numel() for p in network.parameters()),
        macs=0,
        default_layer="relu",
        capabilities=("predict", "gradcam"),
    )
    return Checkpoint(network, content, spec)


@pytest.fixture
def served(
    server: Server, checkpoint: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Checkpoint:
    """The checkpoint, handed out by the server; an empty folder for what is downloaded."""
    server.files[checkpoint.spec.weights.location.rpartition("/")[2]] = checkpoint.content
    monkeypatch.setenv("FOUR_FAMILIES_MIRROR", server.address)
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path / "weights"))
    monkeypatch.setattr("demo.zoo.download.PAUSE", 0.01)
    return checkpoint


@pytest.fixture
def in_catalogue(monkeypatch: pytest.MonkeyPatch) -> Callable[[ModelSpec], None]:
    """Put a spec into the catalogue for one test."""

    def add(spec: ModelSpec) -> None:
        monkeypatch.setitem(__import__("demo.zoo.catalogue").zoo.catalogue._BY_KEY, spec.key, spec)

    return add


@pytest.fixture(autouse=True)
def _no_models_kept() -> Iterator[None]:
    yield
    MODELS.clear()
