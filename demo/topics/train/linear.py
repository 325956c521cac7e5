"""A linear layer fitted to features: multinomial logistic regression, full batch, L-BFGS.

The objective is convex, so there is one best answer, whatever the start (Nocedal & Wright,
"Numerical Optimization", 2006, chapter 7).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from demo.topics.train.records import Head, Split, Step

DECAY = 1e-3
"""Half of this times the squared weights, of features of mean square 1, is added to the loss."""
EPOCHS = 60
"""Steps of L-BFGS at most: from some 30 on nothing changes that is seen."""
SETTLED = 1e-7
"""Change of the objective below which it has arrived."""


class Fitted(NamedTuple):
    """A step, and the head after it."""

    step: Step
    head: Head


def fitting(
    features: NDArray[np.float32],
    labels: NDArray[np.int64],
    parts: Split,
    classes: int,
    epochs: int = EPOCHS,
) -> Iterator[Fitted]:
    """Fit a head to the features of the photos that teach, an epoch each time.

    Args:
        features: (photos, channels). labels: (photos,).

    The features are divided by the root of their mean square, in which the weights are folded back;
    the bias is free of DECAY.
    """
    scale = float(np.sqrt(np.mean(np.square(features[parts.train], dtype=np.float64)))) or 1.0
    x = torch.from_numpy(features.astype(np.float64) / scale)
    y = torch.from_numpy(labels)
    train, held = torch.from_numpy(parts.train), torch.from_numpy(parts.held_out)
    weight = torch.zeros(classes, x.shape[1], dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(classes, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([weight, bias], max_iter=1, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        value = objective(weight, bias, x[train], y[train])
        value.backward()
        return value

    before = float("inf")
    for epoch in range(1, epochs + 1):
        # What it answers is the value before the step.
        optimizer.step(closure)
        with torch.no_grad():
            value = float(objective(weight, bias, x[train], y[train]))
            logits = F.linear(x, weight, bias)
            losses = F.cross_entropy(logits, y, reduction="none")
            right = (logits.argmax(dim=1) == y).double()
            numbers = [float(one[part].mean()) for one in (losses, right) for part in (train, held)]
        head = Head((weight.detach() / scale).float().numpy(), bias.detach().float().numpy())
        yield Fitted(Step(epoch, *numbers), head)
        if before - value < SETTLED:
            return
        before = value


def objective(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy + DECAY / 2 |weight|^2; weight (classes, channels), x (N, channels)."""
    return F.cross_entropy(F.linear(x, weight, bias), y) + DECAY / 2 * weight.square().sum()
