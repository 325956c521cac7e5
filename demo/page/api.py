"""The JSON API: /models, /predict, /gradcam, /known, and the endpoints of the topics."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from demo.engine import known as judge
from demo.engine.ask import ask, listed
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores, top
from demo.lane import Turn
from demo.page import api_scenes
from demo.page.endpoint import index_of, offer
from demo.page.topic import Topic
from demo.page.wiring import sentence
from demo.records import Photo, Problem
from demo.text import text
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness


def register(topics: Sequence[Topic]) -> None:
    """Offer every endpoint; called once, inside the app's Blocks context."""
    offer(models, "models", heavy=False)
    offer(predict, "predict")
    offer(gradcam, "gradcam")
    offer(known, "known")
    for topic in topics:
        topic.endpoints()
    api_scenes.register(topics)


def models() -> list[dict]:
    """All networks: what each knows, its size, whether its weights are here, what it can show.

    `source` says where its weights come from, `ready` whether they are on this machine, `blocks`
    names its Inception or dense blocks, `layers` the layers that /gradcam explains, `labels` its
    classes in the order of their indices.
    """
    return [_facts(one) for one in CATALOGUE]


def _facts(one: ModelSpec) -> dict[str, Any]:
    shows_blocks = {"branches", "growth"} & set(one.capabilities)
    ready = readiness(one)
    return {
        "key": one.key,
        "title": one.title,
        "family": one.family,
        "dataset": one.dataset,
        "source": ready,
        "ready": ready != "absent",
        "parameters": one.parameters,
        "macs": one.macs,
        "input_size": one.input_size,
        "top1": one.top1,
        "labels": list(one.labels),
        "layers": [layer.name for layer in one.layers],
        "blocks": list(one.blocks) if shows_blocks else [],
        "capabilities": list(one.capabilities),
    }


def predict(image: Photo, models: list[str] = ["mini_resnet"], top_k: int = 5) -> dict:  # noqa: B006
    """The most probable classes of one photo, by several networks.

    For each key: `predictions` (index, label, probability; most probable first), `seconds` of the
    forward pass, `source` of the weights, and `notices`, sentences about how the photo was read
    (none as a rule); or `error`, one sentence.
    """
    return _predictions(image, models, top_k)  # type: ignore[return-value]


def _predictions(image: Photo, models: list[str], top_k: int) -> Iterator[Any]:
    """Its answer, one network a step."""
    answers: dict[str, Any] = {}
    for key in models:
        yield Turn.NETWORK
        try:
            network = listed(key)
            answer = ask(scores, network, image)
        except Problem as problem:
            answers[key] = {"error": sentence(problem, text("en"))}
            continue
        answers[key] = {
            "predictions": [
                {
                    "index": index,
                    "label": network.spec.labels[index],
                    "probability": probability,
                }
                for index, probability in top(answer, top_k)
            ],
            "seconds": answer.seconds,
            "source": answer.source,
            "notices": [sentence(notice, text("en")) for notice in image.notices],
        }
    yield answers


def gradcam(
    image: Photo, model: str = "mini_resnet", layer: str = "", label: str | int = ""
) -> dict:
    """Grad-CAM of one class at one layer; "" is the default layer, the most probable class.

    `label` is a label of /models, its index, or its name on the English or the Japanese page.
    `heatmap` holds rows in [0, 1] at the layer's own size; `raw_min` and `raw_max` are the range
    of the weighted sum before ReLU (a raw_max of 0 or less: nothing speaks for the class).
    """
    network = listed(model)
    heat = ask(heat_map, network, image, layer, index_of(network.spec, label))
    answer = ask(scores, network, image)
    return {
        "model": model,
        "layer": heat.layer,
        "label": network.spec.labels[heat.index],
        "index": heat.index,
        "probability": float(answer.probabilities[heat.index]),
        "heatmap": np.round(heat.values.astype(float), 6).tolist(),
        "raw_min": heat.raw_min,
        "raw_max": heat.raw_max,
    }


def known(image: Photo) -> dict:
    """Whether a photo shows one of the ten things that the small networks know.

    EfficientNet-Lite0 decides, which knows 1,000 things. `known` is false where it sees none of the
    ten. `looks_like` is its own first label where it is sure enough to name one (above 20 %), ""
    where not; `probability` is that of its first label. A picture of 64 px or less is not judged:
    `known` is true then, `looks_like` "" and `probability` 0.
    """
    verdict = ask(judge.known, judge.JUDGE, image)
    return {
        "known": verdict.known,
        "looks_like": verdict.label,
        "probability": verdict.probability,
    }
