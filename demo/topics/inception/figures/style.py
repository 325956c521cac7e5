"""What the Inception pictures share: a branch's label and its tint."""

from __future__ import annotations

from collections.abc import Sequence

from demo.drawing.style import family_tint
from demo.records.receptive import Pair, Step
from demo.text import Words
from demo.topics.inception.records import Branch

POOL = "color-mix(in oklab, var(--family-other) 55%, var(--surface))"


def kernel(size: Pair) -> str:
    """(3, 3) -> "3×3"."""
    return f"{size[0]}×{size[1]}"


def label(name: str, t: Words) -> str:
    """A branch's name for people: "1x7-7x1" -> "1×7 → 7×1", "3x3#2" -> "3×3 (2)"."""
    if name == "pool":
        return t("inception.pool")
    base, _, number = name.partition("#")
    base = base.replace("x", "×").replace("-", " → ").replace("+", " ∥ ")
    return f"{base} ({number})" if number else base


def either(wide: str, tall: str) -> str:
    """A drawing for wide and one for narrow screens; the style sheet shows the one that fits."""
    return f'<div class="drawn wide">{wide}</div><div class="drawn tall">{tall}</div>'


def operation(step: Step, t: Words) -> tuple[str, str]:
    """A step's two lines: a convolution's kernel and channels, a pooling's kind and kernel.

    The kernel says a stride that is not 1.
    """
    size = kernel(step.kernel) + ("" if step.stride == (1, 1) else f" /{step.stride[0]}")
    if step.kind == "conv":
        return size, f"{step.in_channels} → {step.channels}"
    return t("inception.max_pool" if step.kind == "max" else "inception.average_pool"), size


def kernel_tint(number: int, count: int) -> str:
    """The CSS colour of the number-th of `count` kinds of branches, from near to far."""
    # Not from 0: the lightest must still be seen on a photo.
    return family_tint("inception", 0.2 + 0.8 * number / max(1, count - 1))


def tints(branches: Sequence[Branch]) -> list[str]:
    """A CSS colour for each branch of one block: tints of the family in order, poolings grey."""
    kernels = [branch.name for branch in branches if not branch.pools]
    return [
        POOL if branch.pools else kernel_tint(kernels.index(branch.name), len(kernels))
        for branch in branches
    ]
