"""An ICC profile (ICC.1:2001-04) made of a gamma and of where red, green and blue lie."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)
"""Chromaticities x, y of white, red, green and blue (IEC 61966-2-1)."""
_D50 = np.array([0.9642, 1.0, 0.8249])
"""The white of all profiles."""
_BRADFORD = np.array(
    [[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]]
)


def from_gamma(gamma: float, places: Sequence[float] | None = None) -> bytes:
    """A profile for RGB whose samples to the power of gamma are proportional to light.

    Args:
        gamma: 1 for samples that are proportional to light themselves.
        places: chromaticities x, y of white, red, green and blue; sRGB's by default, and where
            these make no triangle.
    """
    try:
        colorants = _colorants(places or _SRGB)
    except (np.linalg.LinAlgError, ZeroDivisionError):
        colorants = _colorants(_SRGB)
    curve = struct.pack(">4sIIH", b"curv", 0, 1, round(gamma * 256)) + bytes(2)
    tags = {
        b"wtpt": _xyz(_D50),
        **{name: _xyz(colorants[:, at]) for at, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    at, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head = (head + bytes(12) + b"acsp").ljust(68, b"\0") + _xyz(_D50)[8:]
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _colorants(places: Sequence[float]) -> NDArray[np.float64]:
    """XYZ of red, green and blue, one a column, seen under D50 (Bradford's adaptation).

    Raises:
        LinAlgError, ZeroDivisionError: if the places make no triangle.
    """
    white, *corners = (
        np.array([x / y, 1, (1 - x - y) / y])
        for x, y in zip(places[::2], places[1::2], strict=True)
    )
    primaries = np.stack(corners, axis=1)
    lit = primaries * np.linalg.solve(primaries, white)
    cones = (_BRADFORD @ _D50) / (_BRADFORD @ white)
    adapted = np.linalg.inv(_BRADFORD) @ np.diag(cones) @ _BRADFORD @ lit
    if not np.isfinite(adapted).all() or np.abs(adapted).max() > 100:
        raise np.linalg.LinAlgError
    return adapted


def _xyz(values: NDArray[np.float64]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(value * 65536) for value in values))
