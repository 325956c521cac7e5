"""What a network costs: memory counted from its own forward pass, time measured here.

`python -m demo.topics.choice.profile` counts all networks of the catalogue again and writes
assets/footprints.json, which the page reads. Memory is counted on PyTorch's meta device, where
tensors have shapes and no values: no weights are needed, and a large network costs no more.
"""

from __future__ import annotations

import json
import math
import statistics
import threading
import time
import weakref
from collections import Counter
from collections.abc import Generator, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from demo.engine.ask import there
from demo.topics.choice.records import Footprint, Timing
from demo.trace import both_ends, captured
from demo.zoo import catalogue
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import MEMORY_FORMAT, load
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

FILE = Path(__file__).parents[3] / "assets" / "footprints.json"
PASSES, LEAST, PATIENCE = 9, 3, 4.0
"""How many passes are timed; after PATIENCE seconds of them, LEAST are enough."""
RECENT = 60.0
"""Seconds for which a time is answered again as it was."""

TIMES: dict[str, Timing] = {}
"""Architecture -> what was measured since the app started."""
_MEASURED_AT: dict[str, float] = {}
_ASKING: Counter[str] = Counter()
"""Architecture -> how many wait for its time."""
_ONE_AT_A_TIME = threading.Lock()


_under_way: _Measurement | None = None


class _Written(TorchDispatchMode):
    """Adds up the memory of every tensor that an operation makes, and what is alive at once.

    Views and in-place operations make no memory and so count nothing.
    """

    def __init__(self, known: Iterable[Tensor]) -> None:
        super().__init__()
        self.total = self.alive = self.peak = 0
        # Storages are told apart by identity; weak, so that being counted keeps none alive.
        self._seen: weakref.WeakSet[Any] = weakref.WeakSet(t.untyped_storage() for t in known)

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        output = func(*args, **(kwargs or {}))
        for value in tree_leaves(output):
            if isinstance(value, Tensor):
                self._count(value)
        return output

    def _count(self, value: Tensor) -> None:
        storage = value.untyped_storage()
        if storage in self._seen:
            return
        self._seen.add(storage)
        size = storage.nbytes()
        self.total += size
        self.alive += size
        self.peak = max(self.peak, self.alive)
        weakref.finalize(storage, self._gone, size)

    def _gone(self, size: int) -> None:
        self.alive -= size


def written(network: nn.Module, x: Tensor) -> tuple[int, int]:
    """(bytes of everything that one forward pass writes, most bytes needed at one moment).

    The input counts for the second; parameters and buffers for neither. network: in eval mode, on
    any device; without gradients.
    """
    known = [x, *network.parameters(), *network.buffers()]
    with torch.no_grad(), _Written(known) as count:
        network(x)
    return count.total, count.peak + x.nbytes


def footprint(spec: ModelSpec) -> Footprint:
    """Count one forward pass of one photo at the network's own input size."""
    with torch.device("meta"):
        network = spec.build().eval()
    x = torch.empty(1, 3, spec.input_size, spec.input_size, device="meta")
    total, peak = written(network, x)
    last = spec.layers[-1].path
    # Concatenation alone hands channels on as they are; an addition mixes them.
    block = [list(spec.blocks.values())[-1]] if "growth" in spec.capabilities else []
    with (
        torch.no_grad(),
        captured(network, [last], graph=False) as maps,
        both_ends(network, block) as ends,
    ):
        network(x)
    carried = [end.input.shape[1] / end.output.shape[1] for end in ends.values()]
    return Footprint(total, peak, maps[last].shape[-1], sum(carried))


def read(file: Path = FILE) -> dict[str, Footprint]:
    """Key -> the counts that are written down."""
    rows = json.loads(file.read_text("utf-8"))
    return {key: Footprint(**row) for key, row in rows.items()}


def write(footprints: Mapping[str, Footprint], file: Path = FILE) -> None:
    """Write the counts down."""
    rows = {key: asdict(row) for key, row in footprints.items()}
    file.write_text(json.dumps(rows, indent=2) + "\n", "utf-8")


def timing(spec: ModelSpec) -> Generator[tuple[int, int], None, Timing]:
    """Time bare forward passes of one network on this machine, one a step; the result is kept.

    No hooks, no gradients; holds the network's lock during a pass. Where its weights are not on
    this machine it gets random ones: the same operations on as many numbers, so the same time.
    However many ask, one network is timed at a time, by whoever takes the next step, and only while
    somebody waits for it; what was timed less than RECENT seconds ago is not timed again.

    Yields:
        (passes done, passes in all).

    Raises:
        Problem: as `loading.load`, if weights that are here cannot be read.
    """
    name, soon_enough = spec.architecture, time.monotonic() - RECENT
    with _ONE_AT_A_TIME:
        _ASKING[name] += 1
    try:
        while True:
            with _ONE_AT_A_TIME:
                if _MEASURED_AT.get(name, -math.inf) > soon_enough:
                    return TIMES[name]
                count = _step(spec)
            yield count, PASSES
    finally:
        with _ONE_AT_A_TIME:
            _ASKING[name] -= 1
            _forget(name)


def measuring(spec: ModelSpec) -> Generator[tuple[int, int], None, Timing]:
    """As `timing`, where networks are asked; TIMES has it here as well then."""
    # All in one place: two that are timed at once would take each other's cores.
    found = yield from there(CATALOGUE[0].key, _timed, spec.key)
    TIMES[spec.architecture] = found
    return found


def _timed(key: str) -> Generator[tuple[int, int], None, Timing]:
    return (yield from timing(catalogue.spec(key)))


def _step(spec: ModelSpec) -> int:
    """One pass of the network that is being timed; how many of this spec's own are done."""
    global _under_way
    if _under_way is None:
        _under_way = _Measurement(spec)
    current = _under_way
    try:
        current.step()
    except BaseException:
        _under_way = None
        raise
    if current.done:
        _under_way = None
        TIMES[current.name] = current.timing
        _MEASURED_AT[current.name] = time.monotonic()
    return len(current.seconds) if current.name == spec.architecture else 0


def _forget(name: str) -> None:
    """Give a measurement up that nobody waits for any more: it may hold a large network."""
    global _under_way
    if _ASKING[name] <= 0:
        del _ASKING[name]
        if _under_way is not None and _under_way.name == name:
            _under_way = None


class _Measurement:
    """Forward passes of one network on random pixels, after one that does not count."""

    def __init__(self, spec: ModelSpec) -> None:
        self.name = spec.architecture
        self.seconds: list[float] = []
        self._loaded = None if readiness(spec) == "absent" else load(spec.key)
        self._network = self._loaded.network if self._loaded else _random(spec)
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(1, 3, spec.input_size, spec.input_size, generator=generator)
        self._x = x.contiguous(memory_format=MEMORY_FORMAT)
        self._warm = False

    def step(self) -> None:
        """One pass more; the first one is not timed."""
        took = self._pass()
        if self._warm:
            self.seconds.append(took)
        self._warm = True

    @property
    def done(self) -> bool:
        """Whether it was timed often enough: PASSES times, or LEAST where it takes long."""
        passes = len(self.seconds)
        return passes == PASSES or (passes >= LEAST and sum(self.seconds) > PATIENCE)

    @property
    def timing(self) -> Timing:
        """What the passes took."""
        taken = self.seconds
        median = statistics.median(taken)
        return Timing(median, min(taken), max(taken), len(taken), self._loaded is None)

    def _pass(self) -> float:
        lock = self._loaded.lock if self._loaded else nullcontext()
        with lock, torch.inference_mode():
            start = time.perf_counter()
            self._network(self._x)
            return time.perf_counter() - start


def _random(spec: ModelSpec) -> nn.Module:
    network = spec.build().eval().requires_grad_(False)
    return network.to(memory_format=MEMORY_FORMAT)


if __name__ == "__main__":
    write({spec.key: footprint(spec) for spec in CATALOGUE})
