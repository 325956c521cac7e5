"""Deletion and insertion: does the probability follow the pixels that a map names first?

Petsiuk, Das and Saenko, "RISE" (2018): pixels give way to a blurred photo in the map's order, or
come back to it. The edge detector as decoy: Adebayo et al., "Sanity Checks for Saliency Maps"
(2018).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from demo.engine.runs import once, run
from demo.records import Photo
from demo.topics.closer.explain import Question, explaining, finished
from demo.topics.closer.records.trials import ORDERS, Curve, Faithfulness, Order, Trial
from demo.zoo.loading import LoadedModel

POINTS = 17
"""Of a curve: nothing gone, a sixteenth, ... all."""
BLUR = 0.1
"""Deviation of the blur as a share of the input's side."""

Testing = Generator[tuple[int, int], None, Faithfulness]


def faithfulness(loaded: LoadedModel, photo: Photo, question: Question) -> Faithfulness:
    """How a map's order does beside random, centre and edges; kept.

    Raises:
        Problem: as `explain`.
    """
    return finished(testing(loaded, photo, question))


def testing(loaded: LoadedModel, photo: Photo, question: Question) -> Testing:
    """The same in steps: yields (orders done, of how many); those of a long method before.

    A large network goes through some pictures a step, so that others come in between.
    """
    found = yield from explaining(loaded, photo, question)
    key = ("faithful", found.method, found.index, found.layer)
    kept = run(loaded, photo).results.peek(key)
    if kept is not None:
        return kept
    x, _ = loaded.prepare(photo)
    baseline = blurred(x)

    def probability(some: Tensor) -> Tensor:
        with loaded.lock, torch.no_grad():
            return loaded.spec.probabilities(loaded.network(some))[:, found.index]

    trials = []
    for done, order in enumerate(ORDERS):
        yield done, len(ORDERS)
        places = order_of(order, torch.from_numpy(found.raw), x)
        word = done, len(ORDERS)
        deletion = yield from _saying(word, curving(probability, x, baseline, places))
        insertion = yield from _saying(word, curving(probability, baseline, x, places))
        trials.append(Trial(order, deletion, insertion))
    record = Faithfulness(loaded.spec.key, found.method, found.index, tuple(trials))
    return once(loaded, photo, key, lambda: record)


def curve(
    probability: Callable[[Tensor], Tensor],
    start: Tensor,
    end: Tensor,
    places: Tensor,
    points: int = POINTS,
) -> Curve:
    """As `curving`, at once."""
    return finished(curving(probability, start, end, places, points))


def curving(
    probability: Callable[[Tensor], Tensor],
    start: Tensor,
    end: Tensor,
    places: Tensor,
    points: int = POINTS,
) -> Generator[None, None, Curve]:
    """The probability on the way from one picture to another, pixel by pixel; stops between
    batches.

    Args:
        probability: of pictures, (N, 3, H, W) -> (N,).
        start, end: (1, 3, H, W).
        places: (H * W,), indices of the pixels in the order in which they change.
        points: of the curve, both ends among them.
    """
    count = len(places)
    rank = torch.empty(count, dtype=torch.long)
    rank[places] = torch.arange(count)
    changed = [round(count * point / (points - 1)) for point in range(points)]
    masks = torch.stack([(rank < many).view(1, *start.shape[-2:]) for many in changed])
    batch = points if start.shape[-1] <= 64 else 4
    found: list[Tensor] = []
    for some in masks.split(batch):
        if found:
            yield
        found.append(probability(torch.where(some.to(start.device), end, start)))
    fractions = np.array(changed) / count
    return Curve(fractions, torch.cat(found).double().cpu().numpy())


def _saying(
    word: tuple[int, int], steps: Generator[None, None, Curve]
) -> Generator[tuple[int, int], None, Curve]:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield word


def order_of(order: Order, heat: Tensor, x: Tensor) -> Tensor:
    """Indices of the input's pixels, (H * W,), first to change first.

    Args:
        heat: the map before ReLU, (h, w).
        x: the input, (1, 3, H, W).
    """
    high, wide = x.shape[-2:]
    if order == "edges":
        values = edges(x.cpu())
    elif order == "centre":
        y, across = (torch.linspace(-1, 1, side) for side in (high, wide))
        values = -(y[:, None] ** 2 + across[None] ** 2)
    else:
        if order == "random":
            heat = torch.randn(heat.shape, generator=torch.Generator().manual_seed(0))
        large = F.interpolate(heat[None, None].float(), (high, wide), mode="bilinear")
        values = large[0, 0]
    return values.flatten().argsort(descending=True, stable=True)


def edges(x: Tensor) -> Tensor:
    """Strength of Sobel's edges in the mean of the colours, (1, 3, H, W) -> (H, W)."""
    sobel = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    kernels = torch.stack([sobel, sobel.T])[:, None]
    grey = F.pad(x.mean(dim=1, keepdim=True), (1, 1, 1, 1), mode="replicate")
    return F.conv2d(grey, kernels).square().sum(dim=1)[0].sqrt()


def blurred(x: Tensor) -> Tensor:
    """The input under a Gaussian blur whose deviation is BLUR of its side; same shape."""
    deviation = BLUR * x.shape[-1]
    reach = math.ceil(2 * deviation)
    offsets = torch.arange(-reach, reach + 1, dtype=x.dtype, device=x.device)
    weights = torch.exp(-(offsets**2) / (2 * deviation**2))
    weights = (weights / weights.sum()).repeat(x.shape[1], 1, 1, 1)
    wide = F.conv2d(F.pad(x, (reach, reach, 0, 0), mode="replicate"), weights, groups=x.shape[1])
    tall = F.pad(wide, (0, 0, reach, reach), mode="replicate")
    return F.conv2d(tall, weights.transpose(2, 3), groups=x.shape[1])
