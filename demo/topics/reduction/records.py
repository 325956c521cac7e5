"""A convolution beside the same convolution after a 1x1 that reduces the channels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Detour:
    """A convolution, and the same after a 1x1 that reduces the channels; stride 1, no bias.

    kernel, side: of the square filter and the square map, in pixels.
    """

    in_channels: int
    reduced: int
    kernel: int
    out_channels: int
    side: int

    @property
    def direct(self) -> int:
        """Weights without the 1x1 convolution."""
        return self.kernel**2 * self.in_channels * self.out_channels

    @property
    def squeeze(self) -> int:
        """Weights of the 1x1 convolution."""
        return self.in_channels * self.reduced

    @property
    def after(self) -> int:
        """Weights of the larger convolution after it."""
        return self.kernel**2 * self.reduced * self.out_channels

    @property
    def through(self) -> int:
        """Weights of both."""
        return self.squeeze + self.after

    @property
    def ratio(self) -> float:
        """How many times as many weights without the 1x1 convolution."""
        return self.direct / self.through

    @property
    def saves(self) -> bool:
        """Whether the way through the 1x1 convolution has fewer weights."""
        return self.through < self.direct

    @property
    def kept(self) -> int:
        """Independent mixtures of the input channels that get through, at most."""
        return min(self.reduced, self.in_channels)

    @property
    def kept_share(self) -> float:
        """The same as a share of the input channels."""
        return self.kept / self.in_channels

    @property
    def macs(self) -> tuple[int, int]:
        """Multiply-adds on one photo: direct, through the reduction."""
        places = self.side**2
        return self.direct * places, self.through * places
