"""Feature maps: a layer's channels as a mosaic, one over the photo and over what drives it most."""

from __future__ import annotations

import html
from collections.abc import Iterator

from demo.drawing.heat import frame, photo_address, photo_ratio
from demo.drawing.stage import staged
from demo.engine.ask import ask
from demo.lane import Turn
from demo.page import photos
from demo.page.own import network_of, spec_of
from demo.page.sent import one_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer.channels import channels, example_response, known, maps_of, response
from demo.topics.closer.figures import channels as figure
from demo.topics.closer.figures.layers import layer_name
from demo.topics.closer.figures.methods import Progress
from demo.topics.closer.records.channels import BY, Response
from demo.topics.closer.scenes.chosen import class_name, index_of
from demo.zoo.spec import Layer, ModelSpec

PLACES = ("first", "middle", "last")
"""Which of a network's named layers: they are called otherwise in each."""


def layer_at(one: ModelSpec, place: str) -> Layer:
    """The first, the middle or the last layer that the spec names."""
    at = PLACES.index(one_of(place, PLACES))
    return one.layers[round(at * (len(one.layers) - 1) / 2)]


def features(
    t: Words, photo: Photo, key: str, label: str, place: str, sort: str, picked: str
) -> Iterator[str | Turn]:
    """The mosaic and the chosen channel, then the example photos that drive it most.

    Args:
        label: the class whose weights are asked, "" the network's own first choice.
        place: of PLACES.
        sort: of BY, "" by weight.
        picked: "MODEL:LAYER:CHANNEL"; of another network or layer, or "", it is the first one.
    """
    network, by = network_of(key), one_of(sort or BY[0], BY)
    layer = layer_at(network.spec, place)
    wanted = index_of(network.spec, label)
    found = ask(channels, network, photo, layer.name, wanted)
    shown, owner = found.first(by), f"{key}:{layer.name}"
    chosen = channel_of(picked, owner, found.count, shown[0])
    own = ask(response, network, photo, layer.name, chosen)
    maps = ask(maps_of, network, photo, layer.name, shown)
    name, ratio = class_name(network.spec, found.index, t), photo_ratio(photo.pixels)
    shape = html.escape(frame(ratio, photo_address(photo, colourless=True)), quote=True)
    title = t("closer.channels_of", model=network.spec.title, layer=layer_name(layer.name, t))
    sheet = figure.mosaic(found, maps, owner, chosen, by, t)

    def drawn(driven: list[Response] | Progress, words: str) -> str:
        others = driven if isinstance(driven, list) else []
        scale = figure.scale_of([own, *others])
        addresses = {one.name: _address(one.name) for one in others}
        parts = (
            sheet,
            figure.enlarged(found, own, scale, chosen, ratio, t),
            figure.examples(driven, scale, addresses, t),
        )
        picture = (
            f'<div class="closer" style="{shape}"><p class="channels-of">{html.escape(title)}</p>'
            f'<div class="features">{"".join(parts)}</div></div>'
        )
        return staged(picture, html.escape(words), "laid")

    driven, total = list[Response](), len(photos.EXAMPLES)
    for done, one in enumerate(photos.EXAMPLES):
        example = photos.load(photos.of_example(one))
        assert example is not None
        if not ask(known, network, example):
            yield drawn(Progress(done, total), t("closer.channel_asking", done=done, total=total))
            yield Turn.NETWORK
        driven.append(ask(example_response, network, example, one, layer.name, chosen))
    said = figure.sentence(found, own, driven, chosen, name, by, t)
    unknown = t("card.not_known", label=label) if label and wanted is None else ""
    yield drawn(driven, t.sentences(said, unknown))


def channel_of(picked: str, owner: str, count: int, otherwise: int) -> int:
    """The channel of a picked text, where it is of this owner and there is one of that number."""
    of, _, number = picked.rpartition(":")
    fits = of == owner and number.isascii() and number.isdigit() and len(number) < 6
    return int(number) if fits and int(number) < count else otherwise


def bare(t: Words, key: str, label: str, place: str, sort: str, picked: str) -> str:
    """The same without a photo or weights: how many channels each layer has."""
    one = spec_of(key)
    rows = "".join(
        f"<li{_current(layer, one, place)}><b>{html.escape(layer_name(layer.name, t))}</b><span>"
        + html.escape(t("closer.channels_count", count=layer.channels, size=layer.size))
        + "</span></li>"
        for layer in one.layers
    )
    words = html.escape(t("closer.features_bare", model=one.title))
    return staged(f'<div class="closer"><ul class="asks">{rows}</ul></div>', words, "laid")


def _current(layer: Layer, one: ModelSpec, place: str) -> str:
    return ' aria-current="true"' if layer == layer_at(one, place) else ""


def _address(name: str) -> tuple[str, float]:
    """An example photo in greys, and its width / height."""
    photo = photos.load(photos.of_example(name))
    assert photo is not None
    return photo_address(photo, 200, colourless=True), photo_ratio(photo.pixels)
