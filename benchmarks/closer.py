"""Which method's maps are to be believed, and what a strip through depth costs.

`python -m benchmarks.closer`: how long a strip takes beside a forward pass.

`python -m benchmarks.closer --data DIR`: of DIR's `cifar10.zip` 200 test pictures by each small
network, of its `imagenet_samples.zip` 60 photos by EfficientNet-Lite0: the class that is shown,
explained by each method; on the mean how much less area lies under its deletion curve, and how
much more under its insertion curve, than under those of a random map and of the edges, with the
standard error: more is better in both. `--json FILE` writes the table that the page shows,
`--keep FILE` remembers each picture, so that an interrupted run goes on where it was.
"""

from __future__ import annotations

import argparse
import datetime
import statistics
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks import closer_methods
from demo.engine.runs import run, way_back
from demo.engine.steps import fields_of
from demo.records import Photo
from demo.topics.closer.layers import strip
from demo.topics.closer.records.measured import Measured
from demo.zoo.bundled import BUNDLED
from demo.zoo.catalogue import spec
from demo.zoo.lite import LITE0
from demo.zoo.loading import MEMORY_FORMAT, LoadedModel

COMMAND = "python -m benchmarks.closer --data DIR --json assets/closer_methods.json"
COUNTS = {"cifar10": 200, "imagenet": 60}


def strips() -> None:
    """A strip beside a forward pass; of DenseNet-121 the weights are random."""
    for key in (*(one.key for one in BUNDLED), "densenet121"):
        one = spec(key)
        network = one.build().eval().requires_grad_(False).to(memory_format=MEMORY_FORMAT)
        loaded = LoadedModel(one, network, "bundled")
        fields_of(one)
        ratios, taken = [], []
        for seed in range(6):
            pixels = np.random.default_rng(seed).integers(0, 256, (300, 400, 3), np.uint8)
            photo = Photo(f"{key} {seed}", pixels)
            x, _ = loaded.prepare(photo)
            began = time.perf_counter()
            with torch.no_grad():
                network(x)
            forward = time.perf_counter() - began
            way_back(loaded, photo)
            run(loaded, photo)
            began = time.perf_counter()
            strip(loaded, photo)
            taken.append(time.perf_counter() - began)
            ratios.append(taken[-1] / forward)
        milliseconds = 1000 * statistics.median(taken)
        ratio = statistics.median(ratios)
        print(f"{one.title:<16} {milliseconds:7.1f} ms  {ratio:5.2f} forward passes", flush=True)


def believed(options: argparse.Namespace) -> Measured:
    """The table, told and written network by network."""
    samples, rows = [], []
    for key in options.networks:
        count = options.count or COUNTS[spec(key).dataset]
        sample, own = closer_methods.measure(options.data, key, count, options.keep)
        print("\n".join(closer_methods.told([sample], own)), flush=True)
        samples.append(sample)
        rows.extend(own)
    return Measured(
        COMMAND,
        datetime.date.today().isoformat(),
        closer_methods.POINTS,
        closer_methods.WINDOW,
        closer_methods.STRIDE,
        tuple(samples),
        tuple(rows),
    )


def main() -> None:
    """Command line."""
    bundled = [*(one.key for one in BUNDLED), LITE0.key]
    parser = argparse.ArgumentParser(description="Strips through depth; methods against decoys.")
    parser.add_argument("--data", type=Path, help="folder of the two archives")
    parser.add_argument("--json", type=Path, help="where the table is written")
    parser.add_argument("--keep", type=Path, help="where each picture's areas are kept")
    parser.add_argument("--count", type=int, help="pictures a network, in place of 200 and 60")
    parser.add_argument("--threads", type=int, help="of the processor")
    parser.add_argument("networks", nargs="*", default=bundled)
    options = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    if options.data is None:
        strips()
        return
    found = believed(options)
    if options.json:
        options.json.write_text(closer_methods.written(found), "utf-8")


if __name__ == "__main__":
    main()
