"""The one list of networks."""

from __future__ import annotations

from demo.records import Problem
from demo.zoo.bundled import BUNDLED
from demo.zoo.imagenet import IMAGENET
from demo.zoo.lite import LITE0
from demo.zoo.spec import ModelSpec

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
