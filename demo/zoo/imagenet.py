"""Torchvision's ImageNet-1k networks, downloaded on first use.

Where the weights are, how photos are prepared, accuracy and parameters are torchvision's own words
(see `published`). Multiply-adds are stated in full, since torchvision rounds them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import nn

from demo.labels import imagenet
from demo.records import Family
from demo.zoo.published import Published, read
from demo.zoo.spec import (
    Capability,
    HubCopy,
    Layer,
    ModelSpec,
    Tensors,
    Weights,
    as_stored,
)

IMAGENET_LABELS = tuple(imagenet("en"))
"""As torchvision spells them, in the order of the networks' outputs."""


def building(name: str, *args: Any) -> Callable[[], nn.Module]:
    """What builds a network of `demo.zoo.builders` or of torchvision with random weights."""

    def build() -> nn.Module:
        # Whoever builds without values does so in a context that must not reach an import.
        with torch.device("cpu"):
            from demo.zoo import builders
        return getattr(builders if hasattr(builders, name) else builders.models, name)(*args)

    return build


def _modern_names(tensors: Tensors, network: nn.Module) -> Tensors:
    """Old DenseNet files say "norm.1" where modules now say "norm1"."""
    old = re.compile(r"(denselayer\d+\.(?:norm|relu|conv))\.([12]\.)")
    return {old.sub(r"\1\2", name): tensor for name, tensor in tensors.items()}


def _without_auxiliary(tensors: Tensors, network: nn.Module) -> Tensors:
    return {name: t for name, t in tensors.items() if not name.startswith(("aux1.", "aux2."))}


class _Row(NamedTuple):
    """What torchvision does not state of a network."""

    key: str
    title: str
    family: Family
    macs: int
    layers: tuple[Layer, ...]
    blocks: dict[str, str]
    capabilities: tuple[Capability, ...]
    build: Callable[[], nn.Module]
    adapt: Callable[[Tensors, nn.Module], Tensors] = as_stored
    classifier: str = "fc"
    pooled: bool = True
    auxiliary: str = ""
    last_block: str = ""
    options: str = ""
    """What torchvision's own builder must be told beside the number of classes."""


def _residual(key: str, title: str, family: Family, macs: int, counts: tuple[int, ...]) -> _Row:
    layers = tuple(
        Layer(f"stage{i}", f"layer{i}", 256 * 2 ** (i - 1), 112 // 2**i) for i in (2, 3, 4)
    )
    blocks = {
        f"stage{stage}.{index + 1}": f"layer{stage}.{index}"
        for stage, count in enumerate(counts, start=1)
        for index in range(count)
    }
    capabilities: tuple[Capability, ...] = (
        ("stages", "paths") if family == "resnext" else ("stages",)
    )
    return _Row(key, title, family, macs, layers, blocks, capabilities, building(key))


def _dense(
    key: str, title: str, macs: int, k: int, counts: tuple[int, int, int, int], initial: int
) -> _Row:
    width, layers = initial, []
    for i, count in enumerate(counts, start=1):
        width += count * k
        # A dense block ends before its BatchNorm and ReLU, which belong to what follows it.
        path = f"features.transition{i}.relu" if i < 4 else "relu"
        layers.append(Layer(f"block{i}", path, width, 112 // 2**i))
        width //= 2
    blocks = {f"block{i}": f"features.denseblock{i}" for i in (1, 2, 3, 4)}
    return _Row(
        key,
        title,
        "densenet",
        macs,
        tuple(layers[1:]),
        blocks,
        ("growth",),
        building("densenet", k, counts, initial),
        _modern_names,
        classifier="classifier",
    )


_GOOGLENET = _Row(
    "googlenet",
    "GoogLeNet",
    "inception",
    1_498_376_192,
    (
        Layer("3b", "inception3b", 480, 28),
        Layer("4e", "inception4e", 832, 14),
        Layer("5b", "inception5b", 1024, 7),
    ),
    {name: f"inception{name}" for name in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")},
    ("branches",),
    building("googlenet"),
    _without_auxiliary,
    options=", transform_input=True, aux_logits=False, init_weights=False",
)
_MIXED = ("5b", "5c", "5d", "6a", "6b", "6c", "6d", "6e", "7a", "7b", "7c")
_INCEPTION_V3 = _Row(
    "inception_v3",
    "Inception v3",
    "inception",
    5_713_216_096,
    (
        Layer("Mixed_5d", "Mixed_5d", 288, 35),
        Layer("Mixed_6e", "Mixed_6e", 768, 17),
        Layer("Mixed_7c", "Mixed_7c", 2048, 8),
    ),
    {f"Mixed_{name}": f"Mixed_{name}" for name in _MIXED},
    ("branches",),
    building("inception_v3"),
    auxiliary="AuxLogits.fc",
    options=", transform_input=True, init_weights=False",
)
_MOBILENET = _Row(
    "mobilenet_v3_large",
    "MobileNetV3 Large",
    "other",
    216_589_760,
    (
        Layer("stage3", "features.6", 40, 28, relu=False),
        Layer("stage4", "features.12", 112, 14, relu=False),
        Layer("stage5", "features.16", 960, 7, relu=False),
    ),
    {},
    (),
    building("mobilenet_v3_large"),
    classifier="classifier.3",
    pooled=False,
    last_block="features.15",
)


def _efficientnet(key: str, title: str, macs: int, layers: tuple[Layer, ...]) -> _Row:
    """Stages are numbered as in the paper's Table 1: stage 1 is the stem, stage 9 the last."""
    return _Row(
        *(key, title, "other", macs, layers, {}, ()),
        building(key),
        classifier="classifier.1",
        last_block="features.7",
    )


def _stage(number: int, channels: int, size: int) -> Layer:
    return Layer(f"stage{number}", f"features.{number - 1}", channels, size, relu=False)


_ROWS = (
    _residual("resnet50", "ResNet-50", "resnet", 4_089_184_256, (3, 4, 6, 3)),
    _dense("densenet121", "DenseNet-121", 2_834_161_664, 32, (6, 12, 24, 16), 64),
    _dense("densenet169", "DenseNet-169", 3_359_843_328, 32, (6, 12, 32, 32), 64),
    _dense("densenet201", "DenseNet-201", 4_291_365_888, 32, (6, 12, 48, 32), 64),
    _dense("densenet161", "DenseNet-161", 7_727_907_072, 48, (6, 12, 36, 24), 96),
    _GOOGLENET,
    _INCEPTION_V3,
    _residual("resnext50_32x4d", "ResNeXt-50 32x4d", "resnext", 4_230_479_872, (3, 4, 6, 3)),
    _residual("resnext101_32x8d", "ResNeXt-101 32x8d", "resnext", 16_414_015_488, (3, 4, 23, 3)),
    _MOBILENET,
    _efficientnet(
        "efficientnet_b0",
        "EfficientNet-B0",
        385_814_752,
        (_stage(4, 40, 28), _stage(6, 112, 14), _stage(9, 1280, 7)),
    ),
    # At 600 px what lies after an earlier stage would not fit the memory kept for photos.
    _efficientnet(
        "efficientnet_b7",
        "EfficientNet-B7",
        37_745_884_192,
        (_stage(7, 384, 19), _stage(8, 640, 19), _stage(9, 2560, 19)),
    ),
)


# timm's copies hold torchvision's tensors under torchvision's names. GoogLeNet's, MobileNet's and
# EfficientNet's do not, or have other values. Where the commit's digest is known it is held to it.
HUB = {
    "resnet50": HubCopy(
        "timm/resnet50.tv_in1k",
        "78f3ecfdb38e06d9b8397f662e7ab8fee96026fa",
        "5d061a3c593d795bfe682d9b152bafbcf550579873492def3515b46db1189888",
    ),
    "resnet50_v2": HubCopy("timm/resnet50.tv2_in1k"),
    "densenet121": HubCopy(
        "timm/densenet121.tv_in1k",
        "f0d0f2698a02cb133b09d48396db6e1e46fe9f3b",
        "c894c6d9caa317a8ca1942986dee7a16a86c77734a4d691d2abe05389cfef358",
    ),
    "densenet169": HubCopy("timm/densenet169.tv_in1k"),
    "densenet201": HubCopy("timm/densenet201.tv_in1k"),
    "densenet161": HubCopy("timm/densenet161.tv_in1k"),
    "inception_v3": HubCopy("timm/inception_v3.tv_in1k"),
    "resnext50_32x4d": HubCopy("timm/resnext50_32x4d.tv_in1k"),
    "resnext101_32x8d": HubCopy("timm/resnext101_32x8d.tv_in1k"),
}


def _weights(stated: Published, key: str) -> Weights:
    return Weights(
        "download",
        stated.url,
        recipe="v2" if stated.second else "v1",
        sha256=stated.url.rpartition("-")[2].partition(".")[0],
        size=stated.size,
        top1=stated.top1,
        hub=HUB.get(key),
    )


def _specs(row: _Row) -> Iterator[ModelSpec]:
    """One for each set of weights; the first is V1."""
    for stated in PUBLISHED[row.key]:
        key = f"{row.key}_v2" if stated.second else row.key
        yield ModelSpec(
            key=key,
            architecture=row.key,
            title=f"{row.title} (V2)" if stated.second else row.title,
            family=row.family,
            dataset="imagenet",
            labels=IMAGENET_LABELS,
            build=row.build,
            weights=_weights(stated, key),
            preprocess=stated.preprocess,
            layers=row.layers,
            parameters=stated.parameters,
            macs=row.macs,
            default_layer=row.layers[-1].name,
            capabilities=("predict", "gradcam", *row.capabilities),
            blocks=row.blocks,
            adapt=row.adapt,
            classifier=row.classifier,
            pooled=row.pooled,
            auxiliary=row.auxiliary,
            last_block=row.last_block,
            outside=f"torchvision.models.{row.key}(num_classes={{classes}}{row.options})",
        )


PUBLISHED = read()
_ALL = tuple(spec for row in _ROWS for spec in _specs(row))
IMAGENET = (
    *(spec for spec in _ALL if spec.weights.recipe == "v1"),
    *(spec for spec in _ALL if spec.weights.recipe == "v2"),
)
"""V1 weights first: they share a recipe closely enough to compare architectures."""
