"""The ResNet tab's view and its endpoint."""

from __future__ import annotations

import json
import re

import pytest
from gradio_client import Client

from demo.records import Problem
from demo.text import LANGUAGES, text
from demo.topics.residual import api as api_residual
from demo.topics.residual.scenes import view
from demo.topics.residual.topic import MODELS, START
from demo.zoo.catalogue import partner, spec
from tests.residual_networks import noise


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_scene_of_a_block_with_paths(lang: str) -> None:
    t, photo = text(lang), noise()
    adds = view.adds(t, photo, "mini_resnext", "stage2.2")
    assert adds.count("data-ratio") == adds.count("data-pick=") == 8
    assert view.terms(t, photo, "mini_resnext", "stage2.2").count("<img") == 3 + 3 * 8
    largest = re.search(r'data-largest="([^"]+)"', view.forms(t, photo, "mini_resnext", "stage2.2"))
    assert largest is not None
    assert float(largest[1]) < 1e-5
    off = view.off(t, photo, "mini_resnext", "stage2.2", "3,nonsense")
    assert off.count("data-pick=") == 10
    assert off.count('aria-pressed="true"') == 1
    assert "data-change" in off
    assert view.every_block(t, photo, "mini_resnext").count("data-off") == 16
    assert "var(--family-resnext)" in adds


def test_a_block_with_one_path() -> None:
    t = text("en")
    assert t("residual.forms_need_paths") in view.forms(t, noise(), "mini_resnet", "stage2.2")
    whole = view.off(t, noise(), "mini_resnet", "stage2.2", "")
    assert whole.count("data-pick=") == 2
    assert "data-change=" not in whole.partition("scene-sentence")[2]
    assert "data-change=" in view.off(t, noise(), "mini_resnet", "stage2.2", "branch")


@pytest.mark.parametrize("key", [one.key for one in MODELS])
def test_blocks_are_drawn_without_weights(key: str) -> None:
    drawn = view.pair(text("en"), key, "")
    assert drawn.count("<figure") == (2 if partner(spec(key)) else 1)
    assert view.bare_adds(text("en"), key, "").count('aria-pressed="true"') == 1


def test_imagenets_blocks_have_the_papers_weights() -> None:
    drawn = view.pair(text("en"), "resnet50", "stage1.2")
    assert re.findall(r'data-weights="(\d+)"', drawn) == ["69632", "70144"]
    assert "256 × 56" not in drawn
    assert drawn.count("×56×56") == 10


def test_the_start_is_a_network_that_ships() -> None:
    assert START in [one.key for one in MODELS]
    assert view.opened("mini_resnet", "stage3.9") == "stage2.2"
    assert view.opened("mini_resnet", "stage3.4") == "stage3.4"


@pytest.mark.parametrize(
    ("c", "d", "parameters", "wide"),
    [
        (1, 64, 69_632, 64),
        (2, 40, 69_760, 80),
        (4, 24, 69_888, 96),
        (8, 14, 71_456, 112),
        (32, 4, 70_144, 128),
    ],
)
def test_the_endpoint_gives_the_papers_counts(c: int, d: int, parameters: int, wide: int) -> None:
    found = api_residual.cardinality(256, c, d)
    json.dumps(found)
    assert found["parameters"] == parameters
    assert found["macs"] == parameters * 3136
    assert found["group_width"] == wide
    assert 0 <= found["largest_difference"] < 1e-5


def test_the_endpoint_refuses_impossible_settings() -> None:
    with pytest.raises(Problem, match="setting"):
        api_residual.cardinality(256, 0, 4)
    with pytest.raises(Problem, match="setting"):
        api_residual.cardinality(256, 1000, 1000)


def test_a_client_asks_the_endpoint(app_url: str) -> None:
    client = Client(app_url, verbose=False)
    found = client.predict(256, 8, 14, api_name="/cardinality")
    assert found["parameters"] == 71_456
    assert found["group_width"] == 112
    with pytest.raises(Exception, match="whole numbers") as failure:
        client.predict(256, 8, 4000, api_name="/cardinality")
    assert "Traceback" not in str(failure.value)
