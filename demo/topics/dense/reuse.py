"""Feature reuse: how strongly each layer of a dense block reads each that came before.

Source: Huang et al., "Densely Connected Convolutional Networks" (2017), section 5, Fig. 5: the
mean absolute weight of a layer's first convolution on the maps of each earlier layer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from demo.engine.runs import once
from demo.records import Photo, Problem
from demo.topics.dense.anatomy import DenseBlockView, Reader, block_output, dense_block, normalised
from demo.topics.dense.records import READINGS, Link, Observation, Reading, Reuse
from demo.zoo.loading import LoadedModel

Strengths = tuple[NDArray[np.float32], ...]
"""For each target of a block, how strongly it reads each channel of the concatenation."""


def reuse(loaded: LoadedModel, block: int, reading: Reading, photo: Photo | None = None) -> Reuse:
    """The matrix of one block, source by target.

    Args:
        block: counted from 1.
        reading: "raw" is mean |w|; "scaled" is mean |w| times |gamma| / sigma of the BatchNorm in
            front; "activation" is mean |w| times the photo's mean activation after BatchNorm and
            ReLU.
        photo: needed by "activation" alone.

    Raises:
        Problem: if there is no such block or reading, or no photo where one is needed.
    """
    view = dense_block(loaded, block)

    def compute() -> Reuse:
        columns = _strengths(loaded, view, reading, photo)
        count = len(columns)
        matrix = np.full((count, count), np.nan, dtype=np.float32)
        for target, strengths in enumerate(columns):
            for source in range(target + 1):
                matrix[source, target] = strengths[view.channels(source)].mean()
        return Reuse(loaded.spec.key, block, reading, view.after, matrix, view.starts)

    key = ("reuse", block, reading)
    if reading == "activation" and photo is not None:
        return once(loaded, photo, key, compute)
    return loaded.results.once(key, compute)


def link(
    loaded: LoadedModel,
    block: int,
    source: int,
    target: int,
    reading: Reading,
    photo: Photo | None = None,
) -> Link:
    """One cell of `reuse`, channel by channel.

    Args:
        source: row of the matrix: 0 is the block's input, then its layers.
        target: column of the matrix: 0 is the first layer, the last what follows the block.

    Raises:
        Problem: as in `reuse`, or if the target does not read the source.
    """
    view = dense_block(loaded, block)
    check_link(view, source, target)
    strengths = _strengths(loaded, view, reading, photo)[target][view.channels(source)]
    return Link(block, source, target, view.starts[source], strengths)


def check_link(view: DenseBlockView, source: int, target: int) -> None:
    """Nothing.

    Raises:
        Problem: if the target does not read the source, or one of them is not there.
    """
    if not 0 <= source <= target < len(view.readers):
        last = min(max(target, 0), len(view.readers) - 1)
        raise Problem("densenet.no_link", block=view.number, target=target + 1, last=last)


def _strengths(
    loaded: LoadedModel, view: DenseBlockView, reading: Reading, photo: Photo | None
) -> Strengths:
    if reading not in READINGS:
        raise Problem("densenet.no_reading", reading=reading, readings=", ".join(READINGS))
    if reading != "activation":
        return loaded.results.once(
            ("strengths", view.number, reading),
            lambda: tuple(_of_weights(reader, reading) for reader in view.readers),
        )
    if photo is None:
        raise Problem("densenet.needs_photo")
    return once(loaded, photo, ("strengths", view.number), lambda: _of_photo(loaded, view, photo))


def _of_weights(reader: Reader, reading: Reading) -> NDArray[np.float32]:
    """(C,): mean |w| over outputs and places of the kernel, scaled by the BatchNorm or not."""
    weights = reader.weight.detach().float().abs().transpose(0, 1).flatten(1).mean(1)
    if reading == "scaled":
        norm = reader.norm
        weights = weights * norm.weight.detach().abs() / (norm.running_var + norm.eps).sqrt()
    return weights.numpy()


def _of_photo(loaded: LoadedModel, view: DenseBlockView, photo: Photo) -> Strengths:
    output = block_output(loaded, photo, view)
    columns = []
    with torch.no_grad():
        for reader in view.readers:
            read = normalised(reader, output[:, : reader.weight.shape[1]])
            columns.append(_of_weights(reader, "raw") * read.float().mean((0, 2, 3)).numpy())
    return tuple(columns)


def observations(blocks: Sequence[Reuse]) -> tuple[Observation, ...]:
    """The four observations of the paper's section 5, each as a number with its bound.

    spread: a layer's weights go to many sources of its block. The effective number of sources
        (exponential of the entropy of their shares) divided by the number there are, averaged over
        all layers that have a choice; at least a half.
    transition: so do the transitions'; the least even of them, at least a half.
    least: layers after a transition give least to its output, which is their block's input. The
        share of those layers, from the second block on, for which it is the weakest source; at
        least a half.
    late: the classifier concentrates on late maps. Its mean weight on the later half of the last
        block's sources over that on the earlier half; at least 1.1.

    Args:
        blocks: the matrices of all blocks of one network, in order, in one reading.
    """
    layers = [
        evenness(block.matrix[: t + 1, t]) for block in blocks for t in range(1, block.targets - 1)
    ]
    transitions = [evenness(block.matrix[:, -1]) for block in blocks if block.after == "transition"]
    weakest = [
        bool(block.matrix[: t + 1, t].argmin() == 0)
        for block in blocks[1:]
        for t in range(1, block.targets - 1)
    ]
    late = [_late(block.matrix[:, -1]) for block in blocks if block.after == "classifier"]
    nothing = float("nan")
    return (
        Observation("spread", float(np.mean(layers)) if layers else nothing, 0.5),
        Observation("transition", min(transitions, default=nothing), 0.5),
        Observation("least", float(np.mean(weakest)) if weakest else nothing, 0.5),
        Observation("late", late[-1] if late else nothing, 1.1),
    )


def evenness(column: NDArray[np.float32]) -> float:
    """How many sources count, over how many there are: 1 is all alike, 1/n only one.

    The effective number is exp(entropy) of the shares. Nothing read at all counts as even.
    """
    total = float(column.sum())
    if total <= 0:
        return 1.0
    shares = column[column > 0].astype(np.float64) / total
    return float(np.exp(-(shares * np.log(shares)).sum()) / len(column))


def _late(column: NDArray[np.float32]) -> float:
    half = len(column) // 2
    early = float(column[:half].mean()) if half else 0.0
    return float(column[half:].mean()) / early if early > 0 else float("nan")
