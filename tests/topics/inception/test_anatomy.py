from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from demo.engine.runs import block_ends
from demo.topics.inception.anatomy import anatomy, read
from demo.topics.inception.branches import maps
from demo.topics.inception.numbers.cost import weights
from demo.topics.inception.records import Anatomy
from demo.trace import captured
from tests.inception_networks import NETWORKS, noise, stand_in

# 1x1 | 3x3 reduce, 3x3 | 5x5 reduce, 5x5 | pool projection = output (Szegedy et al., Table 1).
TABLE_1 = {
    "3a": (64, 96, 128, 16, 32, 32, 256),
    "3b": (128, 128, 192, 32, 96, 64, 480),
    "4a": (192, 96, 208, 16, 48, 64, 512),
    "4b": (160, 112, 224, 24, 64, 64, 512),
    "4c": (128, 128, 256, 24, 64, 64, 512),
    "4d": (112, 144, 288, 32, 64, 64, 528),
    "4e": (256, 160, 320, 32, 128, 128, 832),
    "5a": (256, 160, 320, 32, 128, 128, 832),
    "5b": (384, 192, 384, 48, 128, 128, 1024),
}

V3 = {
    "Mixed_5b": ("1x1 64", "5x5 64", "3x3-3x3 96", "pool 32"),
    "Mixed_5c": ("1x1 64", "5x5 64", "3x3-3x3 96", "pool 64"),
    "Mixed_5d": ("1x1 64", "5x5 64", "3x3-3x3 96", "pool 64"),
    "Mixed_6a": ("3x3 384", "3x3-3x3 96", "pool 288"),
    "Mixed_6b": ("1x1 192", "1x7-7x1 192", "7x1-1x7-7x1-1x7 192", "pool 192"),
    "Mixed_6c": ("1x1 192", "1x7-7x1 192", "7x1-1x7-7x1-1x7 192", "pool 192"),
    "Mixed_6d": ("1x1 192", "1x7-7x1 192", "7x1-1x7-7x1-1x7 192", "pool 192"),
    "Mixed_6e": ("1x1 192", "1x7-7x1 192", "7x1-1x7-7x1-1x7 192", "pool 192"),
    "Mixed_7a": ("3x3 320", "1x7-7x1-3x3 192", "pool 768"),
    "Mixed_7b": ("1x1 320", "1x3+3x1 768", "3x3-1x3+3x1 768", "pool 192"),
    "Mixed_7c": ("1x1 320", "1x3+3x1 768", "3x3-1x3+3x1 768", "pool 192"),
}


def of(key: str) -> Anatomy:
    return anatomy(stand_in(key).spec)


def test_the_channels_of_googlenet_are_those_of_its_table() -> None:
    found = {
        name: (*(c.channels for b in block.branches for c in b.convolutions), block.shape_out[0])
        for name, block in of("googlenet").blocks.items()
    }
    assert found == TABLE_1


def test_torchvision_runs_3x3_where_the_paper_says_5x5() -> None:
    blocks = of("googlenet").blocks.values()
    assert len(blocks) == 9
    for block in blocks:
        assert [b.name for b in block.branches] == ["1x1", "3x3", "3x3#2", "pool"]
        assert block.branches[2].convolutions[1].kernel == (3, 3)


def test_the_lessons_module_runs_a_true_5x5() -> None:
    assert [
        [branch.name for branch in block.branches] for block in of("mini_googlenet").blocks.values()
    ] == [["1x1", "3x3", "5x5", "pool"]] * 6


def test_weights_of_3a_as_torchvision_runs_it() -> None:
    branches = of("googlenet").blocks["3a"].branches
    assert sum(weights(step) for branch in branches for step in branch.steps) == 155_136


def test_the_branches_of_inception_v3() -> None:
    found = {
        name: tuple(f"{b.name} {b.channels}" for b in block.branches)
        for name, block in of("inception_v3").blocks.items()
    }
    assert found == V3


def test_split_ends_and_strides_of_inception_v3() -> None:
    blocks = of("inception_v3").blocks
    split = blocks["Mixed_7b"].branch("3x3-1x3+3x1")
    assert [(s.kernel, s.channels) for s in split.trunk] == [((1, 1), 448), ((3, 3), 384)]
    assert [[(s.kernel, s.padding) for s in end] for end in split.ends] == [
        [((1, 3), (0, 1))],
        [((3, 1), (1, 0))],
    ]
    pool = blocks["Mixed_6a"].branch("pool")
    assert [(s.kind, s.kernel, s.stride, s.channels) for s in pool.steps] == [
        ("max", (3, 3), (2, 2), 288)
    ]
    assert blocks["Mixed_6a"].shape_in == (288, 35, 35)
    assert blocks["Mixed_6a"].shape_out == (768, 17, 17)


@pytest.mark.parametrize("key", NETWORKS)
def test_branches_captured_by_themselves_concatenate_to_the_blocks_output(key: str) -> None:
    loaded = stand_in(key)
    photo, blocks = noise(loaded.spec.input_size), of(key).blocks
    ends_of = block_ends(loaded, photo)
    units = {
        step.path.rpartition(".")[0]
        for block in blocks.values()
        for branch in block.branches
        for step in branch.convolutions
    }
    with captured(loaded.network, units, graph=False) as outputs, torch.no_grad():
        loaded.network(loaded.prepare(photo)[0])
    for block in blocks.values():
        entry, whole = ends_of[block.path]
        parts = []
        for branch in block.branches:
            ends = branch.ends or (branch.trunk,)
            for end in ends:
                parts.append(
                    outputs[end[-1].path.rpartition(".")[0]]
                    if end[-1].kind == "conv"
                    else nn.functional.max_pool2d(entry, 3, stride=2)
                )
            alone = torch.from_numpy(maps(loaded, photo, block.name, branch.name))
            assert torch.equal(torch.cat(parts[-len(ends) :], dim=1)[0], alone)
        assert torch.equal(torch.cat(parts, dim=1), whole)


def test_the_network_that_is_read_stays_as_it_is() -> None:
    network = stand_in("mini_googlenet").network
    before = {name: value.clone() for name, value in network.state_dict().items()}
    read(network, "again", 32, {"last": "stages.stage3.2"})
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    assert not any(m._forward_hooks or m._forward_pre_hooks for m in network.modules())


class Sum(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.relu(x)


def test_a_block_without_a_concatenation_is_refused() -> None:
    with pytest.raises(ValueError, match="0 does not end with a concatenation"):
        read(nn.Sequential(Sum()), "sum", 4, {"sum": "0"})
