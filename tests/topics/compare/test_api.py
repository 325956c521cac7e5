"""Cards of full-size networks: on a device of their own, the same numbers, small ones refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gradio_client import Client, handle_file

from demo.engine.ask import put_behind
from demo.engine.runs import RUNS
from demo.engine.shared_gpu import SharedGPU
from demo.lane import Turn
from demo.page import photos
from demo.topics.compare import api as api_card
from demo.topics.compare.card import card
from demo.topics.compare.scenes.asking import card_of, turn
from demo.trace import rewritten
from demo.zoo.catalogue import spec
from demo.zoo.loading import MODELS, load, load_on
from demo.zoo.spec import ModelSpec
from tests.serving import call
from tests.stepped import walked


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


def test_what_somebody_changes_in_a_network_now_does_not_go_to_the_other_device() -> None:
    here = load("mini_resnet")
    with rewritten(here.network, {here.spec.layers[0].path: lambda output: output * 0}):
        there = load_on("mini_resnet", "meta")
    assert not any(one._forward_hooks for one in there.network.modules())
    assert there.network.state_dict().keys() == here.network.state_dict().keys()
    assert not there.network.training
    assert not any(one.requires_grad for one in there.network.parameters())
    MODELS.clear()


def test_the_card_is_the_same_wherever_it_is_asked_for() -> None:
    photo = photos.load(photos.of_example("ship"))
    assert photo is not None
    ours = card(load("mini_resnet"), photo, 3, "ship", "middle")
    found = card_of(spec("mini_resnet"), photo, 3, "ship", "middle")
    assert found.top == ours.top
    assert found.layer == ours.layer == "stage2"
    assert np.array_equal(found.heat.values, ours.heat.values)


def test_the_endpoint_says_what_a_card_says(monkeypatch: pytest.MonkeyPatch) -> None:
    photo = photos.load(photos.of_example("ship"))
    assert photo is not None
    monkeypatch.setattr(ModelSpec, "full_size", True)
    ours = card(load("mini_resnet"), photo, 5, "ship", "last")
    steps, _ = walked(api_card.card(photo, "mini_resnet", "Ship", "last"))  # type: ignore[arg-type]
    turns, found = steps[:-1], steps[-1]
    assert turns == [Turn.NETWORK]
    assert found["predictions"][0] == {"index": 8, "label": "ship", "probability": ours.top[0][1]}
    assert len(found["predictions"]) == 5
    assert (found["label"], found["index"], found["layer"]) == ("ship", 8, "stage3")
    assert np.abs(np.array(found["heatmap"]) - ours.heat.values).max() < 1e-6


def test_who_waits_for_a_shared_gpu_keeps_nobody_from_the_networks() -> None:
    large, small = spec("resnet50"), spec("mini_resnet")
    # Nobody else can ask for it: it is in this process alone.
    trained = replace(large, key="trained", dataset="own")
    assert [turn(one) for one in (large, small, trained)] == [Turn.NETWORK] * 3
    before = put_behind(SharedGPU())
    turns = [turn(one) for one in (large, small, trained)]
    put_behind(before)
    assert turns == [Turn.OUTSIDE, Turn.NETWORK, Turn.NETWORK]


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
