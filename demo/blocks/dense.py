"""Dense blocks: concatenation (DenseNet).

Source: Huang et al., "Densely Connected Convolutional Networks" (2017), section 3: composite
function, growth rate k, bottleneck layers and compression theta.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DenseLayer(nn.Module):
    """One layer of a dense block: reads everything before it, adds k new channels beside it.

    H(x) = [x, F(x)] with F = BN-ReLU-1x1(4k)-BN-ReLU-3x3(k). Without the bottleneck
    F = BN-ReLU-3x3(k).

    Args:
        in_channels: channels of everything that came before in the block.
        growth_rate: k, the channels that this layer adds.
        bottleneck: whether a 1x1 convolution to 4k channels comes first.

    Shapes: (N, in_channels, H, W) -> (N, in_channels + k, H, W).
    """

    def __init__(self, in_channels: int, growth_rate: int, bottleneck: bool = True) -> None:
        super().__init__()
        self.bottleneck = bottleneck
        self.bn1 = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU()
        if bottleneck:
            width = 4 * growth_rate
            self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
            self.bn2 = nn.BatchNorm2d(width)
            self.conv2 = nn.Conv2d(width, growth_rate, kernel_size=3, padding=1, bias=False)
        else:
            self.conv1 = nn.Conv2d(in_channels, growth_rate, kernel_size=3, padding=1, bias=False)

    def new_features(self, x: Tensor) -> Tensor:
        """F(x): the k channels that this layer adds. (N, in_channels, H, W) -> (N, k, H, W)."""
        out = self.conv1(self.relu(self.bn1(x)))  # N x 4k x H x W, or already N x k x H x W
        if self.bottleneck:
            out = self.conv2(self.relu(self.bn2(out)))  # N x k x H x W
        return out

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([x, self.new_features(x)], dim=1)


class DenseBlock(nn.Sequential):
    """`num_layers` dense layers in a row; the width grows by k with each.

    Shapes: (N, C, H, W) -> (N, C + num_layers * k, H, W).
    """

    def __init__(
        self, num_layers: int, in_channels: int, growth_rate: int, bottleneck: bool = True
    ) -> None:
        super().__init__(
            *(
                DenseLayer(in_channels + i * growth_rate, growth_rate, bottleneck)
                for i in range(num_layers)
            )
        )


class TransitionLayer(nn.Module):
    """Between two dense blocks: BN-ReLU-1x1 squeezes the channels, average pooling the size.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H / 2, W / 2).
    """

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__()
        self.bn = nn.BatchNorm2d(in_channels)
        self.relu = nn.ReLU()
        self.conv = nn.Conv2d(in_channels, out_channels, kernel_size=1, bias=False)
        self.pool = nn.AvgPool2d(kernel_size=2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(self.conv(self.relu(self.bn(x))))
