from __future__ import annotations

import numpy as np
import pytest
import torch

from demo.engine.runs import block_ends
from demo.records import Problem
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.branches import (
    BINS,
    across,
    activity,
    maps,
    measure,
    mixing,
    reduction_maps,
    strongest,
    work,
)
from demo.topics.inception.records import Block, Branch, Depth, Part, Reduction, Split
from tests.inception_networks import countable, noise, ones, stand_in

TWO = Block(
    "b",
    "b",
    (1, 2, 2),
    (4, 2, 2),
    (Branch("x", (), (), 0, 1, 0), Branch("y", (), (), 1, 4, 0)),
    0,
    0,
)
OUTPUT = torch.tensor(
    [[[[1.0, 0.0], [0.0, 1.0]], [[0, 0], [0, 0]], [[2, 0], [0, 0]], [[1, 1], [0, 0]]]]
)


def test_numbers_of_a_block_that_one_can_count() -> None:
    found = measure(OUTPUT, TWO, "m", "p", "b")
    x, y = found.branches
    assert (x.channel_share, y.channel_share) == (0.25, 0.75)
    assert (x.energy, y.energy) == (2.0, 6.0)
    assert (x.energy_share, y.energy_share) == (0.25, 0.75)
    assert x.heat.tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert y.heat.tolist() == [[1.0, pytest.approx(1 / 3)], [0.0, 0.0]]
    assert y.strength.tolist() == [0.0, 0.5, 0.5]
    assert (x.zeros, y.zeros) == (0.5, 0.75)
    assert (x.silent, y.silent) == (0, 1)
    assert (x.highest, y.highest) == (1.0, 2.0)
    assert found.edges[0] == 0
    assert found.edges[-1] == 2
    assert len(found.edges) == BINS + 1
    assert y.counts.nonzero()[0].tolist() == [BINS // 2, BINS - 1]
    assert y.counts[[BINS // 2, BINS - 1]].tolist() == [2, 1]


def test_a_silent_block_has_no_energy_to_share() -> None:
    found = measure(torch.zeros(1, 4, 2, 2), TWO, "m", "p", "b")
    assert [branch.energy_share for branch in found.branches] == [0.0, 0.0]


def test_the_strongest_come_first_and_equals_in_order() -> None:
    assert strongest(np.array([1.0, 3.0, 2.0, 3.0]), 3) == [1, 3, 2]


def test_branches_of_the_countable_module() -> None:
    # 3x3 over ones, 4 wide, zeros around: 2, 3, 3, 2 along each axis, times 3 channels.
    loaded = countable("counted")
    assert maps(loaded, ones(), "only", "1x1").tolist() == [[[3.0] * 4] * 4]
    assert maps(loaded, ones(), "only", "3x3")[0, 0].tolist() == [12.0, 18.0, 18.0, 12.0]
    assert maps(loaded, ones(), "only", "5x5")[0, 1].tolist() == [36.0, 48.0, 48.0, 36.0]
    assert maps(loaded, ones(), "only", "pool")[0, 3].tolist() == [3.0] * 4
    assert reduction_maps(loaded, ones(), "only", "block.branch3.0.conv").tolist() == [
        [[3.0] * 4] * 4
    ]
    assert mixing(loaded, "block.branch3.0.conv").tolist() == [[1.0, 1.0, 1.0]]


def test_shares_of_all_blocks_add_up() -> None:
    loaded = stand_in("mini_googlenet")
    found = across(loaded, noise(32))
    assert [block.block for block in found] == list(loaded.spec.blocks)
    for block in found:
        assert sum(branch.channel_share for branch in block.branches) == pytest.approx(1)
        assert sum(branch.energy_share for branch in block.branches) == pytest.approx(1)
    assert activity(loaded, noise(32), found[2].block) is found[2]


def test_looking_at_blocks_runs_the_network_once_more() -> None:
    loaded, photo, passes = stand_in("mini_googlenet"), noise(32, 7), []
    anatomy(loaded.spec)
    handle = loaded.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    across(loaded, photo)
    for name, block in anatomy(loaded.spec).blocks.items():
        activity(loaded, photo, name)
        maps(loaded, photo, name, "5x5")
        reduction_maps(loaded, photo, name, block.branch("5x5").trunk[0].path)
    handle.remove()
    # One for the answer, one that keeps both ends of every block.
    assert len(passes) == 2


@pytest.mark.parametrize("key", ["mini_googlenet", "inception_v3"])
def test_a_reduction_computed_again_feeds_the_branch_that_was_captured(key: str) -> None:
    loaded = stand_in(key)
    photo = noise(loaded.spec.input_size)
    name = next(iter(loaded.spec.blocks))
    branch = anatomy(loaded.spec).blocks[name].branches[1]
    before = block_ends(loaded, photo)[loaded.spec.blocks[name]].input.clone()
    reduced = reduction_maps(loaded, photo, name, branch.trunk[0].path)
    unit = loaded.network.get_submodule(branch.trunk[1].path.rpartition(".")[0])
    again = unit(torch.from_numpy(reduced)[None])[0].numpy()
    np.testing.assert_allclose(again, maps(loaded, photo, name, branch.name), atol=1e-5)
    assert torch.equal(block_ends(loaded, photo)[loaded.spec.blocks[name]].input, before)


def test_what_is_not_there_is_a_problem() -> None:
    loaded = stand_in("mini_googlenet")
    with pytest.raises(Problem, match="no_block"):
        activity(loaded, noise(32), "9z")
    with pytest.raises(Problem, match="no_branch"):
        maps(loaded, noise(32), next(iter(loaded.spec.blocks)), "7x7")


def test_the_branch_that_puts_out_most_and_the_one_that_does_beside_its_channels() -> None:
    block = next(iter(anatomy(stand_in("mini_googlenet").spec).blocks.values()))
    assert [branch.channels for branch in block.branches] == [16, 32, 8, 8]
    output = torch.zeros(1, 64, 2, 2)
    # Energies 4 * (16, 128, 72, 0): the 5x5's 8 channels have a third of it.
    output[0, :16], output[0, 16:48], output[0, 48:56] = 1, 2, 3
    found = measure(output, block, "mini", "photo", block.name)
    assert [branch.energy for branch in found.branches] == [64, 512, 288, 0]
    assert (found.leader.name, found.keenest.name) == ("3x3", "5x5")
    assert found.fullest_bin == 32 * 4


def test_energy_joins_channels_across_depth() -> None:
    loaded, photo = stand_in("mini_googlenet"), noise(32)
    activities = across(loaded, photo)
    parts = [
        tuple(
            Part(branch.name, branch.name == "pool", 5, branch.channel_share)
            for branch in one.branches
        )
        for one in activities
    ]
    bare = Depth(tuple(Split(one.block, row) for one, row in zip(activities, parts, strict=True)))
    found = bare.with_energy(activities)
    assert (bare.measured, found.measured) == (False, True)
    for split, one in zip(found.blocks, activities, strict=True):
        assert [part.energy for part in split.parts] == [
            branch.energy_share for branch in one.branches
        ]
        assert split.large == pytest.approx(
            (1 - one.branches[3].channel_share, 1 - one.branches[3].energy_share)
        )


def test_a_reductions_work_on_a_photo() -> None:
    loaded = stand_in("mini_googlenet")
    name = next(iter(loaded.spec.blocks))
    step = anatomy(loaded.spec).blocks[name].branch("3x3").trunk[0]
    reduced = Reduction("3x3", step.path, 32, 16, 1, 1, 1, 1)
    found = work(loaded, noise(32), name, reduced, 4)
    assert found.maps.shape == (16, 32, 32)
    assert found.weights.shape == (16, 32)
    means = found.maps.mean(axis=(1, 2))
    assert found.strongest == tuple(np.argsort(-means, kind="stable")[:4])
    assert found.zeros == float((found.maps == 0).mean())
