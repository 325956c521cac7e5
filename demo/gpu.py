"""The GPU that a Space shares among its visitors ("ZeroGPU"), where this process runs in one.

Imported before anything touches CUDA, as the package `spaces` demands, which is there alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

try:
    import spaces
except ImportError:
    spaces = None

Given = ParamSpec("Given")
Answer = TypeVar("Answer")

SHARED: bool = spaces is not None and spaces.config.Config.zero_gpu
"""Whether functions `on_gpu` run in processes of their own, which have a GPU for some seconds."""


def on_gpu(seconds: int) -> Callable[[Callable[Given, Answer]], Callable[Given, Answer]]:
    """Decorate a plain function that may run on the shared GPU; elsewhere it stays as it is.

    There it runs in a forked process: arguments and answer are pickled, what it keeps is lost, and
    no thread of this process exists in it.

    Args:
        seconds: it needs at most; a visitor's quota is asked for so many.
    """
    if spaces is None:
        return lambda task: task
    return spaces.GPU(duration=seconds)
