"""Cut links of a dense block: zero what a layer reads from a source, and see the answer move.

A cut changes what the block puts out from that layer on; all of it is in the block's own output,
from which the later layers are computed again, many cuts at once.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from demo.engine.counterfactual import answers, counterfactuals, own_answer
from demo.engine.runs import once, run
from demo.records import Photo
from demo.records.counterfactual import Counterfactual
from demo.topics.dense.anatomy import DenseBlockView, block_output, dense_block
from demo.topics.dense.records import LinkEffects
from demo.topics.dense.reuse import check_link
from demo.zoo.loading import LoadedModel

_BATCH_BYTES = 48 * 2**20

Cut = tuple[int, tuple[int, ...]]
"""A target and the sources that are hidden from it."""


def cut(
    loaded: LoadedModel, photo: Photo, block: int, target: int, sources: Sequence[int]
) -> Counterfactual:
    """Zero what one target of a block reads from some sources.

    Args:
        block: counted from 1.
        target: 0 is the first layer, the number of layers is what follows the block.
        sources: 0 is the block's input, then its layers.

    Raises:
        Problem: if there is no such block, or no such link.
    """
    view = dense_block(loaded, block)
    for source in sources:
        check_link(view, source, target)
    logits = _answers(loaded, photo, view, [(target, tuple(sources))])
    off = tuple(f"{source}-{target}" for source in sources)
    return counterfactuals(loaded, photo, [(str(block), off)], logits)[0]


def effects(
    loaded: LoadedModel, photo: Photo, block: int
) -> Generator[tuple[int, int], None, LinkEffects]:
    """Cut every link of a block, one at a time, some of them in each step; the whole is kept.

    Yields:
        (links done, links in all).

    Raises:
        Problem: if there is no such block.
    """
    view, key = dense_block(loaded, block), ("links", block)
    kept: LinkEffects | None = run(loaded, photo).results.peek(key)
    if kept is not None:
        return kept
    own = own_answer(loaded, photo)
    count = len(view.readers)
    change = np.full((count, count), np.nan, dtype=np.float32)
    winner = np.full((count, count), -1, dtype=np.int64)
    output = block_output(loaded, photo, view)
    at_once = max(1, min(32, _BATCH_BYTES // (output.numel() * output.element_size())))
    total, done = count * (count + 1) // 2, 0
    for some in _batches(count, at_once):
        shares = loaded.spec.probabilities(_answers(loaded, photo, view, some)).numpy()
        for (target, (source,)), row in zip(some, shares, strict=True):
            change[source, target] = row[own.top] - own.probabilities[own.top]
            winner[source, target] = row.argmax()
        done += len(some)
        yield done, total
    probability = float(own.probabilities[own.top])
    effects = LinkEffects(loaded.spec.key, photo.key, block, own.top, probability, change, winner)
    return once(loaded, photo, key, lambda: effects)


def hidden(
    view: DenseBlockView, output: Tensor, target: int, cuts: Sequence[Sequence[int]]
) -> Tensor:
    """What the block would put out, (cuts, C, h, w), each with its sources hidden from the target.

    For what follows the block, the target after its last layer, that is what it would read.

    output: what the block puts out, (1, C, h, w).
    """
    whole = output[:, : view.starts[target + 1]].expand(len(cuts), -1, -1, -1)
    read = whole.clone()
    for row, sources in enumerate(cuts):
        for source in sources:
            read[row, view.channels(source)] = 0
    if target == len(view.add):
        return read
    features = torch.cat([whole, view.add[target](read)], dim=1)
    for add in view.add[target + 1 :]:
        features = torch.cat([features, add(features)], dim=1)
    return features


def _answers(
    loaded: LoadedModel, photo: Photo, view: DenseBlockView, cuts: Sequence[Cut]
) -> Tensor:
    """Logits of several cuts, (cuts, classes); those of one target stand together."""
    by_target: dict[int, list[tuple[int, ...]]] = {}
    for target, sources in cuts:
        by_target.setdefault(target, []).append(sources)

    def change(own: Tensor) -> Tensor:
        return torch.cat([hidden(view, own, target, some) for target, some in by_target.items()])

    return answers(loaded, photo, {view.path: change})


def _batches(count: int, at_once: int) -> Iterator[list[Cut]]:
    """Every single link of a block with `count` targets, target by target, some at a time."""
    links: list[Cut] = [
        (target, (source,)) for target in range(count) for source in range(target + 1)
    ]
    for first in range(0, len(links), at_once):
        yield links[first : first + at_once]
