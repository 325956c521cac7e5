from __future__ import annotations

import copy
from functools import reduce

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from demo.records import Box
from demo.records.receptive import PIXEL, Field, Kind, Pair, Step, fields, through, together
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.numbers.receptive import depth, pixels, region, sights, within
from demo.topics.inception.records import Branch
from demo.trace import captured
from demo.zoo.catalogue import spec
from tests.inception_networks import stand_in


def step(kernel: Pair, stride: Pair = (1, 1), padding: Pair = (0, 0), kind: Kind = "conv") -> Step:
    return Step(kind, (0,), 1, 1, 1, 1, "", kernel, stride, padding)


def test_two_3x3_see_as_much_as_one_5x5() -> None:
    twice = reduce(through, [step((3, 3), padding=(1, 1))] * 2, PIXEL)
    assert twice == through(PIXEL, step((5, 5), padding=(2, 2)))
    assert twice == Field((1, 1), (-2, -2), (2, 2))


def test_strides_multiply_what_later_kernels_see() -> None:
    stem = through(PIXEL, step((7, 7), (2, 2), (3, 3)))
    assert stem == Field((2, 2), (-3, -3), (3, 3))
    assert through(stem, step((3, 3), (2, 2))) == Field((4, 4), (-3, -3), (7, 7))


def test_a_1x7_is_wide_and_a_7x1_is_high() -> None:
    assert through(PIXEL, step((1, 7), padding=(0, 3))).extent == (1, 7)
    assert through(PIXEL, step((7, 1), padding=(3, 0))).extent == (7, 1)
    assert together([PIXEL, through(PIXEL, step((1, 3)))]) == Field((1, 1), (0, 0), (0, 2))


def test_maps_of_different_sizes_do_not_fit_together() -> None:
    with pytest.raises(ValueError, match="do not fit together"):
        together([PIXEL, through(PIXEL, step((1, 1), (2, 2)))])


def test_split_ends_see_the_box_around_both() -> None:
    wide, high = step((1, 3), padding=(0, 1)), step((3, 1), padding=(1, 0))
    assert within(Branch("x", (), ((wide,), (high,)), 0, 2, 0)).extent == (3, 3)
    assert within(Branch("x", (step((3, 3)),), ((wide,), (high,)), 0, 2, 0)).extent == (5, 5)


def test_a_region_is_cut_at_the_border_and_laid_on_the_part_that_was_seen() -> None:
    field = Field((4, 4), (-3, -3), (7, 7))
    assert pixels(field, 1, 0, 32) == (1, 0, 11, 7)
    assert pixels(field, 7, 7, 32) == (25, 25, 31, 31)
    assert region(field, 1, 0, 32, Box(0.0, 0.25, 1.0, 0.75)) == Box(
        0.0, 0.25 + 0.5 * 1 / 32, 8 / 32, 0.25 + 0.5 * 12 / 32
    )


def test_sights_of_a_block_from_the_middle_of_its_output() -> None:
    found = sights(anatomy(stand_in("mini_googlenet").spec), "stage1.0")
    assert (found.size, found.position) == (32, (16, 16))
    assert [sight.within.extent for sight in found.branches] == [(1, 1), (3, 3), (5, 5), (3, 3)]
    # The stem's 3x3 lies before them.
    assert [sight.whole.extent for sight in found.branches] == [(3, 3), (5, 5), (7, 7), (5, 5)]
    assert (found.farthest.branch.name, found.nearest.branch.name) == ("5x5", "1x1")
    assert found.branches[0].near == Box(16 / 32, 16 / 32, 17 / 32, 17 / 32)
    assert found.branches[2].far == Box(13 / 32, 13 / 32, 20 / 32, 20 / 32)
    assert [found.beyond(sight) for sight in found.branches] == [False] * 4
    last = sights(anatomy(spec("inception_v3")), "Mixed_7c")
    assert all(last.beyond(sight) for sight in last.branches)


def test_depth_splits_blocks_by_channels() -> None:
    found = depth(anatomy(spec("googlenet")))
    first, last = found.blocks[0], found.blocks[-1]
    assert [part.channels for part in first.parts] == [0.25, 0.5, 0.125, 0.125]
    # torchvision runs a 3x3 where the paper has a 5x5: nothing sees further.
    assert found.extents == (1, 3)
    assert first.large == last.large == (0, 0)
    assert not found.measured
    mini = depth(anatomy(spec("mini_googlenet"))).blocks
    assert (mini[0].block, mini[0].large) == ("1a", (0.125, 0))
    assert mini[-1].large[0] == 64 / 416


def probe(network: nn.Module) -> nn.Module:
    """A copy in which every place of a kernel counts, so that no gradient is 0 by chance."""
    twin = copy.deepcopy(network).double()
    for module in list(twin.modules()):
        if isinstance(module, nn.Conv2d):
            nn.init.constant_(module.weight, 1 / module.weight[0].numel())
        elif isinstance(module, nn.BatchNorm2d):
            module.reset_parameters()
        for name, child in module.named_children():
            if isinstance(child, nn.MaxPool2d):
                size, stride, padding = child.kernel_size, child.stride, child.padding
                setattr(module, name, nn.AvgPool2d(size, stride, padding, child.ceil_mode))
    return twin.eval().requires_grad_(False)


def touched(output: Tensor, x: Tensor, row: int, column: int) -> tuple[int, int, int, int]:
    (gradient,) = torch.autograd.grad(output[0, :, row, column].sum(), x, retain_graph=True)
    rows, columns = np.nonzero(gradient[0].abs().sum(0).numpy() > 0)
    box = rows.min(), columns.min(), rows.max(), columns.max()
    assert len(rows) == (box[2] - box[0] + 1) * (box[3] - box[1] + 1)  # without a hole
    return tuple(int(side) for side in box)


def test_fields_of_the_mini_network_are_where_the_gradient_is() -> None:
    check("mini_googlenet", 32, list(anatomy(stand_in("mini_googlenet").spec).blocks), [0, 3])


def test_fields_of_googlenet_are_where_the_gradient_is() -> None:
    check("googlenet", 224, ["3a", "4a"], [6])


def check(key: str, size: int, blocks: list[str], places: list[int]) -> None:
    loaded = stand_in(key)
    body = anatomy(loaded.spec)
    after = fields(body.steps)
    network = probe(loaded.network)
    x = torch.ones(1, 3, size, size, dtype=torch.float64, requires_grad=True)
    paths = [body.blocks[name].path for name in blocks]
    with captured(network, paths) as outputs:
        network(x)
        for name in blocks:
            block = body.blocks[name]
            output = outputs[block.path]
            for branch in block.branches:
                part = output[:, branch.start : branch.stop]
                for place in places:
                    row, column = place % output.shape[2], (place + 1) % output.shape[3]
                    expected = pixels(after[branch.exit], row, column, size)
                    assert touched(part, x, row, column) == expected, (name, branch.name)
