"""Pictures that are covered, blurred, shifted, rotated, cropped and made noisy, by numbers alone.

All sizes are shares of the picture's side, so that networks with inputs of other sizes meet the
same harm; noise is that of each network's own pixels, as in Hendrycks and Dietterich, "Benchmarking
Neural Network Robustness to Common Corruptions and Perturbations" (2019).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demo.records import Box
from demo.topics.closer.records.breaking import BLUR, LEFT, NOISE, SHIFT, TURN, Kind

Picture = NDArray[np.float64]
"""(S, S, 3), sRGB values in [0, 1]."""
GREY = 0.5
"""What covers."""
SEED = 0


def region(seen: Box, kind: Kind, strength: float) -> Box:
    """The part of the photo that is cut out: a crop leaves the middle of what was seen."""
    if kind != "crop":
        return seen
    gone = (1 - LEFT) * strength / 2
    wide, high = (seen.right - seen.left) * gone, (seen.bottom - seen.top) * gone
    return Box(seen.left + wide, seen.top + high, seen.right - wide, seen.bottom - high)


def harmed(
    picture: Picture, kind: Kind, strength: float, covered: NDArray[np.float64] | None = None
) -> Picture:
    """The picture after the harm; "crop" has been done by `region`.

    Args:
        strength: in [0, 1].
        covered: (S, S) in [0, 1], what "cover" covers, the more the stronger; None is a square in
            the middle, the larger the stronger.
    """
    side = len(picture)
    if kind == "cover":
        half = strength * side / 2
        middle = coverage(side, side / 2 - half, side / 2 + half)
        mask = np.outer(middle, middle) if covered is None else covered * strength
        return picture + mask[..., None] * (GREY - picture)
    if kind == "blur":
        return blurred(picture, strength * BLUR * side)
    if kind == "noise":
        noise = np.random.default_rng(SEED).standard_normal(picture.shape)
        return np.clip(picture + strength * NOISE * noise, 0, 1)
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    if kind == "shift":
        x = x - strength * SHIFT * side
    elif kind == "rotate":
        angle = np.radians(strength * TURN)
        # Where a place of the turned picture was before: clockwise, as y goes down.
        x, y = (
            np.cos(angle) * x + np.sin(angle) * y,
            np.cos(angle) * y - np.sin(angle) * x,
        )
    else:
        return picture
    return sampled(picture, y + (side - 1) / 2, x + (side - 1) / 2)


def coverage(side: int, low: float, high: float) -> NDArray[np.float64]:
    """How much of each pixel of a line lies between two places, (side,) in [0, 1]."""
    starts = np.arange(side)
    return np.clip(np.minimum(starts + 1, high) - np.maximum(starts, low), 0, 1)


def blurred(picture: Picture, deviation: float) -> Picture:
    """Under a Gaussian, in pixels, whose weights inside the picture add up to 1."""
    if deviation == 0:
        return picture
    places = np.arange(len(picture))
    weights = np.exp(-((places[:, None] - places) ** 2) / (2 * deviation**2))
    weights /= weights.sum(axis=1, keepdims=True)
    return np.einsum("ij,jkc,lk->ilc", weights, picture, weights, optimize=True)


def sampled(picture: Picture, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Picture:
    """The picture at places between its pixels, bilinear; beyond its edges lies its mirror image.

    Args:
        rows, columns: (S, S), 0 is the middle of the first pixel.
    """
    top, down = _parts(rows, len(picture))
    left, across = _parts(columns, len(picture))
    down, across = down[..., None], across[..., None]
    upper = picture[top[0], left[0]] * (1 - across) + picture[top[0], left[1]] * across
    lower = picture[top[1], left[0]] * (1 - across) + picture[top[1], left[1]] * across
    return upper * (1 - down) + lower * down


def _parts(at: NDArray[np.float64], side: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The pixels before and after a place, (2, ...), and how far it is on the way."""
    low = np.floor(at + 1e-9)
    return np.stack([_mirrored(low, side), _mirrored(low + 1, side)]), np.maximum(at - low, 0)


def _mirrored(place: NDArray[np.float64], side: int) -> NDArray[np.intp]:
    folded = np.mod(place, 2 * side).astype(np.intp)
    return np.minimum(folded, 2 * side - 1 - folded)


def on_input(cells: NDArray[np.bool_], seen: Box, side: int) -> NDArray[np.float64]:
    """Cells of the whole photo at each pixel of what a network is given, (side, side).

    Args:
        cells: (rows, columns). seen: what the network is given.
    """
    ends = ((seen.top, seen.bottom), (seen.left, seen.right))
    middles = (np.arange(side) + 0.5) / side
    places = [
        np.clip((low + (high - low) * middles) * count, 0, count - 1).astype(int)
        for (low, high), count in zip(ends, cells.shape, strict=True)
    ]
    return cells[np.ix_(*places)].astype(float)
