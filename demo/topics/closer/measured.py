"""The table of `python -m benchmarks.closer --data DIR`, as it ships with the app."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from demo.topics.closer.records.measured import Gain, Measured, Row, Sample

FILE = Path(__file__).parents[3] / "assets" / "closer_methods.json"


@cache
def shipped() -> Measured:
    """The table in `assets/`, read once."""
    return read(json.loads(FILE.read_text("utf-8")))


def read(table: dict[str, Any]) -> Measured:
    """The record that `dataclasses.asdict` made this table of."""
    rows = [
        Row(
            one["model"],
            one["method"],
            {
                measure: {decoy: Gain(**gain) for decoy, gain in decoys.items()}
                for measure, decoys in one["gains"].items()
            },
        )
        for one in table["rows"]
    ]
    samples = tuple(Sample(**one) for one in table["samples"])
    return Measured(**{**table, "samples": samples, "rows": tuple(rows)})
