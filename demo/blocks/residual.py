"""Residual blocks: addition (ResNet) and addition over many equal paths (ResNeXt).

Sources: He et al., "Deep Residual Learning for Image Recognition" (2015), section 3.3 and Fig. 5;
Xie et al., "Aggregated Residual Transformations for Deep Neural Networks" (2017), Fig. 3.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """Bottleneck residual block, H(x) = ReLU(F(x) + shortcut(x)).

    F is 1x1 (reduce) -> 3x3 (look around) -> 1x1 (expand), each followed by BatchNorm. Where the
    input and the output differ in size or channels, the shortcut is a 1x1 convolution; otherwise it
    is the identity. The stride sits on the 3x3 convolution, as in torchvision.

    Args:
        in_channels: channels of x.
        width: channels inside the bottleneck.
        out_channels: channels of the result.
        stride: 1 keeps the size, 2 halves it.
        groups: groups of the 3x3 convolution; 1 is the ordinary ResNet block.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride).
    """

    def __init__(
        self, in_channels: int, width: int, out_channels: int, stride: int = 1, groups: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, width, kernel_size=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(
            width, width, kernel_size=3, stride=stride, padding=1, groups=groups, bias=False
        )
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, out_channels, kernel_size=1, bias=False)
        self.bn3 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def branch(self, x: Tensor) -> Tensor:
        """F(x): what the block adds. (N, in_channels, H, W) -> (N, out_channels, H', W')."""
        out = self.relu(self.bn1(self.conv1(x)))  # N x width x H x W
        out = self.relu(self.bn2(self.conv2(out)))  # N x width x H' x W'
        return self.bn3(self.conv3(out))  # N x out_channels x H' x W'

    def forward(self, x: Tensor) -> Tensor:
        return self.relu(self.branch(x) + self.shortcut(x))


class ResNeXtBlock(ResidualBlock):
    """Residual block with `cardinality` equal paths, written as one grouped convolution.

    Each path is 1x1 -> 3x3 -> 1x1 with `path_width` channels inside (the paper's "C x d"). The
    paper's Fig. 3(c): splitting the 3x3 convolution into C groups computes the same sum of paths.

    Args:
        in_channels, out_channels, stride: as in ResidualBlock.
        cardinality: number of paths C.
        path_width: channels of one path d.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        cardinality: int,
        path_width: int,
        stride: int = 1,
    ) -> None:
        super().__init__(
            in_channels, cardinality * path_width, out_channels, stride, groups=cardinality
        )
        self.cardinality = cardinality
        self.path_width = path_width


class ExplicitPathsBranch(nn.Module):
    """The twin of a grouped block's branch: C separate paths whose outputs are summed (Fig. 3(a)).

    Every path holds the slice of the grouped block's weights that belongs to it. BatchNorm works on
    each channel alone, so slicing it is exact; the last BatchNorm acts on the sum.

    Args:
        block: a ResNeXtBlock, or another with its conv1 to bn3, in eval mode; its weights are
            shared as views, not copied.

    Shapes: (N, in_channels, H, W) -> (N, out_channels, H / stride, W / stride).
    """

    def __init__(self, block: nn.Module) -> None:
        super().__init__()
        self.block = block
        self.cardinality = block.conv2.groups
        self.path_width = block.conv2.out_channels // block.conv2.groups

    def inside(self, x: Tensor, index: int) -> Tensor:
        """One path up to its 3x3 convolution, (N, d, H', W').

        Raises:
            IndexError: if index is not in [0, cardinality).
        """
        b = self.block
        if not 0 <= index < self.cardinality:
            raise IndexError(f"path {index} of {self.cardinality}")
        rows = slice(index * self.path_width, (index + 1) * self.path_width)
        out = nn.functional.conv2d(x, b.conv1.weight[rows])  # N x d x H x W
        out = torch.relu(_batch_norm_rows(out, b.bn1, rows))
        out = nn.functional.conv2d(out, b.conv2.weight[rows], stride=b.conv2.stride, padding=1)
        return torch.relu(_batch_norm_rows(out, b.bn2, rows))  # N x d x H' x W'

    def path(self, x: Tensor, index: int) -> Tensor:
        """Output of one path before the sum, (N, out_channels, H', W')."""
        rows = slice(index * self.path_width, (index + 1) * self.path_width)
        return nn.functional.conv2d(self.inside(x, index), self.block.conv3.weight[:, rows])

    def forward(self, x: Tensor) -> Tensor:
        total = self.path(x, 0)
        for index in range(1, self.cardinality):
            total = total + self.path(x, index)
        return self.block.bn3(total)


class EarlyConcatenationBranch(ExplicitPathsBranch):
    """The second twin: the paths are concatenated before one common last 1x1 (Fig. 3(b)).

    Arguments and shapes as in ExplicitPathsBranch.
    """

    def forward(self, x: Tensor) -> Tensor:
        paths = [self.inside(x, index) for index in range(self.cardinality)]
        return self.block.bn3(self.block.conv3(torch.cat(paths, dim=1)))


def _batch_norm_rows(x: Tensor, bn: nn.BatchNorm2d, rows: slice) -> Tensor:
    """BatchNorm in eval mode with the statistics of some channels only."""
    return nn.functional.batch_norm(
        x,
        bn.running_mean[rows],
        bn.running_var[rows],
        bn.weight[rows],
        bn.bias[rows],
        training=False,
        eps=bn.eps,
    )
