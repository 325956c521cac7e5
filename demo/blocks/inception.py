"""The Inception module: four branches that look at the same input at several scales.

Source: Szegedy et al., "Going Deeper with Convolutions" (2015), Fig. 2(b) and Table 1. BatchNorm
after every convolution, as in the second version of the network (Ioffe and Szegedy, 2015).
"""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn


class ConvBNReLU(nn.Sequential):
    """Convolution that keeps the size, BatchNorm, ReLU. (N, in, H, W) -> (N, out, H, W)."""

    def __init__(self, in_channels: int, out_channels: int, kernel_size: int) -> None:
        super().__init__(
            OrderedDict(
                conv=nn.Conv2d(
                    in_channels,
                    out_channels,
                    kernel_size,
                    padding=kernel_size // 2,
                    bias=False,
                ),
                bn=nn.BatchNorm2d(out_channels),
                relu=nn.ReLU(),
            )
        )


class InceptionModule(nn.Module):
    """1x1, 3x3 and 5x5 convolutions and a pooling side by side, concatenated.

    1x1 convolutions reduce the channels before the 3x3 and the 5x5 and after the pooling. The
    5x5 is a true 5x5 (torchvision's GoogLeNet runs a 3x3 there).

    Args:
        in_channels: channels of the input.
        ch1x1: channels of the 1x1 branch.
        ch3x3_reduce, ch3x3: reduction and output of the 3x3 branch.
        ch5x5_reduce, ch5x5: reduction and output of the 5x5 branch.
        pool_proj: channels of the 1x1 convolution after the pooling.

    Shapes: (N, in_channels, H, W) -> (N, ch1x1 + ch3x3 + ch5x5 + pool_proj, H, W).
    """

    def __init__(
        self,
        in_channels: int,
        ch1x1: int,
        ch3x3_reduce: int,
        ch3x3: int,
        ch5x5_reduce: int,
        ch5x5: int,
        pool_proj: int,
    ) -> None:
        super().__init__()
        self.branch1 = ConvBNReLU(in_channels, ch1x1, 1)
        self.branch2 = nn.Sequential(
            ConvBNReLU(in_channels, ch3x3_reduce, 1),
            ConvBNReLU(ch3x3_reduce, ch3x3, 3),
        )
        self.branch3 = nn.Sequential(
            ConvBNReLU(in_channels, ch5x5_reduce, 1),
            ConvBNReLU(ch5x5_reduce, ch5x5, 5),
        )
        self.branch4 = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1),
            ConvBNReLU(in_channels, pool_proj, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        branches = [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4(x)]
        return torch.cat(branches, dim=1)
