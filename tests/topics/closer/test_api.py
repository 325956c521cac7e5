"""The topic's endpoints as a client sees them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.photo import read
from demo.topics.closer.breaking import broken
from demo.topics.closer.explain import Question, explain
from demo.topics.closer.marking import marked
from demo.topics.closer.records.breaking import Harm
from demo.topics.closer.records.marks import Mark
from demo.zoo.loading import load
from tests.serving import call


def test_explain_gives_both_ranges(client: Client, picture: Path) -> None:
    asked = [handle_file(picture), "mini_densenet", "integrated", "", "ship", "飛行機"]
    found = call(client, "explain", *asked)
    ours = explain(load("mini_densenet"), read(str(picture)), Question("integrated", 8, 0))
    assert (found["label"], found["against"], found["layer"]) == ("ship", "airplane", "")
    assert np.array(found["signed"]) == pytest.approx(ours.signed, abs=1e-3)
    assert np.array(found["heatmap"]) == pytest.approx(ours.heat, abs=1e-3)
    assert (np.min(found["heatmap"]), np.max(found["heatmap"])) == (0, 1)
    assert np.abs(found["signed"]).max() == 1
    assert (found["raw_min"], found["raw_max"]) == pytest.approx((ours.raw_min, ours.raw_max), 1e-3)
    probability = scores(load("mini_densenet"), read(str(picture))).probabilities[8]
    assert found["probability"] == pytest.approx(float(probability), abs=1e-5)
    assert found["seconds"] > 0
    default = call(client, "explain", handle_file(picture), "mini_resnet", "gradcam", "stage1")
    theirs = call(client, "gradcam", handle_file(picture), "mini_resnet", "stage1", "")
    assert np.array(default["heatmap"]) == pytest.approx(np.array(theirs["heatmap"]), abs=1e-5)
    assert (default["layer"], default["against"]) == ("stage1", "")


def test_depth_lists_every_layer(client: Client, picture: Path) -> None:
    found = call(client, "depth", handle_file(picture), "mini_resnet", "ship")
    layers = found["layers"]
    # Every named layer, and the blocks between.
    names = [
        "stage1",
        "stage2.1",
        "stage2.2",
        "stage2",
        "stage3.1",
        "stage3.2",
        "stage3.3",
        "stage3",
    ]
    assert [one["layer"] for one in layers] == names
    assert [one["size"][0] for one in layers] == [32, 16, 16, 16, 8, 8, 8, 8]
    seen = [one["receptive_field"] for one in layers]
    assert seen == [[side, side] for side in (5, 7, 11, 15, 19, 27, 35, 43)]
    for one in (layers[0], layers[3], layers[7]):
        ours = heat_map(load("mini_resnet"), read(str(picture)), one["layer"], 8)
        assert np.array(one["heatmap"]) == pytest.approx(ours.values, abs=1e-4)


def test_faithfulness_gives_four_orders(client: Client, picture: Path) -> None:
    found = call(client, "faithfulness", handle_file(picture), "mini_googlenet", "hirescam", 3)
    assert (found["label"], found["method"]) == ("cat", "hirescam")
    orders = [found, found["random"], found["centre"], found["edges"]]
    for order in orders:
        for one in (order["deletion"], order["insertion"]):
            assert (one["fractions"][0], one["fractions"][-1]) == (0, 1)
            area = np.trapezoid(one["probabilities"], one["fractions"])
            assert one["area"] == pytest.approx(area)
        # One begins where the other ends: the whole photo.
        whole = order["deletion"]["probabilities"][0]
        assert order["insertion"]["probabilities"][-1] == pytest.approx(whole, abs=1e-5)
        assert whole == pytest.approx(found["deletion"]["probabilities"][0], abs=1e-6)
    assert len({order["deletion"]["area"] for order in orders}) == 4


def test_mark_says_how_far_a_map_lies_in_it(client: Client, picture: Path) -> None:
    rows = [[True] * 4, [True] * 4, [False] * 4]
    found = call(client, "mark", handle_file(picture), rows, "mini_resnet", "ship")
    ours = marked(load("mini_resnet"), read(str(picture)), Mark(np.array(rows)), 8)
    assert (found["label"], found["inside"]) == ("ship", ours.inside)
    assert found["share"] == pytest.approx(ours.share, abs=1e-4)
    assert found["iou"] == pytest.approx(ours.iou, abs=1e-6)
    assert found["by_chance"] == pytest.approx(0.5)


def test_randomised_goes_down_to_the_stem(client: Client, picture: Path) -> None:
    found = call(client, "randomised", handle_file(picture), "mini_densenet", "edges", "船")
    assert (found["label"], found["changed"]) == ("ship", False)
    parts = ["", "classifier", "block3", "block2", "block1", "stem"]
    assert found["stages"] == [{"part": part, "correlation": 1} for part in parts]


def test_break_gives_the_answer_before_and_after(client: Client, picture: Path) -> None:
    found = call(client, "break", handle_file(picture), "mini_resnext", "rotate", 0.5, "ship")
    photo = read(str(picture))
    ours = broken(load("mini_resnext"), photo, Harm("rotate", 0.5), 8)
    assert (found["kind"], found["strength"]) == ("rotate", 0.5)
    labels = load("mini_resnext").spec.labels
    before, after = ours.shares
    assert found["before"] == {
        "label": labels[scores(load("mini_resnext"), photo).top],
        "probability": pytest.approx(before, abs=1e-6),
    }
    assert found["after"] == {
        "label": labels[ours.winner],
        "probability": pytest.approx(after, abs=1e-4),
    }
    assert np.array(found["heatmap"]) == pytest.approx(ours.map.heat, abs=1e-3)


def test_what_there_is_not_is_said(client: Client, picture: Path) -> None:
    for name, arguments, words in (
        ("explain", ["mini_resnet", "telepathy"], "no method called telepathy"),
        ("explain", ["mini_resnet", "gradcam", "", "", "unicorn"], "unicorn"),
        ("depth", ["mini_resnet", "unicorn"], "unicorn"),
        ("faithfulness", ["mini_resnet", "telepathy"], "no method called telepathy"),
        ("randomised", ["mini_resnet", "occlusion"], "no method called occlusion"),
        ("break", ["mini_resnet", "burn"], "no harm called burn"),
        ("break", ["mini_resnet", "blur", 1.5], "from 0 to 1, not 1.5"),
        ("mark", [[[True], [True, False]]], "at most 64 by 64"),
        ("mark", [[]], "at most 64 by 64"),
    ):
        with pytest.raises(Exception, match=words) as failure:
            client.predict(handle_file(picture), *arguments, api_name=f"/{name}")
        assert "Traceback" not in str(failure.value)
