"""Cut links of a dense block: zero what a layer reads from a source, and see the answer move.

Everything in front of the cut comes from the photo's one run; only what is behind it is computed
again, many cuts at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from demo.cache import ByteCache
from demo.explain.dense import DenseBlockView, block_output, dense_block
from demo.explain.reuse import check_link
from demo.explain.runs import run
from demo.records import Photo
from demo.records.dense import CutLink, LinkEffects

if TYPE_CHECKING:
    from demo.zoo.loading import LoadedModel

_BATCH_BYTES = 48 * 2**20
_EFFECTS: ByteCache[LinkEffects] = ByteCache(
    8 * 2**20, size=lambda effects: effects.change.nbytes + effects.winner.nbytes
)


def cut(
    loaded: LoadedModel, photo: Photo, block: int, target: int, sources: Sequence[int]
) -> CutLink:
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
    before = run(loaded, photo).scores.probabilities
    output = block_output(loaded, photo, view)
    with loaded.lock:
        logits = cut_logits(view, output, target, [tuple(sources)])
    after = torch.softmax(logits[0].float() / loaded.spec.temperature, dim=0)
    return CutLink(block, target, tuple(sources), before, after.numpy())


def effects(
    loaded: LoadedModel,
    photo: Photo,
    block: int,
    progress: Callable[[int, int], None] | None = None,
) -> LinkEffects:
    """Cut every link of a block, one at a time.

    Args:
        progress: called with (links done, links in all) from time to time; may raise to stop.

    Raises:
        Problem: if there is no such block.
    """
    dense_block(loaded, block)
    key = (loaded.spec.key, id(loaded.network), photo.key, block)
    return _EFFECTS.get(key, lambda: _effects(loaded, photo, block, progress))


def cut_logits(
    view: DenseBlockView, output: Tensor, target: int, cuts: Sequence[tuple[int, ...]]
) -> Tensor:
    """Logits (cuts, classes), each with its own sources hidden from the target.

    output: what the block puts out, (1, C, h, w). Hold the model's lock.
    """
    layers = len(view.add)
    with torch.no_grad():
        whole = output[:, : view.starts[target + 1]].expand(len(cuts), -1, -1, -1)
        read = whole.clone()
        for row, sources in enumerate(cuts):
            for source in sources:
                read[row, view.channels(source)] = 0
        if target == layers:
            return view.rest(read)
        features = torch.cat([whole, view.add[target](read)], dim=1)
        for add in view.add[target + 1 :]:
            features = torch.cat([features, add(features)], dim=1)
        return view.rest(features)


def _effects(
    loaded: LoadedModel,
    photo: Photo,
    block: int,
    progress: Callable[[int, int], None] | None,
) -> LinkEffects:
    view = dense_block(loaded, block)
    scores = run(loaded, photo).scores
    output = block_output(loaded, photo, view)
    count = len(view.readers)
    change = np.full((count, count), np.nan, dtype=np.float32)
    winner = np.full((count, count), -1, dtype=np.int64)
    at_once = max(1, min(32, _BATCH_BYTES // (output.numel() * output.element_size())))
    total, done = count * (count + 1) // 2, 0
    for target in range(count):
        for first in range(0, target + 1, at_once):
            sources = range(first, min(first + at_once, target + 1))
            with loaded.lock:
                logits = cut_logits(view, output, target, [(source,) for source in sources])
            answers = torch.softmax(logits.float() / loaded.spec.temperature, dim=1).numpy()
            rows = slice(sources.start, sources.stop)
            change[rows, target] = answers[:, scores.top] - scores.probabilities[scores.top]
            winner[rows, target] = answers.argmax(1)
            done += len(sources)
            if progress is not None:
                progress(done, total)
    return LinkEffects(
        model=loaded.spec.key,
        photo=photo.key,
        block=block,
        index=scores.top,
        probability=float(scores.probabilities[scores.top]),
        change=change,
        winner=winner,
    )
