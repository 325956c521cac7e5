"""The JSON API of full-size networks: /card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from demo.page.endpoint import index_of, offer
from demo.records import Photo, Problem
from demo.topics.compare.scenes.asking import card_of, turn
from demo.zoo.catalogue import spec


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(card, "card")


def card(image: Photo, model: str = "resnet50", label: str | int = "", depth: str = "last") -> dict:
    """What a card of the page says about one photo and one full-size network, on a GPU if there is.

    `label` is the class to explain, "" the most probable one; `depth` is "early", "middle" or
    "last". `predictions` are as /predict gives them, `heatmap` and `layer` as /gradcam.
    """
    return _asked(image, model, label, depth)  # type: ignore[return-value]


def _asked(image: Photo, model: str, label: str | int, depth: str) -> Iterator[Any]:
    """Its answer, waited for where that keeps nobody from the networks."""
    one = spec(model)
    if not one.full_size:
        raise Problem("api.not_full_size", model=one.title)
    asked = index_of(one, label)
    yield turn(one)
    found = card_of(one, image, 5, "" if asked is None else one.labels[asked], depth)
    yield {
        "model": model,
        "predictions": [
            {"index": index, "label": one.labels[index], "probability": probability}
            for index, probability in found.top
        ],
        "label": one.labels[found.heat.index],
        "index": found.heat.index,
        "layer": found.layer,
        "heatmap": np.round(found.heat.values.astype(float), 6).tolist(),
    }
