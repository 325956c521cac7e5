"""Thousands of damaged files through the decoders: `python -m benchmarks.fuzz [FILES] [SEED]`.

Prints how they ended, how many decoders died, and what the decoder's memory was. A death that is
not the clock's is written down with the file that caused it. Linux.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from benchmarks.decoding import memory
from demo.photo.pool import Pool
from demo.records import Problem
from tests.photo_files import mutated, valid


def main() -> None:
    """Print one line at the end, and one for each decoder that died."""
    files, seed = (int(value) for value in [*sys.argv[1:], "4000", "0"][:2])
    random, pool, ends = np.random.default_rng(seed), Pool(at_once=1), Counter()
    sources, peak, slowest = list(valid().items()), 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "photo"
        for number in range(files):
            name, data = sources[number % len(sources)]
            file.write_bytes(mutated(data, random))
            before, began = pool.decoders, time.perf_counter()
            try:
                pool.decode(str(file))
                end = "read"
            except Problem as problem:
                end = problem.key
            ends[end] += 1
            slowest = max(slowest, time.perf_counter() - began)
            if before and before[0].process.poll() is not None and end != "problem.photo_costly":
                kept = file.rename(Path(tempfile.gettempdir()) / f"died-{seed}-{number}")
                print(f"a decoder died of {kept}, a {name}", flush=True)
            elif pool.decoders:
                peak = max(peak, memory(pool.decoders[0].process.pid, "VmHWM"))
    now = memory(pool.decoders[0].process.pid, "VmRSS")
    pool.close()
    print(f"{files} files, slowest {slowest:.2f} s, decoder {now:.0f} MB, at most {peak:.0f} MB")
    for end, count in ends.most_common():
        print(f"{count:6} {end}")


if __name__ == "__main__":
    main()
