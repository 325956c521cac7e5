"""Stored drawings: what is drawn is compared with what was looked at and kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

STORED = Path(__file__).parent / "snapshots"
RENEW = "RENEW_SNAPSHOTS"
"""With this variable set the stored drawings are written anew: then look at each that changed."""


def held(name: str, drawn: str) -> None:
    """Assert that the SVG drawings in some HTML are those stored as NAME.svg (one element a line).

    Raises:
        AssertionError: if they differ, with how to renew them.
    """
    pictures = re.findall(r"<svg.*?</svg>", drawn, re.DOTALL)
    assert pictures, f"there is no drawing in {name}"
    now = "\n\n".join(picture.replace("><", ">\n<") for picture in pictures) + "\n"
    path = STORED / f"{name}.svg"
    if os.environ.get(RENEW):
        STORED.mkdir(exist_ok=True)
        path.write_text(now, "utf-8")
    kept = path.read_text("utf-8") if path.exists() else ""
    assert now == kept, (
        f"{path.name} is drawn otherwise than stored. If that is meant: {RENEW}=1 pytest"
        f" tests/figures, look at the drawing in the page, and commit {path.name}."
    )
