"""How many parameters DenseNets and ResNets need for one accuracy, by published figures.

The claim is Huang et al. (2017), section 5: on CIFAR-10, DenseNet-BC needs about a third of the
parameters of a ResNet of the same accuracy. Here it is held to ImageNet's published figures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from demo.topics.choice.candidates import candidates
from demo.topics.choice.records import Candidate, Efficiency, Point, Rivalled
from demo.zoo.catalogue import spec

OTHERS = (
    Point("ResNet-18", 11_689_512, 69.758, family="resnet"),
    Point("ResNet-34", 21_797_672, 73.314, family="resnet"),
    Point("ResNet-101", 44_549_160, 77.374, family="resnet"),
    Point("ResNet-152", 60_192_808, 78.312, family="resnet"),
)
"""ResNets that are not in the catalogue, by torchvision's metadata of its V1 weights."""


def efficiency(table: Sequence[Candidate] | None = None) -> Efficiency:
    """The published curves of both families and the bundled networks, from the table of all."""
    rows = {row.key: row for row in table or candidates()}
    usual = _point(rows["resnet50"])
    resnets = tuple(sorted((*OTHERS, usual), key=lambda point: point.parameters))
    dense = sorted(
        (_point(row) for row in rows.values() if _published_dense(row)),
        key=lambda point: point.parameters,
    )
    return Efficiency(
        resnets,
        tuple(Rivalled(point, needed(point.accuracy, resnets)) for point in dense),
        tuple(_point(row) for row in rows.values() if row.dataset == "cifar10"),
        usual,
        _point(rows["densenet121"]),
        _point(rows["mini_densenet"]),
        _point(rows["mini_resnet"]),
    )


def needed(accuracy: float, curve: Sequence[Point]) -> float:
    """Parameters at which a curve reaches an accuracy, between its points evenly in decades.

    Args:
        curve: points of rising size and accuracy.

    Raises:
        ValueError: if the accuracy is none of the curve's.
    """
    for low, high in pairwise(curve):
        if low.accuracy <= accuracy <= high.accuracy:
            share = (accuracy - low.accuracy) / (high.accuracy - low.accuracy)
            return math.exp(
                (1 - share) * math.log(low.parameters) + share * math.log(high.parameters)
            )
    raise ValueError(f"the curve does not reach {accuracy}")


def _published_dense(row: Candidate) -> bool:
    grows = "growth" in spec(row.key).capabilities
    return grows and row.dataset == "imagenet" and row.recipe == "v1"


def _point(row: Candidate) -> Point:
    assert row.accuracy is not None
    return Point(row.title, row.parameters, row.accuracy, row.interval, row.family)
