from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

import demo.cache
from demo.cache import ByteCache, record_bytes
from demo.records.counterfactual import Answer


def test_the_least_recently_used_value_goes_first() -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)
    cache.get("a", lambda: b"1234")
    cache.get("b", lambda: b"5678")
    cache.get("a", lambda: b"not asked for")
    cache.get("c", lambda: b"9abc")
    assert cache.peek("a") == b"1234"
    assert cache.peek("b") is None
    assert cache.peek("c") == b"9abc"
    assert cache.bytes == 8


def test_peeking_is_no_use() -> None:
    cache: ByteCache[bytes] = ByteCache(8, size=len)
    cache.get("a", lambda: b"1234")
    cache.get("b", lambda: b"5678")
    cache.peek("a")
    cache.get("c", lambda: b"9abc")
    assert cache.peek("a") is None


def test_a_value_too_large_is_kept_alone() -> None:
    cache: ByteCache[bytes] = ByteCache(4, size=len)
    cache.get("a", lambda: b"12")
    assert cache.get("b", lambda: b"123456") == b"123456"
    assert cache.peek("a") is None
    assert cache.bytes == 6


def test_a_value_that_grows_is_measured_again_and_another_is_not() -> None:
    for grows, left in ((True, {"b": 5}), (False, {"a": 9, "b": 5})):
        cache: ByteCache[bytearray] = ByteCache(10, size=len, grows=grows)
        cache.get("a", lambda: bytearray(4)).extend(bytes(5))
        cache.get("b", lambda: bytearray(5))
        found = {key: cache.peek(key) for key in "ab"}
        assert {key: len(one) for key, one in found.items() if one is not None} == left
    assert cache.bytes == 4 + 5
    cache.forget(lambda key: key == "a")
    assert cache.bytes == 5


def test_clear_forgets() -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)
    cache.get("a", lambda: b"12")
    cache.clear()
    assert cache.bytes == 0
    assert cache.get("a", lambda: b"345") == b"345"


def test_a_failure_reaches_the_caller_and_is_not_kept() -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)

    def fail() -> bytes:
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        cache.get("a", fail)
    assert cache.get("a", lambda: b"12") == b"12"


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Counts the threads that wait for another's computation."""
    count = threading.Semaphore(0)

    class Counted(Future[bytes]):
        def result(self, timeout: float | None = None) -> bytes:
            count.release()
            return super().result(timeout)

    monkeypatch.setattr(demo.cache, "Future", Counted)
    return count


def test_twelve_threads_cause_one_computation(waiting: threading.Semaphore) -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)
    calls: list[int] = []

    def compute() -> bytes:
        calls.append(1)
        for _ in range(11):
            assert waiting.acquire(timeout=60)
        return b"value"

    def ask(_: int) -> bytes:
        return cache.get("a", compute)

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(ask, range(12))) == [b"value"] * 12
    assert len(calls) == 1


def test_a_failure_reaches_those_who_wait(waiting: threading.Semaphore) -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)
    computing = threading.Event()

    def fail() -> bytes:
        computing.set()
        assert waiting.acquire(timeout=60)
        raise OSError("no")

    def second() -> bytes:
        assert computing.wait(60)
        return cache.get("a", fail)

    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(cache.get, "a", fail), pool.submit(second)]
        assert [type(answer.exception()) for answer in answers] == [OSError, OSError]


def test_keys_do_not_wait_for_each_other() -> None:
    cache: ByteCache[bytes] = ByteCache(10, size=len)
    other_done = threading.Event()

    def slow() -> bytes:
        assert other_done.wait(10)
        return b"slow"

    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(cache.get, "slow", slow)
        assert cache.get("quick", lambda: b"quick") == b"quick"
        other_done.set()
        assert answer.result(10) == b"slow"


def test_a_records_arrays_are_counted_however_deep() -> None:
    answer = Answer(np.zeros(3, np.float32), np.zeros(5, np.float64))
    assert record_bytes(answer) == 3 * 4 + 5 * 8
    assert record_bytes((answer, answer)) == 2 * 52
    assert record_bytes({"a": np.zeros(2, np.uint8)}) == 2
    assert record_bytes("a word") == 32


def test_a_use_makes_a_value_be_measured_again_and_nothing_else_does() -> None:
    asked: list[int] = []

    def size(value: bytearray) -> int:
        asked.append(len(value))
        return len(value)

    cache: ByteCache[bytearray] = ByteCache(1000, size=size)
    for number in range(1, 9):
        cache.get(number, partial(bytearray, number))
    asked.clear()
    cache.get(3, bytearray).extend(bytes(100))
    cache.get("new", bytearray)
    # The new one, the one that was used, and the one that came last before.
    assert sorted(asked) == [0, 8, 103]
    assert cache.bytes == 36 + 100


def test_no_thread_of_the_process_that_is_forked_is_waited_for() -> None:
    script = """
        import os
        import threading
        from demo.cache import ByteCache

        begun, cache = threading.Event(), ByteCache(100, size=len)

        def slow():
            begun.set()
            threading.Event().wait()

        cache.get("kept", lambda: b"kept")
        threading.Thread(target=cache.get, args=("slow", slow), daemon=True).start()
        begun.wait()
        cache._lock.acquire()
        child = os.fork()
        if not child:
            both = cache.get("slow", lambda: b"mine"), cache.get("kept", lambda: b"other")
            print(both, cache.bytes, flush=True)
            os._exit(0)
        os.waitpid(child, 0)
    """
    found = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, timeout=60
    )
    assert found.stdout == "(b'mine', b'kept') 8\n", found.stderr
