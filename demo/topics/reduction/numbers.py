"""What a 1x1 convolution saves before a larger one (Szegedy et al., 2015, section 5)."""

from __future__ import annotations

from types import MappingProxyType

from demo.records import Problem
from demo.topics.reduction.records import Detour

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
