"""A network's Grad-CAM beside what a reader has marked."""

from __future__ import annotations

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.records import Photo
from demo.topics.closer.numbers.overlap import overlap
from demo.topics.closer.records.marks import Mark, Overlap
from demo.zoo.loading import LoadedModel


def marked(loaded: LoadedModel, photo: Photo, mark: Mark, index: int | None = None) -> Overlap:
    """How far the map of one class, at the network's default layer, lies inside the mark.

    Args:
        index: None is the network's first choice.

    Raises:
        Problem: "problem.no_class".
    """
    found = heat_map(loaded, photo, "", index)
    probability = float(scores(loaded, photo).probabilities[found.index])
    return overlap(found, loaded.spec.labels[found.index], probability, mark)
