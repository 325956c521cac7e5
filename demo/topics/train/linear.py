"""A linear layer fitted to features: multinomial logistic regression, full batch, L-BFGS.

The objective is convex, so there is one best answer, whatever the start (Nocedal & Wright,
"Numerical Optimization", 2006, chapter 7).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
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
SETTLED = 1e-6
"""Share of the objective by which it must still fall; below that it has arrived."""
REMEMBERED = 10
"""Steps whose curvature is remembered."""


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
    channels = x.shape[1]

    def parts_of(flat: Tensor) -> tuple[Tensor, Tensor]:
        return flat[: classes * channels].view(classes, channels), flat[classes * channels :]

    def value_of(flat: Tensor) -> tuple[float, Tensor]:
        flat = flat.detach().requires_grad_()
        value = objective(*parts_of(flat), x[train], y[train])
        (slope,) = torch.autograd.grad(value, flat)
        return float(value.detach()), slope

    start = torch.zeros(classes * (channels + 1), dtype=torch.float64)
    for epoch, flat in enumerate(descent(value_of, start, epochs), start=1):
        weight, bias = parts_of(flat)
        logits = F.linear(x, weight, bias)
        losses = F.cross_entropy(logits, y, reduction="none")
        right = (logits.argmax(dim=1) == y).double()
        numbers = [float(one[part].mean()) for one in (losses, right) for part in (train, held)]
        head = Head((weight / scale).float().numpy(), bias.float().numpy())
        yield Fitted(Step(epoch, *numbers), head)


def descent(
    value_of: Callable[[Tensor], tuple[float, Tensor]], at: Tensor, most: int
) -> Iterator[Tensor]:
    """Steps of L-BFGS towards the least value of a convex function (the book's algorithm 7.5).

    value_of: the value and its gradient at a place. Ends after `most` steps, or where a step
    changes the value by less than SETTLED of it.
    """
    value, slope = value_of(at)
    pairs: deque[tuple[Tensor, Tensor]] = deque(maxlen=REMEMBERED)
    for _ in range(most):
        way = _direction(slope, pairs)
        length = 1.0 if pairs else min(1.0, 1.0 / float(slope.norm()))
        fall = float(slope @ way)
        new, new_slope = value_of(at + length * way)
        # Halved until the value falls enough (Armijo).
        while new > value + 1e-4 * length * fall and length > 1e-10:
            length /= 2
            new, new_slope = value_of(at + length * way)
        step, bend = length * way, new_slope - slope
        if float(step @ bend) > 1e-12:
            pairs.append((step, bend))
        change = value - new
        at, value, slope = at + step, new, new_slope
        yield at
        if change < SETTLED * max(value, SETTLED):
            return


def _direction(slope: Tensor, pairs: deque[tuple[Tensor, Tensor]]) -> Tensor:
    """Against the slope, bent by what the last steps told of the curvature (algorithm 7.4)."""
    way, shares = -slope, []
    for step, bend in reversed(pairs):
        share = (step @ way) / (step @ bend)
        way = way - share * bend
        shares.append(share)
    if pairs:
        step, bend = pairs[-1]
        way = way * (step @ bend) / (bend @ bend)
    for (step, bend), share in zip(pairs, reversed(shares), strict=True):
        way = way + step * (share - (bend @ way) / (step @ bend))
    return way


def objective(weight: Tensor, bias: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """Mean cross-entropy + DECAY / 2 |weight|^2; weight (classes, channels), x (N, channels)."""
    return F.cross_entropy(F.linear(x, weight, bias), y) + DECAY / 2 * weight.square().sum()
