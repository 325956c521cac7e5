"""The JSON API of the tab "Which model?": /profile."""

from __future__ import annotations

from demo.explain.profile import footprint, timing
from demo.tabs.endpoint import offer
from demo.zoo.catalogue import spec


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(profile, "profile")


def profile(model: str = "mini_resnet") -> dict:
    """What a network costs: counted from its own forward pass, timed on this machine.

    `activation_bytes`: everything that one pass of one photo writes; `peak_bytes`: the most that is
    needed at one moment, without the weights. `milliseconds`: median, fastest and slowest of
    several bare passes. `random_weights`: whether its own are not on this machine; the
    time does not depend on them.
    """
    one = spec(model)
    counted, timed = footprint(one), timing(one)
    return {
        "model": model,
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
