"""Cardinality against width at equal cost (Xie et al., 2017, section 4 and Tables 2 to 4)."""

from __future__ import annotations

from types import MappingProxyType

from demo.records import Problem
from demo.topics.residual.records import Setting

CHANNELS = 256
SIDE = 56
"""Of the first stage on ImageNet, where the paper counts its blocks."""
BUDGET = 69_632
"""Weights of ResNet-50's first full block, C x d = 1 x 64."""
REFERENCE = (1, 64)
"""The C x d of that block."""
MOST, MOST_PATHS = 1024, 128
"""Channels and paths, at most, of anything asked for: its forms are computed while others wait."""

ERRORS = MappingProxyType(
    {
        (1, 64): (23.9, 22.0),
        (2, 40): (23.0, 21.7),
        (4, 24): (22.6, 21.4),
        (8, 14): (22.3, 21.3),
        (32, 4): (22.2, 21.2),
    }
)
"""(C, d) -> top-1 error in percent with 50 and with 101 layers; nothing else was measured."""


def setting(cardinality: int, width: int, in_channels: int = CHANNELS, side: int = SIDE) -> Setting:
    """Count a block with `in_channels` in and out, on maps of side x side.

    Raises:
        Problem: "residual.problem.setting" if a number is below 1, or there are too many channels
            or paths.
    """
    widest = max(in_channels, cardinality * width)
    if min(in_channels, cardinality, width) < 1 or widest > MOST or cardinality > MOST_PATHS:
        raise Problem("residual.problem.setting", most=MOST, paths=MOST_PATHS)
    inside = cardinality * width
    weights = (in_channels * inside, 9 * inside * width, inside * in_channels)
    return Setting(in_channels, cardinality, width, side, weights)


def equal_width(cardinality: int, in_channels: int = CHANNELS, budget: int = BUDGET) -> int:
    """The path width d whose block comes nearest to a budget of weights; at least 1."""
    # Weights grow with d: the nearest is one of the two around the budget.
    width = 1
    while setting(cardinality, width + 1, in_channels).parameters <= budget:
        width += 1
    around = (width, width + 1)
    return min(around, key=lambda d: abs(setting(cardinality, d, in_channels).parameters - budget))
