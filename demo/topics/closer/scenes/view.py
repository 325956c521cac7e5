"""The scenes that put networks side by side: this or that, through depth, whether to believe it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from functools import partial

from demo.drawing.heat import photo_ratio
from demo.engine.ask import Network, ask
from demo.lane import Turn
from demo.page.sent import one_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer import layers as explained_layers
from demo.topics.closer.against import against as compare
from demo.topics.closer.explain import Question
from demo.topics.closer.faithful import testing
from demo.topics.closer.figures import (
    against as against_figure,
    believe as believe_figure,
    layers as layers_figure,
)
from demo.topics.closer.figures.maps import legend, number
from demo.topics.closer.records.maps import METHODS, Against, Method, Strip, row_scales
from demo.topics.closer.records.trials import Faithfulness
from demo.topics.closer.scenes.chosen import class_name, index_of
from demo.topics.closer.scenes.several import bare, several
from demo.zoo.spec import ModelSpec


def against(
    t: Words, photo: Photo, keys: list[str], label: str, other: str, together: bool = False
) -> Iterator[str | Turn]:
    """The map of the difference of two logits, for each network.

    Args:
        label: "why this", "" each network's first choice; other: "and not that", "" its best other
            class.
        together: whether all maps share one scale.
    """
    ratio, names = photo_ratio(photo.pixels), []

    def compute(network: Network) -> Against:
        this, that = (index_of(network.spec, one) for one in (label, other))
        return ask(compare, network, photo, this, None if that == this else that)

    def draw(spec: ModelSpec, found: Against) -> str:
        names.append(partial(class_name, spec, t=t))
        return against_figure.difference(found, found.map.largest, names[-1], ratio, t)

    def again(found: list[Against]) -> Callable[[ModelSpec, Against], str]:
        most = max((one.map.largest for one in found), default=0.0)

        def redraw(spec: ModelSpec, one: Against) -> str:
            name = partial(class_name, spec, t=t)
            return against_figure.difference(one, most, name, ratio, t)

        return redraw

    def say(found: list[tuple[str, Against]]) -> str:
        most = max(one.map.largest for _, one in found)
        shared = t("closer.one_scale_map", most=number(most)) if together else ""
        return t.sentences(against_figure.sentence(found, names, t), shared)

    yield from several(
        *(t, photo, keys, compute, draw, say, against_figure.key(t)),
        again=again if together else None,
    )


def bare_against(t: Words, keys: list[str], label: str, other: str, together: bool = False) -> str:
    """The same without a photo."""
    return bare(t, keys, t("closer.against_bare"))


def layers(
    t: Words, photo: Photo, keys: list[str], label: str, together: bool = False
) -> Iterator[str | Turn]:
    """Grad-CAM at every named layer, for each network, and at the blocks between one by one.

    Args:
        together: whether the maps of a row share one scale.
    """
    ratio = photo_ratio(photo.pixels)

    def compute(network: Network) -> Strip:
        return ask(explained_layers.strip, network, photo, index_of(network.spec, label))

    def draw(spec: ModelSpec, found: Strip) -> str:
        name = class_name(spec, found.layers[0].map.index, t)
        return layers_figure.strip(found, name, ratio, t)

    def again(found: list[Strip]) -> Callable[[ModelSpec, Strip], str]:
        scales = row_scales(found)

        def redraw(spec: ModelSpec, one: Strip) -> str:
            name = class_name(spec, one.layers[0].map.index, t)
            return layers_figure.strip(one, name, ratio, t, scales)

        return redraw

    def say(found: list[tuple[str, Strip]]) -> str:
        shared = t("closer.one_scale_rows") if together else ""
        return t.sentences(layers_figure.sentence(found, t), shared)

    below = layers_figure.scrubber(t) + legend(t)
    yield from several(
        *(t, photo, keys, compute, draw, say, below), again=again if together else None
    )


def bare_layers(t: Words, keys: list[str], label: str, together: bool = False) -> str:
    """The same without a photo."""
    return bare(t, keys, t("closer.layers_bare"))


def believe(
    t: Words, photo: Photo, keys: list[str], label: str, method: Method
) -> Iterator[str | Turn]:
    """Deletion and insertion in the map's order and in others, for each network."""
    chosen = one_of(method, METHODS)

    def compute(network: Network) -> Generator[tuple[int, int], None, Faithfulness]:
        return ask(testing, network, photo, Question(chosen, index_of(network.spec, label)))

    def draw(spec: ModelSpec, found: Faithfulness) -> str:
        return believe_figure.trial(found, t)

    def say(found: list[tuple[str, Faithfulness]]) -> str:
        return believe_figure.sentence(found, chosen, t)

    yield from several(t, photo, keys, compute, draw, say, believe_figure.legend(t))


def bare_believe(t: Words, keys: list[str], label: str, method: str) -> str:
    """The same without a photo."""
    return bare(t, keys, t("closer.believe_bare"))
