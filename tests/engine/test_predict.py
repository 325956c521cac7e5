from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.engine.predict import scores, top
from demo.records import Box, Photo, Problem, Scores


def means(loaded: Callable[..., Any], temperature: float = 1.0) -> Any:
    """Logits are the mean of each colour."""
    network = nn.Sequential(nn.Identity(), nn.AvgPool2d(4), nn.Flatten())
    return loaded(network, ("0",), 3, temperature)


def colours(*rgb: int) -> Photo:
    return Photo(f"plain {rgb}", np.full((4, 4, 3), rgb, dtype=np.uint8))


def test_softmax_of_the_logits(loaded: Callable[..., Any]) -> None:
    model = means(loaded)
    found = scores(model, colours(1, 2, 3))
    assert found.logits.tolist() == [1.0, 2.0, 3.0]
    assert found.probabilities.tolist() == pytest.approx([0.0900306, 0.2447285, 0.6652410])
    assert (found.model, found.photo, found.source) == (
        model.spec.key,
        "plain (1, 2, 3)",
        "bundled",
    )
    assert found.seen == Box(0.0, 0.25, 1.0, 0.75)
    assert found.seconds > 0
    assert found.top == 2


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_an_answer_that_is_not_finite_is_refused(loaded: Callable[..., Any], value: float) -> None:
    model = means(loaded)
    model.network[1].register_forward_hook(
        lambda module, inputs, output: torch.cat([output[:, :2], output[:, 2:] * 0 + value], 1)
    )
    with pytest.raises(Problem) as caught:
        scores(model, colours(1, 2, 3))
    assert (caught.value.key, caught.value.values) == (
        "problem.not_finite",
        {"model": model.spec.title},
    )


def test_the_temperature_divides_the_logits(loaded: Callable[..., Any]) -> None:
    found = scores(means(loaded, temperature=2.0), colours(2, 4, 6))
    assert found.logits.tolist() == [2.0, 4.0, 6.0]
    assert found.probabilities.tolist() == pytest.approx([0.0900306, 0.2447285, 0.6652410])


def test_large_logits_do_not_overflow(loaded: Callable[..., Any]) -> None:
    assert scores(means(loaded), colours(0, 255, 0)).probabilities.tolist() == [0.0, 1.0, 0.0]


def test_top(answer: Callable[..., Scores]) -> None:
    found = answer("a", [0.125, 0.5, 0.125, 0.25])
    assert top(found, 3) == [(1, 0.5), (3, 0.25), (0, 0.125)]
    assert top(found, 9) == [(1, 0.5), (3, 0.25), (0, 0.125), (2, 0.125)]
    assert top(found, 0) == []
