"""The JSON API of full-size networks: /card."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np

from demo import gpu
from demo.page.endpoint import index_of, offer, uploaded
from demo.page.wiring import faces
from demo.photo import read_here
from demo.records import Photo, Problem
from demo.text import text
from demo.topics.compare.scenes.full_size import SECONDS, card_of, is_full_size
from demo.zoo.catalogue import spec


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    if gpu.SHARED:
        # The hub looks for a decorated function that an event binds: nothing stands around it.
        gr.api(card_of_file, api_name="card", concurrency_limit=2)
    else:
        offer(card, "card")


def card(image: Photo, model: str = "resnet50", label: str | int = "", depth: str = "last") -> dict:
    """What a card of the page says about one photo and one full-size network, on a GPU if there is.

    `label` is the class to explain, "" the most probable one; `depth` is "early", "middle" or
    "last". `predictions` are as /predict gives them, `heatmap` and `layer` as /gradcam.
    """
    one = spec(model)
    if not is_full_size(one):
        raise Problem("api.not_full_size", model=one.title)
    asked = index_of(one, label)
    found = card_of(one, image, 5, "" if asked is None else one.labels[asked], depth)
    return {
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


@gpu.on_gpu(SECONDS)
def card_of_file(
    image: dict, model: str = "resnet50", label: str | int = "", depth: str = "last"
) -> dict[str, Any]:
    """/card on a shared GPU: all of it in the process that has the GPU, the reading too."""
    with faces(text("en")):
        return card(read_here(uploaded(image)), model, label, depth)
