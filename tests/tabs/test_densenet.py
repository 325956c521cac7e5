"""The DenseNet tab: sliders to plans, and its endpoints as a client sees them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from demo.arithmetic.dense import PRESETS
from demo.explain.reuse import reuse
from demo.photo import read
from demo.records import Problem
from demo.tabs import densenet_growth
from demo.text import text
from demo.zoo.loading import load
from tests.serving import call

T = text("en")


@pytest.mark.parametrize("key", PRESETS)
def test_a_presets_sliders_give_the_preset(key: str) -> None:
    assert densenet_growth.plan_of(key, *densenet_growth.values(PRESETS[key])) == PRESETS[key]


def test_a_moved_slider_keeps_stem_and_classifier() -> None:
    plan = densenet_growth.plan_of("bc100", 24, 24, 0.5, False, 32, 16, 0, 16, 0)
    assert (plan.k, plan.blocks, plan.bottleneck) == (24, (16, 16), False)
    assert (plan.stem, plan.classes) == ("bare", 10)


def test_too_small_an_input_is_said() -> None:
    with pytest.raises(Problem, match="too_small"):
        densenet_growth.payload_of(T, "lecture", 32, 64, 0.5, True, 8, 6, 6, 6, 6)


def test_only_a_network_that_can_be_loaded_shows_maps() -> None:
    def model(key: str, **changes: int) -> str:
        values = densenet_growth.values(PRESETS[key])
        values[0] = changes.get("k", values[0])
        return json.loads(densenet_growth.payload_of(T, key, *values))["model"]

    assert model("mini_densenet") == "mini_densenet"
    assert model("densenet201") == "densenet201"
    assert model("mini_densenet", k=12) == ""
    assert model("lecture") == model("bc100") == ""


def test_dense_growth_of_a_network(client: Client) -> None:
    found = call(client, "dense_growth", "densenet121")
    assert found["parameters"] == 7_978_856
    assert found["final_channels"] == 1024
    assert len(found["layers"]) == 58
    first = found["layers"][0]
    assert (first["block"], first["layer"]) == (1, 1)
    assert (first["in_channels"], first["new_channels"], first["out_channels"]) == (64, 32, 96)
    assert first["parameters"] == 45_440
    assert first["macs"] == (8192 + 36864) * 56 * 56
    assert [(t["in_channels"], t["out_channels"]) for t in found["transitions"]] == [
        (256, 128),
        (512, 256),
        (1024, 512),
    ]


def test_dense_growth_of_a_plan_of_ones_own(client: Client) -> None:
    found = call(client, "dense_growth", "", 32, [6, 1], 64, 0.5, True)
    assert [layer["out_channels"] for layer in found["layers"]] == [
        *(96, 128, 160, 192, 224, 256),
        160,
    ]
    assert found["transitions"][0]["out_channels"] == 128
    assert found["final_channels"] == 160


def test_dense_growth_says_what_is_wrong(client: Client) -> None:
    with pytest.raises(AppError, match="theta is 3"):
        call(client, "dense_growth", "", 32, [6], 64, 3, True)
    with pytest.raises(AppError, match="densenet122"):
        call(client, "dense_growth", "densenet122")


@pytest.mark.parametrize("reading", ["raw", "scaled", "activation"])
def test_feature_reuse_in_every_reading(client: Client, picture: Path, reading: str) -> None:
    image = handle_file(picture) if reading == "activation" else None
    found = call(client, "feature_reuse", "mini_densenet", 2, reading, image)
    assert found["sources"] == ["input", "layer1", "layer2", "layer3", "layer4"]
    assert found["targets"] == ["layer1", "layer2", "layer3", "layer4", "transition"]
    assert found["matrix"][1][0] is None
    expected = reuse(load("mini_densenet"), 2, reading, read(str(picture))).matrix
    got = np.array(found["matrix"], dtype=float)
    np.testing.assert_allclose(got, expected, rtol=1e-3, atol=1e-6)


def test_feature_reuse_says_what_is_wrong(client: Client) -> None:
    with pytest.raises(AppError, match="Send a picture"):
        call(client, "feature_reuse", "mini_densenet", 2, "activation", None)
    with pytest.raises(AppError, match="no block 4"):
        call(client, "feature_reuse", "mini_densenet", 4, "raw", None)
    with pytest.raises(AppError, match="choose a DenseNet"):
        call(client, "feature_reuse", "mini_resnet", 1, "raw", None)
