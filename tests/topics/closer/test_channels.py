"""Feature maps: strength and weight by hand, orders, what drives a channel, and the scene."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from demo.engine.gradcam import weighted_sum
from demo.engine.runs import way_back
from demo.lane import Turn
from demo.page.photos import EXAMPLES
from demo.records import Box, Photo, Problem
from demo.text import LANGUAGES, text
from demo.topics.closer import channels as explained
from demo.topics.closer.channels import channels, example_response, known, maps_of, response
from demo.topics.closer.figures import channels as figure
from demo.topics.closer.records.channels import Channels, Response, drivers
from demo.topics.closer.scenes import features as scene
from demo.zoo.bundled import BUNDLED
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import KINDS, Toy, linear

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)


def test_strength_and_weight_by_hand(loaded: Loaded, ramp: Photo) -> None:
    # Maps: R and 10 - G of 0, 1, ..., 15. Logits: means over 16 places of 3 R + 10 - G, R - 10 + G.
    model = loaded(linear(), ("0",), 2)
    found = channels(model, ramp, "", 0)
    assert (found.layer, found.index, found.count, found.size) == ("layer 0", 0, 2, (4, 4))
    # 0 + 1 + ... + 15 = 120; |10 - g|: 10 + 9 + ... + 0 + 1 + ... + 5 = 55 + 15.
    assert found.strength == pytest.approx([120 / 16, 70 / 16])
    assert found.weight == pytest.approx([3 / 16, 1 / 16])
    assert channels(model, ramp, "", 1).weight == pytest.approx([1 / 16, -1 / 16])
    assert channels(model, ramp, "", 0) is found
    own = response(model, ramp, "", 1)
    assert own.values == pytest.approx(10 - np.arange(16.0).reshape(4, 4))
    assert (own.strength, own.largest) == pytest.approx((70 / 16, 10))
    with pytest.raises(Problem, match="no_class"):
        channels(model, ramp, "", 2)


@pytest.mark.parametrize("kind", KINDS)
def test_maps_times_weights_are_gradcam(
    loaded: Loaded, noise: Callable[..., Photo], kind: str
) -> None:
    # In-place ReLUs overwrite what a plain hook would have kept.
    photo, model = noise(9, 4), loaded(Toy(kind), ("conv1", "conv2"), 3)
    for layer, count in (("layer conv1", 4), ("layer conv2", 5)):
        found = channels(model, photo, layer, 2)
        maps = maps_of(model, photo, layer, list(range(count)))
        assert maps.min() < 0
        path = model.spec.layer(layer).path
        traced = way_back(model, photo)
        expected = weighted_sum(traced.activations[path].detach(), traced.gradient(path, 2))
        weighed = (maps * found.weight[:, None, None]).sum(axis=0)
        assert weighed == pytest.approx(expected, abs=1e-5)
        other = example_response(model, photo, "ship", layer, 3)
        assert other.values == pytest.approx(maps[3], abs=1e-4)


def of(strength: list[float], weight: list[float]) -> Channels:
    return Channels(
        "l", 0, np.array(strength, np.float32), np.array(weight, np.float32), (2, 2), FULL
    )


def test_orders_places_and_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.topics.closer.records.channels.SHOWN", 2)
    found = of([1.0, 5.0, 3.0, 1.0], [0.5, -2.0, 0.25, 0.25])
    assert found.order("strength").tolist() == [1, 2, 0, 3]
    assert found.order("weight").tolist() == [0, 2, 3, 1]
    assert (found.first("strength"), found.first("weight")) == ([1, 2], [0, 2])
    assert (found.place(1, "strength"), found.place(1, "weight")) == (1, 4)
    # 8 of 10; 0.75 of what is above 0.
    assert (found.share("strength"), found.share("weight")) == pytest.approx((0.8, 0.75))
    assert found.both == 1
    assert of([0.0], [-1.0]).share("weight") == 0


def test_the_examples_that_drive_most_come_first() -> None:
    found = [
        Response(name, np.array([[value, -value]], np.float32), FULL)
        for name, value in zip(EXAMPLES, (3, 9, 1, 5, 7, 0, 2, 4, 6), strict=True)
    ]
    assert [one.strength for one in drivers(found)] == [9, 7, 6, 5]
    assert figure.scale_of(drivers(found)) == 9
    assert figure.scale_of([]) == 0


@pytest.mark.parametrize(
    ("picked", "channel"),
    [
        ("m:l:7", 7),
        ("m:l:8", 3),
        ("m:k:7", 3),
        ("m:l:-1", 3),
        ("m:l:²", 3),
        ("7", 3),
        ("", 3),
        ("m:l:", 3),
    ],
)
def test_a_channel_of_another_layer_is_none_of_this(picked: str, channel: int) -> None:
    assert scene.channel_of(picked, "m:l", 8, 3) == channel


def test_every_network_has_a_first_a_middle_and_a_last_layer() -> None:
    for one in CATALOGUE:
        found = [scene.layer_at(one, place) for place in scene.PLACES]
        assert found == list(one.layers)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    t, photo, model = text(lang), small_photo(), load("mini_resnet")
    explained._KEPT.clear()
    steps = [*scene.features(t, photo, "mini_resnet", "ship", "middle", "", "")]
    pages = [one for one in steps if isinstance(one, str)]
    assert steps.count(Turn.NETWORK) == len(EXAMPLES) == 9
    assert [page.count("under-way") for page in pages] == [1] * 9 + [0]
    assert t("closer.channel_asking", done=8, total=9) in pages[8]
    last = pages[-1]
    found = channels(model, photo, "stage2", 8)
    picks = re.findall(r'data-pick="mini_resnet:stage2:(\d+)"', last)
    assert list(map(int, picks)) == np.argsort(-found.weight, kind="stable")[:24].tolist()
    assert f'data-channel="{picks[0]}"' in last
    assert last.count('aria-pressed="true"') == 2
    assert t("closer.channels_shown", shown=24, count=128) in last
    assert len(re.findall("data-example", last)) == 4
    assert t("label.ship") in last.rpartition("scene-sentence")[2]
    # Another channel and order: no network runs again.
    with monkeypatch.context() as patch:
        patch.setattr(explained, "trace", None)
        (page,) = scene.features(
            *(t, photo, "mini_resnet", "ship", "middle", "strength", "mini_resnet:stage2:5")
        )
    assert isinstance(page, str)
    assert 'data-channel="5"' in page
    strongest = int(np.argmax(found.strength))
    assert re.search(r'data-pick="mini_resnet:stage2:(\d+)"', page)[1] == str(strongest)  # type: ignore[index]
    assert t("closer.channels_count", count=128, size=16) in scene.bare(
        t, "mini_resnet", "", "middle", "", ""
    )


def test_the_sentence() -> None:
    found = of([1.0, 5.0, 3.0], [0.5, -2.0, 0.25])
    own = Response("", np.array([[3.0]], np.float32), FULL)
    driven = [
        Response("ship", np.array([[1.0]], np.float32), FULL),
        Response("horse", np.array([[4.0]], np.float32), FULL),
    ]
    assert figure.sentence(found, own, driven, 2, "frog", "weight", text("en")) == (
        "Channel 2 is number 2 of 3 by weight for “frog” (+0.25). Of the example photos it is "
        "strongest on “A horse in a meadow” (4.00; here 3.00). The 3 channels of most weight hold "
        "100.0 % of all weight for the class, and 3 of them are among the 3 strongest here."
    )
    said = figure.sentence(found, own, driven, 2, "frog", "strength", text("en"))
    assert said.startswith(
        "Channel 2 is number 2 of 3 by strength (3.00); for “frog” it weighs +0.25."
    )


def test_weights_keep_two_digits() -> None:
    found = of([0.0] * 5, [0.5, -0.000123, 0.0, 12.0, 0.0496])
    said = [figure.weight_of(found, channel) for channel in range(5)]
    assert said == ["+0.50", "−0.00012", "0.00", "+12.00", "+0.050"]


def test_what_is_not_sorted_by_is_refused() -> None:
    with pytest.raises(Problem, match="no_event"):
        next(scene.features(text("en"), small_photo(), "mini_resnet", "", "last", "size", ""))


def test_small_networks_keep_their_examples_at_once() -> None:
    photo = small_photo(3)
    for one in BUNDLED:
        example_response(load(one.key), photo, "ship", "", 0)
    assert all(known(load(one.key), photo) for one in BUNDLED)
    # Of 9 examples, all five bundled networks fit.
    sizes = [
        sum(layer.channels * layer.size**2 * 4 for layer in spec(key).layers)
        for key in (*(one.key for one in BUNDLED), "efficientnet_lite0")
    ]
    assert 9 * sum(sizes) < explained._KEPT.capacity
