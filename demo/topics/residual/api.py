"""The JSON API of the ResNet tab: /cardinality."""

from __future__ import annotations

from demo.page.endpoint import offer
from demo.topics.residual.numbers import setting
from demo.topics.residual.paths import random_forms


def register() -> None:
    """Offer the endpoint; called once, inside the app's Blocks context."""
    offer(cardinality, "cardinality")


def cardinality(in_channels: int = 256, cardinality: int = 32, width: int = 4) -> dict:
    """A ResNeXt block of `cardinality` paths of `width` channels, `in_channels` in and out.

    `parameters` of its three convolutions, `macs` on maps of 56 x 56, `group_width` (channels of
    the grouped convolution), and `largest_difference` between the outputs of its three equal forms
    (paths summed, early concatenation, grouped), computed now with random weights.
    """
    found = setting(cardinality, width, in_channels)
    return {
        "parameters": found.parameters,
        "macs": found.macs,
        "group_width": found.group_width,
        "largest_difference": random_forms(in_channels, cardinality, width).largest,
    }
