"""Methods side by side for one network, photo and class: a stream that grows as each is done."""

from __future__ import annotations

import html
from collections.abc import Iterator

from demo.drawing.heat import frame, photo_ratio, photo_uri
from demo.drawing.stage import staged
from demo.engine.ask import ask
from demo.engine.predict import scores
from demo.lane import Turn
from demo.page.own import network_of, spec_of
from demo.page.sent import one_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer.explain import Question, explaining
from demo.topics.closer.figures import methods as figure
from demo.topics.closer.figures.maps import colourless
from demo.topics.closer.figures.methods import Asked, Progress
from demo.topics.closer.records.maps import LONG, METHODS, Explanation, Method, Methods
from demo.topics.closer.scenes.chosen import class_name, index_of

WINDOWS = {"1/8": 0.125, "1/4": 0.25, "1/2": 0.5}
"""Side of occlusion's square, as a share of the input's."""
STRIDES = {"1/4": 0.25, "1/2": 0.5, "1": 1.0}
"""How far it moves on, as a share of its side."""


def methods(
    t: Words, photo: Photo, key: str, label: str, window: str, stride: str
) -> Iterator[str | Turn]:
    """All methods' maps, each as it is done; the long ones say how far they are.

    Args:
        label: the class to explain, "" the network's own first choice.
        window, stride: of `WINDOWS` and `STRIDES`.
    """
    network = network_of(key)
    answer = ask(scores, network, photo)
    wanted = index_of(network.spec, label)
    index = answer.top if wanted is None else wanted
    asked = Asked(
        network.spec.title,
        class_name(network.spec, index, t),
        float(answer.probabilities[index]),
        answer.seen,
        photo_ratio(photo.pixels),
        photo_uri(photo.pixels, side=360),
    )
    address = photo_uri(colourless(photo.pixels), side=360)
    found: dict[Method, Explanation | Progress] = dict.fromkeys(METHODS, Progress())

    def drawn(words: str) -> str:
        shape = html.escape(frame(asked.ratio, address), quote=True)
        picture = f'<div class="closer" style="{shape}">{figure.panel(found, asked, t)}</div>'
        return staged(picture, html.escape(words), "laid")

    side = WINDOWS[one_of(window, WINDOWS)]
    step = side * STRIDES[one_of(stride, STRIDES)]
    order = sorted(METHODS, key=lambda method: method in LONG)
    for place, method in enumerate(order):
        words = t("closer.methods_done", done=place, count=len(order))
        yield drawn(words)
        yield Turn.NETWORK
        steps = ask(explaining, network, photo, Question(method, index, None, "", side, step))
        while True:
            try:
                found[method] = Progress(*next(steps))
            except StopIteration as end:
                found[method] = end.value
                break
            yield drawn(words)
            yield Turn.NETWORK
    maps = tuple(one for one in found.values() if isinstance(one, Explanation))
    said = figure.sentence(Methods(maps, asked.probability), asked.name, t)
    unknown = t("card.not_known", label=label) if label and wanted is None else ""
    yield drawn(t.sentences(said, unknown))


def bare(t: Words, key: str, label: str, window: str, stride: str) -> str:
    """The same without a photo or weights: what each method asks."""
    rows = "".join(
        f"<li><b>{html.escape(figure.method_name(one, t))}</b>"
        f"<span>{html.escape(t(f'closer.asks.{one}'))}</span></li>"
        for one in METHODS
    )
    words = html.escape(t("closer.methods_bare", model=spec_of(key).title))
    return staged(f'<div class="closer"><ul class="asks">{rows}</ul></div>', words, "laid")
