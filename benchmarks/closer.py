"""Which method's maps are to be believed, and what a strip through depth costs.

`python -m benchmarks.closer ARCHIVE.zip COUNT [MODEL ...]`: of that many pictures, evenly taken
from the archive (its test pictures where it has such a folder), each network's first choice
explained by each method: mean area under the deletion and the insertion curve, minus that of a
random map and of the edges, with its standard error. Negative is good in deletion, positive in
insertion. Without arguments: how long a strip takes beside a forward pass.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
import zipfile
from collections.abc import Iterator

import numpy as np
import torch
from PIL import Image

from demo.engine.runs import DEEP, RUNS, run, way_back
from demo.engine.steps import fields_of
from demo.records import Photo
from demo.topics.closer.explain import Question
from demo.topics.closer.faithful import faithfulness
from demo.topics.closer.layers import strip
from demo.topics.closer.records.maps import METHODS
from demo.topics.closer.records.trials import Order
from demo.zoo.bundled import BUNDLED
from demo.zoo.catalogue import spec
from demo.zoo.loading import MEMORY_FORMAT, LoadedModel, load

DECOYS: tuple[Order, ...] = ("random", "edges")


def pictures(archive: str, count: int) -> Iterator[Photo]:
    """That many pictures of a zip, evenly taken."""
    with zipfile.ZipFile(archive) as opened:
        names = [one for one in opened.namelist() if one.lower().endswith((".jpg", ".jpeg"))]
        names = [one for one in names if one.startswith("test/")] or names
        for place in np.linspace(0, len(names) - 1, count).astype(int):
            with Image.open(io.BytesIO(opened.read(names[place]))) as picture:
                yield Photo(names[place], np.asarray(picture.convert("RGB")))


def believed(archive: str, count: int, key: str) -> None:
    """One network's rows of the table."""
    loaded = load(key)
    gained: dict[tuple[str, str, str], list[float]] = {}
    for photo in pictures(archive, count):
        for method in METHODS:
            found = faithfulness(loaded, photo, Question(method, window=0.25, stride=0.25))
            own = found.trial("map")
            for decoy in DECOYS:
                other = found.trial(decoy)
                for measure in ("deletion", "insertion"):
                    areas = [getattr(one, measure).area for one in (own, other)]
                    gained.setdefault((method, measure, decoy), []).append(areas[0] - areas[1])
        RUNS.clear()
        DEEP.clear()
    for method in METHODS:
        cells = []
        for measure in ("deletion", "insertion"):
            for decoy in DECOYS:
                values = gained[method, measure, decoy]
                error = statistics.stdev(values) / len(values) ** 0.5
                cells.append(f"{statistics.mean(values):+.3f} ± {error:.3f}")
        print(f"| {loaded.spec.title} | {method} | {' | '.join(cells)} |", flush=True)


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


def main() -> None:
    """Command line."""
    if len(sys.argv) < 3:
        strips()
        return
    archive, count, *keys = sys.argv[1:]
    print("| network | method | deletion − random | − edges | insertion − random | − edges |")
    print("|---|---|---|---|---|---|")
    for key in keys or [one.key for one in BUNDLED]:
        believed(archive, int(count), key)


if __name__ == "__main__":
    main()
