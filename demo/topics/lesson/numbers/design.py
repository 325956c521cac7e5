"""What a small network of one's own costs, counted from its numbers, and the code that builds it.

The outline is that of the bundled networks: a 3x3 stem at 32 pixels, three stages at 32, 16 and 8,
global average pooling, one linear layer for ten classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from demo.records import Problem
from demo.topics.lesson.records.design import DESIGNS, Design, Unit

CLASSES = 10
SIDE = 32


def design(kind: str, numbers: Sequence[int]) -> Design:
    """The network of such blocks with these numbers, in the order of its fields.

    Raises:
        Problem: "code.problem.groups" if the paths of a ResNeXt do not divide a width.
    """
    named = dict(zip((field.name for field in DESIGNS[kind].fields), numbers, strict=True))
    build = {"dense": _dense, "modules": _inception}.get(kind, _residual)
    units = tuple(build(named))
    channels, stem = units[-1].out, named["stem"]
    # A DenseNet ends in a BatchNorm of its own.
    head = (channels + 1) * CLASSES + (2 * channels if kind == "dense" else 0)
    first = Unit(1, "between", 3, stem, SIDE, 29 * stem, 27 * stem * SIDE**2)
    return Design(kind, tuple(numbers), units, first, head, channels * CLASSES)


def _dense(named: dict[str, int]) -> Iterator[Unit]:
    channels, side, k = named["stem"], SIDE, named["k"]
    for stage in (1, 2, 3):
        for _ in range(named[f"layers{stage}"]):
            weights = channels * 4 * k + 9 * 4 * k * k
            norms = 2 * (channels + 4 * k)
            yield Unit(
                stage, "block", channels, channels + k, side, weights + norms, weights * side**2
            )
            channels += k
        if stage < 3:
            # As demo/blocks rounds it.
            kept = int(channels * (named["theta"] / 100))
            weights = channels * kept
            cost = weights * side**2
            side //= 2
            yield Unit(stage, "between", channels, kept, side, weights + 2 * channels, cost)
            channels = kept


def _residual(named: dict[str, int]) -> Iterator[Unit]:
    channels, side, groups = named["stem"], SIDE, named.get("cardinality", 1)
    for stage in (1, 2, 3):
        width, out = named[f"width{stage}"], named[f"out{stage}"]
        if width % groups:
            raise Problem("code.problem.groups", groups=groups, width=width)
        for index in range(named[f"blocks{stage}"]):
            before = side
            if stage > 1 and index == 0:
                side //= 2
            first, middle, last = channels * width, 9 * width * width // groups, width * out
            past = channels * out if before != side or channels != out else 0
            norms = 2 * (2 * width + out) + (2 * out if past else 0)
            weights = first + middle + last + past
            cost = first * before**2 + (middle + last + past) * side**2
            yield Unit(stage, "block", channels, out, side, weights + norms, cost)
            channels = out


def row(named: dict[str, int], stage: int) -> tuple[int, int, int, int, int, int]:
    """An Inception module's numbers, as its class takes them after the input's channels."""
    unit = named[f"unit{stage}"]
    one, three, five, pool = (
        max(1, named[name] * unit // 2) for name in ("share1", "share3", "share5", "pool")
    )
    return one, max(1, three // 2), three, max(1, five // 2), five, pool


def _inception(named: dict[str, int]) -> Iterator[Unit]:
    channels, side = named["stem"], SIDE
    for stage in (1, 2, 3):
        if stage > 1:
            side //= 2
            yield Unit(stage - 1, "between", channels, channels, side, 0, 0)
        one, reduce3, three, reduce5, five, pool = row(named, stage)
        for _ in range(named[f"modules{stage}"]):
            weights = (
                channels * (one + reduce3 + reduce5 + pool)
                + 9 * reduce3 * three
                + 25 * reduce5 * five
            )
            norms = 2 * (one + reduce3 + three + reduce5 + five + pool)
            out = one + three + five + pool
            yield Unit(stage, "block", channels, out, side, weights + norms, weights * side**2)
            channels = out


def code(made: Design) -> str:
    """PyTorch that builds the network of the lesson's blocks, and counts it."""
    named = dict(
        zip((field.name for field in DESIGNS[made.kind].fields), made.numbers, strict=True)
    )
    stem = f"small_stem({named['stem']}), {named['stem']}"
    if made.kind == "dense":
        layers = [named[f"layers{stage}"] for stage in (1, 2, 3)]
        uses, lines = (
            "dense_network, small_stem",
            [
                "network = dense_network(",
                f"    {stem}, growth_rate={named['k']}, blocks={layers},",
                f"    num_classes={CLASSES}, compression={named['theta'] / 100},",
                ")",
            ],
        )
    elif made.kind == "modules":
        uses = "inception_network, small_stem"
        rows = [f"    [{row(named, stage)}] * {named[f'modules{stage}']}," for stage in (1, 2, 3)]
        lines = [
            "stages = [",
            *rows,
            "]",
            f"network = inception_network({stem}, stages, {CLASSES})",
        ]
    else:
        uses = "ResidualStage, residual_network, small_stem"
        groups = named.get("cardinality", 1)
        paths = f", cardinality={groups}" if groups > 1 else ""
        rows = [
            f"    ResidualStage({named[f'blocks{stage}']}, {named[f'width{stage}']},"
            f" {named[f'out{stage}']}{paths}),"
            for stage in (1, 2, 3)
        ]
        lines = [
            "stages = [",
            *rows,
            "]",
            f"network = residual_network({stem}, stages, {CLASSES})",
        ]
    counted = f"print(sum(p.numel() for p in network.parameters()))  # {made.parameters}"
    return "\n".join([f"from demo.blocks.networks import {uses}", "", *lines, counted, ""])
