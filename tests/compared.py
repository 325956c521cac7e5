"""A comparison by hand: cards whose every number is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from demo.records import Box, Family, HeatMap, Photo, Scores
from demo.records.counterfactual import Answer, Counterfactual
from demo.topics.compare.records import Card

CIFAR10 = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
FULL = Box(0.0, 0.0, 1.0, 1.0)


def photo(name: str = "cat.jpg", height: int = 64, width: int = 64) -> Photo:
    """All grey."""
    return Photo("0" * 20, np.full((height, width, 3), 128, np.uint8), name)


def heat(values: list[list[float]], index: int, seen: Box = FULL, raw_max: float = 2.5) -> HeatMap:
    """A map of class `index`."""
    array = np.array(values, np.float32)
    return HeatMap("mini", "0" * 20, "stage3", index, array, -1.0, raw_max, seen)


def card(
    top: tuple[tuple[int, float], ...],
    labels: tuple[str, ...] = CIFAR10,
    family: Family = "densenet",
    **changed: Any,
) -> Card:
    """A card that gives `top`; explains its first choice, hot in the lower right quarter."""
    probabilities = np.zeros(len(labels), np.float32)
    for index, probability in top:
        probabilities[index] = probability
    answer = Scores(
        "mini", "0" * 20, np.log(probabilities + 1e-9), probabilities, 0.0123, "bundled", FULL
    )
    facts: dict[str, Any] = {
        "model": "mini",
        "title": "Mini",
        "dataset": "cifar10",
        "source": "bundled",
        "heat": heat([[0, 0], [0, 1]], top[0][0]),
        "layer": "stage3",
        "parameters": 79_888,
        "macs": 12_345_678,
    }
    return Card(family=family, labels=labels, scores=answer, top=top, **{**facts, **changed})


def counterfactual(
    block: str, off: tuple[str, ...], before: list[float], after: list[float]
) -> Counterfactual:
    """A network's probabilities before and after; the logits are their logarithms."""
    return Counterfactual(answer(before), answer(after), block, off)


def answer(shares: Sequence[float]) -> Answer:
    """An answer of these probabilities."""
    probabilities = np.array(shares, dtype=np.float32)
    return Answer(np.log(probabilities), probabilities)
