"""What a 1x1 convolution saves before a larger one, and what a module made of such ways costs.

Source: Szegedy et al., "Going Deeper with Convolutions" (2015), section 5 and Table 1.
"""

from __future__ import annotations

from types import MappingProxyType

from demo.records import Problem
from demo.topics.reduction.records import Detour, PlannedModule

MOST = 4096
"""Largest number of channels, or pixels of a side, that is counted."""

KEPT = MappingProxyType({3: (160 / 832, 128 / 256), 5: (16 / 480, 32 / 256)})
"""Kernel -> the smallest and largest share of its input channels that GoogLeNet's nine modules
keep before it (Table 1, e.g. 16 of 480 in 4a)."""


def reduction(in_channels: int, reduced: int, kernel: int, out_channels: int, side: int) -> Detour:
    """Count both ways.

    Raises:
        Problem: "reduction.problem.numbers" if a number is below 1 or too large, or the kernel is
            even.
    """
    numbers = (in_channels, reduced, kernel, out_channels, side)
    if min(numbers) < 1 or max(numbers) > MOST or kernel % 2 == 0:
        raise Problem("reduction.problem.numbers", most=MOST)
    return Detour(in_channels, reduced, kernel, out_channels, side)


def break_even(detour: Detour) -> int:
    """The most reduced channels with which the way through the 1x1 still has fewer weights."""
    per_channel = detour.in_channels + detour.kernel**2 * detour.out_channels
    return (detour.direct - 1) // per_channel


def sweet_spot(detour: Detour) -> tuple[int, int] | None:
    """Reduced channels in GoogLeNet's own range for this kernel and input; None for others."""
    kept = KEPT.get(detour.kernel)
    if kept is None:
        return None
    low, high = (round(share * detour.in_channels) for share in kept)
    return max(low, 1), max(high, 1)


MODULES = MappingProxyType(
    {
        "3a": PlannedModule(192, 64, 96, 128, 16, 32, 32, 28),
        "3b": PlannedModule(256, 128, 128, 192, 32, 96, 64, 28),
        "4a": PlannedModule(480, 192, 96, 208, 16, 48, 64, 14),
        "4b": PlannedModule(512, 160, 112, 224, 24, 64, 64, 14),
        "4c": PlannedModule(512, 128, 128, 256, 24, 64, 64, 14),
        "4d": PlannedModule(512, 112, 144, 288, 32, 64, 64, 14),
        "4e": PlannedModule(528, 256, 160, 320, 32, 128, 128, 14),
        "5a": PlannedModule(832, 256, 160, 320, 32, 128, 128, 7),
        "5b": PlannedModule(832, 384, 192, 384, 48, 128, 128, 7),
    }
)
"""GoogLeNet's nine modules; 3a is that of the lecture's exercise 2."""


def module(
    in_channels: int,
    ch1x1: int,
    ch3x3_reduce: int,
    ch3x3: int,
    ch5x5_reduce: int,
    ch5x5: int,
    pool_proj: int,
    side: int,
) -> PlannedModule:
    """A module of one's own, on maps of side x side pixels.

    Raises:
        Problem: "reduction.problem.module" if a number is below 1 or too large.
    """
    numbers = (in_channels, ch1x1, ch3x3_reduce, ch3x3, ch5x5_reduce, ch5x5, pool_proj, side)
    if min(numbers) < 1 or max(numbers) > MOST:
        raise Problem("reduction.problem.module", most=MOST)
    return PlannedModule(*numbers)


def named(chosen: PlannedModule) -> str | None:
    """Which of GoogLeNet's modules has these channels; None if none has."""
    return next((name for name, known in MODULES.items() if known == chosen), None)
