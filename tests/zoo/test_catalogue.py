"""What the specs state, recounted from the live modules, and against the published figures."""

from __future__ import annotations

import subprocess
import sys
from typing import get_args

import pytest
import torch

from demo.records import Problem
from demo.text import entries, text
from demo.trace import captured
from demo.zoo import published
from demo.zoo.catalogue import CATALOGUE, able, partner, relatives, spec
from demo.zoo.spec import Capability, ModelSpec, Preprocess
from demo.zoo.vision import timm
from tests.compared import CIFAR10
from tests.serving import ROOT
from tests.zoo.counting import measure, parameters, without_values

FIRST = [
    *("mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext", "efficientnet_lite0"),
    *("resnet50", "densenet121", "densenet169", "densenet201", "densenet161", "googlenet"),
    *("inception_v3", "resnext50_32x4d", "resnext101_32x8d", "mobilenet_v3_large"),
    *("efficientnet_b0", "efficientnet_b7"),
]
SECOND = ["resnet50_v2", "resnext50_32x4d_v2", "resnext101_32x8d_v2", "mobilenet_v3_large_v2"]
KEYS = [*FIRST, *SECOND]

# top-1 of V1 and V2 weights, parameters, GMACs, input: torchvision's weights metadata.
PUBLISHED = {
    "resnet50": (76.130, 80.858, 25_557_032, 4.089, 224),
    "densenet121": (74.434, None, 7_978_856, 2.834, 224),
    "densenet169": (75.600, None, 14_149_480, 3.360, 224),
    "densenet201": (76.896, None, 20_013_928, 4.291, 224),
    "densenet161": (77.138, None, 28_681_000, 7.728, 224),
    "googlenet": (69.778, None, 6_624_904, 1.498, 224),
    "inception_v3": (77.294, None, 27_161_264, 5.713, 299),
    "resnext50_32x4d": (77.618, 81.198, 25_028_904, 4.230, 224),
    "resnext101_32x8d": (79.312, 82.834, 88_791_336, 16.414, 224),
    "mobilenet_v3_large": (74.042, 75.274, 5_483_032, 0.217, 224),
    "efficientnet_b0": (77.692, None, 5_288_548, 0.386, 224),
    "efficientnet_b7": (84.122, None, 66_347_960, 37.746, 600),
}
SAME_NETWORK = [one for one in CATALOGUE if one.weights.recipe != "v2"]


def test_the_catalogue_in_its_order() -> None:
    assert [one.key for one in CATALOGUE] == KEYS


def test_an_unknown_key_is_a_problem() -> None:
    with pytest.raises(Problem) as caught:
        spec("resnet51")
    assert caught.value.key == "problem.no_model"
    assert caught.value.values["model"] == "resnet51"


@pytest.mark.parametrize("one", SAME_NETWORK, ids=lambda one: one.key)
def test_what_a_spec_states_is_what_its_network_is(one: ModelSpec) -> None:
    network = without_values(one.build)
    assert parameters(network) == one.parameters
    paths = [layer.path for layer in one.layers]
    macs, shapes = measure(network, one.input_size, paths)
    assert macs == one.macs
    assert shapes == {x.path: (1, x.channels, x.size, x.size) for x in one.layers}
    assert one.default_layer == one.layers[-1].name
    depth = [name for name, _ in network.named_modules()]
    places = [depth.index(path) for path in one.blocks.values()]
    assert places == sorted(places)


ONE_OF_A_KIND = (
    *("mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext", "efficientnet_lite0"),
    *("resnet50", "densenet121", "googlenet", "inception_v3", "mobilenet_v3_large"),
    "efficientnet_b0",
)


@pytest.mark.parametrize("key", ONE_OF_A_KIND)
def test_a_layer_after_a_relu_has_nothing_below_zero(key: str) -> None:
    one = spec(key)
    torch.manual_seed(0)
    network = one.build().eval()
    size = {"inception_v3": 139}.get(key, min(one.input_size, 64))
    paths = [layer.path for layer in one.layers]
    with captured(network, paths, graph=False) as found, torch.no_grad():
        network(torch.randn(1, 3, size, size))
    assert {x.name: bool(found[x.path].min() >= 0) for x in one.layers} == {
        x.name: x.relu for x in one.layers
    }


@pytest.mark.parametrize("key", PUBLISHED)
def test_published_figures(key: str) -> None:
    first, second, count, gmacs, size = PUBLISHED[key]
    one = spec(key)
    assert (one.top1, one.parameters, one.input_size) == (first, count, size)
    assert one.macs / 1e9 == pytest.approx(gmacs, rel=0.01)
    assert (spec(f"{key}_v2").top1 if f"{key}_v2" in KEYS else None) == second


@pytest.mark.parametrize("one", [s for s in CATALOGUE if s.weights.recipe == "v2"])
def test_v2_differs_in_weights_only(one: ModelSpec) -> None:
    first = spec(one.architecture)
    assert (one.build, one.layers, one.blocks, one.macs) == (
        *(first.build, first.layers, first.blocks),
        first.macs,
    )
    assert one.weights.location != first.weights.location


def test_the_bundled_four_share_one_budget() -> None:
    bundled = [one for one in CATALOGUE if one.weights.kind == "bundled"]
    assert [one.family for one in bundled] == ["resnet", "densenet", "inception", "resnext"]
    for one in bundled:
        assert one.labels == CIFAR10
        assert 0.76e6 <= one.parameters <= 0.84e6
        assert one.macs <= 100e6
        assert one.preprocess.mean == (0.4914, 0.4822, 0.4465)
        assert one.preprocess.std == (0.2470, 0.2435, 0.2616)
    counts = [one.parameters for one in bundled]
    assert max(counts) / min(counts) < 1.05


def test_imagenet_labels() -> None:
    labels = spec("resnet50").labels
    assert len(labels) == len(set(labels)) == 1000
    assert (labels[0], labels[281], labels[999]) == ("tench", "tabby", "toilet tissue")
    imagenet = [one for one in CATALOGUE if one.dataset == "imagenet"]
    assert {one.labels for one in imagenet} == {labels}


def test_blocks_have_names_of_people() -> None:
    assert list(spec("googlenet").blocks) == ["3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"]
    assert spec("googlenet").blocks["4e"] == "inception4e"
    assert list(spec("mini_googlenet").blocks) == ["1a", "2a", "2b", "3a", "3b", "3c"]
    assert spec("mini_googlenet").blocks["2b"] == "stages.stage2.1"
    assert list(spec("inception_v3").blocks)[::10] == ["Mixed_5b", "Mixed_7c"]
    assert spec("densenet201").blocks == {
        f"block{i}": f"features.denseblock{i}" for i in range(1, 5)
    }
    assert spec("mini_densenet").blocks["block2"] == "stages.block2"
    assert len(spec("resnet50").blocks) == 16
    assert len(spec("resnext101_32x8d").blocks) == 33
    assert spec("resnet50").blocks["stage3.6"] == "layer3.5"


def test_an_architecture_is_what_v1_and_v2_share() -> None:
    others = {one.key: one.architecture for one in CATALOGUE if one.architecture != one.key}
    assert others == {
        "resnet50_v2": "resnet50",
        "resnext50_32x4d_v2": "resnext50_32x4d",
        "resnext101_32x8d_v2": "resnext101_32x8d",
        "mobilenet_v3_large_v2": "mobilenet_v3_large",
    }


def test_partners_have_the_same_blocks_and_another_kind_of_them() -> None:
    found = {one.key: other.key for one in CATALOGUE if (other := partner(one))}
    assert found == {
        "mini_resnet": "mini_resnext",
        "mini_resnext": "mini_resnet",
        "resnet50": "resnext50_32x4d",
        "resnet50_v2": "resnext50_32x4d_v2",
        "resnext50_32x4d": "resnet50",
        "resnext50_32x4d_v2": "resnet50_v2",
    }


def test_relatives_are_full_size_networks_of_the_same_family() -> None:
    small = [one for one in CATALOGUE if one.dataset == "cifar10"]
    assert [one.key for one in relatives(small)] == [
        *("resnet50", "densenet121", "googlenet", "resnext50_32x4d")
    ]


@pytest.mark.parametrize("capability", get_args(Capability))
def test_what_a_network_cannot_show_is_refused_with_its_name(capability: Capability) -> None:
    for one in CATALOGUE:
        if capability in one.capabilities:
            one.must_show(capability)
            continue
        with pytest.raises(Problem) as caught:
            one.must_show(capability)
        assert caught.value.key == f"lacks.{capability}"
        assert one.title in text("en")(caught.value.key, **caught.value.values)


def test_networks_that_can_show_something() -> None:
    assert [one.key for one in able("growth", "cifar10")] == ["mini_densenet"]
    assert [one.key for one in able("stages")][-1] == "resnext101_32x8d_v2"


def test_capabilities() -> None:
    def able(name: str) -> list[str]:
        return [one.key for one in SAME_NETWORK if name in one.capabilities]

    assert able("branches") == ["mini_googlenet", "googlenet", "inception_v3"]
    assert able("paths") == ["mini_resnext", "resnext50_32x4d", "resnext101_32x8d"]
    assert able("growth") == ["mini_densenet", *(f"densenet{n}" for n in (121, 169, 201, 161))]
    assert able("stages") == ["mini_resnet", "mini_resnext", "resnet50", *able("paths")[1:]]
    assert able("gradcam") == able("predict") == [one.key for one in SAME_NETWORK]


@pytest.mark.parametrize("one", CATALOGUE, ids=lambda one: one.key)
def test_every_layer_has_its_words(one: ModelSpec) -> None:
    wanted = {f"layer.{layer.name}" for layer in one.layers}
    assert wanted
    assert wanted - entries("en").keys() == set()


def test_downloads_state_address_digest_and_size() -> None:
    for one in CATALOGUE:
        if one.weights.kind == "download":
            assert one.weights.location.endswith(f"-{one.weights.sha256}.pth")
            assert len(one.weights.sha256) == 8
            # Four bytes a parameter; GoogLeNet's file holds its auxiliary classifiers too.
            most = 2.1 if one.key == "googlenet" else 1.1
            assert 0.97 < one.weights.size / (4 * one.parameters) < most


def test_what_torchvision_states_is_what_we_keep_of_it() -> None:
    assert published.read() == published.stated()


def test_lite0_takes_photos_as_timm_says() -> None:
    config = timm.get_pretrained_cfg("tf_efficientnet_lite0")
    crop = config.input_size[-1]
    assert spec("efficientnet_lite0").preprocess == Preprocess(
        round(crop / config.crop_pct), crop, config.mean, config.std, config.interpolation
    )


def test_the_page_is_built_without_what_takes_seconds_to_import() -> None:
    script = (
        "import sys, app; app.build()\n"
        "slow = 'torchvision', 'timm', 'torch._dynamo', 'matplotlib'\n"
        "print([name for name in slow if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "[]\n"
