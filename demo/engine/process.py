"""The process of a worker as its parent has it: two pipes, and a watch for one that has hung.

What counts as a sign of life is what the thread that computes says: a step, an answer, how far it
is. One from a thread beside it would go on while native code turns in circles.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from demo.engine import messages

ROOT = Path(__file__).parents[2]
SILENT = 120.0
"""Seconds for which a worker may say nothing while somebody waits. Its longest step, of the largest
network on one thread of a server's core, takes a tenth of them; a slow laptop's or a crowded
machine's takes some times as long.
"""
START = 120.0
"""Seconds that it may take until its first word: it reads its libraries, on a busy machine too."""
_LOOKS = 20
"""Into which the seconds are divided and counted, so that time in which the machine slept, or had
none for this process either, is not held against the worker."""


class Process:
    """One that runs, from the moment that it is made.

    Args:
        threads: on which it computes.
        environment: what it finds set beside what this process does.
        silent: seconds without a word after which it is killed while somebody waits.

    Raises:
        OSError: if the machine has no room for it.
    """

    def __init__(self, threads: int, environment: Mapping[str, str], silent: float) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "demo.engine.worker", str(threads), str(silent)],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": str(threads), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self.hung = False
        """Whether it was killed because it said nothing."""
        self._lock = threading.Lock()
        pause = silent / _LOOKS
        self._waited_for, self._looks, self._most = False, 0, START / pause
        threading.Thread(target=self._watch, args=(pause,), name="watches", daemon=True).start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """With which status it has ended, None while it runs."""
        return self._process.poll()

    def send(self, packed: bytes) -> None:
        """Write one packed message.

        Raises:
            OSError: if it has ended.
        """
        with self._waiting():
            messages.send(_open(self._process.stdin), packed)

    def receive(self) -> bytes:
        """Read one message, still packed; waits for it.

        Raises:
            OSError, EOFError: if it has ended, or what it says is no message.
        """
        with self._waiting():
            packed = messages.receive(_open(self._process.stdout))
        self._most = _LOOKS
        return packed

    def kill(self) -> None:
        """End it at once; whoever waits for it learns of it. From any thread."""
        self._process.kill()

    def end(self) -> None:
        """End it and give its pipes back; nobody may wait for it any more."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _open(pipe).close()
            except OSError:
                # What was still to be written has no reader any more.
                continue

    @contextmanager
    def _waiting(self) -> Iterator[None]:
        with self._lock:
            self._waited_for, self._looks = True, 0
        try:
            yield
        finally:
            with self._lock:
                self._waited_for = False

    def _watch(self, pause: float) -> None:
        while self.ended is None:
            time.sleep(pause)
            with self._lock:
                self._looks += 1
                if self._waited_for and self._looks > self._most:
                    self.hung = True
                    self._process.kill()


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
