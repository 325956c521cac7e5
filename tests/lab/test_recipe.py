"""The training recipe: its schedule, and what it does to pictures."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from demo.blocks.networks import mini_resnet
from demo.lab.recipe import (
    Average,
    Cycle,
    Recipe,
    augment,
    cut_out,
    normalise,
    optimizer,
    vary,
    whiten_stem,
)


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(7)


def pictures(count: int) -> torch.Tensor:
    return torch.randint(0, 256, (count, 3, 32, 32), generator=generator(), dtype=torch.uint8)


def test_the_schedule() -> None:
    recipe = Recipe()
    assert recipe.epochs == 46
    assert [recipe.size(epoch) for epoch in range(46)] == [24] * 10 + [32] * 36
    assert [recipe.at(epoch)[1] for epoch in (0, 15, 16, 33, 34, 45)] == [0, 15, 0, 17, 0, 11]
    assert [recipe.at(epoch)[0].cutout for epoch in (15, 16, 34)] == [0, 12, 12]
    assert [recipe.at(epoch)[0].magnitude for epoch in (33, 34)] == [0, 8]
    with pytest.raises(IndexError):
        recipe.at(46)


@pytest.mark.parametrize(
    ("epoch", "rate"), [(0, 0.1), (1, 0.55), (2, 1.0), (6, 0.5), (9, 0.125), (10, 0.0)]
)
def test_the_rate_rises_and_falls(epoch: float, rate: float) -> None:
    assert Cycle(epochs=10, peak=1.0, warmup=0.2).lr(epoch) == pytest.approx(rate)


def test_two_epochs_in_a_row_show_both_orientations() -> None:
    recipe, given = replace(Recipe(), pad=0), pictures(64)
    first, second = (augment(given, epoch, recipe, generator()) for epoch in (0, 1))
    assert torch.equal(first, second.flip(3))
    turned = sum(not torch.equal(a, b) for a, b in zip(first, given, strict=True))
    assert turned == 32


def test_a_shift_moves_by_at_most_the_padding() -> None:
    given = torch.zeros(200, 3, 32, 32, dtype=torch.uint8)
    given[:, :, 16, 16] = 255
    rows, columns = augment(given, 0, Recipe(), generator())[:, 0].nonzero(as_tuple=True)[1:]
    assert (rows.min().item(), rows.max().item()) == (12, 20)
    assert (columns.min().item(), columns.max().item()) == (11, 20)  # 15 or 16 after the flip


def test_cutout_greys_one_square() -> None:
    given = torch.full((300, 3, 32, 32), 7, dtype=torch.uint8)
    cut = cut_out(given, 12, generator())
    grey = torch.tensor([125, 123, 114], dtype=torch.uint8).view(1, 3, 1, 1)
    square = (cut == grey).all(1)
    assert torch.equal(cut.where(~square[:, None], torch.tensor(7, dtype=torch.uint8)), given)
    heights, widths = square.any(2).sum(1), square.any(1).sum(1)
    assert torch.equal(square.sum((1, 2)), heights * widths)
    assert (heights.min().item(), heights.max().item()) == (6, 12)
    assert (cut_out(given, 12, generator()) == cut).all()


def test_one_operation_changes_a_picture() -> None:
    given = torch.full((400, 3, 32, 32), 200, dtype=torch.uint8)
    given[:, :, :, 16:] = 40
    changed = vary(given, 8, generator())
    assert torch.equal(vary(given, 8, generator()), changed)
    same = (changed == given).flatten(1).all(1)
    assert 0.05 < same.float().mean().item() < 0.6  # identity, and what grey cannot show
    means = changed.float().mean((1, 2, 3))
    assert means.min().item() < 100 and means.max().item() > 140  # darker, brighter than 120
    edges = (changed[:, 0, 31, :].int() - changed[:, 0, 0, :].int()).abs().amax(1)
    assert (edges > 100).sum().item() > 20  # turned or shorn: the edge stands at a slant


def test_the_last_epochs_are_plain() -> None:
    cycle = Cycle(epochs=3, peak=1.0, cutout=8, magnitude=8, plain=1)
    recipe, given = replace(Recipe(), pad=0, cycles=(cycle,)), pictures(64)
    views = [augment(given, epoch, recipe, generator()) for epoch in range(3)]
    assert torch.equal(views[2], augment(given, 2, replace(Recipe(), pad=0), generator()))
    for view in views[:2]:
        plain = (view == given) | (view == given.flip(3))
        assert (~plain).any(1).flatten(1).sum(1).min().item() >= 16  # a quarter of 8x8 at least


def test_whitening_gives_uncorrelated_channels_of_equal_size() -> None:
    network = mini_resnet()
    smooth = F.interpolate(pictures(200).float(), scale_factor=2, mode="bilinear")[:, :, :32, :32]
    given = smooth.to(torch.uint8)
    whiten_stem(network, given)
    conv: nn.Conv2d = network.stem.conv
    half = conv.out_channels // 2
    assert torch.equal(conv.weight[half:], -conv.weight[:half])
    patches = F.unfold(normalise(given), 3).transpose(1, 2).reshape(-1, 27)
    out = patches @ conv.weight[:8].reshape(8, 27).T
    second_moment = out.T @ out / len(out)
    torch.testing.assert_close(second_moment, torch.eye(8), atol=0.05, rtol=0)


def test_the_average_follows_the_network() -> None:
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 0.0)
    average = Average(network, 0.5)
    nn.init.constant_(network.weight, 11.0)
    average.update(network)
    assert average.state["weight"].item() == pytest.approx(9.0)  # (1 + 1) / (10 + 1) is kept
    for _ in range(20):
        average.update(network)
    assert average.state["weight"].item() == pytest.approx(11.0, abs=1e-4)


def test_only_weight_tensors_decay() -> None:
    groups = optimizer(mini_resnet(), Recipe()).param_groups
    assert [group["weight_decay"] for group in groups] == [0.1, 0.0]
    assert {p.ndim for p in groups[0]["params"]} == {2, 4}
    assert {p.ndim for p in groups[1]["params"]} == {1}
