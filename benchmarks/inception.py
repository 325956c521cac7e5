"""How fast the scenes of the Inception topic are, and the matrix of all cuts.

`python -m benchmarks.inception [MODEL]`: with the bundled network (or one whose weights are here)
and a photo that it has not seen; medians over its blocks in milliseconds. Goals for the bundled
network: a change of block, branch or channel under 300 ms in the browser, the matrix under 3 s.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from demo.engine.runs import run
from demo.records import Photo
from demo.text import text
from demo.topics.inception.scenes import view
from demo.zoo.loading import load


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    """Command line."""
    key = sys.argv[1] if len(sys.argv) > 1 else "mini_googlenet"
    t, loaded = text("en"), load(key)
    pixels = np.random.default_rng(time.time_ns()).integers(0, 256, (480, 640, 3), np.uint8)
    photo = Photo(str(time.time_ns()), pixels)
    blocks = list(loaded.spec.blocks)
    print(f"first analysis   {milliseconds(lambda: run(loaded, photo)):8.1f}")
    view.strip(t, key, "")
    scenes: dict[str, Callable[[str], object]] = {
        "block": lambda block: view.block(t, key, block),
        "branches": lambda block: view.branches(t, photo, key, block, 16, "strength", ""),
        "field": lambda block: view.field(t, photo, key, block),
        "worth": lambda block: view.worth(t, photo, key, block, "", "zero", ""),
        "depth": lambda block: view.depth(t, photo, key, block),
        "roles": lambda block: view.roles(t, photo, key, block),
        "one branch off": lambda block: view.worth(t, photo, key, block, "1x1", "zero", ""),
    }
    for name, scene in scenes.items():
        taken = [milliseconds(lambda b=b, scene=scene: scene(b)) for b in blocks]
        print(f"{name:<16} {statistics.median(taken):8.1f}  highest {max(taken):8.1f}")
    print(f"matrix           {milliseconds(lambda: view.matrix(t, photo, key, 'zero', '')):8.1f}")


if __name__ == "__main__":
    main()
