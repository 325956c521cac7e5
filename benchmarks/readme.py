"""What `benchmarks.explain` found last, as a table and a plot in the README.

`python -m benchmarks.readme [--processor] [--rounds N]` measures, keeps the numbers in
`benchmarks/explain.json`, and draws `assets/speed.svg` and the table from them. `--drawn` measures
nothing and draws them again.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "benchmarks" / "explain.json"
PLOT = ROOT / "assets" / "speed.svg"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- benchmarks\.readme -->\n).*?(<!-- end -->)", re.DOTALL)
BASE = "bare eager forward"
GOALS = {"default five": 0.50, "full-size five": 0.60}
COLOURS = {"this app": "#2a78b8", "this app, PyTorch alone": "#8fb8d8"}
OTHERS = "#9a9a9a"
LEFT, WIDE, ROW = 190, 420, 24


def table(found: dict[str, Any]) -> str:
    """Each way's ratio in each set, with the middle half of its rounds."""
    sets = found["sets"]
    lines = [f"| | {' | '.join(sets)} |", f"|---|{'---|' * len(sets)}"]
    for way in next(iter(sets.values())):
        cells = []
        for ways in sets.values():
            row = ways[way]
            cell = f"{row['ratio']:.2f}"
            if way != BASE:
                cell += f" ({row['quarter']:.2f} to {row['three_quarters']:.2f})"
            cells.append(f"{cell}, {row['ms']:.0f} ms")
        lines.append(f"| {way} | {' | '.join(cells)} |")
    goals = " | ".join(f"{GOALS[name]:.2f}" for name in sets)
    return "\n".join([*lines, f"| goal | {goals} |"])


def plot(found: dict[str, Any]) -> str:
    """The same ratios as bars, each set's goal as a line; readable on white and on black."""
    parts, y = [], 8
    most = max(row["ratio"] for ways in found["sets"].values() for row in ways.values())
    scale = WIDE / most
    for name, ways in found["sets"].items():
        parts.append(f'<text x="0" y="{y + 14}" font-weight="bold">{name}</text>')
        y += ROW
        top = y
        for way, row in ways.items():
            wide = row["ratio"] * scale
            parts += [
                f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{way}</text>',
                f'<rect x="{LEFT}" y="{y + 3}" width="{wide:.1f}" height="{ROW - 8}" rx="2" '
                f'fill="{COLOURS.get(way, OTHERS)}"/>',
                f'<text x="{LEFT + wide + 6:.1f}" y="{y + 14}">{row["ratio"]:.2f}</text>',
            ]
            y += ROW
        goal = LEFT + GOALS[name] * scale
        parts += [
            f'<path d="M{goal:.1f} {top}V{y}" stroke="#c8452f" stroke-width="1.5" '
            'stroke-dasharray="4 3"/>',
            f'<text x="{goal:.1f}" y="{top - 4}" text-anchor="middle">'
            f"goal {GOALS[name]:.2f}</text>",
        ]
        y += 14
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 50} {y}" '
        'font-family="sans-serif" font-size="13" fill="#7a7a7a">\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def block(found: dict[str, Any]) -> str:
    """What stands between the marks in the README."""
    clock = {"wall": "wall time", "processor": "processor time"}[found["time"]]
    flag = " --processor" if found["time"] == "processor" else ""
    return (
        "![Scores and Grad-CAM of five networks as multiples of their bare forward passes]"
        "(assets/speed.svg)\n\n"
        "Scores and Grad-CAM of five networks, the photo's preparation included, against their "
        f"bare forward passes: ratios of medians of {found['rounds']} interleaved rounds, in "
        f"brackets the middle half of the rounds; {clock}; {found['machine']}; "
        f"`python -m benchmarks.readme{flag}`.\n\n{table(found)}\n"
    )


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=18)
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--drawn", action="store_true")
    args = parser.parse_args()
    if not args.drawn:
        from benchmarks import explain

        found = explain.found(args.rounds, args.processor)
        FOUND.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    found = json.loads(FOUND.read_text("utf-8"))
    PLOT.write_text(plot(found), "utf-8")
    written = README.read_text("utf-8")
    README.write_text(BLOCK.sub(lambda old: old[1] + block(found) + old[2], written), "utf-8")


if __name__ == "__main__":
    main()
