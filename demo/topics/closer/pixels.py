"""Methods that ask about pixels, by Captum; the long ones in steps that can be stopped between.

Saliency: Simonyan et al. (2014). Integrated Gradients: Sundararajan et al. (2017). Occlusion:
Zeiler and Fergus (2014). What is taken away becomes the data set's mean colour, 0 to the network.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from typing import Any

import torch
from torch import Tensor

from demo.zoo.loading import LoadedModel

Score = Callable[[Tensor], Tensor]
"""Of logits, (N, classes) -> (N,)."""
Steps = Generator[tuple[int, int], None, Tensor]
"""Yields (done, of how many); returns the map, (H, W)."""
PIECES, POINTS = 8, 4
"""The way from the baseline to the photo: pieces, and points of each at which gradients are taken
(Gauss-Legendre)."""


def captum(name: str) -> Any:
    """A method of Captum, which takes a second to import: not of the start."""
    from demo.zoo import vision  # noqa: F401  # Captum needs the torchvision that it imports.

    import captum.attr  # isort: skip

    return getattr(captum.attr, name)


def saliency(loaded: LoadedModel, x: Tensor, score: Score) -> Tensor:
    """The largest |gradient| of the three colours of each pixel, (H, W)."""
    method = captum("Saliency")(lambda one: score(loaded.network(one)))
    with loaded.lock:
        found = method.attribute(x.detach().clone().requires_grad_(), abs=True)
    return found.amax(dim=1)[0].detach()


def integrated(loaded: LoadedModel, x: Tensor, score: Score) -> Steps:
    """Gradients summed along the way from the baseline, a piece of the way a step.

    The attributions of the pieces add up to those of the whole way.
    """
    method = captum("IntegratedGradients")(lambda one: score(loaded.network(one)))
    total = torch.zeros_like(x)
    # The way back of several large pictures takes gigabytes in a large network.
    at_once = None if x.shape[-1] <= 64 else 1
    for piece in range(PIECES):
        yield piece, PIECES
        start, end = (x * (part / PIECES) for part in (piece, piece + 1))
        with loaded.lock:
            total += method.attribute(
                end, baselines=start, n_steps=POINTS, internal_batch_size=at_once
            ).detach()
    return total.sum(dim=1)[0]


def occlusion(loaded: LoadedModel, x: Tensor, score: Score, size: int, stride: int) -> Steps:
    """By how much the score falls when a square is covered, averaged over the squares that cover a
    pixel; a row of squares a step.

    Args:
        size, stride: of the squares, in pixels of the input; 1 <= stride <= size <= side.
    """
    side = x.shape[-1]
    tops = [row * stride for row in range(math.ceil((x.shape[-2] - size) / stride) + 1)]
    total, covered = torch.zeros_like(x), torch.zeros_like(x)
    batch = 16 if side <= 64 else 4
    for done, top in enumerate(tops):
        yield done, len(tops)
        rows = slice(top, min(top + size, x.shape[-2]))

        def of_strip(strips: Tensor, rows: slice = rows) -> Tensor:
            whole = x.repeat(len(strips), 1, 1, 1)
            whole[:, :, rows] = strips
            return score(loaded.network(whole))

        high = rows.stop - rows.start
        method = captum("Occlusion")(of_strip)
        with loaded.lock, torch.no_grad():
            total[:, :, rows] += method.attribute(
                x[:, :, rows].contiguous(),
                sliding_window_shapes=(x.shape[1], high, size),
                strides=(x.shape[1], high, stride),
                perturbations_per_eval=batch,
            )
        covered[:, :, rows] += 1
    # Captum gives each colour the fall of the whole square.
    return (total / covered)[0, 0]
