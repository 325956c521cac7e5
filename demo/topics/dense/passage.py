"""Addition beside concatenation: shapes from the spec, and what is kept from a live forward pass.

Sources: He et al. (2016), eq. 1: H(x) = F(x) + x; Huang et al. (2017), eq. 2: H(x) = [x, F(x)].
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor

from demo.engine.runs import block_ends
from demo.records import Photo
from demo.topics.dense.anatomy import block_output, dense_block
from demo.topics.dense.records import GrownLayer, Passage
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec


def residual_passage(one: ModelSpec, depth: int) -> Passage:
    """Through at most `depth` blocks of a network's longest stage, after its first block.

    The first block of a stage changes width and size with a convolution on the shortcut; after it
    the shortcut is x itself.

    Raises:
        Problem: if the network has no stages.
    """
    one.must_show("stages")
    counts = Counter(map(stage_of, one.blocks))
    name, count = counts.most_common(1)[0]
    layer = next(layer for layer in one.layers if layer.name == name)
    steps = min(depth, count - 1)
    shape = (layer.channels, layer.size, layer.size)
    shapes, added = (shape,) * (steps + 1), (layer.channels,) * steps
    return Passage(one.key, one.title, one.family, name, shapes, added, sums=True)


def dense_passage(one: ModelSpec, layers: Sequence[GrownLayer]) -> Passage:
    """Through some layers of a dense block, from its first.

    Raises:
        Problem: if the network has no dense blocks.
    """
    one.must_show("growth")
    widths = (layers[0].in_channels, *(layer.out_channels for layer in layers))
    side = layers[0].size
    shapes = tuple((width, side, side) for width in widths)
    block = list(one.blocks)[layers[0].block - 1]
    added = tuple(layer.out_channels - layer.in_channels for layer in layers)
    return Passage(one.key, one.title, one.family, block, shapes, added, sums=False)


def kept(loaded: LoadedModel, photo: Photo, way: Passage) -> tuple[int, ...]:
    """How many of its x's channels each step of the passage passes on, bit for bit."""
    return tuple(_unchanged(x, out) for x, out in pairwise(_outputs(loaded, photo, way)))


def stage_of(block: str) -> str:
    """ "stage3.2" -> "stage3"."""
    return block.rpartition(".")[0]


def _outputs(loaded: LoadedModel, photo: Photo, way: Passage) -> list[Tensor]:
    """x, then what each step passes on, (1, C, h, w)."""
    if "growth" in loaded.spec.capabilities:
        view = dense_block(loaded, list(loaded.spec.blocks).index(way.block) + 1)
        whole = block_output(loaded, photo, view)
        return [whole[:, :width] for width in way.widths]
    blocks = block_ends(loaded, photo)
    paths = [path for name, path in loaded.spec.blocks.items() if stage_of(name) == way.block]
    return [blocks[path].output for path in paths[: len(way.shapes)]]


def _unchanged(x: Tensor, out: Tensor) -> int:
    """How many channels of x are in `out` at their place, bit for bit; empty ones do not count."""
    same = (out[0, : x.shape[1]] == x[0]).flatten(1).all(1)
    return int((same & (x[0].flatten(1) != 0).any(1)).sum())
