"""Everything that one card of the comparison says, from one forward pass."""

from __future__ import annotations

from demo.engine.gain import gains
from demo.engine.gradcam import heat_map
from demo.engine.predict import scores, top
from demo.records import Photo
from demo.topics.compare.records import Card
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec


def layer_at(spec: ModelSpec, depth: str) -> str:
    """Name of the early, middle or last of the layers that the spec finds worth looking at.

    depth: "early", "middle" or "last"; anything else is the spec's default layer.
    """
    names = [layer.name for layer in spec.layers]
    at = {"early": 0, "middle": (len(names) - 1) // 2, "last": len(names) - 1}
    return names[at[depth]] if depth in at else spec.default_layer


@gains(seconds=20)
def card(loaded: LoadedModel, photo: Photo, k: int = 5, label: str = "", depth: str = "") -> Card:
    """The answer of one network about one photo, with the map of one class.

    Args:
        k: how many classes, most probable first.
        label: the class to explain; the most probable one where it is "" or not one of the
            network's labels.
        depth: see `layer_at`.
    """
    spec = loaded.spec
    answer = scores(loaded, photo)
    index = spec.labels.index(label) if label in spec.labels else answer.top
    layer = layer_at(spec, depth)
    return Card(
        model=spec.key,
        title=spec.title,
        family=spec.family,
        dataset=spec.dataset,
        source=loaded.source,
        labels=spec.labels,
        scores=answer,
        top=tuple(top(answer, k)),
        heat=heat_map(loaded, photo, layer, index),
        layer=layer,
        parameters=spec.parameters,
        macs=spec.macs,
    )
