"""Perceptually even colour maps as stops, from the lists that Plotly ships."""

from __future__ import annotations

import numpy as np
import plotly.colors
from numpy.typing import NDArray

SEQUENTIAL = ("inferno", "viridis", "magma", "cividis")
"""The first is the default."""

SIGNED = ("#2166ac", "#67a9cf", "#d1e5f0", "#f7f7f7", "#fdd9a8", "#f0983a", "#b35c00")
"""Blue, white, orange: for values centred on zero."""


def stops(name: str) -> NDArray[np.uint8]:
    """The stops of a colour map, (n, 3) from its lowest value to its highest.

    Raises:
        KeyError: if there is no such colour map.
    """
    if name == "signed":
        colours: tuple[str, ...] | list[str] = SIGNED
    elif name in SEQUENTIAL:
        colours = getattr(plotly.colors.sequential, name.capitalize())
    else:
        raise KeyError(name)
    return np.array(
        [plotly.colors.hex_to_rgb(colour) for colour in colours],
        dtype=np.uint8,
    )


def paint(values: NDArray[np.floating], name: str) -> NDArray[np.uint8]:
    """Values in [0, 1] of any shape -> colours, shape + (3,), linear between the stops."""
    table = stops(name).astype(np.float64)
    position = np.clip(values, 0, 1) * (len(table) - 1)
    low = np.minimum(position.astype(int), len(table) - 2)
    share = (position - low)[..., None]
    return np.rint(table[low] * (1 - share) + table[low + 1] * share).astype(np.uint8)
