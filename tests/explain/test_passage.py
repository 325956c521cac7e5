from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch

from demo.blocks import networks
from demo.blocks.networks import ResidualStage
from demo.explain.passage import dense_passage, residual_passage
from demo.records import Photo, Problem
from tests.explain.dense_networks import as_dense, lesson_paths, shaken

Loaded = Callable[..., Any]


@pytest.fixture
def residual(loaded: Loaded) -> Any:
    torch.manual_seed(1)
    stages = [ResidualStage(1, 4, 16), ResidualStage(3, 8, 24)]
    network = networks.residual_network(networks.small_stem(8), 8, stages, 5)
    standin = loaded(shaken(network), ("stages",), 5)
    names = ("stage1.0", "stage2.0", "stage2.1", "stage2.2")
    blocks = {name: f"stages.{name}" for name in names}
    standin.spec = replace(standin.spec, capabilities=("stages",), blocks=blocks)
    return standin


@pytest.fixture
def dense(loaded: Loaded) -> Any:
    torch.manual_seed(2)
    return as_dense(loaded(shaken(networks.mini_densenet()), ("stages",), 10), lesson_paths(3))


def test_addition_stays_flat_and_mixes(residual: Any, noise: Callable[..., Photo]) -> None:
    found = residual_passage(residual, noise(32, 3), 5)
    assert found.block == "stage2"
    assert found.shapes == ((24, 16, 16), (24, 16, 16), (24, 16, 16))
    assert found.added == (24, 24)
    assert found.kept == (0, 0)
    assert found.sums
    assert residual_passage(residual, noise(32, 3), 1).added == (24,)


def test_concatenation_grows_and_keeps(dense: Any, noise: Callable[..., Photo]) -> None:
    found = dense_passage(dense, noise(32, 3), 2)
    assert found.block == "block3"
    assert found.shapes == ((62, 8, 8), (86, 8, 8), (110, 8, 8))
    assert found.added == (24, 24)
    assert found.kept == (62, 86)
    assert not found.sums


def test_a_block_that_is_not_so_deep_is_shown_whole(
    dense: Any, noise: Callable[..., Photo]
) -> None:
    assert len(dense_passage(dense, noise(32, 3), 40).added) == 15


def test_each_family_to_its_own(residual: Any, dense: Any, noise: Callable[..., Photo]) -> None:
    with pytest.raises(Problem, match=r"lacks\.stages"):
        residual_passage(dense, noise(32, 3), 5)
    with pytest.raises(Problem, match=r"lacks\.growth"):
        dense_passage(residual, noise(32, 3), 2)
