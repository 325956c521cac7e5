"""Addition beside concatenation, read from live forward passes.

Sources: He et al. (2016), eq. 1: H(x) = F(x) + x; Huang et al. (2017), eq. 2: H(x) = [x, F(x)].
"""

from __future__ import annotations

from itertools import groupby, pairwise

from torch import Tensor

from demo.explain.dense import block_output, dense_blocks
from demo.explain.runs import run
from demo.records import Photo
from demo.records.dense import Passage
from demo.zoo.loading import LoadedModel


def residual_passage(loaded: LoadedModel, photo: Photo, depth: int) -> Passage:
    """Through at most `depth` blocks of a network's longest stage, after its first block.

    The first block of a stage changes width and size with a convolution on the shortcut; after it
    the shortcut is x itself.

    Raises:
        Problem: if the network has no stages.
    """
    loaded.spec.must_show("stages")
    blocks = run(loaded, photo).trace.blocks
    stages = [
        (name, [blocks[path].output for _, path in group])
        for name, group in groupby(
            loaded.spec.blocks.items(), key=lambda item: item[0].rpartition(".")[0]
        )
    ]
    name, outputs = max(stages, key=lambda stage: len(stage[1]))
    outputs = outputs[: depth + 1]
    added = tuple(out.shape[1] for out in outputs[1:])
    return _passage(loaded, name, outputs, added, sums=True)


def dense_passage(loaded: LoadedModel, photo: Photo, depth: int) -> Passage:
    """Through the first `depth` layers of the last dense block that has so many (or the longest).

    Raises:
        Problem: if the network has no dense blocks.
    """
    views = dense_blocks(loaded)
    long_enough = [view for view in views if len(view.add) >= depth]
    view = long_enough[-1] if long_enough else max(views, key=lambda view: len(view.add))
    depth = min(depth, len(view.add))
    output = block_output(loaded, photo, view)
    steps = [output[:, : view.starts[i + 1]] for i in range(depth + 1)]
    added = tuple(view.starts[i + 2] - view.starts[i + 1] for i in range(depth))
    return _passage(loaded, list(loaded.spec.blocks)[view.number - 1], steps, added, sums=False)


def _passage(
    loaded: LoadedModel, block: str, outputs: list[Tensor], added: tuple[int, ...], sums: bool
) -> Passage:
    return Passage(
        model=loaded.spec.key,
        title=loaded.spec.title,
        family=loaded.spec.family,
        block=block,
        shapes=tuple(tuple(out.shape[1:]) for out in outputs),
        added=added,
        kept=tuple(_unchanged(x, out) for x, out in pairwise(outputs)),
        sums=sums,
    )


def _unchanged(x: Tensor, out: Tensor) -> int:
    """How many channels of x are in `out` at their place, bit for bit; empty ones do not count."""
    same = (out[0, : x.shape[1]] == x[0]).flatten(1).all(1)
    return int((same & (x[0].flatten(1) != 0).any(1)).sum())
