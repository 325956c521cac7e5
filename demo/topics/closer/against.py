"""Why this class and not that one: Grad-CAM of the difference of two logits."""

from __future__ import annotations

import numpy as np

from demo.engine.runs import run
from demo.records import Photo
from demo.topics.closer.explain import Question, explain
from demo.topics.closer.records.maps import Against
from demo.zoo.loading import LoadedModel


def against(
    loaded: LoadedModel, photo: Photo, index: int | None, other: int | None, layer: str = ""
) -> Against:
    """The map of logit `index` minus logit `other`, and both logits.

    Args:
        index: "why this"; None is the network's first choice.
        other: "and not that"; None is its most probable class that is not `index`.

    Raises:
        Problem: as `explain`.
    """
    scores = run(loaded, photo).scores
    this = scores.top if index is None else index
    that = second(scores.probabilities, this) if other is None else other
    found = explain(loaded, photo, Question("gradcam", this, that, layer))
    return Against(
        found,
        float(scores.logits[this]),
        float(scores.logits[that]),
        float(scores.probabilities[this]),
        float(scores.probabilities[that]),
    )


def second(probabilities: np.ndarray, index: int) -> int:
    """The most probable class beside `index`."""
    others = probabilities.copy()
    others[index] = -1
    return int(others.argmax())
