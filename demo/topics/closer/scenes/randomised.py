"""Weights randomised from the top down: each method's maps, the chosen one's first."""

from __future__ import annotations

import html
from collections.abc import Iterator

from demo.drawing.heat import frame, photo_ratio, photo_uri
from demo.drawing.stage import staged
from demo.drawing.style import family_var
from demo.engine.ask import ask
from demo.engine.predict import scores
from demo.lane import Turn
from demo.page.own import network_of, spec_of
from demo.page.sent import one_of
from demo.records import Photo
from demo.text import Words
from demo.topics.closer.figures import randomised as figure
from demo.topics.closer.figures.maps import colourless, legend
from demo.topics.closer.figures.methods import Progress
from demo.topics.closer.randomised import known, randomising
from demo.topics.closer.records.sanity import PROBES, QUICK, Cascade, Probe
from demo.topics.closer.scenes.chosen import class_name, index_of


def randomised(t: Words, photo: Photo, key: str, label: str, probe: Probe) -> Iterator[str | Turn]:
    """The chosen method's strip, then the lines of the quick ones as each is done.

    Args:
        label: the class to explain, "" the network's own first choice.
        probe: whose maps are in sight.
    """
    chosen = one_of(probe, PROBES)
    network = network_of(key)
    answer = ask(scores, network, photo)
    wanted = index_of(network.spec, label)
    index = answer.top if wanted is None else wanted
    name, ratio = class_name(network.spec, index, t), photo_ratio(photo.pixels)
    shape = frame(ratio, photo_uri(colourless(photo.pixels), side=360))
    style = html.escape(f"{shape};--family:{family_var(network.spec.family)}", quote=True)
    # What takes long is done where it is asked for.
    lines = [
        one
        for one in PROBES
        if one in (chosen, *QUICK) or ask(known, network, photo, one, index) is not None
    ]
    found: dict[Probe, Cascade | Progress] = dict.fromkeys(lines, Progress())

    def drawn(words: str) -> str:
        panel = figure.panel(found, chosen, name, ratio, t)
        picture = f'<div class="closer" style="{style}">{panel}{legend(t)}</div>'
        return staged(picture, html.escape(words), "laid")

    order = sorted(lines, key=lambda one: one != chosen)
    for place, one in enumerate(order):
        words = t("closer.methods_done", done=place, count=len(order))
        yield drawn(words)
        yield Turn.NETWORK
        steps = ask(randomising, network, photo, one, index)
        while True:
            try:
                found[one] = Progress(*next(steps))
            except StopIteration as end:
                found[one] = end.value
                break
            yield drawn(words)
            yield Turn.NETWORK
    done = [one for one in found.values() if isinstance(one, Cascade)]
    said = figure.sentence(done, chosen, network.spec.title, t)
    unknown = t("card.not_known", label=label) if label and wanted is None else ""
    yield drawn(t.sentences(said, unknown))


def bare(t: Words, key: str, label: str, probe: Probe) -> str:
    """The same without a photo or weights: what each method asks."""
    rows = "".join(
        f"<li><b>{html.escape(figure.probe_name(one, t))}</b>"
        f"<span>{html.escape(t(f'closer.asks.{one}'))}</span></li>"
        for one in PROBES
    )
    words = html.escape(t("closer.randomised_bare", model=spec_of(key).title))
    return staged(f'<div class="closer"><ul class="asks">{rows}</ul></div>', words, "laid")
