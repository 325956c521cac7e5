"""What gains from a GPU: functions that say so, of full-size networks.

Small networks have answered on the processor before a GPU has begun.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from demo.zoo.spec import ModelSpec

Function = TypeVar("Function", bound=Callable[..., Any])


def gains(seconds: int) -> Callable[[Function], Function]:
    """Mark a function that is asked of a network and gains from a GPU where that is full-size.

    Args:
        seconds: it needs there at most, the network's way to the GPU included; a visitor's share of
            a GPU that several have is asked for so many.
    """

    def mark(function: Function) -> Function:
        function.__dict__["gpu_seconds"] = seconds
        return function

    return mark


def gpu_seconds(function: Callable[..., Any], spec: ModelSpec) -> int:
    """The seconds that the function needs on a GPU at most; 0 where it gains nothing there."""
    return function.__dict__.get("gpu_seconds", 0) if spec.full_size else 0
