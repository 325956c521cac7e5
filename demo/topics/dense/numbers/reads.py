"""Which earlier outputs a layer reads (Huang et al., 2017, section 3; He et al., 2016, eq. 4)."""

from __future__ import annotations

from demo.records import Problem
from demo.topics.dense.records import FeatureFlow

LAYERS, INITIAL, K = 6, 64, 32
"""The first dense block of DenseNet-121, which the lecture follows."""


def feature_flow(layer: int) -> FeatureFlow:
    """What that layer (from 1) of the block reads.

    Raises:
        Problem: "densenet.no_reader" if the block has no such layer.
    """
    if not 1 <= layer <= LAYERS:
        raise Problem("densenet.no_reader", layer=layer, count=LAYERS)
    return FeatureFlow(LAYERS, layer, INITIAL, K)
