"""How far a map lies where a reader has marked the photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demo.records import Box, HeatMap
from demo.topics.closer.records.marks import Mark, Overlap


def overlap(found: HeatMap, label: str, probability: float, mark: Mark) -> Overlap:
    """How far a map lies inside a mark; where the network sees nothing, its map is 0.

    Share and the threshold, as many places as are marked: relevance mass and rank accuracy of
    Arras, Osman and Samek, "CLEVR-XAI" (2022). The highest place: the pointing game of Zhang et
    al., "Top-down Neural Attention by Excitation Backprop" (2016), without its tolerance.
    """
    heat = on_cells(found.values, found.seen, mark.cells.shape)
    total = float(heat.sum())
    share = float(heat[mark.cells].sum()) / total if total > 0 else 0.0
    highest = _highest(heat, int(mark.cells.sum()))
    both, either = (highest & mark.cells).sum(), (highest | mark.cells).sum()
    iou = float(both / either) if either else 0.0
    inside = total > 0 and bool(mark.cells[_peak(found, mark.cells.shape)])
    return Overlap(found, label, probability, share, iou, inside)


def on_cells(
    values: NDArray[np.floating], seen: Box, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """A map at the middle of each cell of the whole photo, (rows, columns); 0 where `seen` ends.

    Args:
        values: (h, w), over the part `seen`; bilinear between the middles of its places.
    """
    across = [(np.arange(cells) + 0.5) / cells for cells in shape]
    ends = ((seen.top, seen.bottom), (seen.left, seen.right))
    found = values.astype(np.float64)
    within = []
    for axis, (places, (low, high)) in enumerate(zip(across, ends, strict=True)):
        inside = (places - low) / (high - low)
        within.append((inside >= 0) & (inside <= 1))
        found = _between(found, inside * values.shape[axis] - 0.5, axis)
    return found * np.outer(*within)


def _between(values: NDArray[np.float64], at: NDArray[np.float64], axis: int) -> NDArray:
    """Values at places between the indices of one axis, linear; the ends hold beyond them."""
    last = values.shape[axis] - 1
    at = np.clip(at, 0, last)
    low = np.minimum(at.astype(int), max(last - 1, 0))
    share = np.expand_dims(at - low, 1 - axis)
    above = np.minimum(low + 1, last)
    return values.take(low, axis) * (1 - share) + values.take(above, axis) * share


def _highest(heat: NDArray[np.float64], count: int) -> NDArray[np.bool_]:
    """The `count` highest places, fewer where fewer are above 0; of equals the first in order."""
    order = (-heat).ravel().argsort(kind="stable")[:count]
    chosen = np.zeros(heat.size, dtype=bool)
    chosen[order] = heat.ravel()[order] > 0
    return chosen.reshape(heat.shape)


def _peak(found: HeatMap, shape: tuple[int, ...]) -> tuple[int, int]:
    """The cell in which the middle of the map's own highest place lies."""
    row, column = np.unravel_index(int(found.values.argmax()), found.values.shape)
    seen, (height, width) = found.seen, found.values.shape
    down = seen.top + (seen.bottom - seen.top) * (row + 0.5) / height
    right = seen.left + (seen.right - seen.left) * (column + 0.5) / width
    rows, columns = shape
    return min(int(down * rows), rows - 1), min(int(right * columns), columns - 1)
