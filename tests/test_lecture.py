"""Every number that the lecture states, computed by our code.

Where the lecture and the live module differ, a test says by how much, and that the chapter says so.
The years of its table are those of the papers: nothing to compute.

1-1 to 1-3: addition, dense layer, six layers, four sources, growth rates. 1-4: transition, the
whole network, its windows, its depth. 2: the blocks, parameters, a new classifier. 3-2: the roles
of 1x1. 3-4, 3-5: module, Inception v3. 4: cardinality. 5: the table, a third, B7, phones. The four
exercises.
"""

from __future__ import annotations

from dataclasses import astuple

import pytest
import torch
from torch import nn

from demo.blocks.dense import DenseBlock, DenseLayer, TransitionLayer
from demo.blocks.inception import InceptionModule
from demo.blocks.networks import densenet121, resnet50, resnext50
from demo.blocks.residual import ResidualBlock, ResNeXtBlock
from demo.page.chapters import chapters
from demo.text import LANGUAGES, text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.numbers import PRESETS, members
from demo.topics.dense.numbers.growth import PRESETS as PLANS, growth, steps
from demo.topics.inception.anatomy import anatomy
from demo.topics.inception.numbers.cost import block_weights
from demo.topics.reduction.numbers import MODULES, module, reduction
from demo.topics.residual.numbers import REFERENCE, setting
from demo.zoo.catalogue import spec
from demo.zoo.vision import torchvision

EXERCISE_2 = module(192, 64, 96, 128, 16, 32, 32, 28)
DENSENET_121 = (
    ("block1", (256, 56, 56)),
    ("transition1", (128, 28, 28)),
    ("block2", (512, 28, 28)),
    ("transition2", (256, 14, 14)),
    ("block3", (1024, 14, 14)),
    ("transition3", (512, 7, 7)),
    ("block4", (1024, 7, 7)),
)
"""Section 1-4: what each part of the whole network puts out, C x H x W."""


def weights(network: nn.Module) -> int:
    """Of its convolutions alone, as the lecture counts them."""
    return sum(p.numel() for p in network.parameters() if p.dim() == 4)


def parameters(network: nn.Module) -> int:
    """As PyTorch counts them."""
    return sum(p.numel() for p in network.parameters())


def on_meta(build: type[nn.Module], *numbers: int) -> nn.Module:
    """A module without values."""
    with torch.device("meta"):
        return build(*numbers).eval()


def test_addition_keeps_the_channels_and_concatenation_adds_them() -> None:
    x = torch.rand(1, 64, 8, 8)
    with torch.no_grad():
        assert ResidualBlock(64, 16, 64).eval()(x).shape == (1, 64, 8, 8)
        joined = DenseLayer(64, 32).eval()(x)
    assert joined.shape == (1, 96, 8, 8)
    # "Both remain": the input's channels are there unchanged.
    assert torch.equal(joined[:, :64], x)


def test_a_dense_layer() -> None:
    layer = on_meta(DenseLayer, 64, 32)
    out = layer(torch.empty(1, 64, 56, 56, device="meta"))
    assert out.shape == (1, 96, 56, 56)
    # The bottleneck has 4k channels.
    assert layer.conv1.out_channels == 4 * 32 == 128


def test_a_dense_block_grows_by_k_with_each_layer() -> None:
    block = on_meta(DenseBlock, 6, 64, 32)
    x = torch.empty(1, 64, 56, 56, device="meta")
    channels = []
    for layer in block:
        x = layer(x)
        channels.append(x.shape[1])
    assert channels == [96, 128, 160, 192, 224, 256]
    assert x.shape == (1, 256, 56, 56)
    first = [row for row in growth(PLANS["densenet121"]).layers if row.block == 1]
    assert [row.out_channels for row in first] == channels


def test_a_transition_halves_channels_and_size() -> None:
    out = on_meta(TransitionLayer, 256, 128)(torch.empty(1, 256, 56, 56, device="meta"))
    assert out.shape == (1, 128, 28, 28)


def test_densenet_121_as_a_whole() -> None:
    with torch.device("meta"):
        network = densenet121().eval()
    x = torch.empty(1, 3, 224, 224, device="meta")
    assert network.stem.conv(x).shape == (1, 64, 112, 112)
    x = network.stem(x)
    assert x.shape == (1, 64, 56, 56)
    found = []
    for name, part in network.stages.named_children():
        x = part(x)
        found.append((name, tuple(x.shape[1:])))
    assert tuple(found[: len(DENSENET_121)]) == DENSENET_121
    assert network.pool(x).shape == (1, 1024, 1, 1)
    assert (network.fc.in_features, network.fc.out_features) == (1024, 1000)
    layers = [len(block) for name, block in network.stages.named_children() if "block" in name]
    assert layers == [6, 12, 24, 16]


def test_the_windows_of_densenet_121() -> None:
    with torch.device("meta"):
        network = densenet121().eval()
    conv, pool = network.stem.conv, network.stem.pool
    assert (conv.kernel_size, conv.stride) == ((7, 7), (2, 2))
    assert (pool.kernel_size, pool.stride) == (3, 2)
    squeeze = network.stages.transition1
    assert squeeze.conv.kernel_size == (1, 1)
    assert (squeeze.pool.kernel_size, squeeze.pool.stride) == (2, 2)
    assert squeeze.conv.out_channels / squeeze.conv.in_channels == 0.5
    layer = network.stages.block1[0]
    assert (layer.conv1.kernel_size, layer.conv2.kernel_size) == ((1, 1), (3, 3))
    assert layer.conv2.padding == (1, 1)


def test_densenet_121_has_more_than_a_hundred_layers() -> None:
    with torch.device("meta"):
        network = densenet121().eval()
    weighted = [one for one in network.modules() if isinstance(one, nn.Conv2d | nn.Linear)]
    assert len(weighted) == 121 == 2 * (6 + 12 + 24 + 16) + 3 + 1 + 1
    assert len(weighted) > 100


def test_the_fourth_layer_reads_all_before_it() -> None:
    fourth = growth(PLANS["densenet121"]).layers[3]
    # x0 and what three layers made of it, 32 channels each.
    assert fourth.in_channels == 64 + 3 * 32 == 160
    assert fourth.out_channels == 192


def test_growth_rates_of_known_networks() -> None:
    rates = {name: plan.k for name, plan in PLANS.items()}
    assert rates["densenet121"] == rates["densenet169"] == rates["densenet201"] == 32
    assert 12 <= rates["bc100"] <= 16
    assert 48 <= rates["densenet161"] <= 64


def test_a_1x1_takes_256_channels_to_64_and_leaves_the_places_alone() -> None:
    with torch.device("meta"):
        squeeze = nn.Conv2d(256, 64, kernel_size=1)
        assert squeeze(torch.empty(1, 256, 28, 28)).shape == (1, 64, 28, 28)
    found = reduction(256, 64, 3, 256, 28)
    assert found.squeeze == 256 * 64
    assert found.kept == 64


def test_the_growing_diagram_shows_the_same_shapes() -> None:
    last = {}
    for step in steps(growth(PLANS["densenet121"])):
        if step.kind in ("layer", "transition"):
            name = "block" if step.kind == "layer" else "transition"
            last[f"{name}{step.block}"] = (step.out_channels, step.out_size, step.out_size)
    assert last == dict(DENSENET_121)


@pytest.mark.parametrize(
    ("build", "counted", "features", "key"),
    [
        (densenet121, 7_978_856, 1024, "densenet121"),
        (resnext50, 25_028_904, 2048, "resnext50_32x4d"),
        (resnet50, 25_557_032, 2048, "resnet50"),
    ],
)
def test_parameters_of_the_whole_networks(
    build: type[nn.Module], counted: int, features: int, key: str
) -> None:
    network = on_meta(build)
    assert parameters(network) == counted == spec(key).parameters
    assert network.fc.in_features == features
    # A classifier of one's own: two classes.
    network.fc = nn.Linear(features, 2, device="meta")
    assert network(torch.empty(1, 3, 224, 224, device="meta")).shape == (1, 2)


def test_inception_v3_reads_299_pixels_and_has_a_second_classifier() -> None:
    with torch.device("meta"):
        network = torchvision.models.inception_v3(init_weights=False).eval()
        assert network.aux_logits is True
        assert network.fc.in_features == 2048
        network.fc = nn.Linear(2048, 2)
        network.AuxLogits.fc = nn.Linear(network.AuxLogits.fc.in_features, 2)
        assert network(torch.empty(1, 3, 299, 299)).shape == (1, 2)
    assert spec("inception_v3").input_size == 299


def test_what_the_reduction_saves() -> None:
    found = reduction(192, 16, 5, 32, 28)
    assert found.direct == 5 * 5 * 192 * 32 == 153_600
    assert (found.squeeze, found.after, found.through) == (3_072, 12_800, 15_872)
    assert round(found.ratio, 1) == 9.7
    assert round(1 / found.ratio, 1) == 0.1


def test_the_module_of_exercise_2() -> None:
    *numbers, side = astuple(EXERCISE_2)
    live = on_meta(InceptionModule, *numbers)
    assert live(torch.empty(1, 192, side, side, device="meta")).shape == (1, 256, 28, 28)
    assert EXERCISE_2.out_channels == 64 + 128 + 32 + 32 == 256
    terms = [weights(getattr(live, f"branch{number}")) for number in (1, 2, 3, 4)]
    assert terms == [12_288, 129_024, 15_872, 6_144]
    assert [branch.weights for branch in EXERCISE_2.branches] == terms
    assert [step.weights for step in EXERCISE_2.branches[1].steps] == [18_432, 110_592]
    assert [step.weights for step in EXERCISE_2.branches[2].steps] == [3_072, 12_800]
    assert sum(terms) == EXERCISE_2.weights == 163_328
    assert MODULES["3a"] == EXERCISE_2


def test_pytorch_counts_more_in_the_lectures_own_code() -> None:
    """Its convolutions have biases, and in section 3-4 BatchNorms too."""
    pairs = [(192, 64, 1), (192, 96, 1), (96, 128, 3), (192, 16, 1), (16, 32, 5), (192, 32, 1)]
    with torch.device("meta"):
        convolutions = nn.ModuleList(nn.Conv2d(*pair) for pair in pairs)
        norms = nn.ModuleList(nn.BatchNorm2d(pair[1]) for pair in pairs)
    assert parameters(convolutions) == 163_696 == EXERCISE_2.weights + EXERCISE_2.filters
    assert parameters(convolutions) + parameters(norms) == 164_432


def test_torchvision_runs_a_3x3_where_the_lecture_has_a_5x5() -> None:
    block = next(iter(anatomy(spec("googlenet")).blocks.values()))
    assert block_weights(block) == 155_136
    assert EXERCISE_2.weights - block_weights(block) == (25 - 9) * 16 * 32


def test_thirty_two_paths_of_four_channels() -> None:
    block = on_meta(ResNeXtBlock, 256, 256, 32, 4)
    assert (block.cardinality, block.path_width) == (32, 4)
    assert block.conv2.out_channels == 32 * 4 == 128
    # "About as many parameters": of a block, and of the whole network.
    assert setting(32, 4).parameters / setting(1, 64).parameters == pytest.approx(1.0, abs=0.01)
    ratio = spec("resnext50_32x4d").parameters / spec("resnet50").parameters
    assert ratio == pytest.approx(1.0, abs=0.025)


def test_resnets_own_block_is_one_path_of_64_that_reads_256() -> None:
    """The lecture's "256 channels x 1 path" names what the block reads, not how wide it is."""
    assert REFERENCE == (1, 64)
    with torch.device("meta"):
        network = resnet50().eval()
    block = network.stages.stage1[1]
    assert (block.conv1.in_channels, block.conv2.out_channels, block.conv2.groups) == (256, 64, 1)
    assert block.conv3.out_channels == 256


def test_exercise_3() -> None:
    grown = growth(PLANS["densenet121"])
    assert 64 + 6 * 32 == grown.transitions[0].in_channels == 256
    assert grown.transitions[0].out_channels == 256 // 2 == 128


@pytest.mark.parametrize(
    ("key", "millions", "top1"),
    [
        ("resnet50", 25.6, 76.1),
        ("densenet121", 8.0, 74.4),
        ("inception_v3", 27.2, 77.3),
        ("resnext50_32x4d", 25.0, 77.6),
    ],
)
def test_the_table_of_section_5(key: str, millions: float, top1: float) -> None:
    row = next(one for one in candidates() if one.key == key)
    assert round(row.parameters / 1e6, 1) == millions
    assert row.accuracy is not None
    assert round(row.accuracy, 1) == top1


def test_a_third_of_resnet_50s_parameters_and_not_its_accuracy() -> None:
    rows = {row.key: row for row in candidates()}
    dense, residual = rows["densenet121"], rows["resnet50"]
    assert dense.parameters / residual.parameters == pytest.approx(1 / 3, abs=0.025)
    assert dense.accuracy is not None
    assert residual.accuracy is not None
    assert residual.accuracy - dense.accuracy == pytest.approx(1.696)


def test_eight_gigabytes_are_enough_for_all_four() -> None:
    limit = PRESETS["embedded"].wish.megabytes
    assert limit == 8 * 1024
    four = members(candidates(), "four")
    assert len(four) == 4
    assert max(row.memory_bytes for row in four) < limit * 2**20 / 40


def claims(chapter: str) -> list[tuple[str, str]]:
    """What is said of the lecture's claims in a chapter: name and how far it is shown."""
    [found] = [one for one in chapters() if one.id == chapter]
    return [(claim.name, claim.status) for claim in found.claims]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapters_say_where_lecture_and_live_module_differ(lang: str) -> None:
    said = text(lang)
    assert ("true_five", "shown") in claims("module")
    block = next(iter(anatomy(spec("googlenet")).blocks.values()))
    assert f"{block_weights(block):,}" in said("path.see_true_five", scene="")
    assert ("b7", "shown") in claims("comparison")
    rows = {row.key: row for row in candidates()}
    large, small = rows["efficientnet_b7"], rows["densenet121"]
    told = said("path.see_b7", scene="")
    numbers = {
        "en": ("66.3 M", "37.7 G", "84.1 %", "400 MB", "40.6 MB", "600 × 600"),
        "ja": ("6,635万", "377億", "84.1 %", "400 MB", "40.6 MB", "600 × 600"),
    }[lang]
    assert all(number in told for number in numbers)
    assert round(large.parameters / 1e4) == 6_635
    assert round(large.macs / 1e8) == 377
    assert large.accuracy == pytest.approx(84.122)
    assert round(large.memory_bytes / 2**20) == 400
    assert round(small.memory_bytes / 2**20, 1) == 40.6
    assert spec("efficientnet_b7").input_size == 600
    assert ("phone", "claimed") in claims("comparison")
