"""One file over HTTP: with progress, resumed after a cut, checked, never half there."""

from __future__ import annotations

import hashlib
import http.client
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import Future, TimeoutError as NotYet
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import IO

from filelock import FileLock, Timeout

Progress = Callable[[int, int], None]
"""progress(bytes done, bytes in all)."""

TIMEOUT = 10.0
"""Seconds without a byte until a connection counts as cut."""
SILENCE = 30.0
"""Seconds for which a server that never answered is not asked again, so that nobody waits for it
in a row with others."""
BARREN = 3
"""Connections in a row that may bring nothing until it is given up."""
PAUSE = 0.3
"""Seconds of waiting after the first of them, twice that after the second."""
_CHUNK = 1 << 18
_CUT = (urllib.error.URLError, http.client.HTTPException, OSError)


class UnreachableError(Exception):
    """No server answered."""


class RefusedError(Exception):
    """The server answered with a status that is no file: `args[0]`."""


class BrokenError(Exception):
    """The connection was cut again and again: bytes that came, bytes in all."""


class ChecksumError(Exception):
    """What came is not the file that was expected; it has been deleted."""


class StorageError(Exception):
    """The file could not be written; the message says why."""


@dataclass
class _Flight:
    """A download that is under way, and how far it is."""

    future: Future[Path] = field(default_factory=Future)
    done: int = 0
    total: int = 0

    def report(self, done: int, total: int) -> None:
        self.done, self.total = done, total


_flights: dict[Path, _Flight] = {}
_silent_until: dict[str, float] = {}
_guard = threading.Lock()


def shared(name: Path, size: int, work: Callable[[Progress], Path], progress: Progress) -> Path:
    """What `work(progress)` gives; done once for all threads that ask under one name at a time.

    The others wait for it, with its progress, and share its failure.

    Args:
        size: bytes expected, for progress until the server says.
    """
    with _guard:
        flight = _flights.get(name)
        mine = flight is None
        if flight is None:
            flight = _flights[name] = _Flight(total=size)
    if not mine:
        return _wait(flight, progress)

    def report(done: int, total: int) -> None:
        flight.report(done, total)
        progress(done, total)

    try:
        path = work(report)
    except BaseException as error:
        flight.future.set_exception(error)
        raise
    else:
        flight.future.set_result(path)
        return path
    finally:
        with _guard:
            del _flights[name]


def download(url: str, target: Path, sha256: str, size: int, progress: Progress) -> None:
    """Put the file at `target`; return at once where it is there already.

    However many processes ask for the same target, one of them downloads and the others wait,
    with progress. The file takes its name only when it is whole and verified; what is there of it
    until then ends in ".part" and is taken up by the next try.

    Args:
        sha256: digest that the file must have, or its leading digits.
        size: bytes expected, for progress until the server says.

    Raises:
        UnreachableError, RefusedError, BrokenError, ChecksumError, StorageError: see there.
    """
    part = target.with_name(f"{target.name}.part")
    with _locked(target, part, size, progress):
        if target.exists():
            return
        resumed = part.exists()
        _fill(url, part, size, progress)
        # What an earlier try left may be what is wrong: once more, from nothing.
        if resumed and not verify(part, sha256):
            part.unlink()
            _fill(url, part, size, progress)
        if not verify(part, sha256):
            part.unlink()
            raise ChecksumError
        os.replace(part, target)


def refuse_silent(server: str) -> None:
    """Do not ask a server again that was silent a moment ago.

    Raises:
        UnreachableError: if it was.
    """
    if time.monotonic() < _silent_until.get(server, 0.0):
        raise UnreachableError


def note_silent(server: str) -> None:
    """Remember that this server did not answer."""
    _silent_until[server] = time.monotonic() + SILENCE


def verify(path: Path, sha256: str) -> bool:
    """Whether the file's SHA-256 begins with these digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest().startswith(sha256)


def _wait(flight: _Flight, progress: Progress) -> Path:
    while True:
        try:
            return flight.future.result(timeout=0.2)
        except NotYet:
            progress(flight.done, flight.total)


def _locked(
    target: Path, part: Path, size: int, progress: Progress
) -> AbstractContextManager[object]:
    """The lock against other processes, released at the end of the block."""
    lock = FileLock(f"{target}.lock")
    while True:
        try:
            return lock.acquire(timeout=0.5)
        except Timeout:
            progress(_size(part), size)
        except OSError as error:
            raise StorageError(error.strerror or str(error)) from error


def _fill(url: str, part: Path, size: int, progress: Progress) -> None:
    """Download into `part`, from where it ends; new connections where one is cut."""
    server = urllib.parse.urlsplit(url).netloc
    refuse_silent(server)
    total, barren, gained, status = size, 0, False, 0
    while barren < BARREN:
        time.sleep(PAUSE * barren)
        had = _size(part)
        try:
            total = _append(url, part, size, progress)
            if _size(part) >= total:
                return
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                return  # nothing behind the end: it is whole, or the checksum will tell
            if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise RefusedError(error.code) from error
            status = error.code
        except _CUT as error:
            if not gained and _size(part) <= had and _timed_out(error):
                note_silent(server)
                raise UnreachableError from error
        gained = gained or _size(part) > had
        barren = 0 if _size(part) > had else barren + 1
    if gained:
        raise BrokenError(_size(part), total)
    if status:
        raise RefusedError(status)
    raise UnreachableError


def _timed_out(error: Exception) -> bool:
    return isinstance(getattr(error, "reason", error), TimeoutError)


def _append(url: str, part: Path, size: int, progress: Progress) -> int:
    """One connection's worth; returns the bytes of the whole file as the server says."""
    have = _size(part)
    request = urllib.request.Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        done = have if answer.status == HTTPStatus.PARTIAL_CONTENT else 0
        length = answer.headers.get("Content-Length")
        total = done + int(length) if length else size
        with _open(part, "ab" if done else "wb") as file:
            progress(done, total)
            # Storage errors must not be taken for a cut connection, so each side is caught alone.
            while chunk := answer.read1(_CHUNK):
                _store(file, chunk)
                done += len(chunk)
                progress(done, max(done, total))
    return total if length else done


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _open(part: Path, mode: str) -> IO[bytes]:
    try:
        return part.open(mode, buffering=0)
    except OSError as error:
        raise StorageError(error.strerror or str(error)) from error


def _store(file: IO[bytes], chunk: bytes) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        raise StorageError(error.strerror or str(error)) from error
