"""A grey patch on the photo: what the networks answer, and the smallest that fools one alone."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import torch
from torch import Tensor

from demo.engine.ask import Network, ask
from demo.engine.counterfactual import own_answer
from demo.engine.runs import once, run
from demo.records import Photo
from demo.records.counterfactual import Answer, Changed
from demo.topics.closer.numbers.breaking import GREY
from demo.topics.closer.numbers.patches import alone, masks
from demo.topics.closer.records.patches import (
    SIDES,
    Find,
    Patch,
    Search,
    Tries,
    middle_square,
    places,
)
from demo.zoo.loading import LoadedModel

Searching = Generator[Search, None, Search]


def patched(loaded: LoadedModel, photo: Photo, patch: Patch) -> Changed:
    """The network's answers without the patch and with it; kept."""

    def compute() -> Changed:
        logits = _logits(loaded, photo, [patch])
        after = Answer(logits[0].numpy(), loaded.spec.probabilities(logits)[0].numpy())
        return Changed(own_answer(loaded, photo), after)

    return once(loaded, photo, ("patched", patch), compute)


def searching(networks: Sequence[Network], photo: Photo) -> Searching:
    """For each network the smallest patch that fools it and none of the others, side by side.

    Goes from small sides to large ones, and ends when each has its own or all are tried; yields
    how far it is before each batch.
    """
    finds: dict[str, Find | None] = {one.spec.key: None for one in networks}
    for side in SIDES:
        if all(finds.values()):
            break
        total, tries = len(networks) * len(places(side)), dict[str, Tries]()
        for place, network in enumerate(networks):
            steps = ask(trying, network, photo, side)
            while True:
                try:
                    done = place * len(places(side)) + next(steps)
                except StopIteration as end:
                    tries[network.spec.key] = end.value
                    break
                yield Search(dict(finds), side, done, total)
        finds = {key: finds[key] or one for key, one in alone(tries).items()}
    return Search(finds, side, 0, 0, over=True)


def trying(loaded: LoadedModel, photo: Photo, side: int) -> Generator[int, None, Tries]:
    """The answers to all patches of one side, a batch a step: yields how many are done; kept."""
    key = ("tries", side)
    kept = run(loaded, photo).results.peek(key)
    if kept is not None:
        return kept
    own, patches = run(loaded, photo).scores.top, places(side)
    batch = len(patches) if loaded.spec.input_size <= 64 else 8
    found = []
    for start in range(0, len(patches), batch):
        yield start
        found.append(
            loaded.spec.probabilities(_logits(loaded, photo, patches[start : start + batch]))
        )
    shares = torch.cat(found)
    record = Tries(side, own, shares.argmax(dim=1).numpy(), shares[:, own].numpy().copy())
    return once(loaded, photo, key, lambda: record)


def _logits(loaded: LoadedModel, photo: Photo, patches: Sequence[Patch]) -> Tensor:
    """Logits with each of the patches alone, (n, classes), in one forward pass."""
    x, seen = loaded.prepare(photo)
    how = loaded.spec.preprocess
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (how.mean, how.std))
    grey = ((GREY - mean) / std).to(x.device)
    square = middle_square(*photo.pixels.shape[:2])
    covered = torch.from_numpy(masks(patches, square, seen, how.crop))[:, None].to(x.device)
    with loaded.lock, torch.no_grad():
        return loaded.network(x + covered * (grey - x)).float().cpu()
