"""What was measured of the bundled networks: assets/weights/card.json, from demo.lab.evaluate."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "assets" / "weights"
"""Where the bundled weights and their model card are."""


@dataclass(frozen=True)
class Measured:
    """One network's results.

    top1: accuracy on the test pictures, percent; interval: its 95 % Wilson interval, percent.
    pictures: how many. ece: expected calibration error on them, 15 bins, in [0, 1], at this
    temperature. macs: multiply-adds of one picture. seconds: wall time of the training. sha256:
    digest of the weights file that was measured; another one is not taken for it.
    """

    top1: float
    interval: tuple[float, float]
    pictures: int
    ece: float
    temperature: float
    parameters: int
    macs: int
    epochs: int
    seed: int
    seconds: float
    sha256: str


def read(folder: Path = FOLDER) -> dict[str, Measured]:
    """Key -> results, empty where there is no model card yet."""
    file = folder / "card.json"
    if not file.exists():
        return {}
    rows = json.loads(file.read_text("utf-8"))
    return {
        key: Measured(**{**row, "interval": tuple(row["interval"])}) for key, row in rows.items()
    }
