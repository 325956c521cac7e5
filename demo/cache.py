"""A cache bounded in bytes; thirty people who ask for the same thing cause one computation."""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import fields, is_dataclass
from typing import Any, Generic, TypeVar
from weakref import WeakSet

import numpy as np

Value = TypeVar("Value")


class ByteCache(Generic[Value]):
    """Least-recently-used cache of values that each say how many bytes they hold.

    Args:
        capacity: bytes kept at most. The newest value is always kept, however large.
        size: how many bytes a value holds now; whenever one is added, asked of those that were used
            since, as they may have grown.
        grows: whether they do; otherwise each is asked once, when it is added.
    """

    def __init__(self, capacity: int, size: Callable[[Value], int], *, grows: bool = True) -> None:
        self.capacity = capacity
        self._size = size
        self._grows = grows
        self._sizes: dict[Hashable, int] = {}
        self._used: set[Hashable] = set()
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._running: dict[Hashable, Future[Value]] = {}
        _CACHES.add(self)

    def get(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """The value of `key`, computed at most once however many threads ask together.

        Raises:
            whatever compute raises, in every waiting thread; nothing is kept then.
        """
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                self._used.add(key)
                return self._values[key]
            running = self._running.get(key)
            if running is None:
                mine: Future[Value] = Future()
                self._running[key] = mine
        if running is not None:
            return running.result()
        try:
            value = compute()
        except BaseException as error:
            with self._lock:
                del self._running[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._values[key] = value
            self._sizes[key] = self._size(value)
            del self._running[key]
            self._evict()
            self._used = {key}
        mine.set_result(value)
        return value

    def peek(self, key: Hashable) -> Value | None:
        """The value if it is there; does not count as a use."""
        with self._lock:
            return self._values.get(key)

    def forget(self, wanted: Callable[[Hashable], bool]) -> None:
        """Drop the values of all keys for which `wanted` is true."""
        with self._lock:
            for key in [key for key in self._values if wanted(key)]:
                del self._values[key], self._sizes[key]

    @property
    def bytes(self) -> int:
        """Bytes held now."""
        with self._lock:
            return self._total()

    def clear(self) -> None:
        """Forget everything that is not being computed."""
        with self._lock:
            self._values.clear()
            self._sizes.clear()

    def begin_anew(self) -> None:
        """In a process that was forked: wait for no thread of the one that it comes from."""
        self._lock = threading.Lock()
        self._running = {}
        for key in self._values.keys() ^ self._sizes.keys():
            self._values.pop(key, None)
            self._sizes.pop(key, None)

    def _total(self) -> int:
        # Not of all values: with hundreds of them, that took as long as running a small network.
        for key in self._used & self._sizes.keys() if self._grows else ():
            self._sizes[key] = self._size(self._values[key])
        return sum(self._sizes.values())

    def _evict(self) -> None:
        total = self._total()
        while total > self.capacity and len(self._values) > 1:
            key, _ = self._values.popitem(last=False)
            total -= self._sizes.pop(key)


_CACHES: WeakSet[ByteCache[Any]] = WeakSet()


def _begin_anew() -> None:
    for cache in _CACHES:
        cache.begin_anew()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew)


class Results(ByteCache[Any]):
    """What has been worked out about one thing; lives with that thing and dies with it.

    Holds records of numbers, at most BYTES of them.
    """

    BYTES = 2 * 2**20

    def __init__(self) -> None:
        super().__init__(self.BYTES, size=record_bytes, grows=False)

    def once(self, key: Hashable, compute: Callable[[], Value]) -> Value:
        """As `get`, of the type that `compute` gives."""
        return self.get(key, compute)


def record_bytes(record: object) -> int:
    """Bytes of the arrays in a record, its records, sequences and tables; a little for the rest."""
    if isinstance(record, np.ndarray):
        return record.nbytes
    if is_dataclass(record):
        return sum(record_bytes(getattr(record, field.name)) for field in fields(record))
    if isinstance(record, Mapping):
        return sum(record_bytes(value) for value in record.values())
    if isinstance(record, tuple | list):
        return sum(record_bytes(value) for value in record)
    return 32
