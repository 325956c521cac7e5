"""Other processes as tests see them: whether one has ended, and waiting for what one does."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil


def until(holds: Callable[[], bool]) -> None:
    """Wait for something that another process does.

    Raises:
        AssertionError: if it does not happen within two minutes.
    """
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has waited for yet has as well."""
    try:
        return psutil.Process(pid).status() in (psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD)
    except psutil.NoSuchProcess:
        return True
