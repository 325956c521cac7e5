"""The README's table and plot are those of the numbers that are kept."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from benchmarks import readme

FOUND = {
    "machine": "x86_64, 2 cores",
    "time": "wall",
    "rounds": 9,
    "sets": {
        "default five": {
            readme.BASE: {"ratio": 1.0, "quarter": 1.0, "three_quarters": 1.0, "ms": 40.4},
            "this app": {"ratio": 0.444, "quarter": 0.41, "three_quarters": 0.5, "ms": 18.0},
        }
    },
}


def test_the_table_says_the_ratios_with_their_spread() -> None:
    assert readme.table(FOUND).splitlines() == [
        "| | default five |",
        "|---|---|",
        "| bare eager forward | 1.00, 40 ms |",
        "| this app | 0.44 (0.41 to 0.50), 18 ms |",
        "| goal | 0.50 |",
    ]


def test_a_bar_is_as_long_as_its_ratio() -> None:
    drawn = ElementTree.fromstring(readme.plot(FOUND))
    bars = [float(one.attrib["width"]) for one in drawn if one.tag.endswith("rect")]
    assert bars == [readme.WIDE, round(0.444 * readme.WIDE, 1)]


def test_the_readme_shows_what_was_measured_last() -> None:
    found = json.loads(readme.FOUND.read_text("utf-8"))
    assert readme.PLOT.read_text("utf-8") == readme.plot(found)
    assert readme.block(found) in readme.README.read_text("utf-8")
