"""The four networks that were trained for this app: CIFAR-10, 0.8 M parameters each."""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

from demo.blocks import networks
from demo.records import Family
from demo.zoo import measured
from demo.zoo.spec import Capability, Layer, ModelSpec, Preprocess, Weights

CIFAR10_LABELS = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
CIFAR10_INPUT = Preprocess(32, 32, (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616))
"""The mean and deviation of CIFAR-10's training pictures."""

SIZES = (32, 16, 8)
_RESULTS = measured.read()


def _stages(*channels: int) -> tuple[Layer, ...]:
    return tuple(
        Layer(f"stage{i}", f"stages.stage{i}", c, size)
        for i, (c, size) in enumerate(zip(channels, SIZES, strict=True), start=1)
    )


def _residual_blocks(*counts: int) -> dict[str, str]:
    """ "stage2.1" is the first block of the second stage."""
    return {
        f"stage{stage}.{index + 1}": f"stages.stage{stage}.{index}"
        for stage, count in enumerate(counts, start=1)
        for index in range(count)
    }


def _inception_blocks(*counts: int) -> dict[str, str]:
    """Named as in the paper: "2b" is the second module of the second stage."""
    return {
        f"{stage}{'abcdef'[index]}": f"stages.stage{stage}.{index}"
        for stage, count in enumerate(counts, start=1)
        for index in range(count)
    }


# A dense block ends before its BatchNorm and ReLU, which belong to what follows it.
_DENSE_LAYERS = (
    Layer("block1", "stages.transition1.relu", 56, 32),
    Layer("block2", "stages.transition2.relu", 124, 16),
    Layer("block3", "stages.relu", 422, 8),
)


def _spec(
    key: str,
    title: str,
    family: Family,
    build: Callable[[], nn.Module],
    layers: tuple[Layer, ...],
    blocks: dict[str, str],
    capabilities: tuple[Capability, ...],
    parameters: int,
    macs: int,
) -> ModelSpec:
    results = _RESULTS.get(key)
    return ModelSpec(
        key=key,
        architecture=key,
        title=title,
        family=family,
        dataset="cifar10",
        labels=CIFAR10_LABELS,
        build=build,
        weights=Weights(
            "bundled",
            f"{key}.safetensors",
            recipe="bundled",
            sha256=results.sha256 if results else "",
            top1=results.top1 if results else None,
        ),
        preprocess=CIFAR10_INPUT,
        layers=layers,
        parameters=parameters,
        macs=macs,
        default_layer=layers[-1].name,
        capabilities=("predict", "gradcam", *capabilities),
        blocks=blocks,
        temperature=results.temperature if results else 1.0,
        classifier="fc",
        pooled=True,
    )


BUNDLED = (
    _spec(
        "mini_resnet",
        "Mini ResNet",
        "resnet",
        networks.mini_resnet,
        _stages(64, 128, 304),
        _residual_blocks(1, 3, 4),
        ("stages",),
        parameters=804_970,
        macs=94_432_224,
    ),
    _spec(
        "mini_densenet",
        "Mini DenseNet",
        "densenet",
        networks.mini_densenet,
        _DENSE_LAYERS,
        {f"block{i}": f"stages.block{i}" for i in (1, 2, 3)},
        ("growth",),
        parameters=800_502,
        macs=97_470_588,
    ),
    _spec(
        "mini_googlenet",
        "Mini GoogLeNet",
        "inception",
        networks.mini_googlenet,
        _stages(64, 192, 416),
        _inception_blocks(1, 2, 3),
        ("branches",),
        parameters=811_770,
        macs=76_632_128,
    ),
    _spec(
        "mini_resnext",
        "Mini ResNeXt",
        "resnext",
        networks.mini_resnext,
        _stages(64, 160, 336),
        _residual_blocks(1, 3, 4),
        ("stages", "paths"),
        parameters=812_298,
        macs=92_271_904,
    ),
)
