"""The one list of networks."""

from __future__ import annotations

from collections.abc import Iterable

from demo.records import Problem
from demo.zoo.bundled import BUNDLED
from demo.zoo.imagenet import IMAGENET
from demo.zoo.lite import LITE0
from demo.zoo.spec import Capability, ModelSpec

CATALOGUE: tuple[ModelSpec, ...] = (*BUNDLED, LITE0, *IMAGENET)
"""In the order in which they are offered."""

_BY_KEY = {spec.key: spec for spec in CATALOGUE}


def spec(key: str) -> ModelSpec:
    """The network of that key.

    Raises:
        Problem: "problem.no_model" if there is none.
    """
    if key not in _BY_KEY:
        raise Problem("problem.no_model", model=key, models=", ".join(_BY_KEY))
    return _BY_KEY[key]


def able(capability: Capability, dataset: str = "") -> tuple[ModelSpec, ...]:
    """The networks that can show it, in their order; of one data set, or of all for ""."""
    return tuple(
        network
        for network in CATALOGUE
        if capability in network.capabilities and dataset in ("", network.dataset)
    )


def relatives(networks: Iterable[ModelSpec]) -> tuple[ModelSpec, ...]:
    """For each of them the first network of its family that knows ImageNet's classes, if any."""
    first = {
        network.family: network for network in reversed(CATALOGUE) if network.dataset == "imagenet"
    }
    return tuple(first[network.family] for network in networks if network.family in first)


def partner(network: ModelSpec) -> ModelSpec | None:
    """The first network of another family with the same blocks at the same places.

    Its weights come from the same recipe. None if there is no such network.
    """
    for other in CATALOGUE:
        same = other.blocks == network.blocks and other.weights.recipe == network.weights.recipe
        if network.blocks and same and other.family != network.family:
            return other
    return None
