"""The JSON API of the topic "Look closer", an endpoint a question that its scenes ask."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from demo.engine.ask import ask, listed
from demo.engine.predict import scores
from demo.lane import Turn
from demo.page.endpoint import index_of, offer
from demo.records import Photo, Problem
from demo.topics.closer.breaking import broken
from demo.topics.closer.explain import Question, explaining
from demo.topics.closer.faithful import testing
from demo.topics.closer.layers import strip
from demo.topics.closer.marking import marked as overlap_of
from demo.topics.closer.randomised import randomising
from demo.topics.closer.records.breaking import Harm, Kind
from demo.topics.closer.records.marks import Mark
from demo.topics.closer.records.trials import Curve

Answer = TypeVar("Answer")
MOST = 64
"""Rows, and places of a row, of a mark at most."""


def register() -> None:
    """Offer the endpoints; called once, inside the app's Blocks context."""
    offer(explain, "explain")
    offer(depth, "depth")
    offer(faithfulness, "faithfulness")
    offer(mark, "mark")
    offer(randomised, "randomised")
    offer(harmed, "break")


def explain(
    image: Photo,
    model: str = "mini_resnet",
    method: str = "gradcam",
    layer: str = "",
    label: str | int = "",
    against: str | int = "",
) -> dict:
    """What one method says about one class, or about one class rather than another.

    `method` is "gradcam", "gradcam_pp", "hirescam", "saliency", "guided", "integrated" or
    "occlusion"; `layer` and `label` are as in /gradcam; `against` is "" or a class whose logit is
    taken away. `heatmap` holds rows in [0, 1] (what speaks for the class, divided by the most),
    `signed` rows in [-1, 1] (divided by the largest |value|), at the map's own size; `raw_min` and
    `raw_max` are the range before that. `layer` is "" where the method looks at pixels alone.
    """
    return _explained(image, model, method, layer, label, against)  # type: ignore[return-value]


def _explained(image: Photo, model: str, method: Any, layer: str, *classes: Any) -> Iterator[Any]:
    """Its answer, a step of a long method at a time."""
    network = listed(model)
    index, against = (index_of(network.spec, one) for one in classes)
    question = Question(method, index, against, layer)
    found = yield from _in_turn(ask(explaining, network, image, question))
    labels = network.spec.labels
    yield {
        "model": model,
        "method": found.method,
        "layer": found.layer,
        "label": labels[found.index],
        "against": "" if found.against is None else labels[found.against],
        "heatmap": _rows(found.heat),
        "signed": _rows(found.signed),
        "raw_min": found.raw_min,
        "raw_max": found.raw_max,
        "probability": float(ask(scores, network, image).probabilities[found.index]),
        "seconds": found.seconds,
    }


def _in_turn(steps: Generator[Any, None, Answer]) -> Generator[Turn, None, Answer]:
    """What the steps come to; others may go first between two of them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield Turn.NETWORK


def depth(image: Photo, model: str = "mini_resnet", label: str | int = "") -> dict:
    """Grad-CAM of one class at every layer that /models names, from first to last, and at the
    blocks between them.

    Of each layer: `size` (height, width) of its maps, `receptive_field` (height, width of what one
    of its places sees, in pixels of the network's input), and `heatmap` as in /gradcam.
    """
    network = listed(model)
    found = ask(strip, network, image, index_of(network.spec, label))
    return {
        "model": model,
        "label": network.spec.labels[found.layers[0].map.index],
        "layers": [
            {
                "layer": one.map.layer,
                "size": list(one.size),
                "receptive_field": list(one.field),
                "heatmap": _rows(one.map.heat),
            }
            for one in found.layers
        ],
    }


def faithfulness(
    image: Photo, model: str = "mini_resnet", method: str = "gradcam", label: str | int = ""
) -> dict:
    """Whether a map is to be believed: a class's probability while pixels go, or come.

    In `deletion` pixels give way to a blurred photo in the map's order, in `insertion` they come
    back to it: `fractions` of the pixels, `probabilities`, `area` under the curve. `random` (a map
    as coarse), `centre` (from the middle outwards) and `edges` (an edge detector) hold the same two
    curves for other orders. A faithful map has less `area` in deletion and more in insertion.
    """
    return _tested(image, model, method, label)  # type: ignore[return-value]


def _tested(image: Photo, model: str, method: Any, label: str | int) -> Iterator[Any]:
    network = listed(model)
    question = Question(method, index_of(network.spec, label))
    found = yield from _in_turn(ask(testing, network, image, question))
    own, *others = (
        {"deletion": _curve(one.deletion), "insertion": _curve(one.insertion)}
        for one in found.trials
    )
    yield {
        "model": model,
        "method": found.method,
        "label": network.spec.labels[found.index],
        **own,
        **{one.order: curves for one, curves in zip(found.trials[1:], others, strict=True)},
    }


def mark(
    image: Photo,
    marked: list[list[bool]],
    model: str = "mini_resnet",
    label: str | int = "",
) -> dict:
    """How far a Grad-CAM lies where somebody expects it.

    `marked` holds rows of true and false over the whole photo, at most 64 by 64. `share`: of the
    map's sum, what lies inside. `iou`: intersection over union of the mark and of as many places
    where the map is highest; `by_chance`: what as many places anywhere have, about. `inside`:
    whether the map's highest place is marked.
    """
    network, places = listed(model), mark_of(marked)
    found = ask(overlap_of, network, image, places, index_of(network.spec, label))
    return {
        "model": model,
        "label": found.label,
        "share": found.share,
        "iou": found.iou,
        "by_chance": places.by_chance,
        "inside": found.inside,
    }


def mark_of(rows: list[list[bool]]) -> Mark:
    """The mark that a client sends.

    Raises:
        Problem: "closer.problem.no_mark" if the rows are none, too many or not of one length.
    """
    widths = {len(row) for row in rows}
    if len(widths) != 1 or not (0 < len(rows) <= MOST and 0 < max(widths) <= MOST):
        raise Problem("closer.problem.no_mark", most=MOST)
    return Mark(np.array(rows, dtype=bool))


def randomised(
    image: Photo, model: str = "mini_resnet", method: str = "gradcam", label: str | int = ""
) -> dict:
    """What becomes of a map while the network's parts get random weights, from the classifier down.

    `method` is "gradcam", "guided", "saliency", "integrated" or "edges" (an edge detector, which
    asks no network). `stages`: of each step, the `part` that has just become random ("" before the
    first) and the rank `correlation` of the map's |values| with the trained network's. `changed`:
    whether it ends below 0.5.
    """
    return _randomised(image, model, method, label)  # type: ignore[return-value]


def _randomised(image: Photo, model: str, method: Any, label: str | int) -> Iterator[Any]:
    network = listed(model)
    index = index_of(network.spec, label)
    found = yield from _in_turn(ask(randomising, network, image, method, index))
    yield {
        "model": model,
        "method": found.probe,
        "label": network.spec.labels[found.index],
        "stages": [{"part": one.part, "correlation": one.correlation} for one in found.stages],
        "changed": found.changed,
    }


def harmed(
    image: Photo,
    model: str = "mini_resnet",
    kind: str = "cover",
    strength: float = 0.4,
    label: str | int = "",
) -> dict:
    """What a network answers about a harmed photo, before and after, and where it looks then.

    `kind` is "cover" (a grey square in the middle), "blur", "shift", "rotate", "crop" or "noise",
    `strength` from 0 to 1, of the most that the page offers. `before` and `after`: its first
    choice, `label`, and the `probability` of the class that is asked, or of its first choice for
    the whole photo. `heatmap` is as in /gradcam, over what the network was given.
    """
    network = listed(model)
    index = index_of(network.spec, label)
    found = ask(broken, network, image, Harm(cast("Kind", kind), strength), index)
    before, after = found.shares
    labels = network.spec.labels
    return {
        "model": model,
        "kind": kind,
        "strength": strength,
        "before": {"label": labels[found.top], "probability": before},
        "after": {"label": labels[found.winner], "probability": after},
        "heatmap": _rows(found.map.heat),
    }


def _curve(found: Curve) -> dict[str, Any]:
    return {
        "fractions": found.fractions.tolist(),
        "probabilities": found.probabilities.tolist(),
        "area": found.area,
    }


def _rows(values: NDArray[np.floating]) -> list[list[float]]:
    return np.round(values.astype(float), 6).tolist()
