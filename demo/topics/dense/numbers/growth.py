"""How a DenseNet grows: channels, weights, multiply-adds and memory, layer by layer.

Source: Huang et al., "Densely Connected Convolutional Networks" (2017), section 3 and Table 1.
Memory: Pleiss et al., "Memory-Efficient Implementation of DenseNets" (2017), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from demo.records import Problem
from demo.topics.dense.records import DensePlan, GrownLayer, GrownTransition, Growth, GrowthStep

BYTES = 4
"""Of one number: 32-bit floats."""

PRESETS: dict[str, DensePlan] = {
    "lecture": DensePlan((6,), 32, 64, size=56, stem="none", classes=0, squeeze=True),
    "mini_densenet": DensePlan((1, 4, 15), 24, 32, size=32, stem="small", classes=10),
    "densenet121": DensePlan((6, 12, 24, 16), 32, 64),
    "densenet169": DensePlan((6, 12, 32, 32), 32, 64),
    "densenet201": DensePlan((6, 12, 48, 32), 32, 64),
    "densenet161": DensePlan((6, 12, 36, 24), 48, 96),
    "bc100": DensePlan((16, 16, 16), 12, 24, size=32, stem="bare", classes=10),
}
"""The plans that have a name; the keys of networks are those of the catalogue."""

LIMITS: dict[str, tuple[float, float]] = {
    "k": (1, 128),
    "initial": (1, 512),
    "theta": (0.01, 1),
    "blocks": (1, 8),
    "layers": (1, 64),
    "size": (1, 1024),
}


def plan(
    model: str = "",
    k: int = 32,
    blocks: Sequence[int] = (6, 12, 24, 16),
    initial: int = 64,
    theta: float = 0.5,
    bottleneck: bool = True,
) -> DensePlan:
    """The plan of a named network, or with "" a free one with ImageNet's stem and 1,000 classes.

    Raises:
        Problem: if there is no such network, or a number is outside LIMITS.
    """
    if model:
        if model not in PRESETS:
            raise Problem("densenet.no_plan", model=model, models=", ".join(PRESETS))
        return PRESETS[model]
    return checked(
        DensePlan(tuple(int(n) for n in blocks), int(k), int(initial), float(theta), bottleneck)
    )


def checked(wanted: DensePlan) -> DensePlan:
    """The plan itself.

    Raises:
        Problem: if one of its numbers is outside LIMITS.
    """
    values = [
        ("k", wanted.k),
        ("initial", wanted.initial),
        ("theta", wanted.theta),
        ("blocks", len(wanted.blocks)),
        ("size", wanted.size),
        *(("layers", n) for n in wanted.blocks),
    ]
    for name, value in values:
        low, high = LIMITS[name]
        if not low <= value <= high:
            raise Problem("densenet.outside", name=name, value=value, low=low, high=high)
    return wanted


def growth(wanted: DensePlan) -> Growth:
    """Work a plan out.

    Raises:
        Problem: if the input is so small that a transition would pool it away.
    """
    channels, size = wanted.initial, _stem_size(wanted)
    start, layers, transitions = size, [], []
    for block, count in enumerate(wanted.blocks, start=1):
        for number in range(1, count + 1):
            layers.append(dense_layer(wanted, block, number, channels, size))
            channels += wanted.k
        if block < len(wanted.blocks) or wanted.squeeze:
            transitions.append(transition(wanted, block, channels, size))
            channels, size = transitions[-1].out_channels, transitions[-1].out_size
    classes = wanted.classes
    naive, shared = memory(layers)
    return Growth(
        plan=wanted,
        start_size=start,
        layers=tuple(layers),
        transitions=tuple(transitions),
        stem_parameters=_stem_parameters(wanted),
        stem_macs=_stem_macs(wanted),
        head_parameters=2 * channels + (channels + 1) * classes if classes else 0,
        head_macs=channels * classes,
        final_channels=channels,
        final_size=size,
        naive_bytes=naive,
        shared_bytes=shared,
    )


def first_layers(wanted: DensePlan, depth: int) -> tuple[GrownLayer, ...]:
    """The first `depth` layers of the last block that has so many, or all of the longest block."""
    enough = [number for number, count in enumerate(wanted.blocks, start=1) if count >= depth]
    number = enough[-1] if enough else wanted.blocks.index(max(wanted.blocks)) + 1
    return tuple(layer for layer in growth(wanted).layers if layer.block == number)[:depth]


def dense_layer(wanted: DensePlan, block: int, number: int, channels: int, size: int) -> GrownLayer:
    """One layer: BN-ReLU-1x1(4k)-BN-ReLU-3x3(k), or BN-ReLU-3x3(k) without the bottleneck."""
    k, width = wanted.k, 4 * wanted.k if wanted.bottleneck else 0
    return GrownLayer(
        block=block,
        layer=number,
        in_channels=channels,
        out_channels=channels + k,
        size=size,
        weights_1x1=channels * width,
        weights_3x3=9 * (width or channels) * k,
        norms=2 * (channels + width),
    )


def transition(wanted: DensePlan, block: int, channels: int, size: int) -> GrownTransition:
    """BN-ReLU-1x1(theta * C), rounded down and at least 1, then 2x2 average pooling.

    Raises:
        Problem: if there is nothing left to pool.
    """
    if size < 2:
        raise Problem("densenet.too_small", size=wanted.size, block=block)
    # Rounding first: 0.57 * 100 is 56.99999999999999.
    squeezed = max(1, math.floor(round(wanted.theta * channels, 6)))
    return GrownTransition(
        block=block,
        in_channels=channels,
        out_channels=squeezed,
        size=size,
        out_size=size // 2,
        parameters=2 * channels + channels * squeezed,
        macs=channels * squeezed * size**2,
    )


def memory(layers: Sequence[GrownLayer]) -> tuple[int, int]:
    """Bytes of all concatenations of one photo: a copy each, and one shared buffer per block.

    A block of L layers copies C, C + k, ..., C + L k channels: that grows with L squared. The
    buffer holds C + L k.
    """
    naive = shared = 0
    for index, layer in enumerate(layers):
        area = BYTES * layer.size**2
        naive += layer.in_channels * area
        last = index + 1 == len(layers) or layers[index + 1].block != layer.block
        if last:
            naive += layer.out_channels * area
            shared += layer.out_channels * area
    return naive, shared


def steps(grown: Growth) -> tuple[GrowthStep, ...]:
    """A plan worked out as a walk from the stem to the classifier, with running totals."""
    after = {t.block: t for t in grown.transitions}
    wanted = grown.plan
    parameters, macs = grown.stem_parameters, grown.stem_macs
    colours = 0 if wanted.stem == "none" else 3
    walk = [
        GrowthStep(
            *("stem", 0, 0, colours, wanted.initial, wanted.size, grown.start_size),
            *(0, 0, 0, 0, parameters, macs, 0, 0),
        )
    ]
    copies = buffers = 0
    for layer in grown.layers:
        parameters, macs = parameters + layer.parameters, macs + layer.macs
        area = BYTES * layer.size**2
        copies += layer.in_channels * area
        own = layer.out_channels * area
        held = (copies + own, buffers + own)
        walk.append(
            GrowthStep(
                *("layer", layer.block, layer.layer, layer.in_channels, layer.out_channels),
                *(layer.size, layer.size, layer.weights_1x1, layer.weights_3x3),
                *(layer.macs_1x1, layer.macs_3x3, parameters, macs, *held),
            )
        )
        if layer.layer < wanted.blocks[layer.block - 1]:
            continue
        copies, buffers = held
        if layer.block in after:
            squeeze = after[layer.block]
            parameters, macs = parameters + squeeze.parameters, macs + squeeze.macs
            weights = squeeze.in_channels * squeeze.out_channels
            walk.append(
                GrowthStep(
                    *("transition", layer.block, 0, squeeze.in_channels, squeeze.out_channels),
                    *(squeeze.size, squeeze.out_size, weights, 0),
                    *(squeeze.macs, 0, parameters, macs, *held),
                )
            )
    if wanted.classes:
        walk.append(
            GrowthStep(
                *("classifier", len(wanted.blocks), 0, grown.final_channels, wanted.classes),
                *(grown.final_size, 1, 0, 0, 0, 0, grown.parameters, grown.macs),
                *(grown.naive_bytes, grown.shared_bytes),
            )
        )
    return tuple(walk)


def _stem_size(wanted: DensePlan) -> int:
    if wanted.stem != "imagenet":
        return wanted.size
    half = (wanted.size - 1) // 2 + 1
    return (half - 1) // 2 + 1


def _stem_parameters(wanted: DensePlan) -> int:
    side = {"imagenet": 7, "small": 3, "bare": 3, "none": 0}[wanted.stem]
    norm = 2 * wanted.initial if wanted.stem in ("imagenet", "small") else 0
    return 3 * side**2 * wanted.initial + norm


def _stem_macs(wanted: DensePlan) -> int:
    if wanted.stem == "imagenet":
        return 3 * 49 * wanted.initial * ((wanted.size - 1) // 2 + 1) ** 2
    return 0 if wanted.stem == "none" else 27 * wanted.initial * wanted.size**2
