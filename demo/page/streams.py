"""Which pages and clients listen for their answers: the server says when a stream opens."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

GRACE = 60
"""Seconds that a question may be without a stream: it is opened right after the question."""

_OPEN: Counter[str] = Counter()
_LOCK = threading.Lock()


@contextmanager
def opened(session: str) -> Iterator[None]:
    """While open, the session listens."""
    with _LOCK:
        _OPEN[session] += 1
    try:
        yield
    finally:
        with _LOCK:
            _OPEN[session] -= 1
            if not _OPEN[session]:
                del _OPEN[session]


def heard(session: str, grace: float = GRACE) -> Callable[[], bool]:
    """What tells whether the session listens, or has only just asked."""
    since = time.monotonic()
    return lambda: session in _OPEN or time.monotonic() - since < grace
