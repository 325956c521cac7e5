"""One question for everything that can be switched off: what would the network answer then?

A branch, a path, a shortcut and a link are all changes of what one module puts out. The changes go
through the network together with the photo itself, so that what lies before a change runs once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from demo.engine.runs import run
from demo.records import Photo
from demo.records.counterfactual import Answer, Counterfactual
from demo.trace import rewritten
from demo.zoo.loading import LoadedModel

Change = Callable[[Tensor], Tensor]
"""What a module put out for the photo, (1, C, h, w) -> the same as it would be, (n, C, h, w)."""


def answers(loaded: LoadedModel, photo: Photo, changes: Mapping[str, Change]) -> Tensor:
    """Logits with each change made alone, (rows of all changes, classes).

    Args:
        changes: module path -> change, in order of depth; a change must not write to its argument.
    """
    x, _ = loaded.prepare(photo)

    def grow(change: Change) -> Change:
        return lambda output: torch.cat([output, change(output[:1])])

    grown = {path: grow(change) for path, change in changes.items()}
    with loaded.lock, torch.no_grad(), rewritten(loaded.network, grown):
        return loaded.network(x).float()[1:]


def own_answer(loaded: LoadedModel, photo: Photo) -> Answer:
    """The network's answer as it is, from the photo's one run."""
    scores = run(loaded, photo).scores
    return Answer(scores.logits, scores.probabilities)


def counterfactuals(
    loaded: LoadedModel,
    photo: Photo,
    places: Sequence[tuple[str, tuple[str, ...]]],
    logits: Tensor,
) -> tuple[Counterfactual, ...]:
    """The records of several answers.

    Args:
        places: (block, what is off) of each row.
        logits: (rows, classes), as `answers` gives them.
    """
    before = own_answer(loaded, photo)
    probabilities = loaded.spec.probabilities(logits)
    return tuple(
        Counterfactual(before, Answer(row.numpy(), share.numpy()), block, off)
        for (block, off), row, share in zip(places, logits, probabilities, strict=True)
    )


def unchanged(loaded: LoadedModel, photo: Photo, block: str) -> Counterfactual:
    """Nothing off: the network's own answer twice; nothing runs again."""
    answer = own_answer(loaded, photo)
    return Counterfactual(answer, answer, block, ())
