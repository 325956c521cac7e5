"""Patches as masks over what a network is given, and those that fool one network alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from demo.records import Box
from demo.topics.closer.numbers.breaking import coverage
from demo.topics.closer.records.patches import Find, Patch, Tries, box_of, places


def masks(patches: Sequence[Patch], square: Box, seen: Box, side: int) -> NDArray[np.float32]:
    """How much of each pixel of a network's input lies under each patch, (n, side, side).

    Args:
        square: the middle square of the photo. seen: what the network is given.
    """
    wide, high = seen.right - seen.left, seen.bottom - seen.top
    found = np.zeros((len(patches), side, side), np.float32)
    for mask, patch in zip(found, patches, strict=True):
        box = box_of(patch, square)
        rows = coverage(
            side, (box.top - seen.top) / high * side, (box.bottom - seen.top) / high * side
        )
        columns = coverage(
            side, (box.left - seen.left) / wide * side, (box.right - seen.left) / wide * side
        )
        mask[:] = np.outer(rows, columns)
    return found


def alone(tries: Mapping[str, Tries]) -> dict[str, Find | None]:
    """For each network the patch of one side that fools it and none of the others.

    Of several, the one under which its own first choice is least probable; of equals the first.

    Args:
        tries: of each network, all of one side.
    """
    fooled = {key: one.tops != one.own for key, one in tries.items()}
    count = np.sum([*fooled.values()], axis=0)
    return {key: _least(one, fooled[key] & (count == 1)) for key, one in tries.items()}


def _least(tries: Tries, chosen: NDArray[np.bool_]) -> Find | None:
    if not chosen.any():
        return None
    at = int(np.where(chosen, tries.shares, np.inf).argmin())
    return Find(places(tries.side)[at], int(tries.tops[at]))
