"""Scores and one Grad-CAM of several networks, against their bare forward passes, in one run.

`python -m benchmarks.explain [--processor] [--json]`: photos that were never asked for, preparation
included; medians of interleaved rounds, as ratios to the same networks' bare eager forward passes
on prepared photos. Full-size networks have random weights. Captum is measured where it is
installed. --processor: one thread and the processor's time, which a busy machine changes little.
Goals: the default five at most 0.50, the full-size five at most 0.60.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.running import DEFAULT
from demo.records import Photo
from demo.topics.compare.card import card
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, Speed, from_file, prepare, speed_up
from demo.zoo.weights import file_of
from tests.filled import filled

FULL = ["resnet50", "densenet121", "googlenet", "inception_v3", "resnext50_32x4d"]
SETS = {"default five": DEFAULT, "full-size five": FULL}


def network(key: str) -> LoadedModel:
    """With its weights where they are here, else with random ones; no graph yet."""
    one = spec(key)
    file = file_of(one)
    if file:
        return from_file(one, file)
    return LoadedModel(one, filled(one).to(memory_format=torch.channels_last), "bundled")


def photo(seed: int) -> Photo:
    """640 x 480, soft colours with some noise."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (9, 12, 3)).astype(np.uint8)
    soft = np.asarray(Image.fromarray(coarse).resize((640, 480), Image.Resampling.BICUBIC), int)
    noisy = (soft + rng.integers(-12, 13, soft.shape)).clip(0, 255).astype(np.uint8)
    return Photo(f"benchmark {seed}", noisy)


def ways(keys: list[str]) -> dict[str, Callable[[Photo], object]]:
    """Name -> what is done with one photo."""
    plain = [network(key) for key in keys]
    fast = [replace(one, speed=Speed()) for one in plain]
    for one in fast:
        speed_up(one)
    # A run is kept by the network's key: the two ways must not answer for each other.
    plain = [replace(one, spec=replace(one.spec, key=f"{one.spec.key} plain")) for one in plain]
    inputs = [prepare(photo(0), one.spec.preprocess)[0] for one in plain]

    def bare(_: Photo) -> None:
        with torch.no_grad():
            for one, x in zip(plain, inputs, strict=True):
                one.network(x)

    calls: dict[str, Callable[[Photo], object]] = {
        "bare eager forward": bare,
        "this app": lambda new: [card(one, new) for one in fast],
        "this app, PyTorch alone": lambda new: [card(one, new) for one in plain],
    }
    if find_spec("captum"):
        from captum.attr import LayerGradCam

        def captum(new: Photo) -> None:
            for one in plain:
                x = prepare(new, one.spec.preprocess)[0].requires_grad_()
                top = int(one.network(x).argmax())
                layer = one.network.get_submodule(one.spec.layer("").path)
                LayerGradCam(one.network, layer).attribute(x, target=top)

        calls["Captum"] = captum
    return calls


def measure(
    keys: list[str], rounds: int, clock: Callable[[], float]
) -> dict[str, dict[str, float]]:
    """Way -> median ratio to the bare forward passes, their spread, and milliseconds."""
    calls = ways(keys)
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds + 2):
        new = photo(number + 1)
        for name, call in calls.items():
            began = clock()
            call(new)
            if number >= 2:
                times[name].append(clock() - began)
    base = times["bare eager forward"]
    table = {}
    for name, seconds in times.items():
        ratios = [one / other for one, other in zip(seconds, base, strict=True)]
        low, _, high = statistics.quantiles(ratios, n=4)
        table[name] = {
            "ratio": statistics.median(seconds) / statistics.median(base),
            "quarter": low,
            "three_quarters": high,
            "ms": statistics.median(seconds) * 1000,
        }
    return table


def found(rounds: int, processor: bool) -> dict[str, Any]:
    """The measurement of both sets, with the machine and how it was made."""
    if processor:
        torch.set_num_threads(1)
    clock = time.process_time if processor else time.perf_counter
    cores, threads = os.cpu_count(), torch.get_num_threads()
    return {
        "machine": f"{platform.machine()}, {cores} cores, torch {torch.__version__}, "
        f"threads: {threads}",
        "time": "processor" if processor else "wall",
        "rounds": rounds,
        "sets": {name: measure(keys, rounds, clock) for name, keys in SETS.items()},
    }


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--processor", action="store_true")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    measured = found(args.rounds, args.processor)
    if args.json:
        print(json.dumps(measured, indent=1))
        return
    print(f"{measured['machine']}, {measured['time']} time")
    for name, table in measured["sets"].items():
        print(f"\n{name:26} {'ratio':>6} {'middle half':>14} {'ms':>8}")
        for way, row in table.items():
            spread = f"{row['quarter']:.2f} to {row['three_quarters']:.2f}"
            print(f"{way:26} {row['ratio']:6.2f} {spread:>14} {row['ms']:8.1f}")


if __name__ == "__main__":
    main()
