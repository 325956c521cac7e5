"""The scenes that put networks side by side: why this and not that, and through depth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from demo.drawing.heat import photo_ratio
from demo.lane import Turn
from demo.records import Photo
from demo.text import Words
from demo.topics.closer import layers as explained_layers
from demo.topics.closer.against import against as compare
from demo.topics.closer.figures import against as against_figure, layers as layers_figure
from demo.topics.closer.figures.maps import legend
from demo.topics.closer.records import Against, Strip
from demo.topics.closer.scenes.chosen import class_name, index_of
from demo.topics.closer.scenes.several import bare, several
from demo.zoo.loading import LoadedModel


def against(
    t: Words, photo: Photo, keys: list[str], label: str, other: str
) -> Iterator[str | Turn]:
    """The map of the difference of two logits, for each network.

    Args:
        label: "why this", "" each network's first choice; other: "and not that", "" its best other
            class.
    """
    ratio, names = photo_ratio(photo.pixels), []

    def compute(loaded: LoadedModel) -> Against:
        this, that = (index_of(loaded.spec, one) for one in (label, other))
        return compare(loaded, photo, this, None if that == this else that)

    def draw(loaded: LoadedModel, found: Against) -> str:
        names.append(partial(class_name, loaded.spec, t=t))
        return against_figure.difference(found, found.map.largest, names[-1], ratio, t)

    def say(found: list[tuple[str, Against]]) -> str:
        return against_figure.sentence(found, names, t)

    yield from several(t, photo, keys, compute, draw, say, against_figure.key(t))


def bare_against(t: Words, keys: list[str], label: str, other: str) -> str:
    """The same without a photo."""
    return bare(t, keys, t("closer.against_bare"))


def layers(t: Words, photo: Photo, keys: list[str], label: str) -> Iterator[str | Turn]:
    """Grad-CAM at every named layer, for each network."""
    ratio = photo_ratio(photo.pixels)

    def compute(loaded: LoadedModel) -> Strip:
        return explained_layers.strip(loaded, photo, index_of(loaded.spec, label))

    def draw(loaded: LoadedModel, found: Strip) -> str:
        name = class_name(loaded.spec, found.layers[0].map.index, t)
        return layers_figure.strip(found, name, ratio, t)

    def say(found: list[tuple[str, Strip]]) -> str:
        return layers_figure.sentence(found, t)

    yield from several(t, photo, keys, compute, draw, say, legend(t))


def bare_layers(t: Words, keys: list[str], label: str) -> str:
    """The same without a photo."""
    return bare(t, keys, t("closer.layers_bare"))
