"""Torchvision's and timm's networks with random weights.

Importing this takes over a second, so specs do it only when a network is built.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from demo.zoo.vision import timm, torchvision

models = torchvision.models


class DenseNet(models.DenseNet):
    """Torchvision's DenseNet with its last ReLU as a module, so that Grad-CAM can look after it.

    Torchvision calls it as a function that overwrites what the BatchNorm in front put out. Same
    parameters, same names, same output.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) -> logits (N, classes)."""
        features = self.relu(self.features(x))
        return self.classifier(nn.functional.adaptive_avg_pool2d(features, 1).flatten(1))


def densenet(
    growth_rate: int, blocks: tuple[int, int, int, int], initial: int, num_classes: int = 1000
) -> DenseNet:
    """A DenseNet with random weights: k, layers of each block, channels of the stem."""
    return DenseNet(growth_rate, blocks, initial, num_classes=num_classes)


def googlenet(num_classes: int = 1000) -> nn.Module:
    """As torchvision runs its own weights: input rescaled, no auxiliary classifiers."""
    return models.googlenet(
        num_classes=num_classes, transform_input=True, aux_logits=False, init_weights=False
    )


def inception_v3(num_classes: int = 1000) -> nn.Module:
    """As torchvision runs its own weights; the auxiliary classifier speaks in training only."""
    return models.inception_v3(
        num_classes=num_classes, transform_input=True, aux_logits=True, init_weights=False
    )


def efficientnet_lite0() -> nn.Module:
    """EfficientNet-Lite0, its padding as in TensorFlow."""
    return timm.create_model("tf_efficientnet_lite0", pretrained=False)
