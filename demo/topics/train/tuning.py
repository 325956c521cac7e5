"""The last block trained as well, with a small learning rate and photos that are moved a little."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from demo.topics.train import heads
from demo.topics.train.records import PhotoSet, Split, Step
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

EPOCHS = 3
BATCH = 8
RATE = 1e-3
"""Learning rate at the start; it falls to 0 along a cosine (Loshchilov & Hutter, 2017).

Plain steps: those of Adam stay as large where the photos are known already, and lost 1 to 2 of 100
photos of cats and dogs that the head alone had right.
"""
MARGIN = 8
"""A photo is moved by up to one part in so many of its side."""


def part(spec: ModelSpec, network: nn.Module) -> list[str]:
    """Names of the parameters that are trained: of the last block and of all after it.

    An auxiliary classifier is new as well, wherever it stands.
    """
    names = [name for name, _ in network.named_parameters()]
    path = f"{list(spec.blocks.values())[-1] if spec.blocks else spec.last_block}."
    first = next(place for place, name in enumerate(names) if name.startswith(path))
    auxiliary = [n for n in names[:first] if spec.auxiliary and n.startswith(spec.auxiliary)]
    return [*auxiliary, *names[first:]]


def tuning(
    model: LoadedModel,
    photos: PhotoSet,
    parts: Split,
    seed: int,
    epochs: int,
    over: Callable[[], bool],
) -> Iterator[Step | None]:
    """Train the last block and the head of the model itself; an epoch each, None between batches.

    What is reached last is kept. Statistics of BatchNorm stay the trained network's: a few photos
    do not make better ones.
    """
    network, spec = model.network, model.spec
    trained = set(part(spec, network))
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in trained)
    rows = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.SGD(rows, RATE, momentum=0.9)
    random = torch.Generator().manual_seed(seed)
    y = torch.from_numpy(photos.labels)
    total = epochs * -(-len(parts.train) // BATCH)
    done = 0
    try:
        for epoch in range(1, epochs + 1):
            order = parts.train[torch.randperm(len(parts.train), generator=random).numpy()]
            for place in range(0, len(order), BATCH):
                chosen = order[place : place + BATCH]
                x = torch.cat([model.prepare(photos.photos[i])[0] for i in chosen])
                for group in optimizer.param_groups:
                    group["lr"] = RATE * (1 + np.cos(np.pi * done / total)) / 2
                step(spec, network, optimizer, moved(x, random), y[torch.from_numpy(chosen)])
                done += 1
                yield None
                if over():
                    return
            yield from _measured(model, photos, parts, epoch)
    finally:
        network.eval().requires_grad_(False)


def step(
    spec: ModelSpec, network: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor
) -> float:
    """One step on one batch; returns its loss.

    Dropout and BatchNorm stay as in use. Only a network with an auxiliary classifier is told that
    it trains, so that this one speaks.
    """
    network.eval()
    network.training = bool(spec.auxiliary)
    optimizer.zero_grad()
    value = heads.loss(network(x), y)
    value.backward()
    optimizer.step()
    network.training = False
    return float(value.detach())


def moved(x: Tensor, random: torch.Generator) -> Tensor:
    """Each photo of (N, 3, S, S) moved by up to S / MARGIN, its edge mirrored, and half of them
    seen in a mirror."""
    size = x.shape[-1]
    margin = max(size // MARGIN, 1)
    wide = F.pad(x, (margin,) * 4, mode="reflect")
    rows = []
    for photo in wide:
        top, left = torch.randint(0, 2 * margin + 1, (2,), generator=random).tolist()
        cut = photo[:, top : top + size, left : left + size]
        mirrored = bool(torch.rand((), generator=random) < 0.5)
        rows.append(cut.flip(-1) if mirrored else cut)
    return torch.stack(rows)


def _measured(
    model: LoadedModel, photos: PhotoSet, parts: Split, epoch: int
) -> Iterator[Step | None]:
    """Where it stands after an epoch, on the photos as they are."""
    y, rows = torch.from_numpy(photos.labels), []
    for place in range(0, len(photos.photos), BATCH):
        x = torch.cat([model.prepare(one)[0] for one in photos.photos[place : place + BATCH]])
        with torch.no_grad():
            rows.append(model.network(x))
        yield None
    logits = torch.cat(rows)
    losses = F.cross_entropy(logits, y, reduction="none")
    right = (logits.argmax(dim=1) == y).float()
    chosen = (parts.train, parts.held_out)
    numbers = [float(one[places].mean()) for one in (losses, right) for places in chosen]
    yield Step(epoch, *numbers)
