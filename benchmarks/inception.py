"""How fast the Inception tab's views are, and the matrix of all cuts.

`python -m benchmarks.inception [MODEL]`: with the bundled network (or one whose weights are here)
and a photo that it has not seen; medians in milliseconds. Goals for the bundled network: a change
of block, branch or channel under 300 ms in the browser, the matrix under 3 s.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

from demo.explain.runs import run
from demo.records import Photo
from demo.tabs.inception_view import View
from demo.text import text
from demo.zoo.loading import load


def milliseconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def everything(view: View) -> None:
    """What a click on a block shows."""
    view.plan.module()
    view.columns()
    view.channel()
    view.field()
    view.worth([], "zero", "")
    view.roles()


def main() -> None:
    """Command line."""
    loaded = load(sys.argv[1] if len(sys.argv) > 1 else "mini_googlenet")
    pixels = np.random.default_rng(time.time_ns()).integers(0, 256, (480, 640, 3), np.uint8)
    photo = Photo(str(time.time_ns()), pixels)
    blocks = list(loaded.spec.blocks)

    def view(block: str) -> View:
        return View(text("en"), loaded, photo, block)

    names = [branch.name for branch in view(blocks[0]).block.branches]
    print(f"first analysis   {milliseconds(lambda: run(loaded, photo)):8.1f}")
    print(f"first look       {milliseconds(lambda: [everything(view(b)) for b in blocks]):8.1f}")
    for words, work in (
        ("change of block", lambda i: everything(view(blocks[i % len(blocks)]))),
        ("channel", lambda i: view(blocks[0]).channel(names[i % len(names)], i % 8)),
        ("mosaics", lambda i: View(text("en"), loaded, photo, blocks[0], 4 + i).columns()),
    ):
        taken = [milliseconds(lambda i=i, work=work: work(i)) for i in range(20)]
        print(f"{words:<16} {statistics.median(taken):8.1f}  highest {max(taken):8.1f}")
    off = [
        milliseconds(lambda b=b, n=n: view(b).worth([n], "zero", ""))
        for b in blocks
        for n in (view(b).block.branches[0].name,)
    ]
    print(f"one branch off   {statistics.median(off):8.1f}  highest {max(off):8.1f}")
    print(f"matrix           {milliseconds(lambda: view(blocks[0]).matrix('zero', '')):8.1f}")


if __name__ == "__main__":
    main()
