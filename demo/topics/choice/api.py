"""The JSON API of the tab "Which model?": /profile."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from demo.lane import Turn
from demo.page.endpoint import offer
from demo.topics.choice.profile import TIMES, footprint, measuring
from demo.topics.choice.records import Footprint
from demo.zoo.catalogue import spec
from demo.zoo.spec import ModelSpec


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(profile, "profile", fetches=False, patient=True)


def profile(model: str = "mini_resnet") -> dict:
    """What a network costs: counted from its own forward pass, timed on this machine.

    Timed when nobody else needs the networks; what was timed in the last minute is not timed again.

    `activation_bytes`: everything that one pass of one photo writes; `peak_bytes`: the most that is
    needed at one moment, without the weights. `milliseconds`: median, fastest and slowest of
    several bare passes. `random_weights`: whether its own are not on this machine; the
    time does not depend on them.
    """
    return _steps(spec(model))  # type: ignore[return-value]


def _steps(one: ModelSpec) -> Iterator[Any]:
    """Its answer, one pass a step."""
    for _ in measuring(one):
        yield Turn.NETWORK
    counted, timed = _counted(one.key), TIMES[one.architecture]
    yield {
        "model": one.key,
        "parameters": one.parameters,
        "macs": one.macs,
        "activation_bytes": counted.activation_bytes,
        "peak_bytes": counted.peak_bytes,
        "milliseconds": {
            "median": 1000 * timed.median,
            "low": 1000 * timed.low,
            "high": 1000 * timed.high,
        },
        "passes": timed.passes,
        "random_weights": timed.random,
    }


@cache
def _counted(key: str) -> Footprint:
    return footprint(spec(key))
