"""Whether a photo shows one of the ten things that the small networks know, and what else.

A small network must choose one of its ten classes whatever it is shown, and is often sure of it.
The bundled network of ImageNet's 1,000 classes can tell: which of them are one of the ten stands
in assets/labels/ten.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demo.engine.predict import scores
from demo.records import Photo
from demo.records.known import Known
from demo.zoo.imagenet import IMAGENET_LABELS
from demo.zoo.loading import LoadedModel

JUDGE = "efficientnet_lite0"
"""Key of the network that decides: it ships with the app, so it is always there."""
TOO_SMALL = 64
"""Longer side in pixels up to which a picture is not judged: enlarged, it has no detail."""
SHARE = 0.3
"""Probability of the ten together, below which a photo shows none of them."""
SURE = 0.2
"""Probability of the first class, above which it is named.

`python -m benchmarks.known` counts what these two bring about.
"""
_FILE = Path(__file__).parents[2] / "assets" / "labels" / "ten.toml"


@dataclass(frozen=True, eq=False)
class Kinship:
    """Which of the 1,000 classes are one of the ten, and which are too near to say: (1000,)."""

    ten: NDArray[np.bool_]
    ambiguous: NDArray[np.bool_]


def tables() -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    """Both tables of the file: one of the ten -> its ImageNet labels; a reason -> labels."""
    rows = tomllib.loads(_FILE.read_text("utf-8"))
    return rows["ten"], rows["ambiguous"]


@cache
def kinship() -> Kinship:
    """The tables as masks over ImageNet's indices."""
    ten, ambiguous = (
        np.isin(IMAGENET_LABELS, [label for row in table.values() for label in row])
        for table in tables()
    )
    return Kinship(ten, ambiguous)


def judged(probabilities: NDArray[np.float32]) -> Known:
    """What these probabilities, (1000,), say.

    A photo shows none of the ten where they have little of the probability that is left without
    the ambiguous classes, and the first class is neither one of the ten nor ambiguous.
    """
    kin = kinship()
    first = int(probabilities.argmax())
    clear = 1.0 - float(probabilities[kin.ambiguous].sum())
    share = float(probabilities[kin.ten].sum()) / max(clear, 1e-6)
    other = share < SHARE and not (kin.ten[first] or kin.ambiguous[first])
    probability = float(probabilities[first])
    name = IMAGENET_LABELS[first] if probability > SURE else ""
    return Known(not other, name, probability)


def known(judge: LoadedModel, photo: Photo) -> Known:
    """What the network JUDGE decides about a photo.

    Its run is shared with whoever else asks that network about the photo.
    """
    if max(photo.pixels.shape[:2]) <= TOO_SMALL:
        return Known(True)
    return judged(scores(judge, photo).probabilities)
