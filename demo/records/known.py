"""Whether a photo shows one of the ten things that the small networks know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """What the network of 1,000 classes decides about a photo.

    known: False where it sees none of the ten. label: its own first class where it is sure enough
    to name one, "" where not, and of a picture that is too small to be judged. probability: of its
    first class, 0 where it was not asked.
    """

    known: bool
    label: str = ""
    probability: float = 0.0
