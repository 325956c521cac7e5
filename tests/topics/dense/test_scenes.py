"""The DenseNet topic: sliders to plans, scenes as HTML, endpoints as a client sees them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from demo.photo import read
from demo.text import LANGUAGES, text
from demo.topics.dense.numbers.growth import PRESETS
from demo.topics.dense.reuse import reuse
from demo.topics.dense.scenes import plan as plans, view
from demo.zoo.loading import load
from tests.residual_networks import noise
from tests.serving import call

T = text("en")


@pytest.mark.parametrize("key", PRESETS)
def test_a_presets_sliders_give_the_preset(key: str) -> None:
    assert plans.plan_of(key, *plans.values(PRESETS[key])) == PRESETS[key]


def test_a_moved_slider_keeps_stem_and_classifier() -> None:
    plan = plans.plan_of("bc100", 24, 24, 0.5, False, 32, 16, 0, 16, 0)
    assert (plan.k, plan.blocks, plan.bottleneck) == (24, (16, 16), False)
    assert (plan.stem, plan.classes) == ("bare", 10)


def test_too_small_an_input_is_said_in_place_of_the_diagram() -> None:
    found = plans.growing(T, "lecture", 32, 64, 0.5, True, 8, 6, 6, 6, 6)
    assert found.startswith('<div class="notice">')
    assert "An input of 8 px is too small" in found


def test_only_a_network_that_can_be_loaded_shows_maps() -> None:
    def model(key: str, **changes: int) -> str:
        values = plans.values(PRESETS[key])
        values[0] = changes.get("k", values[0])
        return json.loads(plans.growing(T, key, *values))["model"]

    assert model("mini_densenet") == "mini_densenet"
    assert model("densenet201") == "densenet201"
    assert model("mini_densenet", k=12) == ""
    assert model("lecture") == model("bc100") == ""


def test_maps_are_of_the_network_of_the_plan_alone() -> None:
    mini = plans.values(PRESETS["mini_densenet"])
    found = plans.maps(T, noise(), "mini_densenet,3,15", "mini_densenet", *mini)
    assert 'data-maps="3,15"' in found
    assert "24 maps of 8 × 8" in found
    lecture = plans.values(PRESETS["lecture"])
    assert plans.maps(T, noise(), "mini_densenet,3,15", "lecture", *lecture) == ""
    assert plans.maps(T, noise(), "", "mini_densenet", *mini) == ""


@pytest.mark.parametrize(
    "name",
    ["", "mini_densenet", "mini_densenet,3,16", "mini_densenet,0,1", "resnet50,1,1", "a,b,c"],
)
def test_a_layer_that_is_none_stands_for_none(name: str) -> None:
    assert plans.layer_of(name) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_addition_beside_concatenation(lang: str) -> None:
    found = view.passage(text(lang), noise(), "mini")
    assert 'data-widths="304 → 304 → 304 → 304"' in found
    assert 'data-widths="62 → 86 → 110 → 134"' in found
    if lang == "en":
        assert "of the 304 channels of x 0 come out" in found
        assert "of x 110 of 110 come out" in found


def test_shapes_need_neither_photo_nor_weights() -> None:
    found = view.bare_passage(T, "large")
    assert 'data-widths="1024 → 1024 → 1024 → 1024"' in found
    assert 'data-widths="512 → 544 → 576 → 608"' in found
    # Weights that are not here are said, with one click to what is.
    asked = view.passage(T, noise(), "large")
    assert 'data-use-network="mini"' in asked
    assert 'data-widths="512 → 544 → 576 → 608"' in asked


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_matrix_and_an_opened_cell(lang: str) -> None:
    t, photo = text(lang), noise()
    closed = view.readers(t, photo, "mini_densenet", "", "raw", True, "")
    assert closed.count('<li class="') == 4
    assert "136" in closed.partition("scene-sentence")[2]
    opened = view.readers(t, photo, "mini_densenet", "3", "raw", True, "2,7")
    assert opened.count("<i style=") == 24
    assert "data-change=" in opened.partition("scene-sentence")[2]
    assert "data-close-cell" in opened


@pytest.mark.parametrize("cell", ["9,2", "0,16", "1", "a,b", "-1,3"])
def test_a_cell_that_is_none_opens_nothing(cell: str) -> None:
    found = view.readers(T, noise(), "mini_densenet", "3", "raw", True, cell)
    assert "data-close-cell" not in found


def test_who_can_read_whom_needs_no_weights() -> None:
    found = view.bare_readers(T, "densenet121", "4", "activation", True, "")
    assert "Block 4 has 16 layers" in found
    assert "153 links" in found
    assert 'data-reading="none"' in found
    # Without a photo the weights alone are read.
    assert 'data-reading="raw"' in view.bare_readers(T, "mini_densenet", "", "activation", True, "")


def test_a_block_that_is_none_stands_for_the_last() -> None:
    assert [view.opened("mini_densenet", name) for name in ("", "2", "4", "x")] == [3, 2, 3, 3]
    assert view.blocks(T, "densenet121", "4").count("data-pick=") == 4


def test_the_observations_come_with_their_numbers() -> None:
    found = view.observed(T, noise(), "mini_densenet", "raw")
    assert found.count("data-observation=") == 4


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
