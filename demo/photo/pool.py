"""At most two lasting decoder processes: photos are opened in them, never in the server's own.

A damaged or hostile file can then cost its own decoder and nothing else: one that takes too long
is killed, one that takes too much memory fails alone.
"""

from __future__ import annotations

import atexit
import json
import logging
import mmap
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np

from demo.photo.decoding import Decoded
from demo.photo.limits import SECONDS, WORK
from demo.records import Notice, Problem

LOG = logging.getLogger("demo")
ROOT = Path(__file__).parents[2]
AT_ONCE = 2
WAITING = 32
"""Callers that may wait for a decoder."""
PATIENCE = 60.0
"""Seconds that one of them waits at most."""
_START = 60.0
"""Seconds that a decoder may take to start: it imports numpy and Pillow, on a busy machine too."""


class Ended(Exception):
    """A decoder ended in the middle of its work; late: because the photo's time was over."""

    def __init__(self, late: bool) -> None:
        super().__init__()
        self.late = late


class Decoder:
    """One process that decodes a photo at a time."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "demo.photo.worker"],
            cwd=ROOT,
            # One thread each: what is decoded is small, and the cores are the networks'.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        try:
            self._exchange(None, _START)
        except Ended:
            self.close()
            raise

    def decode(self, path: str, seconds: float) -> Decoded:
        """Decode a file, in WORK seconds of processor time and in so many seconds at all.

        Raises:
            Problem: as `decoding.decode`.
            Ended: if the process ended, or was killed because it took longer.
        """
        # Its own clock is the second line: this one also knows why it ended.
        asked = {"path": path, "work": WORK, "seconds": seconds + 1}
        answer, pixels = self._exchange(asked, seconds)
        if "problem" in answer:
            key, values = answer["problem"]
            raise Problem(key, **values)
        notices = tuple(Notice(key, **values) for key, values in answer["notices"])
        shape = answer["shape"]
        array = np.frombuffer(pixels, np.uint8, int(np.prod(shape))).reshape(shape)
        return Decoded(array, answer["kind"], notices)

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except OSError:
                # What was still to be written has no reader any more.
                continue

    def _exchange(
        self, asked: dict[str, Any] | None, seconds: float
    ) -> tuple[dict[str, Any], mmap.mmap]:
        late = threading.Event()

        def kill() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(seconds, kill)
        timer.daemon = True
        timer.start()
        try:
            if asked is not None:
                self.process.stdin.write(json.dumps(asked).encode() + b"\n")
                self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
            size = int(np.prod(answer.get("shape", (0,))))
            # Its own pages, which the system has back when the photo is dropped: blocks of some MB
            # from the allocator stay with whichever thread read them.
            pixels = mmap.mmap(-1, max(1, size))
            rest = memoryview(pixels)[:size]
            while rest and (count := self.process.stdout.readinto(rest)):
                rest = rest[count:]
            if rest:
                raise EOFError
        except (OSError, ValueError, EOFError):
            self.close()
            # SIGXCPU: out of processor time.
            worked = self.process.returncode == -getattr(signal, "SIGXCPU", 0)
            raise Ended(late.is_set() or worked) from None
        finally:
            timer.cancel()
        if late.is_set():
            # Killed between its answer and the end of the clock.
            self.close()
        return answer, pixels


class Pool:
    """Decoders that are started when they are needed and shared by all who ask.

    Args:
        at_once: decoders at most.
        waiting: callers that may wait for one.
        seconds: until a decoder is ended that has not answered.
    """

    def __init__(
        self, at_once: int = AT_ONCE, waiting: int = WAITING, seconds: float = SECONDS
    ) -> None:
        self.seconds = seconds
        self._most = at_once + waiting
        self._asking = 0
        self._free = threading.Semaphore(at_once)
        self._lock = threading.Lock()
        self._idle: list[Decoder] = []
        self._busy: set[Decoder] = set()
        atexit.register(self.close)

    def decode(self, path: str) -> Decoded:
        """Decode a file; waits while all decoders are busy. From any thread.

        Raises:
            Problem: as `decoding.decode`; "problem.photo_costly" if it takes too long,
                "problem.photo_many" if too many wait.
        """
        with self._lock:
            if self._asking >= self._most:
                raise Problem("problem.photo_many")
            self._asking += 1
        try:
            if not self._free.acquire(timeout=PATIENCE):
                raise Problem("problem.photo_many")
            try:
                return self._decode(path)
            finally:
                self._free.release()
        finally:
            with self._lock:
                self._asking -= 1

    @property
    def decoders(self) -> list[Decoder]:
        """Those that run now."""
        with self._lock:
            return [*self._idle, *self._busy]

    def close(self) -> None:
        """End all decoders; the next photo starts one anew."""
        with self._lock:
            idle, self._idle = self._idle, []
            for decoder in self._busy:
                # Whoever waits for its answer closes it.
                decoder.process.kill()
        for decoder in idle:
            decoder.close()

    def _decode(self, path: str) -> Decoded:
        decoder = self._taken()
        try:
            decoded = decoder.decode(path, self.seconds)
        except Ended as ended:
            self._dropped(decoder)
            raise Problem(
                "problem.photo_costly" if ended.late else "problem.photo_broken"
            ) from None
        except Problem as problem:
            # One that has run out of memory may hold what is left of it in pieces.
            costly = problem.key == "problem.photo_costly"
            (self._dropped if costly else self._returned)(decoder)
            raise
        except BaseException:
            self._dropped(decoder)
            raise
        self._returned(decoder)
        return decoded

    def _taken(self) -> Decoder:
        """A decoder that runs: one that is idle, or a new one."""
        with self._lock:
            while self._idle:
                decoder = self._idle.pop()
                if decoder.process.poll() is None:
                    self._busy.add(decoder)
                    return decoder
                decoder.close()
        try:
            decoder = Decoder()
        except (Ended, OSError):
            # The machine has no room for it now.
            LOG.exception("a decoder did not start")
            raise Problem("problem.photo_many") from None
        with self._lock:
            self._busy.add(decoder)
        return decoder

    def _returned(self, decoder: Decoder) -> None:
        with self._lock:
            self._busy.discard(decoder)
            self._idle.append(decoder)

    def _dropped(self, decoder: Decoder) -> None:
        with self._lock:
            self._busy.discard(decoder)
        decoder.close()
