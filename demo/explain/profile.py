"""What a network costs: memory counted from its own forward pass, time measured here.

`python -m demo.explain.profile` counts all networks of the catalogue again and writes
assets/footprints.json, which the page reads. Memory is counted on PyTorch's meta device, where
tensors have shapes and no values: no weights are needed, and a large network costs no more.
"""

from __future__ import annotations

import json
import statistics
import threading
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from demo.records.choice import Footprint, Timing
from demo.trace import both_ends, captured
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import MEMORY_FORMAT, load
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

if TYPE_CHECKING:
    from demo.zoo.loading import LoadedModel

FILE = Path(__file__).parents[2] / "assets" / "footprints.json"
PASSES, LEAST, PATIENCE = 9, 3, 4.0
"""How many passes are timed; after PATIENCE seconds, LEAST are enough."""

Progress = Callable[[int, int], None]
"""Told (passes done, passes in all)."""

TIMES: dict[str, Timing] = {}
"""Architecture -> what was measured since the app started."""
_ONE_AT_A_TIME = threading.Lock()


def architecture(key: str) -> str:
    """The key without its recipe: V1 and V2 weights belong to the same network."""
    return key.removesuffix("_v2")


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
        found = func(*args, **(kwargs or {}))
        for value in tree_leaves(found):
            if isinstance(value, Tensor):
                self._count(value)
        return found

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


def write(found: Mapping[str, Footprint], file: Path = FILE) -> None:
    """Write the counts down."""
    rows = {key: asdict(one) for key, one in found.items()}
    file.write_text(json.dumps(rows, indent=1) + "\n", "utf-8")


def timing(spec: ModelSpec, progress: Progress | None = None) -> Timing:
    """Time bare forward passes of one network on this machine, and remember the result.

    No hooks, no gradients; holds the network's lock. Where its weights are not on this machine
    it gets random ones: the same operations on as many numbers, so the same time.

    Raises:
        Problem: as `loading.load`, if weights that are here cannot be read.
    """
    # One measurement would disturb another.
    with _ONE_AT_A_TIME:
        if readiness(spec) == "absent":
            found = passes(spec, _random(spec), None, progress)
        else:
            loaded = load(spec.key)
            found = passes(spec, loaded.network, loaded, progress)
        TIMES[architecture(spec.key)] = found
    return found


def passes(
    spec: ModelSpec,
    network: nn.Module,
    loaded: LoadedModel | None,
    progress: Progress | None = None,
) -> Timing:
    """Time forward passes of a network on random pixels, after one that does not count.

    loaded: whose lock is held during each pass; None if nobody else has the network.
    """
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(1, 3, spec.input_size, spec.input_size, generator=generator)
    x = x.contiguous(memory_format=MEMORY_FORMAT)
    seconds: list[float] = []
    began = time.perf_counter()
    for index in range(PASSES + 1):
        with loaded.lock if loaded else nullcontext(), torch.inference_mode():
            start = time.perf_counter()
            network(x)
            took = time.perf_counter() - start
        if index:
            seconds.append(took)
            if progress:
                progress(len(seconds), PASSES)
        if len(seconds) >= LEAST and time.perf_counter() - began > PATIENCE:
            break
    return Timing(
        statistics.median(seconds), min(seconds), max(seconds), len(seconds), loaded is None
    )


def _random(spec: ModelSpec) -> nn.Module:
    network = spec.build().eval().requires_grad_(False)
    return network.to(memory_format=MEMORY_FORMAT)


if __name__ == "__main__":
    write({one.key: footprint(one) for one in CATALOGUE})
