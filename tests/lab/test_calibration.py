from __future__ import annotations

import math

import pytest
import torch

from demo.lab.calibration import best_temperature, calibration_error, wilson


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        # Newcombe (1998), Table I: the score method without continuity correction.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5_000, 5_000, 0.9992, 1.0),
    ],
)
def test_wilson(right: int, count: int, low: float, high: float) -> None:
    found = wilson(right, count)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_wilson_of_nothing() -> None:
    with pytest.raises(ValueError, match="no pictures"):
        wilson(0, 0)


def test_calibration_error_by_hand() -> None:
    """Two pictures at 0.9, one right: off by 0.4. Two at 0.6, both right: off by 0.4."""
    probabilities = torch.tensor([[0.9, 0.1], [0.1, 0.9], [0.6, 0.4], [0.4, 0.6]])
    labels = torch.tensor([0, 0, 0, 1])
    assert calibration_error(probabilities.log(), labels) == pytest.approx(0.4)
    # Nine tenths are right where the network is 0.9 sure.
    ten = torch.tensor([[0.9, 0.1]]).log().repeat(10, 1)
    assert calibration_error(ten, torch.tensor([0] * 9 + [1])) == pytest.approx(0, abs=1e-6)


def test_a_network_that_is_too_sure_needs_a_temperature() -> None:
    generator = torch.Generator().manual_seed(0)
    honest = torch.randn(2_000, 10, generator=generator) * 2
    labels = torch.multinomial(honest.softmax(1), 1, generator=generator)[:, 0]
    assert best_temperature(honest, labels) == pytest.approx(1.0, abs=0.1)
    assert best_temperature(honest * 3, labels) == pytest.approx(3.0, abs=0.3)
    assert calibration_error(honest * 3, labels) > 0.15
    assert calibration_error(honest * 3, labels, temperature=3.0) < 0.04


def test_certainty_counts_in_the_last_bin() -> None:
    logits = torch.tensor([[100.0, 0.0]])
    assert calibration_error(logits, torch.tensor([0])) == pytest.approx(0, abs=1e-9)
    assert math.isclose(calibration_error(logits, torch.tensor([1])), 1.0)
