"""The tab's views and its endpoints, on networks with random weights."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from demo.explain.ablation import matrix
from demo.explain.anatomy import anatomy, read
from demo.explain.runs import run
from demo.records import Photo, Problem
from demo.tabs import api_inception
from demo.tabs.inception_view import Plan, View, opened
from demo.text import text
from demo.zoo.catalogue import spec
from tests.inception_networks import SEEN, StandIn, stand_in


@pytest.fixture(scope="module")
def photo() -> Photo:
    """As `noise`, with pixels that a picture can hold."""
    pixels = np.random.default_rng(1).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    return Photo("pixels", pixels)


def view(photo: Photo, block: str, key: str = "mini_googlenet", lang: str = "en") -> View:
    return View(text(lang), stand_in(key), photo, block, count=8)


def test_looking_around_runs_the_network_once(photo: Photo) -> None:
    loaded, passes = stand_in("mini_googlenet"), []
    anatomy(loaded.spec)
    handle = loaded.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    for name in loaded.spec.blocks:
        one = view(photo, name)
        shown = (
            one.plan.strip(),
            one.plan.module(),
            one.columns(),
            one.channel("5x5", 1),
            one.field(),
        )
        assert all(shown)
        assert one.depth()
        assert one.roles()
        assert one.worth([], "zero", "")
    handle.remove()
    assert len(passes) == 1


def test_a_branch_that_is_off_moves_the_answer(photo: Photo) -> None:
    one = view(photo, "stage2.1")
    changes = [
        float(re.search(r'"logit" data-change="([^"]+)"', one.worth(off, mode, ""))[1])
        for off, mode in (([], "zero"), (["5x5"], "zero"), (["5x5"], "mean"), (["gone"], "zero"))
    ]
    assert changes[0] == changes[3] == 0
    assert changes[1] != 0
    assert changes[2] not in (0, changes[1])
    found = matrix(one.loaded, photo)
    top = run(one.loaded, photo).scores.top
    alone = next(c for c in found.cuts if (c.block, c.off) == ("stage2.1", ("5x5",)))
    assert changes[1] == pytest.approx(alone.logit_change(top), rel=1e-3)


def test_the_matrix_tells_its_progress(photo: Photo) -> None:
    calls: list[Any] = []
    drawn = view(photo, "stage2.1").matrix("mean", "class 3", lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == [1, 2, 3, 4, 5, 6]
    assert drawn.count("<td ") == 24
    assert "class 3" in drawn


def test_only_torchvisions_googlenet_tells_the_story_of_the_5x5() -> None:
    def story(key: str) -> bool:
        one = spec(key)
        return "<details" in Plan(text("en"), one, next(iter(one.blocks))).module()

    assert [story(key) for key in ("mini_googlenet", "googlenet", "inception_v3")] == [
        False,
        True,
        False,
    ]


def test_a_network_without_weights_still_shows_how_it_is_built() -> None:
    plan = Plan(text("ja"), spec("googlenet"), "3a")
    assert "192 × 28 × 28" in plan.module()
    # 192 -> 16 -> 32 by the 3x3 that torchvision runs: 3,072 + 4,608 weights.
    assert "7,680" in plan.roles()
    assert "55,296" in plan.roles()


def test_a_plan_is_what_the_loaded_network_is() -> None:
    for key in ("mini_googlenet", "googlenet", "inception_v3"):
        live, one = stand_in(key), spec(key)
        met = read(live.network, key, one.input_size, live.spec.blocks)
        built = anatomy(one)
        assert met.steps == built.steps
        assert list(met.blocks.values())[-1].branches == list(built.blocks.values())[-1].branches


def test_another_class_runs_nothing_again(photo: Photo) -> None:
    one, passes = view(photo, "stage2.1"), []
    one.matrix("zero", "")
    handle = one.loaded.network.register_forward_pre_hook(lambda module, inputs: passes.append(1))
    assert "class 7" in one.kept_matrix("zero", "class 7")
    handle.remove()
    assert passes == []
    assert view(Photo("never seen", photo.pixels), "stage2.1").kept_matrix("zero", "") == ""


def test_a_block_that_the_network_does_not_have_opens_another() -> None:
    one = spec("googlenet")
    assert [opened(one, name) for name in ("4a", "Mixed_5b", "")] == ["4a", "3a", "3a"]


def test_a_channel_that_is_not_there_gives_the_strongest(photo: Photo) -> None:
    one = view(photo, "stage2.1")
    best = max(one.activity.branches, key=lambda found: found.energy)
    words = one.channel()
    assert f"channel {int(best.strength.argmax())}" in words
    assert one.channel("7x7", 3) == words
    assert "5×5, channel 3" in one.channel("5x5", 3)


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The endpoints without files: this network."""
    loaded = stand_in("mini_googlenet")
    monkeypatch.setattr(api_inception, "loaded", lambda key: loaded)
    return loaded


def test_the_branches_endpoint(offered: StandIn, photo: Photo) -> None:
    found = api_inception.branches(photo, "mini_googlenet", "stage2.0")
    json.dumps(found)
    assert (found["model"], found["block"]) == ("mini_googlenet", "stage2.0")
    assert found["input_shape"] == [64, 16, 16]
    assert [branch["name"] for branch in found["branches"]] == ["1x1", "3x3", "5x5", "pool"]
    assert found["branches"][2]["convolutions"] == [
        {"kernel": [1, 1], "stride": [1, 1], "in": 64, "out": 8},
        {"kernel": [5, 5], "stride": [1, 1], "in": 8, "out": 16},
    ]
    assert [branch["channels"] for branch in found["branches"]] == [32, 64, 16, 16]
    assert [branch["channel_share"] for branch in found["branches"]] == [0.25, 0.5, 0.125, 0.125]
    assert sum(branch["energy_share"] for branch in found["branches"]) == pytest.approx(1)
    assert [branch["receptive_field"]["height"] for branch in found["branches"]] == [9, 13, 17, 13]
    for branch in found["branches"]:
        assert np.shape(branch["heatmap"]) == (16, 16)
        assert np.max(branch["heatmap"]) == 1


def test_the_ablation_endpoint(offered: StandIn, photo: Photo) -> None:
    scores = run(offered, photo).scores
    nothing = api_inception.branch_ablation(photo, "mini_googlenet", "stage2.0", [], "")
    assert nothing["label"] == f"class {scores.top}"
    assert nothing["before"] == nothing["after"] == float(scores.probabilities[scores.top])
    assert nothing["logit_before"] == nothing["logit_after"] == float(scores.logits[scores.top])
    off = api_inception.branch_ablation(photo, "mini_googlenet", "stage2.0", ["5x5"], "class 4")
    json.dumps(off)
    assert off["label"] == "class 4"
    assert off["logit_before"] == float(scores.logits[4])
    assert off["logit_after"] != off["logit_before"]
    with pytest.raises(Problem, match="no_branch"):
        api_inception.branch_ablation(photo, "mini_googlenet", "stage2.0", ["7x7"], "")
    with pytest.raises(Problem, match="no_label"):
        api_inception.branch_ablation(photo, "mini_googlenet", "stage2.0", ["5x5"], "unicorn")


def test_fields_lie_on_the_part_that_was_seen(photo: Photo) -> None:
    drawn = view(photo, "stage1.0").field()
    assert f'data-seen="{SEEN.left:.5f},{SEEN.top:.5f}' in drawn
    # The middle of 32 places, on the middle half of the photo's height.
    assert 'data-row="16" data-column="16"' in drawn
    assert "left:50.00%;top:50.00%;width:3.12%;height:1.56%" in drawn
