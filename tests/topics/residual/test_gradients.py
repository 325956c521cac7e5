"""Do gradients reach every block: measured by hand, on copies, with and without links."""

from __future__ import annotations

import copy
import re

import pytest
import torch
from torch import nn

from demo.blocks.dense import DenseBlock
from demo.blocks.networks import dense_network, small_stem
from demo.engine.runs import run
from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.residual.figures import gradients as drawing
from demo.topics.residual.gradients import (
    MODELS,
    MeasuredBlock,
    MeasuredDense,
    gradients,
    places,
    started,
)
from demo.topics.residual.records import Flow, Gradients
from demo.topics.residual.scenes import flow as scene
from demo.zoo.catalogue import spec
from demo.zoo.loading import load
from tests.drawing.drawn import assert_as_stored
from tests.residual_networks import noise

LOST = Gradients(
    ("stage1.1", "stage2.1", "stage2.2"),
    dense=False,
    live=False,
    trained=(Flow((0.02, 0.03, 0.04)), Flow((0.001, 0.02, 0.4))),
    random=(Flow((0.01, 0.02, 0.05)), Flow((1e-9, 1e-5, 0.05))),
)
EVEN = Gradients(
    ("block1.1", "block2.1"),
    dense=True,
    live=True,
    trained=(Flow((0.02, 0.04)), Flow((0.8, 0.1))),
    random=(Flow((0.2, 0.1)), Flow((3.0, 0.1))),
)


def by_hand(network: nn.Module, x: torch.Tensor, index: int, path: str) -> float:
    """The same gradient by finite differences of the loss in one direction: that of its own."""
    block = network.get_submodule(path)
    added: list[torch.Tensor] = []

    def shift(module: nn.Module, inputs: object, output: torch.Tensor) -> torch.Tensor:
        return output + added[0] if added else output

    handle = block.register_forward_hook(shift)

    def loss() -> torch.Tensor:
        return nn.functional.cross_entropy(network(x), torch.tensor([index]))

    shape = {}
    probe = block.register_forward_hook(lambda m, i, o: shape.update(size=o.shape))
    loss()
    probe.remove()
    delta = torch.zeros(shape["size"], dtype=torch.float64, requires_grad=True)
    added.append(delta)
    (gradient,) = torch.autograd.grad(loss(), delta)
    length = gradient.norm()
    with torch.no_grad():
        step = 1e-7
        added[0] = gradient / length * step
        up = loss()
        added[0] = -gradient / length * step
        down = loss()
    handle.remove()
    return float((up - down) / (2 * step))


@pytest.mark.parametrize("live", [False, True])
def test_a_size_is_the_slope_of_the_loss(live: bool) -> None:
    loaded, photo = load("mini_resnet"), noise()
    found = gradients(loaded, photo, live)
    network = copy.deepcopy(loaded.network).double().train(live)
    x = loaded.prepare(photo)[0].double()
    index = run(loaded, photo).scores.top
    for number, path in ((0, "stages.stage1.0"), (5, "stages.stage3.1")):
        slope = by_hand(network, x, index, path)
        assert found.trained[0].sizes[number] == pytest.approx(slope, rel=1e-3)


def test_without_its_shortcut_a_block_is_its_branch_alone() -> None:
    block = started(spec("mini_resnet")).get_submodule("stages.stage2.1").eval()
    x = torch.rand(2, 128, 4, 4)
    kept: list[torch.Tensor] = []
    with torch.no_grad():
        assert torch.equal(MeasuredBlock(block, True, kept)(x), block(x))
        assert torch.equal(MeasuredBlock(block, False, kept)(x), torch.relu(block.branch(x)))
        assert [one.shape for one in kept] == [x.shape, x.shape]


def test_without_its_links_a_dense_layer_reads_the_one_before_it_alone() -> None:
    block, x = DenseBlock(3, 4, 2).eval(), torch.rand(1, 4, 5, 5)
    kept: list[torch.Tensor] = []
    with torch.no_grad():
        assert torch.equal(MeasuredDense(block, True, [])(x), block(x))
        out = MeasuredDense(block, False, kept)(x)
        # The second layer reads zeros and what the first added; the third likewise.
        first = block[0].new_features(x)
        second = block[1].new_features(torch.cat([torch.zeros(1, 4, 5, 5), first], 1))
        third = block[2].new_features(torch.cat([torch.zeros(1, 6, 5, 5), second], 1))
    for one, expected in zip(kept, (first, second, third), strict=True):
        assert torch.equal(one, expected)
    assert torch.equal(out, torch.cat([torch.zeros(1, 8, 5, 5), third], 1))


@pytest.mark.parametrize("key", [one.key for one in MODELS])
def test_shortcuts_and_links_carry_what_nothing_else_does(key: str) -> None:
    loaded, photo = load(key), noise()
    before = {name: one.clone() for name, one in loaded.network.state_dict().items()}
    stored, live = (gradients(loaded, photo, one) for one in (False, True))
    assert stored.lost
    assert stored.random[1].reach < 1e-6
    assert stored.random[0].reach > 1e-3
    # BatchNorm alone brings it back.
    assert not live.lost
    assert min(flow.reach for flow in (*live.random, *live.trained)) > 0.1
    for flow in (*stored.trained, *stored.random, *live.trained, *live.random):
        assert len(flow.sizes) == len(stored.places)
    after = loaded.network.state_dict()
    assert all(torch.equal(one, after[name]) for name, one in before.items())
    assert not loaded.network.training
    assert all(not p.requires_grad for p in loaded.network.parameters())
    assert gradients(loaded, photo, False) is stored


def test_the_start_is_the_same_each_time_and_leaves_chance_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, second = started(MODELS[0]), started(MODELS[0])
    assert torch.equal(torch.rand(3), expected)
    pairs = zip(first.parameters(), second.parameters(), strict=True)
    assert all(torch.equal(a, b) for a, b in pairs)


def test_places_are_named_by_stage_and_by_layer() -> None:
    assert places(spec("mini_resnet"))[:3] == ("stage1.1", "stage2.1", "stage2.2")
    dense = places(spec("mini_densenet"))
    assert len(dense) == 1 + 4 + 15
    assert (dense[0], dense[1], dense[-1]) == ("block1.1", "block2.1", "block3.15")
    assert len(dense_network(small_stem(8), 8, 4, [1, 2], 10).stages.block2) == 2


def test_other_networks_are_refused() -> None:
    with pytest.raises(Problem, match="no_gradients"):
        gradients(load("mini_googlenet"), noise(), False)


def test_what_a_record_says() -> None:
    assert LOST.random[0].reach == pytest.approx(0.2)
    assert LOST.lost
    assert not EVEN.lost
    assert EVEN.evener
    assert Flow((1.0, 0.0)).reach == 0.0
    assert LOST.span == (1e-9, 0.4)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_what_it_shows(lang: str) -> None:
    t = text(lang)
    numbers = {"en": ("1/5.0", "1/50.0 M", "1/2.0", "1/400"), "ja": ("5.0分", "5,000万分", "400分")}
    said = drawing.sentence(LOST, t)
    assert all(number in said for number in numbers[lang])
    assert t("residual.flow_lost", links=t("residual.flow_shortcuts")) in said
    even = drawing.sentence(EVEN, t)
    assert t("residual.flow_even", links=t("residual.flow_links")) in even
    uneven = Gradients(EVEN.places, True, True, EVEN.trained, EVEN.random[::-1])
    assert t("residual.flow_kept", links=t("residual.flow_links")) in drawing.sentence(uneven, t)
    nothing = Gradients(EVEN.places, True, False, EVEN.trained, (EVEN.random[0], Flow((0.0, 0.1))))
    assert t("residual.flow_nothing") in drawing.sentence(nothing, t)


@pytest.mark.parametrize(("name", "found"), [("lost", LOST), ("even", EVEN)])
def test_the_drawing_is_the_one_that_was_kept(name: str, found: Gradients) -> None:
    assert_as_stored(f"gradients_{name}", drawing.gradients(found, "resnet", text("en")))


def test_the_scene_with_and_without_a_photo() -> None:
    t = text("en")
    shown = scene.draw(t, noise(), "mini_densenet", "stored")
    assert 'data-lost="true"' in shown
    assert len(re.findall("<circle", shown)) == 2 * 4 * 20
    alone = scene.bare(t, "mini_resnet", "live")
    assert 'data-lost="false"' in alone
    assert t("residual.flow_bare") in alone
