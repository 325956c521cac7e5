from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from demo.blocks import networks
from demo.records import Photo, Problem
from demo.topics.dense.anatomy import dense_blocks, layer_maps
from demo.topics.dense.records import READINGS, Reuse
from demo.topics.dense.reuse import evenness, link, observations, reuse
from tests.dense_networks import (
    as_dense,
    by_hand,
    lesson_paths,
    shaken,
    vision,
    vision_paths,
)

Loaded = Callable[..., Any]
NO = float("nan")


@pytest.fixture
def hand(loaded: Loaded) -> Any:
    return as_dense(loaded(by_hand(), ("stages",), 2), lesson_paths(2))


def matrix(found: Reuse, expected: list[list[float]]) -> None:
    np.testing.assert_allclose(found.matrix, np.array(expected), rtol=1e-6)


def test_mean_absolute_weights(hand: Any) -> None:
    first, second = reuse(hand, 1, "raw"), reuse(hand, 2, "raw")
    matrix(first, [[2, 0.5, 2], [NO, 4, 1], [NO, NO, 2]])
    matrix(second, [[7, 2.5], [NO, 3]])
    assert (first.after, second.after) == ("transition", "classifier")
    assert (first.starts, second.starts) == ((0, 3, 4, 5), (0, 2, 3))
    assert (first.sources, first.targets) == (3, 3)


def test_scaled_by_the_batch_norm_before(hand: Any) -> None:
    norm = hand.network.stages.block1[1].bn1
    with torch.no_grad():
        norm.weight.copy_(torch.tensor([1.0, 1, 1, -6]))
        norm.running_var.copy_(torch.tensor([1.0, 4, 16, 9]))
    # 0.5 x (1 + 1/2 + 1/4) / 3 of the input; 4 x 6 / 3 of layer 1.
    matrix(reuse(hand, 1, "scaled"), [[2, 0.875 / 3, 2], [NO, 8, 1], [NO, NO, 2]])
    matrix(reuse(hand, 1, "raw"), [[2, 0.5, 2], [NO, 4, 1], [NO, NO, 2]])


def test_weighted_by_the_photo(hand: Any, ramp: Photo) -> None:
    # The ramp's mean is 7.5; layer 1 puts out 18 p, layer 2 652.5 p.
    matrix(
        reuse(hand, 1, "activation", ramp),
        [[15, 3.75, 15], [NO, 4 * 135, 135], [NO, NO, 2 * 4893.75]],
    )


def test_one_link_channel_by_channel(hand: Any, ramp: Photo) -> None:
    opened = link(hand, 1, 0, 0, "raw")
    assert opened.strengths.tolist() == [1, 2, 3]
    assert (opened.first, opened.source, opened.target) == (0, 0, 0)
    last = link(hand, 1, 2, 2, "activation", ramp)
    assert last.first == 4
    assert last.strengths.tolist() == [2 * 4893.75]


def test_the_maps_of_one_layer(hand: Any, ramp: Photo) -> None:
    found = layer_maps(hand, ramp, 1, 2)
    assert found.maps.shape == (1, 4, 4)
    assert found.maps.flatten().tolist() == [652.5 * p for p in range(16)]


def test_what_is_not_there(hand: Any, ramp: Photo) -> None:
    for call, key in (
        (lambda: reuse(hand, 3, "raw"), "densenet.no_block"),
        (lambda: reuse(hand, 0, "raw"), "densenet.no_block"),
        (lambda: reuse(hand, 1, "loud"), "densenet.no_reading"),
        (lambda: reuse(hand, 1, "activation"), "densenet.needs_photo"),
        (lambda: link(hand, 1, 2, 1, "raw"), "densenet.no_link"),
        (lambda: link(hand, 1, 0, 3, "raw"), "densenet.no_link"),
        (lambda: layer_maps(hand, ramp, 1, 3), "densenet.no_layer"),
    ):
        with pytest.raises(Problem) as refused:
            call()
        assert refused.value.key == key


def test_a_network_without_dense_blocks(loaded: Loaded) -> None:
    with pytest.raises(Problem, match=r"lacks\.growth"):
        reuse(loaded(by_hand(), ("stages",), 2), 1, "raw")


def test_torchvisions_blocks_read_alike(loaded: Loaded, noise: Callable[..., Photo]) -> None:
    network = vision()
    standin = as_dense(loaded(network, ("features",), 5), vision_paths(4))
    views = dense_blocks(standin)
    assert [view.starts for view in views] == [
        (0, 8, 12, 16),
        (0, 8, 12, 16, 20),
        (0, 10, 14, 18),
        (0, 9, 13),
    ]
    assert [view.after for view in views] == [*["transition"] * 3, "classifier"]
    found = reuse(standin, 2, "raw").matrix
    conv = network.features.denseblock2.denselayer3.conv1.weight
    assert found[1, 2] == pytest.approx(conv[:, 8:12].abs().mean().item())
    last = network.features.transition2.conv.weight
    assert found[3, 3] == pytest.approx(last[:, 16:20].abs().mean().item())
    assert reuse(standin, 4, "raw").matrix[1, 1] == pytest.approx(
        network.classifier.weight[:, 9:13].abs().mean().item()
    )
    assert np.isfinite(reuse(standin, 4, "activation", noise(32, 1)).matrix[0]).all()


def test_mini_densenet_in_all_three_readings(loaded: Loaded, noise: Callable[..., Photo]) -> None:
    torch.manual_seed(0)
    network = shaken(networks.mini_densenet())
    standin = as_dense(loaded(network, ("stages",), 10), lesson_paths(3))
    photo = noise(32, 2)
    found = {reading: reuse(standin, 3, reading, photo) for reading in READINGS}
    for block in found.values():
        assert block.matrix.shape == (16, 16)
        assert np.isnan(block.matrix[np.tril_indices(16, -1)]).all()
        assert (block.matrix[np.triu_indices(16)] > 0).all()
    assert not np.allclose(found["raw"].matrix, found["scaled"].matrix, equal_nan=True)
    assert not np.allclose(found["raw"].matrix, found["activation"].matrix, equal_nan=True)
    # Random weights spread evenly and prefer nothing.
    spread, transition, least, late = observations(
        [reuse(standin, block, "raw") for block in (1, 2, 3)]
    )
    assert spread.holds
    assert spread.value == pytest.approx(1, abs=0.01)
    assert transition.holds
    assert least.holds is False
    assert late.holds is False


def block(after: str, matrix: list[list[float]]) -> Reuse:
    values = np.array(matrix, dtype=np.float32)
    return Reuse("tiny", 1, "raw", after, values, tuple(range(len(values) + 1)))


def test_the_four_observations_by_hand() -> None:
    first = block("transition", [[1, 1, 1], [NO, 1, 1], [NO, NO, 0]])
    second = block("classifier", [[1, 1, 3, 1], [NO, 2, 2, 1], [NO, NO, 2, 2], [NO, NO, NO, 4]])
    spread, transition, least, late = observations([first, second])
    # Layers with a choice: [1, 1], then [1, 2] and [3, 2, 2].
    thirds = np.exp(-(1 / 3 * np.log(1 / 3) + 2 / 3 * np.log(2 / 3))) / 2
    sevenths = np.exp(-(3 / 7 * np.log(3 / 7) + 4 / 7 * np.log(2 / 7))) / 3
    assert spread.value == pytest.approx((1 + thirds + sevenths) / 3)
    # The transition hears two of three.
    assert transition.value == pytest.approx(2 / 3)
    # Of the two layers of block 2, the input is weakest for one.
    assert least.value == 0.5
    # The later half weighs 2 + 4, the earlier one 1 + 1.
    assert late.value == pytest.approx(3)
    assert [o.holds for o in (spread, transition, least, late)] == [True] * 4
    assert [o.name for o in (spread, transition, least, late)] == [
        "spread",
        "transition",
        "least",
        "late",
    ]


def test_observations_that_a_network_cannot_give() -> None:
    only = [block("classifier", [[1, 1], [NO, 1]])]
    spread, transition, least, late = observations(only)
    assert [spread.holds, transition.holds, least.holds] == [None, None, None]
    assert late.value == 1
    assert late.holds is False


@pytest.mark.parametrize(
    ("column", "share"), [([1, 1, 1, 1], 1), ([0, 5, 0, 0], 0.25), ([0, 0], 1), ([2, 2, 0, 0], 0.5)]
)
def test_evenness(column: list[float], share: float) -> None:
    assert evenness(np.array(column, dtype=np.float32)) == pytest.approx(share)
