"""Whole networks, assembled from this folder's blocks and nothing else.

The four bundled networks share one outline: a 3x3 stem at 32 px, three stages at 32, 16 and 8 px,
global average pooling and one linear layer. The same classes with the ImageNet stem are
ResNet-50, ResNeXt-50 and DenseNet-121.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from torch import Tensor, nn

from demo.blocks.dense import DenseBlock, TransitionLayer
from demo.blocks.inception import ConvBNReLU, InceptionModule
from demo.blocks.residual import ResidualBlock, ResNeXtBlock


def small_stem(channels: int) -> nn.Sequential:
    """3x3 stem that keeps the size, for 32x32 photos. (N, 3, H, W) -> (N, channels, H, W)."""
    return ConvBNReLU(3, channels, 3)


def imagenet_stem(channels: int) -> nn.Sequential:
    """7x7 stride 2, BatchNorm, ReLU, max pool: (N, 3, H, W) -> (N, channels, H / 4, W / 4)."""
    return nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(3, channels, kernel_size=7, stride=2, padding=3, bias=False),
            bn=nn.BatchNorm2d(channels),
            relu=nn.ReLU(),
            pool=nn.MaxPool2d(kernel_size=3, stride=2, padding=1),
        )
    )


class Classifier(nn.Module):
    """The shared ending: stem -> stages -> global average pooling -> one linear layer.

    Shapes: (N, 3, H, W) -> logits (N, num_classes).
    """

    def __init__(
        self, stem: nn.Module, stages: nn.Sequential, channels: int, num_classes: int
    ) -> None:
        super().__init__()
        self.stem = stem
        self.stages = stages
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(channels, num_classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.stages(self.stem(x))  # N x channels x h x w
        return self.fc(self.pool(x).flatten(1))


class ResidualStage(NamedTuple):
    """How many bottleneck blocks, how wide inside, how many channels out, how many groups."""

    blocks: int
    width: int
    out_channels: int
    cardinality: int = 1


def residual_network(
    stem: nn.Module, stem_channels: int, stages: Sequence[ResidualStage], num_classes: int
) -> Classifier:
    """A ResNet, or a ResNeXt where a stage's cardinality exceeds 1.

    The first block of every stage but the first halves the size.
    """
    channels = stem_channels
    rows: OrderedDict[str, nn.Module] = OrderedDict()
    for number, stage in enumerate(stages, start=1):
        blocks: list[nn.Module] = []
        for index in range(stage.blocks):
            stride = 2 if number > 1 and index == 0 else 1
            if stage.cardinality == 1:
                block = ResidualBlock(channels, stage.width, stage.out_channels, stride)
            else:
                block = ResNeXtBlock(
                    channels,
                    stage.out_channels,
                    stage.cardinality,
                    stage.width // stage.cardinality,
                    stride,
                )
            blocks.append(block)
            channels = stage.out_channels
        rows[f"stage{number}"] = nn.Sequential(*blocks)
    return Classifier(stem, nn.Sequential(rows), channels, num_classes)


def dense_network(
    stem: nn.Module,
    stem_channels: int,
    growth_rate: int,
    blocks: Sequence[int],
    num_classes: int,
    compression: float = 0.5,
    bottleneck: bool = True,
) -> Classifier:
    """A DenseNet: dense blocks with a transition between each two, a last BN-ReLU at the end."""
    channels = stem_channels
    rows: OrderedDict[str, nn.Module] = OrderedDict()
    for number, layers in enumerate(blocks, start=1):
        rows[f"block{number}"] = DenseBlock(layers, channels, growth_rate, bottleneck)
        channels += layers * growth_rate
        if number < len(blocks):
            squeezed = int(channels * compression)
            rows[f"transition{number}"] = TransitionLayer(channels, squeezed)
            channels = squeezed
    rows["bn"] = nn.BatchNorm2d(channels)
    rows["relu"] = nn.ReLU()
    return Classifier(stem, nn.Sequential(rows), channels, num_classes)


def inception_network(
    stem: nn.Module,
    stem_channels: int,
    stages: Sequence[Sequence[tuple[int, int, int, int, int, int]]],
    num_classes: int,
) -> Classifier:
    """A small GoogLeNet: stages of Inception modules with a 3x3 max pool, stride 2, between them.

    Each module is its row of Table 1: 1x1, 3x3 reduce, 3x3, 5x5 reduce, 5x5, pool projection.
    """
    channels = stem_channels
    rows: OrderedDict[str, nn.Module] = OrderedDict()
    for number, modules in enumerate(stages, start=1):
        if number > 1:
            rows[f"pool{number - 1}"] = nn.MaxPool2d(kernel_size=3, stride=2, padding=1)
        stage: list[nn.Module] = []
        for row in modules:
            stage.append(InceptionModule(channels, *row))
            channels = row[0] + row[2] + row[4] + row[5]
        rows[f"stage{number}"] = nn.Sequential(*stage)
    return Classifier(stem, nn.Sequential(rows), channels, num_classes)


def mini_resnet(num_classes: int = 10) -> Classifier:
    """The bundled ResNet: addition."""
    stages = [ResidualStage(1, 16, 64), ResidualStage(3, 64, 128), ResidualStage(4, 100, 304)]
    return residual_network(small_stem(32), 32, stages, num_classes)


def mini_resnext(num_classes: int = 10) -> Classifier:
    """The bundled ResNeXt: eight equal paths in every block."""
    stages = [
        ResidualStage(1, 32, 64, cardinality=8),
        ResidualStage(3, 96, 160, cardinality=8),
        ResidualStage(4, 184, 336, cardinality=8),
    ]
    return residual_network(small_stem(32), 32, stages, num_classes)


def mini_densenet(num_classes: int = 10) -> Classifier:
    """The bundled DenseNet-BC: concatenation, growth rate 24."""
    return dense_network(small_stem(32), 32, 24, [1, 4, 15], num_classes)


def mini_googlenet(num_classes: int = 10) -> Classifier:
    """The bundled GoogLeNet: six Inception modules with true 5x5 branches."""
    stages = [
        [(16, 16, 32, 4, 8, 8)],
        [(32, 32, 64, 8, 16, 16), (48, 48, 96, 12, 24, 24)],
        [(96, 64, 160, 16, 48, 32), (112, 80, 192, 24, 64, 48), (112, 80, 192, 24, 64, 48)],
    ]
    return inception_network(small_stem(32), 32, stages, num_classes)


def resnet50(num_classes: int = 1000) -> Classifier:
    """ResNet-50 (He et al., Table 1) of the lesson's blocks: 25,557,032 parameters."""
    stages = [
        ResidualStage(3, 64, 256),
        ResidualStage(4, 128, 512),
        ResidualStage(6, 256, 1024),
        ResidualStage(3, 512, 2048),
    ]
    return residual_network(imagenet_stem(64), 64, stages, num_classes)


def resnext50(num_classes: int = 1000) -> Classifier:
    """ResNeXt-50 32x4d (Xie et al., Table 1) of the lesson's blocks: 25,028,904 parameters."""
    stages = [
        ResidualStage(3, 128, 256, cardinality=32),
        ResidualStage(4, 256, 512, cardinality=32),
        ResidualStage(6, 512, 1024, cardinality=32),
        ResidualStage(3, 1024, 2048, cardinality=32),
    ]
    return residual_network(imagenet_stem(64), 64, stages, num_classes)


def densenet121(num_classes: int = 1000) -> Classifier:
    """DenseNet-121 (Huang et al., Table 1) of the lesson's blocks: 7,978,856 parameters."""
    return dense_network(imagenet_stem(64), 64, 32, [6, 12, 24, 16], num_classes)
