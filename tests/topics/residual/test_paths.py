"""Three equal forms with the same weights, the paths of a block, and parts switched off."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from demo.blocks.residual import EarlyConcatenationBranch, ExplicitPathsBranch, ResNeXtBlock
from demo.engine.runs import block_ends, run
from demo.records import Problem
from demo.topics.residual import paths
from demo.topics.residual.addition import bottlenecks, branch, inside, residual_sum, shortcut_module
from demo.zoo.loading import load
from tests.residual_networks import loaded, noise

PAPER = [(1, 64), (2, 40), (4, 24), (8, 14), (32, 4)]


@pytest.mark.parametrize(("c", "d"), PAPER)
def test_three_forms_agree_for_random_weights(c: int, d: int) -> None:
    found = paths.random_forms(256, c, d)
    assert (found.cardinality, found.path_width) == (c, d)
    assert found.forward_scale > 0.1
    assert found.gradient_scale > 0.1
    assert found.largest < 1e-5
    assert found.largest_gradient < 1e-5


@pytest.mark.parametrize("key", ["mini_resnext", "resnext50_32x4d"])
def test_three_forms_agree_in_a_whole_network(key: str) -> None:
    network, photo = loaded(key), noise()
    for name in ("stage1.1", "stage2.1", "stage2.2"):
        found = paths.forms(network, photo, name)
        assert (
            found.cardinality
            == network.network.get_submodule(network.spec.blocks[name]).conv2.groups
        )
        assert found.largest < 1e-5 * max(1.0, found.forward_scale)
        assert found.largest_gradient < 1e-5 * max(1.0, found.gradient_scale)
        assert found.forward_scale > 0.1


def test_three_forms_agree_for_trained_weights() -> None:
    network = load("mini_resnext")
    assert len(network.spec.blocks) == 8
    for name in network.spec.blocks:
        found = paths.forms(network, noise(), name)
        assert found.forward_scale > 0.1
        assert found.largest < 1e-5
        assert found.largest_gradient < 1e-5


def test_gradients_of_the_weights_agree_too() -> None:
    torch.manual_seed(0)
    block = ResNeXtBlock(16, 16, 4, 3).eval()
    x = torch.randn(2, 16, 6, 6)
    weights = (block.conv1.weight, block.conv2.weight, block.conv3.weight)
    ways = (block.branch, ExplicitPathsBranch(block), EarlyConcatenationBranch(block))
    found = [torch.autograd.grad(way(x).square().sum(), weights) for way in ways]
    for others in found[1:]:
        for wanted, other in zip(found[0], others, strict=True):
            assert wanted.abs().max() > 0.1
            assert (wanted - other).abs().max() < 1e-4 * wanted.abs().max()


def test_a_swapped_path_would_be_seen() -> None:
    torch.manual_seed(0)
    block = ResNeXtBlock(8, 8, 2, 4).eval()
    x = torch.randn(1, 8, 5, 5)
    twin = ExplicitPathsBranch(block)
    with torch.no_grad():
        assert (block.bn3(twin.path(x, 0) + twin.path(x, 0)) - block.branch(x)).abs().max() > 0.01
    with pytest.raises(IndexError):
        twin.path(x, 2)


def test_two_paths_by_hand() -> None:
    """Two paths of one channel on one pixel: 3 * 2 * 5 * x and 4 * 7 * 1 * x, summed."""
    block = ResNeXtBlock(1, 1, cardinality=2, path_width=1).eval()
    for name in ("bn1", "bn2", "bn3"):
        getattr(block, name).eps = 0.0
    middle = torch.zeros(2, 1, 3, 3)
    middle[:, 0, 1, 1] = torch.tensor([2.0, 7.0])
    block.conv1.weight.data = torch.tensor([3.0, 4.0]).view(2, 1, 1, 1)
    block.conv2.weight.data = middle
    block.conv3.weight.data = torch.tensor([5.0, 1.0]).view(1, 2, 1, 1)
    x = torch.full((1, 1, 1, 1), 2.0)
    with torch.no_grad():
        twin = ExplicitPathsBranch(block)
        assert twin.path(x, 0).item() == 60
        assert twin.path(x, 1).item() == 56
        assert block(x).item() == 118
        for off, wanted in {
            ("0",): 58,
            ("1",): 62,
            ("0", "1"): 2,
            ("shortcut",): 116,
            ("branch",): 2,
            ("shortcut", "0"): 56,
            ("shortcut", "branch"): 0,
            (): 118,
        }.items():
            assert paths.without(block, x, off).item() == wanted, off


def test_the_paths_and_the_shift_are_the_branch() -> None:
    network, photo = loaded("mini_resnext"), noise()
    found = bottlenecks(network.spec)[2]
    block = network.network.get_submodule(found.path)
    norm = block.bn3
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    shift = (norm.bias - norm.running_mean * scale).numpy()
    parts = list(paths._parts(network, photo, found))
    total = sum(part[0].numpy() for part in parts) + shift[:, None, None]
    summed = residual_sum(network, photo, found.name)
    assert np.abs(total - summed.branch).max() < 1e-5
    maps = paths.path_maps(network, photo, found.name)
    assert maps.maps.shape == (8, *found.size_out)
    assert maps.maps[3] == pytest.approx(np.abs(parts[3][0].numpy()).mean(axis=0), abs=1e-6)
    assert maps.strength[5] == pytest.approx(float(parts[5].norm()), rel=1e-5)


def test_switching_off_equals_running_on_from_the_block() -> None:
    """The rest of the network run by hand on a changed block output."""
    network, photo = loaded("mini_resnext"), noise()
    found = bottlenecks(network.spec)[-1]
    x = block_ends(network, photo)[found.path].input
    block = network.network.get_submodule(found.path)
    with torch.no_grad():
        middle = inside(block, x)
        middle[:, 23:46] = 0
        changed = torch.relu(block.bn3(block.conv3(middle)) + shortcut_module(block)(x))
        wanted = network.network.fc(network.network.pool(changed).flatten(1))[0]
    off = paths.switched(network, photo, found.name, ["1"])
    assert off.after.logits == pytest.approx(wanted.numpy(), abs=1e-5)
    assert off.after.probabilities.sum() == pytest.approx(1, abs=1e-5)
    nothing = paths.switched(network, photo, found.name, [])
    assert np.array_equal(nothing.after.logits, run(network, photo).scores.logits)
    assert not np.allclose(off.after.logits, nothing.after.logits, atol=1e-4)


def test_one_pass_gives_what_single_switches_give() -> None:
    network, photo = loaded("mini_resnet"), noise()
    found = bottlenecks(network.spec)
    rows = paths.each_off(network, photo, found)
    assert [(row.block, row.off) for row in rows[:3]] == [
        ("stage1.1", ("shortcut",)),
        ("stage1.1", ("branch",)),
        ("stage2.1", ("shortcut",)),
    ]
    assert len(rows) == 16
    for row in (rows[0], rows[5], rows[15]):
        alone = paths.switched(network, photo, row.block, row.off)
        assert row.after.logits == pytest.approx(alone.after.logits, abs=1e-4)
    for module in network.network.modules():
        assert not module._forward_hooks


def test_the_branch_of_an_identity_block_off_hands_x_on() -> None:
    network, photo = loaded("mini_resnet"), noise()
    found = next(one for one in bottlenecks(network.spec) if one.identity)
    x = block_ends(network, photo)[found.path].input
    with torch.no_grad():
        block = network.network.get_submodule(found.path)
        assert torch.equal(paths.without(block, x, ["branch"]), x)
        assert torch.equal(paths.without(block, x, ["shortcut"]), torch.relu(branch(block, x)))


def test_wrong_questions() -> None:
    with pytest.raises(Problem, match=r"lacks\.paths"):
        paths.forms(loaded("mini_resnet"), noise(), "stage1.1")
    with pytest.raises(Problem, match="no_part"):
        paths.switched(loaded("mini_resnext"), noise(), "stage1.1", ["8"])
    with pytest.raises(Problem, match="no_part"):
        paths.switched(loaded("mini_resnet"), noise(), "stage1.1", ["0"])
