"""What a network says about a photo."""

from __future__ import annotations

from demo.engine.runs import run
from demo.records import Photo, Scores
from demo.zoo.loading import LoadedModel


def scores(loaded: LoadedModel, photo: Photo) -> Scores:
    """Logits, probabilities (softmax of logits / the spec's temperature) and the time they took.

    Temperature scaling: Guo et al., "On Calibration of Modern Neural Networks" (2017), eq. 9.
    """
    return run(loaded, photo).scores


def top(scores: Scores, k: int) -> list[tuple[int, float]]:
    """The k most probable classes, most probable first: (class index, probability).

    Equal probabilities keep the order of the labels. All classes if there are fewer than k.
    """
    order = (-scores.probabilities).argsort(kind="stable")[: max(k, 0)]
    return [(int(index), float(scores.probabilities[index])) for index in order]
