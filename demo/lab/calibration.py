"""How sure an accuracy is, and how honest probabilities are."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

BINS = 15
Z = 1.959964
"""Two-sided 95 % of the normal distribution."""


def wilson(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share, in [0, 1].

    Source: Wilson, "Probable Inference, the Law of Succession, and Statistical Inference" (1927).

    Raises:
        ValueError: if count is not positive.
    """
    if count <= 0:
        raise ValueError("no pictures")
    share, width = right / count, Z**2 / count
    centre = (share + width / 2) / (1 + width)
    half = Z / (1 + width) * math.sqrt(share * (1 - share) / count + width / (4 * count))
    return centre - half, centre + half


def calibration_error(logits: Tensor, labels: Tensor, temperature: float = 1.0) -> float:
    """Expected calibration error in [0, 1]: 15 bins of equal width over the top probability.

    Source: Guo et al., "On Calibration of Modern Neural Networks" (2017), equation 3.

    Args:
        logits: (N, classes). labels: (N,).
    """
    sure, choice = torch.softmax(logits.double() / temperature, dim=1).max(dim=1)
    right = (choice == labels).double()
    bins = (sure * BINS).ceil().long().clamp(1, BINS)
    gap = torch.zeros(BINS + 1, dtype=torch.double).index_add_(0, bins, right - sure)
    return float(gap.abs().sum() / len(labels))


def best_temperature(logits: Tensor, labels: Tensor) -> float:
    """What the logits must be divided by for the likeliest labels, to two digits behind the point.

    Guo et al. (2017), section 4.2: one number for all classes, which changes no first choice.
    """
    candidates = [step / 100 for step in range(20, 501)]
    losses = torch.stack([F.cross_entropy(logits / t, labels) for t in candidates])
    return candidates[int(losses.argmin())]
