"""Pure drawings held by stored SVG: tests/drawing/snapshots/NAME-NUMBER.svg.

A drawing that is meant to change is stored anew by FOUR_FAMILIES_STORE=1 in the environment, and
looked at in a browser before it is kept.
"""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

FOLDER = Path(__file__).parent / "snapshots"


def assert_as_stored(name: str, drawn: str) -> None:
    """Every SVG in a piece of HTML is as it was stored, and no stored one is missing."""
    found = {
        f"{name}-{number}.svg": readable(one)
        for number, one in enumerate(re.findall(r"<svg.*?</svg>", drawn, re.DOTALL), start=1)
    }
    assert found, f"{name} draws nothing"
    if os.environ.get("FOUR_FAMILIES_STORE"):
        FOLDER.mkdir(exist_ok=True)
        for file, text in found.items():
            (FOLDER / file).write_text(text, "utf-8")
    stored = {
        path.name: path.read_text("utf-8") for path in sorted(FOLDER.glob(f"{name}-[0-9]*.svg"))
    }
    assert found == stored, (
        "if that is meant: FOUR_FAMILIES_STORE=1, then look at each in a browser"
    )


def readable(drawn: str) -> str:
    """The same SVG with an element a line, so that a change is seen where it is."""
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    root = ET.fromstring(drawn)
    ET.indent(root)
    return ET.tostring(root, "unicode") + "\n"
