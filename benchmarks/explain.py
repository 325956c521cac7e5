"""Scores and one Grad-CAM of several networks, against their bare forward passes, in one run.

`python -m benchmarks.explain [--processor] [--json]`: photos that were never asked for, preparation
included; medians of interleaved rounds, as ratios to the same networks' bare eager forward passes
on prepared photos, as their libraries make them: not joined, channels first. Full-size networks
have random weights. Captum and pytorch-grad-cam are measured where they are installed. --processor:
one thread and the processor's time, which a busy machine changes little.
Goals: the default five at most 0.50, the full-size five at most 0.60.
"""

from __future__ import annotations

import argparse
import copy
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
from torch import nn

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


def channels_first(network: nn.Module) -> nn.Module:
    """A copy with its weights in the order in which PyTorch makes them."""
    return copy.deepcopy(network).to(memory_format=torch.contiguous_format)


def layer_of(one: LoadedModel) -> nn.Module:
    """The layer that its card explains."""
    return one.network.get_submodule(one.spec.layer("").path)


def ways(keys: list[str]) -> dict[str, Callable[[Photo], object]]:
    """Name -> what is done with one photo."""
    plain = [network(key) for key in keys]
    fast = [replace(one, speed=Speed()) for one in plain]
    for one in fast:
        speed_up(one)
    # A run is kept by the network's key: the two ways must not answer for each other.
    plain = [replace(one, spec=replace(one.spec, key=f"{one.spec.key} plain")) for one in plain]
    inputs = [prepare(photo(0), one.spec.preprocess)[0] for one in plain]
    prepared = {one.spec.preprocess for one in plain}
    graphs = [one.speed.graph for one in fast if one.speed.graph]
    networks = {
        torch.contiguous_format: [channels_first(one.network) for one in plain],
        torch.channels_last: [one.network for one in plain],
    }

    def bare(order: torch.memory_format) -> Callable[[Photo], object]:
        ready = [x.contiguous(memory_format=order) for x in inputs]

        def forward(_: Photo) -> None:
            with torch.no_grad():
                for network, x in zip(networks[order], ready, strict=True):
                    network(x)

        return forward

    calls: dict[str, Callable[[Photo], object]] = {
        "bare eager forward": bare(torch.contiguous_format),
        "the same, channels last": bare(torch.channels_last),
        "this app": lambda new: [card(one, new) for one in fast],
        "of it, preparing the photo": lambda new: [prepare(new, how) for how in prepared],
        "of it, forward passes": lambda _: [
            graph(x) for graph, x in zip(graphs, inputs, strict=True)
        ],
        "this app, PyTorch alone": lambda new: [card(one, new) for one in plain],
    }
    if find_spec("captum"):
        from captum.attr import LayerGradCam

        def captum(new: Photo) -> None:
            for one in plain:
                x = prepare(new, one.spec.preprocess)[0].requires_grad_()
                top = int(one.network(x).argmax())
                LayerGradCam(one.network, layer_of(one)).attribute(x, target=top)

        calls["Captum"] = captum
    if find_spec("pytorch_grad_cam"):
        from pytorch_grad_cam import GradCAM

        def grad_cam(new: Photo) -> None:
            for one in plain:
                x = prepare(new, one.spec.preprocess)[0].requires_grad_()
                with GradCAM(one.network, [layer_of(one)]) as explain:
                    explain(x, targets=None)

        calls["pytorch-grad-cam"] = grad_cam
    return calls


def measure(
    keys: list[str], rounds: int, clock: Callable[[], float]
) -> dict[str, dict[str, float]]:
    """Way -> median ratio to the bare forward passes, their spread, and milliseconds."""
    calls = ways(keys)
    times: dict[str, list[float]] = {name: [] for name in calls}
    order = {name: place for place, name in enumerate(calls)}
    for number in range(rounds + 2):
        # Each begins a round in turn: what comes before leaves the caches to it.
        names = sorted(calls, key=lambda name: (order[name] + number) % len(calls))
        for name in names:
            new = photo(len(calls) * number + order[name] + 1)
            began = clock()
            calls[name](new)
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
    parser.add_argument("--rounds", type=int, default=18)
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
