"""Why this and not that, and through depth: by hand, and as the scenes show them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.engine.depth import stops
from demo.engine.gradcam import heat_map
from demo.engine.runs import run, way_back
from demo.engine.steps import fields_of
from demo.lane import Turn
from demo.records import Box, Photo, Problem
from demo.text import LANGUAGES, text
from demo.topics.closer.against import against, second
from demo.topics.closer.explain import Question, explain
from demo.topics.closer.figures import against as against_figure, layers as layers_figure
from demo.topics.closer.figures.layers import layer_name
from demo.topics.closer.figures.maps import number
from demo.topics.closer.layers import strip
from demo.topics.closer.records.maps import (
    Explanation,
    LayerMap,
    Methods,
    Strip,
    rank_correlation,
    row_scales,
)
from demo.topics.closer.scenes import methods, view
from demo.topics.closer.scenes.chosen import FIVE, OFFERED
from demo.zoo.catalogue import spec
from demo.zoo.loading import load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import Toy, linear

Loaded = Callable[..., Any]
FULL = Box(0.0, 0.0, 1.0, 1.0)


def test_the_difference_by_hand(loaded: Loaded, ramp: Photo) -> None:
    found = against(loaded(linear(), ("0",), 2), ramp, None, None)
    # Logits: 3 * 7.5 + 2.5 and 7.5 - 2.5. Grad-CAM: (3 R + 10 - G) / 16 - (R - 10 + G) / 16.
    assert (found.map.index, found.map.against) == (0, 1)
    assert (found.logit, found.other_logit, found.margin) == pytest.approx((25.0, 5.0, 20.0))
    assert found.map.raw == pytest.approx(np.full((4, 4), 20 / 16), abs=1e-5)
    other = against(loaded(linear(), ("0",), 2), ramp, 1, None)
    assert (other.map.index, other.map.against, other.margin) == (1, 0, pytest.approx(-20.0))
    assert other.map.raw == pytest.approx(-found.map.raw, abs=1e-6)


def test_the_second_best_class() -> None:
    probabilities = np.array([0.2, 0.5, 0.3])
    assert [second(probabilities, index) for index in range(3)] == [1, 2, 1]
    assert probabilities.tolist() == [0.2, 0.5, 0.3]


def test_a_strip_is_gradcam_at_each_layer(loaded: Loaded, noise: Callable[..., Photo]) -> None:
    photo, model = noise(9, 2), loaded(Toy("reused"), ("conv1", "conv2"), 3)
    found = strip(model, photo, 1)
    assert [one.map.layer for one in found.layers] == ["layer conv1", "layer conv2"]
    assert [one.size for one in found.layers] == [(9, 9), (5, 5)]
    # 3x3, and 3x3 of 3x3; the spec's input is 4 x 4.
    assert [one.field for one in found.layers] == [(3, 3), (5, 5)]
    assert [one.share for one in found.layers] == [0.75, 1.0]
    for one in found.layers:
        alone = heat_map(model, photo, one.map.layer, 1)
        assert one.map.heat == pytest.approx(alone.values, abs=1e-6)
    assert strip(model, photo, 1) is found
    with pytest.raises(Problem, match="no_class"):
        strip(model, photo, 3)


def test_a_strip_goes_back_once(loaded: Loaded, noise: Callable[..., Photo]) -> None:
    photo, model = noise(9, 2), loaded(Toy("fresh"), ("conv1", "conv2"), 3)
    run(model, photo)
    way_back(model, photo)
    fields_of(model.spec)
    calls: list[int] = []

    class Counting(torch.overrides.TorchFunctionMode):
        def __torch_function__(
            self, func: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            calls.append(func in (torch.conv2d, nn.functional.conv2d))
            return func(*args, **(kwargs or {}))

    with Counting():
        strip(model, photo)
    assert sum(calls) == 0


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        # 3x3 stem; then bottlenecks of one 3x3 each, the first of a stage halving the size
        ("mini_resnet", [5, 7, 11, 15, 19, 27, 35, 43]),
        ("mini_densenet", None),
        ("efficientnet_lite0", None),
        # 7x7, pool; torchvision's blocks halve in their 3x3, hence 427 where Araujo et al. have 483
        ("resnet50", [91, 107, 139, 171, 203, 235, 267, 299, 363, 427]),
    ],
)
def test_what_a_layer_sees(key: str, fields: list[int] | None) -> None:
    found = [max(one.extent) for one in fields_of(spec(key)).values()]
    assert found == sorted(found)
    assert fields is None or found == fields


def test_every_stop_has_a_field() -> None:
    for key in OFFERED:
        assert list(fields_of(spec(key))) == list(stops(spec(key)))


def test_rank_correlation_by_hand() -> None:
    one = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert rank_correlation(one, one**3) == pytest.approx(1)
    assert rank_correlation(one, -one) == pytest.approx(-1)
    # ranks 1 2 3 4 and 1.5 1.5 3 4
    assert rank_correlation(one, np.array([[0, 0], [1.0, 2.0]])) == pytest.approx(4.5 / 22.5**0.5)
    assert rank_correlation(one, np.zeros((2, 2))) == 0


def test_which_methods_agree(loaded: Loaded, ramp: Photo) -> None:
    model = loaded(linear(), ("0",), 2)
    kinds = ("gradcam", "hirescam", "gradcam_pp")
    found = Methods(tuple(explain(model, ramp, Question(one, 0)) for one in kinds), 0.5)
    best, *_, worst = found.pairs
    assert (best.first, best.second, best.correlation) == (
        "gradcam",
        "hirescam",
        pytest.approx(1),
    )
    # Grad-CAM++ of this network falls where the others rise.
    assert worst.correlation == pytest.approx(-1)


def explanation(raw: list[list[float]]) -> Explanation:
    values = np.array(raw, dtype=np.float32)
    return Explanation("m", "gradcam", "l", 0, None, values, 0.0, FULL)


def test_a_map_in_both_ranges() -> None:
    found = explanation([[-4.0, 0.0], [1.0, 2.0]])
    assert found.heat.tolist() == [[0, 0], [0.5, 1]]
    assert found.signed.tolist() == [[-1, 0], [0.25, 0.5]]
    assert (found.raw_min, found.raw_max, found.largest) == (-4, 2, 4)
    assert found.share_against == pytest.approx(4 / 7)
    empty = explanation([[0.0, 0.0]])
    assert empty.heat.tolist() == empty.signed.tolist() == [[0, 0]]
    assert empty.share_against == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scenes_of_several_networks(lang: str) -> None:
    t, photo, keys = text(lang), small_photo(), ["mini_resnet", "mini_googlenet", "resnet50"]
    steps = [*view.against(t, photo, keys, "cat", "dog")]
    assert steps[1] is Turn.NETWORK
    last = steps[-1]
    assert isinstance(last, str)
    assert last.count("data-margin") == last.count('class="signed"') == 2
    assert last.count(t("label.cat")) >= 2
    # Weights that are not here are said to be missing, and hold up nobody.
    assert "ResNet-50" in last
    *_, last = view.layers(t, photo, keys[:2], "")
    assert isinstance(last, str)
    assert re.findall(r'data-layer="(\w+)"', last) == ["stage1", "stage2", "stage3"] * 2
    # Between them every block that is not the last of its stage, to be gone through one by one.
    between = ["stage2.1", "stage2.2", "stage3.1", "stage3.2", "stage3.3", "2a", "3a", "3b"]
    assert re.findall(r'data-block="([\w.]+)"', last) == between
    assert last.count("data-correlation") == 2
    which = t("closer.depth_which", layer=layer_name("stage3.1", t), at="5/8")
    assert which in last
    assert 'class="depth-scrub"' in last
    assert [layer_name(one, t) for one in ("stage3", "3b", "Mixed_6a")] == [
        t("layer.stage3"),
        t("layer.3b"),
        t("closer.depth_module", module="6a"),
    ]
    assert t("closer.none_chosen") in next(view.layers(t, photo, [], ""))  # type: ignore[operator]
    assert view.bare_layers(t, FIVE, "").count("<section") == 5


def test_one_scale_for_all_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    t, photo, keys = text("en"), small_photo(), ["mini_resnet", "mini_densenet"]
    drawn: list[float] = []

    def overlay(values: np.ndarray, *rest: object) -> str:
        drawn.append(float(np.abs(values).max()))
        return ""

    monkeypatch.setattr(against_figure, "signed_overlay", overlay)
    monkeypatch.setattr(layers_figure, "signed_overlay", overlay)
    *_, last = view.against(t, photo, keys, "cat", "dog", together=True)
    largest = [against(load(key), photo, 3, 5).map.largest for key in keys]
    # Each at its own scale as it is done, then both at that of the larger.
    expected = [1, 1, *(one / max(largest) for one in largest)]
    assert drawn == pytest.approx(expected)
    assert f"fullest colour is {number(max(largest))}." in str(last)
    drawn.clear()
    *_, last = view.layers(t, photo, keys, "", together=True)
    # Eight maps of the one, three of the other, each at its own scale, then by rows.
    assert drawn[:11] == pytest.approx([1] * 11)
    strips = [strip(load(key), photo) for key in keys]
    scales = row_scales(strips)
    ours = [one.map.largest for one in strips[0].layers]
    rows = [0, 1, 1, 1, 2, 2, 2, 2]
    expected = [min(1, value / scales[row]) for value, row in zip(ours, rows, strict=True)]
    assert drawn[11:19] == pytest.approx(expected)
    named = [drawn[11], drawn[14], drawn[18]]
    # In each row one of the two has the fullest colour.
    both = zip(named, drawn[19:], strict=True)
    assert [max(pair) for pair in both] == pytest.approx([1] * 3)
    assert min(drawn[11:]) < 0.99
    assert t("closer.one_scale_rows") in str(last)


def test_rows_of_strips_share_their_largest_value() -> None:
    def of(*values: float) -> Strip:
        maps = (explanation([[0.0, value]]) for value in values)
        return Strip(tuple(LayerMap(one, (1, 2), (3, 3), 4) for one in maps))

    assert row_scales([of(1, -5, 2), of(-3, 4)]) == [3, 5, 2]
    # A block between two of them is of no row.
    first, second, third = of(1, 9, 2).layers
    between = Strip((first, replace(second, named=False), third))
    assert between.named == (first, third)
    assert row_scales([between]) == [1, 2]


def test_a_class_against_itself_is_weighed_against_the_next_best() -> None:
    *_, last = view.against(text("en"), small_photo(), ["mini_resnet"], "cat", "cat")
    assert isinstance(last, str)
    scores = run(load("mini_resnet"), small_photo()).scores
    other = scores.logits.copy()
    other[3] = -np.inf
    margin = scores.logits[3] - other.max()
    assert float(re.search(r'data-margin="([^"]+)"', last)[1]) == pytest.approx(margin, abs=1e-3)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_methods_come_one_after_the_other(lang: str) -> None:
    t = text(lang)
    pages = [
        one
        for one in methods.methods(t, small_photo(), "mini_resnet", "ship", "1/2", "1")
        if isinstance(one, str)
    ]
    maps = [one.count('class="signed"') for one in pages]
    assert maps == sorted(maps)
    assert (maps[0], maps[-1]) == (0, 7)
    assert t("closer.step", done=1, total=8) in "".join(pages)
    assert "under-way" not in pages[-1]
    with pytest.raises(Problem, match="no_event"):
        next(methods.methods(t, small_photo(), "mini_resnet", "", "1/3", "1"))
