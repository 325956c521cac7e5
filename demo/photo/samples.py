"""Samples of any width and sign become 8 bits: by the range that the file declares."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from demo.records import Notice, Problem

_BAND = 2**22
"""Samples that are scaled at a time."""


class Span(NamedTuple):
    """The values that stand for black and white, and whether a file said so."""

    low: float
    high: float
    declared: bool = True

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What the reader must know of it."""
        if self.declared:
            return ()
        return (Notice("photo_notice.range", low=_short(self.low), high=_short(self.high)),)


def _short(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.3g}"


def full(dtype: np.dtype[Any], bits: int) -> Span:
    """What so many bits can hold; 0 to 1 for floating point."""
    if dtype.kind == "f":
        return Span(0, 1)
    if dtype.kind == "i":
        return Span(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    return Span(0, 2**bits - 1)


def span_of(values: NDArray[Any], bits: int) -> Span:
    """The range of samples about which a file says no more than how they are stored.

    Photos fill the bits that they are stored in. Where all values lie in the lower half, or bear a
    sign, the storage is only a box: 12 bits of a camera in 16, a measurement. Then the range of
    the values themselves decides, and it is not declared.

    Raises:
        Problem: "problem.photo_broken" where no value is a number.
    """
    whole = full(values.dtype, bits)
    low, high = extremes(values)
    if values.dtype.kind == "f":
        fits = low >= 0 and high <= 1 and (high > 0.5 or low == high)
    else:
        fits = values.dtype.kind == "u" and high > whole.high // 2
    # 10, 12 or 14 bits are no box that programs put other things into.
    if fits or bits not in (16, 24, 32, 64):
        return whole
    if low == high:
        # One value has no range; what it is stored in has.
        return Span(min(whole.low, low), max(whole.high, high))
    return Span(low, high, declared=False)


def extremes(values: NDArray[Any]) -> tuple[float, float]:
    """The smallest and the largest value that is a number.

    Raises:
        Problem: "problem.photo_broken" if there is none.
    """
    if values.dtype.kind != "f":
        return float(values.min()), float(values.max())
    lows, highs = [], []
    for band in bands(values):
        finite = band[np.isfinite(band)]
        if finite.size:
            lows.append(float(finite.min()))
            highs.append(float(finite.max()))
    if not lows:
        raise Problem("problem.photo_broken")
    return min(lows), max(highs)


def bands(values: NDArray[Any]) -> list[NDArray[Any]]:
    """The rows in groups, so that no intermediate result is as large as the whole."""
    rows = max(1, _BAND // max(1, values[0].size))
    return [values[at : at + rows] for at in range(0, len(values), rows)]


def to_bytes(values: NDArray[Any], span: Span, linear: float = 0.0) -> NDArray[np.uint8]:
    """Samples as 0 (at span.low or below) to 255.

    linear: the exponent that makes a sample proportional to light, which sRGB's curve then
    encodes; 0 where samples are encoded already.
    """
    out = np.empty(values.shape, np.uint8)
    low, scale = span.low, 1 / (span.high - span.low)
    for band, target in zip(bands(values), bands(out), strict=True):
        part = np.nan_to_num((band.astype(np.float64) - low) * scale, nan=0.0)
        np.clip(part, 0, 1, out=part)
        if linear:
            part = encoded(part**linear)
        target[...] = np.rint(part * 255)
    return out


def encoded(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Light in [0, 1] by sRGB's curve (IEC 61966-2-1)."""
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
