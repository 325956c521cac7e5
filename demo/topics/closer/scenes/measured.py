"""Methods measured on many pictures: the table that ships with the app, as a chart."""

from __future__ import annotations

import html

from demo.drawing.stage import staged
from demo.page.sent import one_of
from demo.text import Words
from demo.topics.closer.figures import measured as figure
from demo.topics.closer.measured import shipped
from demo.topics.closer.records.measured import DECOYS, Decoy
from demo.zoo.catalogue import spec


def measured(t: Words, decoy: Decoy) -> str:
    """Every method of every bundled network beside a map that knows nothing of it."""
    found, chosen = shipped(), one_of(decoy, DECOYS)
    networks = {
        one.model: figure.Named(spec(one.model).title, spec(one.model).family)
        for one in found.samples
    }
    picture = f'<div class="closer">{figure.chart(found, chosen, networks, t)}</div>'
    return staged(picture, html.escape(figure.sentence(found, chosen, t)), "laid")


def how(t: Words) -> tuple[str, str]:
    """How to read the chart, and how its numbers came about."""
    found = shipped()
    samples = t("page.comma").join(
        t(
            "closer.measured_sample",
            model=spec(one.model).title,
            pictures=one.pictures,
            source=t(f"closer.measured_source.{spec(one.model).dataset}"),
            right=one.right,
        )
        for one in found.samples
    )
    return t("closer.measured_hint"), t(
        "closer.measured_how",
        date=found.date,
        command=found.command,
        samples=samples,
        points=found.points,
        window=f"1/{round(1 / found.window)}",
        stride=f"1/{round(1 / found.stride)}",
    )
