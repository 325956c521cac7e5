"""One forward pass per photo and model, shared by everything that wants to explain it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from demo import settings
from demo.cache import ByteCache, Results
from demo.records import Photo, Scores
from demo.trace import Trace, trace
from demo.zoo.loading import LoadedModel

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Run:
    """A photo's way through a network: trace of all layers and blocks of the spec, and scores.

    results: what else has been worked out about this photo and network.
    """

    trace: Trace
    scores: Scores
    results: Results = field(default_factory=Results)


RUNS: ByteCache[Run] = ByteCache(
    settings.read().trace_cache, size=lambda run: run.trace.nbytes + Results.BYTES
)
"""All runs of this process; a run that drops out of it frees its graph and its results."""


def run(loaded: LoadedModel, photo: Photo) -> Run:
    """The run of this photo, computed once and kept as long as there is room.

    Do not hold `loaded.lock` while asking: a thread that computes the same run waits for it.
    """
    return RUNS.get((loaded.spec.key, loaded.device, photo.key), lambda: _run(loaded, photo))


def once(loaded: LoadedModel, photo: Photo, key: Hashable, compute: Callable[[], Result]) -> Result:
    """A result about this photo and network, worked out at most once while their run is kept."""
    return run(loaded, photo).results.once(key, compute)


def _run(loaded: LoadedModel, photo: Photo) -> Run:
    spec = loaded.spec
    x, seen = loaded.prepare(photo)
    with loaded.lock:
        traced = trace(
            loaded.network,
            x,
            [layer.path for layer in spec.layers],
            blocks=list(spec.blocks.values()),
        )
    logits = traced.logits.detach()[0].float().cpu()
    scores = Scores(
        model=spec.key,
        photo=photo.key,
        logits=logits.numpy(),
        probabilities=spec.probabilities(logits).numpy(),
        seconds=traced.seconds,
        source=loaded.source,
        seen=seen,
    )
    return Run(traced, scores)
