"""Workers behind the seam in tests, and what they are asked there."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np

from demo.engine.ask import ask, put_behind
from demo.engine.workers import Workers
from demo.records import Photo
from tests import asked


@contextmanager
def behind(workers: Workers) -> Iterator[Workers]:
    """While open, they are asked; ended afterwards, and started anew where they are asked again."""
    before = put_behind(workers)
    try:
        yield workers
    finally:
        put_behind(before)
        workers.close()


def noisy(seed: int, side: int = 64) -> Photo:
    """A square photo of noise."""
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3)).astype(np.uint8)
    return Photo(f"noisy {seed} {side}", pixels)


def asked_at_once(count: int) -> dict[int, float]:
    """Seed -> the mean of that photo of noise, 16 px a side; each asked by a thread of its own."""
    with ThreadPoolExecutor(count) as pool:
        means = pool.map(lambda seed: ask(asked.mean, "mini_resnet", noisy(seed, 16)), range(count))
        return dict(enumerate(means))
