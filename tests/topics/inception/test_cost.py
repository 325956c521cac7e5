from __future__ import annotations

import pytest
import torch

from demo.blocks.inception import InceptionModule
from demo.topics.inception.anatomy import anatomy, read
from demo.topics.inception.numbers.cost import (
    block_weights,
    macs,
    projection,
    reduction,
    roles,
    weights,
)
from demo.topics.inception.records import Block, Roles
from tests.inception_networks import stand_in


@pytest.fixture(scope="module")
def lesson() -> Block:
    """Module 3a with a true 5x5, on 192 channels of 28x28."""
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 192, 1), InceptionModule(192, 64, 96, 128, 16, 32, 32)
    )
    return read(network.eval(), "3a", 28, {"3a": "1"}).blocks["3a"]


def test_weights_of_3a_with_a_true_5x5(lesson: Block) -> None:
    of_branches = [sum(map(weights, branch.steps)) for branch in lesson.branches]
    assert of_branches == [12_288, 129_024, 15_872, 6_144]
    assert sum(of_branches) == 163_328
    assert lesson.shape_out == (256, 28, 28)


def test_the_reduction_before_the_5x5(lesson: Block) -> None:
    found = reduction(lesson.branch("5x5"))
    assert found is not None
    assert (found.in_channels, found.channels, found.path) == (192, 16, "1.branch3.0.conv")
    assert (found.weights_without, found.weights_with) == (153_600, 15_872)
    assert round(found.ratio, 2) == 9.68
    assert (found.macs_without, found.macs_with) == (153_600 * 784, 15_872 * 784)


def test_branches_without_a_reduction(lesson: Block) -> None:
    assert reduction(lesson.branch("1x1")) is None
    assert reduction(lesson.branch("pool")) is None
    after = projection(lesson.branch("pool"))
    assert after is not None
    assert (after.in_channels, after.channels) == (192, 32)
    assert projection(lesson.branch("5x5")) is None


def test_reductions_of_inception_v3() -> None:
    blocks = anatomy(stand_in("inception_v3").spec).blocks
    # 1280 -> 384, then 1x3 and 3x1 side by side from the same 384.
    split = reduction(blocks["Mixed_7b"].branch("1x3+3x1"))
    assert split is not None
    assert split.weights_with == 1280 * 384 + 2 * 3 * 384 * 384
    assert split.weights_without == 2 * 3 * 1280 * 384
    # Only the convolution that reads the reduction would read more without it.
    long = reduction(blocks["Mixed_6b"].branch("1x7-7x1"))
    assert long is not None
    assert long.weights_with == 768 * 128 + 7 * 128 * 128 + 7 * 128 * 192
    assert long.weights_without == 7 * 768 * 128 + 7 * 128 * 192
    # Mixed_6a: the first convolution runs at 35x35, the last at 17x17.
    down = blocks["Mixed_6a"].branch("3x3-3x3")
    assert [macs(step) // weights(step) for step in down.steps] == [35 * 35, 35 * 35, 17 * 17]
    assert reduction(blocks["Mixed_6a"].branch("3x3")) is None
    assert projection(blocks["Mixed_6a"].branch("pool")) is None


def test_roles_of_a_block(lesson: Block) -> None:
    found = roles(lesson)
    assert [one.branch for one in found.reductions] == ["3x3", "5x5"]
    assert found.most is not None
    assert (found.most.branch, round(found.most.ratio, 2)) == ("5x5", 9.68)
    assert found.projection is not None
    assert (found.projection.in_channels, found.projection.channels) == (192, 32)
    # 1x1, 3x3 with its reduction, 5x5 with its own, and the one after the pooling.
    assert block_weights(lesson) == 12_288 + (18_432 + 110_592) + (3_072 + 12_800) + 6_144
    down = roles(anatomy(stand_in("inception_v3").spec).blocks["Mixed_6a"])
    assert [one.branch for one in down.reductions] == ["3x3-3x3"]
    assert down.projection is None
    assert Roles((), None).most is None
