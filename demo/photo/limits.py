"""How much one photo may ask for: tested on what its file declares, before anything is decoded."""

from __future__ import annotations

import os

from demo.records import Problem

MOST_BYTES = 20 * 2**20
LONGEST = 1600
"""Longer side of what is kept: no network sees more than 600 px."""
THINNEST = 64
"""A photo may be this many times longer than wide."""

MILLION = 10**6
MOST_PIXELS = {"JPEG": 250 * MILLION, "HEIF": 50 * MILLION}
"""JPEG is decoded at a fraction of its size; HEIF holds the 48 million pixels of a phone."""
OTHERS_PIXELS = 30 * MILLION
"""Of what is decoded whole."""
MOST_SAMPLE_BYTES = 4 * OTHERS_PIXELS
"""Of a TIFF's samples that are wider than 8 bits, unpacked."""

MOST_SCANS = 100
"""Of a progressive JPEG; programs write about ten."""
MOST_SCANNED = 3000 * MILLION
"""Pixels of a JPEG times its scans: each scan walks all of them."""
MOST_COEFFICIENTS = 400 * MILLION
"""Bytes that a JPEG of several scans keeps until its last one."""
MOST_SEGMENTS = 2**15
"""Strips or tiles of a TIFF."""
MOST_RUNS = 4 * 2**20
"""Bytes of a run-length BMP: Pillow walks its runs in Python."""
MOST_PROFILE = 8 * 2**20
"""Bytes of a colour profile, unpacked."""

ENOUGH = 0.9
"""Share of a photo's rows that must have arrived for it to be shown."""
WORK = 5
"""Seconds of processor time for one photo."""
SECONDS = 20.0 if os.name == "posix" else 5.0
"""Seconds until a decoder is ended whatever it did: more where WORK can be held to, since on a busy
machine a good photo waits for its turn."""
MEMORY = 640 * 2**20
"""Bytes that a decoder may take beyond what it starts with."""


def check_size(kind: str, width: int, height: int) -> None:
    """Refuse what is too large to decode, or too thin to see.

    Raises:
        Problem: "problem.photo_pixels", "_thin" or "_broken" (no pixel at all).
    """
    if min(width, height) < 1:
        raise Problem("problem.photo_broken")
    most = MOST_PIXELS.get(kind, OTHERS_PIXELS)
    if width * height > most:
        raise too_many_pixels(most)
    if max(width, height) > THINNEST * min(width, height):
        raise Problem("problem.photo_thin", width=width, height=height)


def too_many_pixels(most: int) -> Problem:
    """The refusal of a file that may have `most` pixels."""
    return Problem(
        "problem.photo_pixels", most=most // MILLION, jpeg=MOST_PIXELS["JPEG"] // MILLION
    )
