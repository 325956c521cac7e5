"""Thousands of damaged uploads of every kind: `python -m benchmarks.fuzz [--files N] [--seed S]`.

Photos go through a decoder process, as they do in the app; zips of photos and trained networks that
somebody brings back are opened in this one, which a crash would end. Goals: each ends in what it is
or in a sentence, within two seconds, with bounded memory; the exit status is 1 where one is missed.
What a decoder died of, and not by the clock, is written down. Linux.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.decoding import memory
from demo.photo import read_here
from demo.photo.pool import Pool
from demo.records import Problem
from demo.topics.train import archive, restored
from tests.photo_files import mutated, valid
from tests.topics.train.test_fuzz import trained, zips

SECONDS, MEGABYTES = 2.0, 400
"""Most for one file, of processor time; most for a decoder, and for what this process grows by."""


@dataclass
class Row:
    """What became of one kind of upload. seconds, work: of the slowest, on the clock and of
    processor time; megabytes: the most that a decoder held, or that this process grew by."""

    what: str
    files: int = 0
    ends: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    work: float = 0.0
    megabytes: float = 0.0
    died: list[str] = field(default_factory=list)

    def add(self, opened: Callable[[], object], clock: Callable[[], float]) -> str:
        """Open one; returns how that ended."""
        began, worked = time.perf_counter(), clock()
        try:
            opened()
            end = "read"
        except Problem as problem:
            end = problem.key
        self.files += 1
        self.ends[end] += 1
        seconds, work = time.perf_counter() - began, clock() - worked
        self.seconds = max(self.seconds, seconds)
        # Of a decoder that was ended, the clock on the wall is all that is left.
        self.work = max(self.work, seconds if work < 0 else work)
        return end

    @property
    def is_good(self) -> bool:
        """Whether its goals are met."""
        return not self.died and self.work < SECONDS and self.megabytes < MEGABYTES


def photos(files: int, seed: int, folder: Path) -> Row:
    """Photos of every kind that is read, through one decoder."""
    row, random, pool = Row("photos"), np.random.default_rng(seed), Pool(at_once=1)
    sources, file = list(valid().items()), folder / "photo"
    file.write_bytes(sources[0][1])
    pool.decode(str(file))

    def clock() -> float:
        """Of the decoder that runs, 0 where it was ended."""
        times = [psutil.Process(one.process.pid).cpu_times() for one in pool.decoders]
        return sum((one.user + one.system for one in times), 0.0)

    for number in range(files):
        name, data = sources[number % len(sources)]
        file.write_bytes(mutated(data, random))
        (decoder,) = pool.decoders
        end = row.add(lambda: pool.decode(str(file)), clock)
        if decoder.process.poll() is None:
            row.megabytes = max(row.megabytes, memory(decoder.process.pid, "VmHWM"))
            continue
        if end != "problem.photo_costly":
            kept = file.rename(Path(tempfile.gettempdir()) / f"died-{seed}-{number}")
            row.died.append(f"{name}: {kept}")
        file.write_bytes(sources[0][1])
        pool.decode(str(file))
    pool.close()
    return row


def others(
    what: str, sources: list[bytes], opened: Callable[[Path], object], files: int, seed: int
) -> Row:
    """Uploads that this process opens itself."""
    row, random = Row(what), np.random.default_rng(seed)
    before = psutil.Process().memory_info().rss
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        for number in range(files):
            file.write_bytes(mutated(sources[number % len(sources)], random))
            row.add(lambda: opened(file), time.process_time)
    row.megabytes = (psutil.Process().memory_info().rss - before) / 2**20
    return row


def unzipped(path: Path) -> object:
    """The photos of an archive."""
    with tempfile.TemporaryDirectory() as folder:
        return [*archive.reading(path, Path(folder), read_here)]


def brought_back(path: Path) -> object:
    """What a trained network's file holds."""
    with tempfile.TemporaryDirectory() as folder:
        return restored.restored(path, Path(folder))


def main() -> int:
    """The command line; returns its exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=4200, help="photos; of the others a fifth")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = [photos(args.files, args.seed, Path(folder))]
    few = args.files // 5
    rows.append(others("zips", zips(), unzipped, few, args.seed))
    rows.append(others("trained networks", trained(), brought_back, few, args.seed))
    if args.json:
        print(json.dumps([asdict(row) for row in rows], indent=1))
    else:
        print("\n".join(map(_lines, rows)))
    return 0 if all(row.is_good for row in rows) else 1


def _lines(row: Row) -> str:
    ends = "".join(f"\n{count:6} {end}" for end, count in row.ends.most_common())
    died = "".join(f"\na decoder died of {one}" for one in row.died)
    return (
        f"{row.what}: {row.files} files, slowest {row.seconds:.2f} s ({row.work:.2f} s of work), "
        f"{row.megabytes:.0f} MB{died}{ends}"
    )


if __name__ == "__main__":
    raise SystemExit(main())
