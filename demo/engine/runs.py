"""One photo through one network: what a card needs at once, what deeper views need when opened."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from torch import Tensor

from demo import settings
from demo.cache import ByteCache, Results
from demo.engine.depth import stops
from demo.records import Photo, Scores
from demo.trace import BlockTrace, Trace, trace
from demo.zoo.loading import LoadedModel

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Run:
    """A photo's way through a network, without the way back.

    last: what the spec's default layer put out, (1, C, h, w). results: what else has been worked
    out about this photo and network.
    """

    scores: Scores
    last: Tensor
    results: Results = field(default_factory=Results)

    @property
    def nbytes(self) -> int:
        """Bytes that it keeps now."""
        scores = self.scores.logits.nbytes + self.scores.probabilities.nbytes
        return self.last.untyped_storage().nbytes() + scores + self.results.bytes


_ROOM = settings.read().trace_cache
RUNS: ByteCache[Run] = ByteCache(_ROOM // 4, size=lambda run: run.nbytes)
"""All runs of this process; one that drops out takes its results with it."""
DEEP: ByteCache[Trace] = ByteCache(_ROOM - _ROOM // 4, size=lambda deep: deep.nbytes, grows=False)
"""What deeper views captured: layers with the way back, and both ends of blocks."""


def run(loaded: LoadedModel, photo: Photo) -> Run:
    """The run of this photo, computed once and kept as long as there is room.

    Do not hold `loaded.lock` while asking: a thread that computes the same run waits for it.
    """
    return RUNS.get(_key(loaded, photo), lambda: _run(loaded, photo))


def once(loaded: LoadedModel, photo: Photo, key: Hashable, compute: Callable[[], Result]) -> Result:
    """A result about this photo and network, worked out at most once while their run is kept."""
    return run(loaded, photo).results.once(key, compute)


def block_ends(loaded: LoadedModel, photo: Photo) -> Mapping[str, BlockTrace]:
    """Path -> both ends of each of the spec's blocks, from one forward pass that is kept a while.

    Threads as `run`.
    """
    paths = list(loaded.spec.blocks.values())

    def compute() -> Trace:
        x, _ = loaded.prepare(photo)
        with loaded.lock:
            return trace(loaded.network, x, [], graph=False, blocks=paths)

    return DEEP.get(("blocks", *_key(loaded, photo)), compute).blocks


def way_back(loaded: LoadedModel, photo: Photo) -> Trace:
    """All `depth.stops` of the network and the way back to them, from one forward pass kept a
    while.

    Threads as `run`.
    """
    paths = list(stops(loaded.spec).values())

    def compute() -> Trace:
        x, _ = loaded.prepare(photo)
        with loaded.lock:
            return trace(loaded.network, x, paths)

    return DEEP.get(("layers", *_key(loaded, photo)), compute)


def _key(loaded: LoadedModel, photo: Photo) -> tuple[str, str, str]:
    return loaded.spec.key, loaded.device, photo.key


def _run(loaded: LoadedModel, photo: Photo) -> Run:
    spec = loaded.spec
    x, seen = loaded.prepare(photo)
    raw, last, seconds = _forward(loaded, x)
    logits = raw[0].float().cpu()
    scores = Scores(
        model=spec.key,
        photo=photo.key,
        logits=logits.numpy(),
        probabilities=spec.probabilities(logits).numpy(),
        seconds=seconds,
        source=loaded.source,
        seen=seen,
    )
    return Run(scores, last)


def _forward(loaded: LoadedModel, x: Tensor) -> tuple[Tensor, Tensor, float]:
    """Logits, what the default layer put out, seconds; from the network's graph if there is one."""
    graph = loaded.speed.graph
    if graph is not None:
        began = time.perf_counter()
        logits, last = graph(x)
        return logits, last, time.perf_counter() - began
    path = loaded.spec.layer("").path
    with loaded.lock:
        traced = trace(loaded.network, x, [path], graph=False)
    return traced.logits, traced.activations[path], traced.seconds
