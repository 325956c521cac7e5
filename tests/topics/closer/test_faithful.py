"""Deletion and insertion: a linear network in closed form, decoys, and the scene."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from demo.lane import Turn
from demo.records import Photo
from demo.text import LANGUAGES, text
from demo.topics.closer.explain import Question
from demo.topics.closer.faithful import POINTS, blurred, curve, edges, faithfulness, order_of
from demo.topics.closer.records.trials import ORDERS, Curve, Faithfulness, Trial
from demo.topics.closer.scenes import view
from tests.residual_networks import noise as small_photo

Loaded = Callable[..., Any]
WEIGHTS = torch.linspace(-0.25, 0.75, 16).roll(5)
"""What each of 4 x 4 pixels adds to a linear network's logit."""
BRIGHT, DARK = torch.ones(1, 3, 4, 4), torch.zeros(1, 3, 4, 4)


def probability(some: Tensor) -> Tensor:
    return torch.sigmoid(some.mean(dim=1).flatten(1) @ WEIGHTS)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def test_the_deletion_curve_of_a_linear_network_in_closed_form() -> None:
    found = curve(probability, BRIGHT, DARK, WEIGHTS.argsort(descending=True))
    falling = np.sort(WEIGHTS.numpy())[::-1]
    expected = sigmoid(falling.sum() - np.concatenate([[0], falling.cumsum()]))
    assert POINTS == 17
    assert found.fractions == pytest.approx(np.arange(17) / 16)
    assert found.probabilities == pytest.approx(expected, abs=1e-6)
    # The trapezoids of those 17 heights.
    assert found.area == pytest.approx((expected[1:] + expected[:-1]).sum() / 32, abs=1e-6)
    assert found.probabilities[-1] == pytest.approx(0.5)


def test_a_perfect_map_beats_random_and_an_inverted_one_loses() -> None:
    perfect = WEIGHTS.view(4, 4)
    areas = {}
    for name, heat, order in (
        ("perfect", perfect, "map"),
        ("inverted", -perfect, "map"),
        ("random", perfect, "random"),
    ):
        places = order_of(order, heat, BRIGHT)  # type: ignore[arg-type]
        areas[name] = (
            curve(probability, BRIGHT, DARK, places).area,
            curve(probability, DARK, BRIGHT, places).area,
        )
    assert areas["perfect"][0] < areas["random"][0] < areas["inverted"][0]
    assert areas["perfect"][1] > areas["random"][1] > areas["inverted"][1]


def test_orders_by_hand() -> None:
    heat = torch.tensor([[0.0, 3.0], [1.0, 2.0]])
    x = torch.zeros(1, 3, 2, 2)
    assert order_of("map", heat, x).tolist() == [1, 3, 2, 0]
    assert sorted(order_of("random", heat, x).tolist()) == [0, 1, 2, 3]
    middle = order_of("centre", heat, torch.zeros(1, 3, 3, 3)).tolist()
    assert middle[0] == 4
    assert set(middle[-4:]) == {0, 2, 6, 8}
    # A bright right half: the edge is in the two columns beside it.
    half = torch.zeros(1, 3, 4, 4)
    half[..., 2:] = 1
    assert edges(half).tolist() == [[0, 4, 4, 0]] * 4
    assert {place % 4 for place in order_of("edges", heat, half)[:8].tolist()} == {1, 2}


def test_a_blur_keeps_what_is_even_and_spreads_a_point() -> None:
    assert blurred(torch.full((1, 3, 20, 20), 2.5)) == pytest.approx(np.full((1, 3, 20, 20), 2.5))
    point = torch.zeros(1, 3, 21, 21)
    point[..., 10, 10] = 1
    found = blurred(point)[0, 0]
    assert float(found.sum()) == pytest.approx(1, abs=1e-5)
    assert float(found.max()) == float(found[10, 10])
    assert float(found[10, 12] / found[10, 10]) == pytest.approx(
        np.exp(-4 / (2 * 2.1**2)), rel=1e-4
    )
    assert torch.allclose(found, found.T)


def test_of_a_network_that_reads_one_pixel(loaded: Loaded) -> None:
    class Reads(torch.nn.Module):
        """The logit of class 0 is five times the pixel in row 1, column 2."""

        def __init__(self) -> None:
            super().__init__()
            self.map = torch.nn.Identity()

        def forward(self, x: Tensor) -> Tensor:
            value = 5 * self.map(x)[:, :, 1, 2].mean(dim=1)
            return torch.stack([value, torch.zeros_like(value)], dim=1)

    pixels = np.zeros((4, 4, 3), np.float32)
    pixels[1, 2] = 1
    model, photo = loaded(Reads(), ("map",), 2), Photo("one pixel", pixels)
    found = faithfulness(model, photo, Question("hirescam", 0))
    deletion, insertion = found.trial("map").deletion, found.trial("map").insertion
    # It goes first; then nothing else matters.
    assert deletion.probabilities[0] == pytest.approx(float(sigmoid(np.array(5.0))), abs=1e-6)
    assert len(set(deletion.probabilities[1:].round(6))) == 1
    assert insertion.probabilities[1] == pytest.approx(deletion.probabilities[0], abs=1e-6)
    assert found.wins("random")
    assert faithfulness(model, photo, Question("hirescam", 0)) is found


def test_who_wins_and_where_measures_disagree() -> None:
    def flat(value: float) -> Curve:
        return Curve(np.array([0.0, 1.0]), np.array([value, value]))

    areas = {"map": (0.2, 0.6), "random": (0.5, 0.5), "centre": (0.1, 0.5), "edges": (0.1, 0.7)}
    trials = tuple(Trial(order, *map(flat, areas[order])) for order in ORDERS)
    found = Faithfulness("m", "gradcam", 0, trials)
    assert found.trial("map").deletion.area == pytest.approx(0.2)
    assert [found.beats(one) for one in ORDERS[1:]] == [(True, True), (False, True), (False, False)]
    assert [found.wins(one) for one in ORDERS[1:]] == [True, False, False]
    assert [found.disagrees(one) for one in ORDERS[1:]] == [False, True, False]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_scene(lang: str) -> None:
    t, keys = text(lang), ["mini_resnet", "mini_densenet"]
    steps = [*view.believe(t, small_photo(), keys, "ship", "gradcam")]
    assert Turn.NETWORK in steps
    assert t("closer.step", done=2, total=4) in "".join(s for s in steps if isinstance(s, str))
    last = steps[-1]
    assert isinstance(last, str)
    assert len(re.findall(r'data-deletion="0\.\d{4}"', last)) == 2 * len(ORDERS)
    # Lines of both charts, samples in both tables, and the legend.
    assert last.count("<polyline") == 2 * (3 * len(ORDERS)) + len(ORDERS)
    assert last.count("class=best") == 4
