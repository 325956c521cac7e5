"""Addition on a photo: both terms of a block and their sum, in our blocks and torchvision's."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from demo.blocks.residual import ResidualBlock
from demo.engine.runs import block_ends
from demo.records import Problem
from demo.topics.residual.addition import (
    bottleneck,
    bottlenecks,
    branch,
    residual_sum,
    shares,
    shortcut_module,
    whole_network,
)
from demo.zoo.catalogue import spec
from tests.residual_networks import loaded, noise

SMALL = ["mini_resnet", "mini_resnext"]


BLOCKS = [("mini_resnet", 8), ("mini_resnext", 8), ("resnext50_32x4d", 16)]


@pytest.mark.parametrize(("key", "count"), BLOCKS)
def test_the_sum_is_the_blocks_own_output(key: str, count: int) -> None:
    network, photo = loaded(key), noise()
    traced = block_ends(network, photo)
    assert len(bottlenecks(network.spec)) == count
    for found in bottlenecks(network.spec):
        summed = residual_sum(network, photo, found.name)
        wanted = traced[found.path].output[0].numpy()
        # The convolutions run anew, and may add up in another order.
        ours = np.maximum(summed.shortcut + summed.branch, 0)
        assert np.allclose(ours, wanted, rtol=1e-5, atol=1e-6), found.name
        assert np.allclose(summed.output, wanted, rtol=1e-5, atol=1e-6)
        assert summed.branch.min() < 0 < summed.branch.max()


def test_identity_shortcuts_carry_x_itself() -> None:
    network, photo = loaded("mini_resnet"), noise()
    found = bottlenecks(network.spec)
    assert [one.identity for one in found] == [
        False,
        False,
        True,
        True,
        False,
        True,
        True,
        True,
    ]
    for one in found:
        x = block_ends(network, photo)[one.path].input[0].numpy()
        same = np.array_equal(residual_sum(network, photo, one.name).shortcut, x)
        assert same == one.identity


def test_blocks_are_read_from_the_modules_without_weights() -> None:
    found = bottleneck(spec("mini_resnext"), "stage2.1")
    assert (found.in_channels, found.width, found.out_channels) == (64, 96, 160)
    assert (found.cardinality, found.path_width, found.stride) == (8, 12, 2)
    assert (found.size_in, found.size_out) == ((32, 32), (16, 16))
    assert found.weights == (64 * 96, 9 * 12 * 96, 96 * 160, 64 * 160)
    assert found.switches == ("shortcut", "branch", *"01234567")
    large = bottleneck(spec("resnext50_32x4d"), "stage3.2")
    assert (large.cardinality, large.path_width, large.size_out) == (32, 16, (14, 14))
    assert bottleneck(spec("mini_resnet"), "stage1.1").switches == ("shortcut", "branch")


@pytest.mark.parametrize(("key", "count"), BLOCKS)
def test_the_structure_is_what_a_photo_meets(key: str, count: int) -> None:
    network, photo = loaded(key), noise()
    ends = block_ends(network, photo)
    assert len(bottlenecks(spec(key))) == count
    for block in bottlenecks(spec(key)):
        assert (block.in_channels, *block.size_in) == ends[block.path].input.shape[1:]
        assert (block.out_channels, *block.size_out) == ends[block.path].output.shape[1:]


def test_the_structure_is_read_once() -> None:
    assert bottlenecks(spec("mini_resnet")) is bottlenecks(spec("mini_resnet"))


def test_shares_are_lengths() -> None:
    network, photo = loaded("mini_resnet"), noise()
    found = shares(network, photo)
    assert [one.block for one in found.blocks] == list(network.spec.blocks)
    for one in found.blocks[:3]:
        summed = residual_sum(network, photo, one.block)
        assert one.branch == pytest.approx(np.sqrt(np.square(summed.branch).sum()), rel=1e-4)
        assert one.ratio == pytest.approx(
            np.linalg.norm(summed.branch) / np.linalg.norm(summed.shortcut), rel=1e-4
        )


def test_a_block_by_hand() -> None:
    """One channel, all weights 1, BatchNorms that do nothing: F(x) sums 3x3 neighbourhoods."""
    block = ResidualBlock(1, 1, 1).eval()
    for name in ("conv1", "conv2", "conv3"):
        torch.nn.init.ones_(getattr(block, name).weight)
    for name in ("bn1", "bn2", "bn3"):
        getattr(block, name).eps = 0.0
    x = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    with torch.no_grad():
        assert branch(block, x).tolist() == [[[[10.0, 10.0], [10.0, 10.0]]]]
        assert shortcut_module(block)(x).tolist() == x.tolist()
        assert block(x).tolist() == [[[[11.0, 12.0], [13.0, 14.0]]]]


@pytest.mark.parametrize(
    ("c", "d", "parameters"), [(1, 64, 25_557_032), (32, 4, 25_028_904)], ids=["ResNet", "ResNeXt"]
)
def test_whole_networks_are_recounted(c: int, d: int, parameters: int) -> None:
    assert whole_network(c, d) == parameters


def test_wrong_questions() -> None:
    with pytest.raises(Problem, match=r"lacks\.stages"):
        bottlenecks(loaded("mini_densenet").spec)
    with pytest.raises(Problem, match="no_block"):
        residual_sum(loaded("mini_resnet"), noise(), "attic")
