from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import nn

from demo.blocks import networks
from demo.blocks.dense import DenseBlock, TransitionLayer
from demo.records import Problem
from demo.topics.dense.numbers.growth import PRESETS, checked, growth, plan, steps
from demo.topics.dense.records import DensePlan
from demo.zoo.vision import torchvision

TORCHVISION = {
    "densenet121": (7_978_856, 2.834, 1024),
    "densenet169": (14_149_480, 3.360, 1664),
    "densenet201": (20_013_928, 4.291, 1920),
    "densenet161": (28_681_000, 7.728, 2208),
}


def live_convolutions(network: nn.Module) -> Iterator[tuple[int, int, int, int]]:
    """Per dense layer of a torchvision DenseNet: what it reads, 4k, k, all weights."""
    for block in network.features.children():
        if type(block).__name__ == "_DenseBlock":
            for layer in block.values():
                weights = sum(p.numel() for p in layer.parameters())
                yield (
                    layer.conv1.in_channels,
                    layer.conv1.out_channels,
                    layer.conv2.out_channels,
                    weights,
                )


@pytest.mark.parametrize("key", TORCHVISION)
def test_every_layer_equals_the_live_network(key: str) -> None:
    parameters, gmacs, channels = TORCHVISION[key]
    with torch.device("meta"):
        network = getattr(torchvision.models, key)()
    found = growth(plan(key))
    k = found.plan.k
    assert [(s.in_channels, 4 * k, k, s.parameters) for s in found.layers] == list(
        live_convolutions(network)
    )
    live = [m for m in network.features if type(m).__name__ == "_Transition"]
    assert [(t.in_channels, t.out_channels, t.parameters) for t in found.transitions] == [
        (m.conv.in_channels, m.conv.out_channels, sum(p.numel() for p in m.parameters()))
        for m in live
    ]
    assert found.parameters == parameters == sum(p.numel() for p in network.parameters())
    assert found.macs == pytest.approx(gmacs * 1e9, rel=0.01)
    assert found.final_channels == channels == network.classifier.in_features


def test_multiply_adds_equal_those_of_the_running_convolutions() -> None:
    network = networks.mini_densenet().eval()
    counted = 0

    def count(module: nn.Module, inputs: object, output: torch.Tensor) -> None:
        nonlocal counted
        counted += module.weight.numel() * output[0, 0].numel()

    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            module.register_forward_hook(count)
    with torch.no_grad():
        network(torch.zeros(1, 3, 32, 32))
    found = growth(plan("mini_densenet"))
    assert found.macs == counted + network.fc.weight.numel()
    assert found.parameters == sum(p.numel() for p in network.parameters())
    assert found.final_channels == network.fc.in_features == 422


def test_the_lectures_exercise() -> None:
    found = growth(plan("lecture"))
    assert [layer.out_channels for layer in found.layers] == [96, 128, 160, 192, 224, 256]
    (squeezed,) = found.transitions
    assert (squeezed.in_channels, squeezed.out_channels) == (256, 128)
    assert (squeezed.size, squeezed.out_size) == (56, 28)
    assert found.final_channels == 128
    block, transition = DenseBlock(6, 64, 32), TransitionLayer(256, 128)
    live = sum(p.numel() for part in (block, transition) for p in part.parameters())
    assert found.parameters == live


def test_the_first_layer_of_densenet_121() -> None:
    first = growth(plan("densenet121")).layers[0]
    assert (first.block, first.layer, first.in_channels, first.out_channels) == (1, 1, 64, 96)
    assert (first.weights_1x1, first.weights_3x3, first.norms) == (8192, 36864, 384)
    assert first.macs == (8192 + 36864) * 56 * 56


def test_bc_100_has_the_papers_size() -> None:
    # The authors' README: 0.8 M parameters.
    assert growth(plan("bc100")).parameters == 769_162


def test_without_a_bottleneck() -> None:
    free = DensePlan((3, 2), 12, 16, 0.4, bottleneck=False, size=32, stem="small", classes=10)
    network = networks.dense_network(networks.small_stem(16), 16, 12, [3, 2], 10, 0.4, False)
    found = growth(free)
    assert [layer.weights_1x1 for layer in found.layers] == [0] * 5
    assert found.layers[1].weights_3x3 == 9 * 28 * 12
    assert (found.transitions[0].in_channels, found.transitions[0].out_channels) == (52, 20)
    assert found.parameters == sum(p.numel() for p in network.parameters())


def test_naive_memory_grows_with_the_square_of_the_depth() -> None:
    def block(layers: int) -> tuple[int, int]:
        found = growth(DensePlan((layers,), 2, 1, size=1, stem="none", classes=0))
        return found.naive_bytes, found.shared_bytes

    # One pixel: 1 + 3 = 4 numbers; 1 + 3 + 5 = 9; and so on: (L + 1) squared, beside 1 + 2 L.
    assert [block(n) for n in (1, 2, 9)] == [(16, 12), (36, 20), (400, 76)]


def test_memory_of_two_blocks() -> None:
    found = growth(DensePlan((1, 1), 2, 4, size=4, stem="none", classes=0))
    # Block 1: 4 + 6 channels of 16 px; block 2 starts with 3: 3 + 5 channels of 4 px.
    assert found.naive_bytes == 4 * (10 * 16 + 8 * 4)
    assert found.shared_bytes == 4 * (6 * 16 + 5 * 4)


@pytest.mark.parametrize(("theta", "out"), [(0.57, 57), (0.1, 10), (1.0, 100), (0.01, 1)])
def test_compression_rounds_down(theta: float, out: int) -> None:
    free = DensePlan((1,), 36, 64, theta, size=2, stem="none", classes=0, squeeze=True)
    assert growth(free).final_channels == out


def test_a_free_plan_is_the_named_one_when_its_numbers_are() -> None:
    assert plan("", 32, [6, 12, 24, 16], 64, 0.5, True) == PRESETS["densenet121"]
    assert plan("densenet121", k=7) == PRESETS["densenet121"]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"k": 0}, "k"),
        ({"blocks": []}, "blocks"),
        ({"blocks": [6, 0]}, "layers"),
        ({"theta": 1.5}, "theta"),
        ({"theta": 0}, "theta"),
        ({"initial": 0}, "initial"),
    ],
)
def test_numbers_that_make_no_network(values: dict[str, object], name: str) -> None:
    with pytest.raises(Problem) as refused:
        plan("", **values)
    assert refused.value.key == "densenet.outside"
    assert refused.value.values["name"] == name


def test_an_unknown_network() -> None:
    with pytest.raises(Problem, match="no_plan"):
        plan("densenet122")


def test_a_picture_that_is_pooled_away() -> None:
    free = checked(DensePlan((1, 1, 1), 4, 8, size=2, stem="none", classes=0))
    with pytest.raises(Problem) as refused:
        growth(free)
    assert refused.value.values == {"size": 2, "block": 2}


def test_a_walk_through_densenet_201() -> None:
    grown = growth(plan("densenet201"))
    walk = steps(grown)
    # The stem, 98 layers, three transitions, the classifier.
    assert [step.kind for step in walk].count("layer") == 98
    assert len(walk) == 1 + 98 + 3 + 1
    assert (walk[0].in_channels, walk[0].out_channels, walk[0].out_size) == (3, 64, 56)
    assert (walk[7].kind, walk[7].in_channels, walk[7].out_channels) == ("transition", 256, 128)
    assert (walk[-2].out_channels, walk[-1].in_channels, walk[-1].out_channels) == (
        1920,
        1920,
        1000,
    )
    assert (walk[-1].total_parameters, walk[-1].total_macs) == (grown.parameters, grown.macs)
    assert (walk[-2].naive_bytes, walk[-2].shared_bytes) == (
        grown.naive_bytes,
        grown.shared_bytes,
    )
    totals = [step.total_parameters for step in walk]
    assert totals == sorted(totals)


def test_a_walk_through_the_lectures_block() -> None:
    walk = steps(growth(plan("lecture")))
    assert [(s.kind, s.in_channels, s.out_channels) for s in walk] == [
        ("stem", 0, 64),
        ("layer", 64, 96),
        ("layer", 96, 128),
        ("layer", 128, 160),
        ("layer", 160, 192),
        ("layer", 192, 224),
        ("layer", 224, 256),
        ("transition", 256, 128),
    ]
    assert (walk[-1].weights_1x1, walk[-1].macs_1x1) == (32_768, 32_768 * 56 * 56)
    assert walk[-1].out_size == 28
