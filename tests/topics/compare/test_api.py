"""Cards of full-size networks: on a device of their own, the same numbers, small ones refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file

from demo.engine.runs import RUNS
from demo.lane import Turn
from demo.page import photos
from demo.topics.compare import api as api_card
from demo.topics.compare.card import card
from demo.topics.compare.scenes import full_size
from demo.zoo.catalogue import spec
from demo.zoo.loading import MODELS, load, load_on
from tests.serving import call


def test_a_device_of_its_own_keeps_a_network_and_its_runs_apart() -> None:
    here, there = load("mini_resnet"), load_on("mini_resnet", "meta")
    assert load_on("mini_resnet", "cpu") is here
    assert load_on("mini_resnet", "meta") is there
    assert (here.device, there.device) == ("cpu", "meta")
    assert next(here.network.parameters()).device.type == "cpu"
    assert next(there.network.parameters()).device.type == "meta"
    photo = photos.load(photos.of_example("ship"))
    assert photo is not None
    assert there.prepare(photo)[0].device.type == "meta"
    MODELS.clear()
    RUNS.clear()


def test_the_card_is_the_same_wherever_it_is_asked_for() -> None:
    photo = photos.load(photos.of_example("ship"))
    assert photo is not None
    ours = card(load("mini_resnet"), photo, 3, "ship", "middle")
    for found in (
        full_size.full_size("mini_resnet", photo, 3, "ship", "middle"),
        full_size.card_of(spec("mini_resnet"), photo, 3, "ship", "middle"),
    ):
        assert found.top == ours.top
        assert found.layer == ours.layer == "stage2"
        assert np.array_equal(found.heat.values, ours.heat.values)


def test_the_endpoint_says_what_a_card_says(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = photos.load(photos.of_example("ship"))
    assert photo is not None
    monkeypatch.setattr(api_card, "is_full_size", lambda one: True)
    ours = card(load("mini_resnet"), photo, 5, "ship", "last")
    found = api_card.card(photo, "mini_resnet", "Ship", "last")
    assert found["predictions"][0] == {"index": 8, "label": "ship", "probability": ours.top[0][1]}
    assert len(found["predictions"]) == 5
    assert (found["label"], found["index"], found["layer"]) == ("ship", 8, "stage3")
    assert np.abs(np.array(found["heatmap"]) - ours.heat.values).max() < 1e-6


def test_who_waits_for_a_shared_gpu_keeps_nobody_from_the_networks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large, small = spec("resnet50"), spec("mini_resnet")
    assert [full_size.turn(one) for one in (large, small)] == [Turn.NETWORK, Turn.NETWORK]
    monkeypatch.setattr("demo.gpu.SHARED", True)
    assert [full_size.turn(one) for one in (large, small)] == [Turn.OUTSIDE, Turn.NETWORK]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("mini_resnet", "needs no GPU; ask /predict and /gradcam"),
        ("efficientnet_lite0", "needs no GPU"),
        ("resnet50", "ResNet-50 is not on this computer"),
        ("nothing", "no network called nothing"),
    ],
)
def test_a_card_that_cannot_be_had_gets_one_sentence(
    client: Client, picture: Path, model: str, words: str
) -> None:
    with pytest.raises(Exception, match=words):
        call(client, "card", handle_file(picture), model, "", "last")
