"""The scenes of the Inception topic, with the bundled network; its endpoints on random weights."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from demo.engine.runs import run
from demo.records import Photo, Problem
from demo.text import LANGUAGES, text
from demo.topics.inception import ablation, api as api_inception
from demo.topics.inception.anatomy import anatomy, read
from demo.topics.inception.scenes import view
from demo.topics.inception.topic import MODELS, SCENES, START
from demo.zoo.catalogue import spec
from demo.zoo.loading import COMPILER, load
from tests.inception_networks import StandIn, stand_in

EN = text("en")


@pytest.fixture(scope="module")
def photo() -> Photo:
    """As `noise`, with pixels that a picture can hold."""
    pixels = np.random.default_rng(1).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    return Photo("pixels", pixels)


@contextmanager
def counted() -> Iterator[list[int]]:
    """An entry for each pass of the bundled network while open."""
    passes: list[int] = []
    network, made = load(START).network, threading.Event()
    # Its graph is made beside other work, by passes of its own.
    COMPILER.soon(made.set)
    assert made.wait(120)
    handle = network.register_forward_pre_hook(lambda *_: passes.append(1))
    try:
        yield passes
    finally:
        handle.remove()


def picture_and_words(drawn: str) -> tuple[str, str]:
    picture, _, sentence = drawn.partition('<p class="scene-sentence"')
    return picture, sentence


def scenes_of(t: Any, photo: Photo, block: str) -> list[str]:
    return [
        view.block(t, START, block),
        view.branches(t, photo, START, block, 8, "strength", "5x5:1"),
        view.field(t, photo, START, block),
        view.worth(t, photo, START, block, "", "zero", ""),
        view.depth(t, photo, START, block),
        view.roles(t, photo, START, block),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_looking_around_runs_the_network_once(lang: str) -> None:
    t = text(lang)
    pixels = np.random.default_rng(5).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    fresh = Photo(f"never seen {lang}", pixels)
    with counted() as passes:
        for block in spec(START).blocks:
            drawn = scenes_of(t, fresh, block)
            assert len(drawn) == len(SCENES)
            for picture, sentence in map(picture_and_words, drawn):
                assert "data-picture" in picture
                assert re.search(r">[^<]{12,}", sentence)
    assert len(passes) == 1


def test_a_branch_that_is_off_moves_the_answer(photo: Photo) -> None:
    def change(off: str, mode: Any) -> float:
        drawn = view.worth(EN, photo, START, "2b", off, mode, "")
        return float(re.search(r'"logit" data-change="([^"]+)"', drawn)[1])

    assert change("", "zero") == change("gone", "zero") == 0
    zero, mean = change("5x5", "zero"), change("5x5,gone", "mean")
    assert zero != 0
    assert mean not in (0, zero)
    loaded = load(START)
    top = run(loaded, photo).scores.top
    cuts = ablation.matrix(loaded, photo).cuts
    alone = next(cut for cut in cuts if (cut.block, cut.off) == ("2b", ("5x5",)))
    assert zero == pytest.approx(alone.logit_change(top), rel=1e-3, abs=1e-4)


def test_switches_say_what_is_off(photo: Photo) -> None:
    whole, off = (view.worth(EN, photo, START, "2b", off, "zero", "") for off in ("", "5x5,pool"))
    assert "Press a branch to switch it off." in whole
    assert re.findall(r'aria-pressed="(\w+)"', whole) == ["false"] * 4
    assert re.findall(r'aria-pressed="(\w+)"', off) == ["false", "false", "true", "true"]
    assert "without: 5×5, pool" in off
    assert 'class="moved" data-change' in off


def test_the_matrix_tells_its_progress() -> None:
    pixels = np.random.default_rng(6).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    fresh, calls = Photo("for the matrix", pixels), []
    drawn = view.matrix(EN, fresh, START, "mean", "frog", lambda *call: calls.append(call))
    assert [done for done, _, _ in calls] == [1, 2, 3, 4, 5, 6]
    assert drawn.count("<td ") == 24
    assert "frog" in drawn


def test_another_class_runs_nothing_again(photo: Photo) -> None:
    view.matrix(EN, photo, START, "zero", "")
    with counted() as passes:
        assert "frog" in view.kept_matrix(EN, photo, START, "zero", "frog")
    assert passes == []
    other = Photo("never asked", photo.pixels)
    assert view.kept_matrix(EN, other, START, "zero", "") == view.matrix_hint(EN)


def test_only_torchvisions_googlenet_tells_the_story_of_the_5x5() -> None:
    keys = ("mini_googlenet", "googlenet", "inception_v3")
    assert {one.key for one in MODELS} >= set(keys)
    assert ["<details" in view.block(EN, key, "") for key in keys] == [False, True, False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_network_without_weights_still_shows_how_it_is_built(lang: str, photo: Photo) -> None:
    t = text(lang)
    drawn = view.bare_block(t, "googlenet", "3a", "16", "strength")
    assert "192 × 28 × 28" in drawn
    assert "64 + 128 + 32 + 32 = 256" in drawn
    # As torchvision runs it, with a 3x3 where the paper has a 5x5.
    assert "155,136" in drawn
    roles = view.bare_roles(t, "googlenet", "3a")
    # 192 -> 16 -> 32 by the 3x3 that torchvision runs: 3,072 + 4,608 weights.
    assert "7,680" in roles
    assert "55,296" in roles
    assert "<img" not in roles
    picture, sentence = picture_and_words(view.bare_depth(t, "inception_v3", ""))
    assert 'data-picture="drawing"' in picture
    assert "Mixed_5b" in sentence
    # How far it sees needs no weights, and without a photo it is drawn.
    assert "<svg" in view.bare_field(t, "googlenet", "3a")
    assert view.field(t, photo, "googlenet", "3a").count("field-view") >= 2
    for scene in (view.branches, view.depth):
        arguments = ("", 16, "strength", "") if scene is view.branches else ("",)
        with pytest.raises(Problem, match=r"not_here|needs_download"):
            scene(t, photo, "googlenet", *arguments)


def test_structure_is_what_the_loaded_network_is() -> None:
    for key in ("mini_googlenet", "googlenet", "inception_v3"):
        live, one = stand_in(key), spec(key)
        met = read(live.network, key, one.input_size, live.spec.blocks)
        built = anatomy(one)
        assert met.steps == built.steps
        assert list(met.blocks.values())[-1].branches == list(built.blocks.values())[-1].branches


def test_a_block_that_the_network_does_not_have_opens_another() -> None:
    assert [view.opened("googlenet", name) for name in ("4a", "Mixed_5b", "")] == ["4a", "3a", "3a"]
    assert re.findall(r'data-pick="(\w+)" aria-pressed="true"', view.strip(EN, START, "gone")) == [
        "1a"
    ]


def test_a_channel_that_is_not_there_gives_the_strongest(photo: Photo) -> None:
    def caption(channel: str) -> str:
        drawn = view.branches(EN, photo, START, "2b", 8, "strength", channel)
        return re.search(r"<figcaption><b>([^<]*)</b>", drawn)[1]

    leader = view.measured.activity(load(START), photo, "2b").leader
    best = f"{leader.name.replace('x', '×')}, channel {int(leader.strength.argmax())}"
    assert caption("") == caption("7x7:3") == caption("5x5:9999") == caption("5x5:-1") == best
    assert caption("5x5:3") == "5×5, channel 3"


def test_channels_are_counted_and_ordered(photo: Photo) -> None:
    def channels(count: int, order: str) -> list[int]:
        drawn = view.branches(EN, photo, START, "2b", count, order, "")
        return [int(number) for number in re.findall(r'data-pick="3x3:(\d+)"', drawn)]

    strongest = channels(8, "strength")
    assert len(strongest) == 8
    assert channels(8, "index") == sorted(strongest)
    assert channels(4, "strength") == strongest[:4]


def test_fields_lie_on_the_part_that_was_seen() -> None:
    tall = Photo("tall", np.zeros((64, 32, 3), np.uint8))
    drawn = view.field(EN, tall, START, "1a")
    assert 'data-seen="0.00000,0.25000,1.00000,0.75000"' in drawn
    # The middle of 32 places, on the middle half of the photo's height.
    assert 'data-row="16" data-column="16"' in drawn
    assert "left:50.00%;top:50.00%;width:3.12%;height:1.56%" in drawn
    assert "sees 7×7 pixels of the photo through 5×5, 3×3 through 1×1" in drawn


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The endpoints without files: this network."""
    loaded = stand_in("mini_googlenet")
    monkeypatch.setattr(api_inception, "listed", lambda key: loaded)
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
