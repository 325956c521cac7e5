from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.engine.gradcam import heat_map, weighted_sum
from demo.records import Box, Photo, Problem

Loaded = Callable[..., Any]

# What each class makes of the two maps p and 10 - p of the ramp 0..15.
CLASS_WEIGHTS = [[3.0, 1.0], [1.0, -1.0], [-1.0, -2.0], [1.0, 1.0], [0.0, 0.0]]


def two_convs(relu: bool) -> nn.Sequential:
    """Two convolutions with literal weights; layer "0" puts out p and 10 - p for a pixel p."""
    network = nn.Sequential(
        nn.Conv2d(3, 2, 1),
        nn.ReLU(inplace=True) if relu else nn.Identity(),
        nn.Conv2d(2, 5, 1, bias=False),
        nn.AvgPool2d(4),
        nn.Flatten(),
    )
    with torch.no_grad():
        network[0].weight.copy_(torch.tensor([[1.0, 0, 0], [0, -1.0, 0]]).view(2, 3, 1, 1))
        network[0].bias.copy_(torch.tensor([0.0, 10.0]))
        network[2].weight.copy_(torch.tensor(CLASS_WEIGHTS).view(5, 2, 1, 1))
    return network


def flat(values: np.ndarray) -> list[float]:
    return pytest.approx(values.flatten().tolist(), abs=1e-6)


def test_by_hand_all_positive(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5), ramp, index=0)
    # alpha = (3/16, 1/16): the raw map is (3 p + 10 - p) / 16
    assert flat(found.values) == [
        *(0.25, 0.30, 0.35, 0.40),
        *(0.45, 0.50, 0.55, 0.60),
        *(0.65, 0.70, 0.75, 0.80),
        *(0.85, 0.90, 0.95, 1.00),
    ]
    assert (found.raw_min, found.raw_max) == (0.625, 2.5)
    assert (found.layer, found.index, found.photo) == ("layer 0", 0, "ramp")
    assert found.seen == Box(0.0, 0.25, 1.0, 0.75)
    assert found.values.dtype == np.float32
    assert not found.empty


def test_by_hand_both_signs(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5), ramp, "layer 0", 1)
    assert flat(found.values) == [
        *(0.0, 0.0, 0.0, 0.0),
        *(0.0, 0.0, 0.1, 0.2),
        *(0.3, 0.4, 0.5, 0.6),
        *(0.7, 0.8, 0.9, 1.0),
    ]
    assert (found.raw_min, found.raw_max) == (-0.625, 1.25)


def test_by_hand_in_front_of_an_in_place_relu(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(True), ("0",), 5), ramp, index=0)
    # p is positive at 15 places and 10 - p at 10: alpha = (45/256, 10/256)
    assert (found.raw_min, found.raw_max) == (100 / 256, 625 / 256)
    assert found.values[2, 1] == pytest.approx((35 * 9 + 100) / 625)


def test_all_negative_is_empty(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5), ramp, index=2)
    assert found.empty
    assert (found.raw_min, found.raw_max) == (-1.25, -0.3125)
    assert found.values.tolist() == [[0.0] * 4] * 4


def test_constant_is_one_everywhere(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5), ramp, index=3)
    assert found.values.tolist() == [[1.0] * 4] * 4
    assert found.raw_min == found.raw_max == 0.625


def test_a_class_that_reads_nothing_is_empty(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5), ramp, index=4)
    assert found.empty
    assert found.values.tolist() == [[0.0] * 4] * 4


def test_the_top_class_is_the_default(loaded: Loaded, ramp: Photo) -> None:
    assert heat_map(loaded(two_convs(False), ("0",), 5), ramp).index == 0


def test_the_temperature_does_not_enter(loaded: Loaded, ramp: Photo) -> None:
    found = heat_map(loaded(two_convs(False), ("0",), 5, temperature=7.0), ramp, index=1)
    assert (found.raw_min, found.raw_max) == (-0.625, 1.25)


def test_all_layers_and_classes_cost_one_forward_pass_more(loaded: Loaded, ramp: Photo) -> None:
    model = loaded(two_convs(True), ("0", "1"), 5)
    passes = []
    model.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    several = [heat_map(model, ramp, index=index) for index in (1, 0, 1)]
    assert [found.index for found in several] == [1, 0, 1]
    assert [found.layer for found in several] == ["layer 1"] * 3
    assert np.array_equal(several[0].values, several[2].values)
    assert np.array_equal(heat_map(model, ramp, "layer 1", 0).values, several[1].values)
    assert not np.array_equal(heat_map(model, ramp, "layer 0", 0).values, several[1].values)
    # One for the answer, one that keeps the way back to all layers.
    assert len(passes) == 2


def test_nan_counts_as_zero() -> None:
    activation = torch.tensor([[[[1.0, float("nan")], [2.0, -3.0]]]])
    assert weighted_sum(activation, torch.full((1, 1, 2, 2), 0.5)).tolist() == [
        [0.5, 0.0],
        [1.0, -1.5],
    ]


class Overflow(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return torch.where(x == 3, float("nan"), x)


class Recovery(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nan_to_num(x)


def test_a_layer_that_overflows_still_gives_a_map_in_range(loaded: Loaded, ramp: Photo) -> None:
    network = nn.Sequential(Overflow(), Recovery(), nn.AvgPool2d(4), nn.Flatten())
    found = heat_map(loaded(network, ("0",), 3), ramp, index=1)
    assert found.values[0, 3] == 0
    assert np.isfinite(found.values).all()
    assert found.values.max() == 1


def test_an_unknown_layer_is_a_problem(loaded: Loaded, ramp: Photo) -> None:
    with pytest.raises(Problem) as raised:
        heat_map(loaded(two_convs(False), ("0", "2"), 5), ramp, "stage9")
    assert raised.value.key == "problem.no_layer"
    assert raised.value.values == {
        "model": "Tiny",
        "layer": "stage9",
        "layers": "layer 0, layer 2",
    }


@pytest.mark.parametrize("index", [-1, 5])
def test_an_unknown_class_is_a_problem(loaded: Loaded, ramp: Photo, index: int) -> None:
    with pytest.raises(Problem) as raised:
        heat_map(loaded(two_convs(False), ("0",), 5), ramp, index=index)
    assert raised.value.key == "problem.no_class"
    assert raised.value.values == {"model": "Tiny", "index": index, "count": 5}
