"""A third of the parameters, the same accuracy: the claim held to numbers."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
import torch

from demo.text import LANGUAGES, text
from demo.topics.choice.candidates import candidates
from demo.topics.choice.efficiency import OTHERS, efficiency, needed
from demo.topics.choice.figures import efficiency as figure
from demo.topics.choice.records import Efficiency, Point, Rivalled
from demo.zoo.vision import torchvision
from tests.drawing.drawn import assert_as_stored

T = text("en")


@pytest.fixture(scope="module")
def found() -> Efficiency:
    return efficiency()


@pytest.mark.parametrize("point", OTHERS, ids=lambda point: point.title)
def test_the_other_resnets_are_torchvisions(point: Point) -> None:
    name = point.title.lower().replace("-", "")
    published = torchvision.models.get_model_weights(name).IMAGENET1K_V1.meta
    assert published["num_params"] == point.parameters
    assert published["_metrics"]["ImageNet-1K"]["acc@1"] == point.accuracy
    with torch.device("meta"):
        live = torchvision.models.get_model(name, weights=None)
    assert sum(p.numel() for p in live.parameters()) == point.parameters


def test_between_two_points_a_curve_is_even_in_decades() -> None:
    curve = (Point("a", 1_000, 50.0), Point("b", 100_000, 60.0), Point("c", 1_000_000, 61.0))
    assert needed(50.0, curve) == pytest.approx(1_000)
    assert needed(55.0, curve) == pytest.approx(10_000)
    assert needed(60.5, curve) == pytest.approx(math.sqrt(1e11))
    with pytest.raises(ValueError, match="does not reach"):
        needed(70.0, curve)


def test_where_a_third_holds(found: Efficiency) -> None:
    shares = {one.point.title: round(one.share, 2) for one in found.densenets}
    assert shares == {
        "DenseNet-121": 0.34,
        "DenseNet-169": 0.57,
        "DenseNet-201": 0.56,
        "DenseNet-161": 0.72,
    }
    assert [one.point.title for one in found.thirds] == ["DenseNet-121"]
    assert [one.point.title for one in found.others] == [
        "DenseNet-169",
        "DenseNet-201",
        "DenseNet-161",
    ]
    assert [point.title for point in found.resnets] == [
        f"ResNet-{depth}" for depth in (18, 34, 50, 101, 152)
    ]


def test_what_counts_as_a_third() -> None:
    point = Point("dense", 1_000, 70.0)
    assert Rivalled(point, 1_000 / 0.33).third
    assert Rivalled(point, 1_000 / 0.41).third
    assert not Rivalled(point, 1_000 / 0.42).third


def test_the_bundled_four_stand_at_one_size(found: Efficiency) -> None:
    assert len(found.here) == 4
    sizes = [point.parameters for point in found.here]
    assert max(sizes) / min(sizes) < 1.02
    assert (found.own.title, found.rival.title) == ("Mini DenseNet", "Mini ResNet")
    assert not found.apart
    better = replace(found, own=replace(found.own, interval=(92.0, 93.0)))
    worse = replace(found, own=replace(found.own, interval=(80.0, 81.0)))
    assert better.apart
    assert worse.apart
    assert not replace(found, own=replace(found.own, interval=None)).apart


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sentence_says_where_it_holds_and_where_not(lang: str, found: Efficiency) -> None:
    t = text(lang)
    said = figure.sentence(found, t)
    for number in ("34 %", "57 %", "56 %", "72 %", "31 %", "1.7", "90.58 %"):
        assert number in said
    assert re.search(r"DenseNet-121.+DenseNet-169", said)
    none = replace(found, densenets=found.others)
    assert figure.sentence(none, t) != figure.sentence(replace(found, densenets=found.thirds), t)


def test_every_outcome_has_its_words(found: Efficiency) -> None:
    assert "holds for none" in figure.sentence(replace(found, densenets=found.others), T)
    assert ": for all." in figure.sentence(replace(found, densenets=found.thirds), T)
    apart = replace(found, own=replace(found.own, interval=(92.0, 93.0)))
    assert "cannot be told apart" in figure.sentence(found, T)
    assert "the test photos tell" in figure.sentence(apart, T)


def test_a_network_without_its_row_is_missed() -> None:
    rows = [row for row in candidates() if row.key != "resnet50"]
    with pytest.raises(KeyError, match="resnet50"):
        efficiency(rows)


def test_the_chart_is_the_one_that_was_kept(found: Efficiency) -> None:
    assert_as_stored("efficiency", figure.efficiency(found, T))
