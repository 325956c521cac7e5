"""How much of the disk visitors may use: of each, of all, and for how long."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from demo import temporary
from demo.records import Problem

KEPT = 4 * 3600
"""Seconds that a file nobody uses is kept."""
IN_USE = 600
"""Seconds that an upload, or what a visit keeps, stays for certain after it was used; a tab that
asks again touches it."""
HANDED_OUT = 60
"""The same for what the app made itself, which the browser fetches at once."""
SMALLEST = 2**16
"""Bytes that a file counts at least, so that many tiny ones are bounded as well."""
UPLOADS, EXPORTS, VISITS = temporary.UPLOADS, temporary.EXPORTS, temporary.VISITS


class _File(NamedTuple):
    used: float
    size: int
    path: Path


class Disk:
    """The app's temporary folder: `uploads/<visitor>/<request>/...`, and what Gradio puts beside.

    What visits keep elsewhere in it is counted with the uploads of the visitor who is named for it.
    Bytes are counted while they arrive, and measured again when a request ends and at each sweep.

    Args:
        folder: the process's own temporary folder.
        most: bytes that all files in it may take.
        most_of_one: bytes that one visitor's uploads and visits may take.
    """

    def __init__(self, folder: Path, most: int, most_of_one: int) -> None:
        self.folder = folder
        self.most = most
        self.most_of_one = most_of_one
        self._lock = threading.RLock()
        self._names: dict[str, str] = {}
        self._adopted: dict[str, set[Path]] = {}
        self._held: dict[str, int] = {}
        self._all = 0

    def enter(self, visitor: str) -> Path:
        """A new folder for one request of a visitor; no one else can guess its name."""
        with self._lock:
            name = self._names.setdefault(visitor, secrets.token_urlsafe(9))
        folder = self.folder / UPLOADS / name / secrets.token_urlsafe(9)
        folder.mkdir(parents=True)
        return folder

    def leave(self, visitor: str, folder: Path, keep: bool) -> None:
        """The request has ended; what it left is kept, or deleted together with its folder."""
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        self.measure(visitor)

    def adopt(self, visitor: str, folder: Path) -> None:
        """Count what lies in the folder as the visitor's, until it is gone."""
        with self._lock:
            self._adopted.setdefault(visitor, set()).add(folder)

    def measure(self, visitor: str) -> None:
        """Count anew what the visitor has on the disk."""
        measured = _size(self._of(visitor))
        with self._lock:
            self._all += measured - self._held.get(visitor, 0)
            self._held[visitor] = measured

    def has_room(self, visitor: str, size: int) -> bool:
        """Count `size` bytes more of the visitor where they fit without deleting anything."""
        with self._lock:
            fits = self._held.get(visitor, 0) + size <= self.most_of_one
            fits = fits and self._all + size <= self.most
            if fits:
                self._held[visitor] = self._held.get(visitor, 0) + size
                self._all += size
            return fits

    def make_room(self, visitor: str, size: int) -> None:
        """The same after deleting what has not been used for longest; first the visitor's own.

        Raises:
            Problem: "server.visitor_full" or "server.disk_full" if nothing more can go.
        """
        if self.has_room(visitor, size):
            return
        # Some room ahead, so that not each chunk of a large photo has to look for it.
        ahead = size + self.most_of_one // 10
        with self._lock:
            own = self._held.get(visitor, 0) + ahead - self.most_of_one
        if own > 0:
            self._free(self._of(visitor), own)
        self.sweep(ahead)
        with self._lock:
            own_full = self._held.get(visitor, 0) + size > self.most_of_one
        if not self.has_room(visitor, size):
            raise Problem(
                "server.visitor_full" if own_full else "server.disk_full",
                most=(self.most_of_one if own_full else self.most) // 2**20,
                minutes=IN_USE // 60,
            )

    def sweep(self, ahead: int = 0) -> None:
        """Delete what nobody has used for hours, and more where room is short; then measure."""
        now = time.time()
        exports = self.folder / EXPORTS
        for file in _files(self.folder):
            if now - file.used > (IN_USE if exports in file.path.parents else KEPT):
                _delete(file.path)
        over = _size(_files(self.folder)) + ahead - self.most
        # Whoever has most gives first; then what is nobody's goes.
        with self._lock:
            greedy = sorted(self._held, key=lambda visitor: -self._held[visitor])
        for visitor in greedy:
            over = self._free(self._of(visitor), over)
        self._free(_files(self.folder), over)
        self._tidy()
        with self._lock:
            for folders in self._adopted.values():
                folders.difference_update([one for one in folders if not one.exists()])
            self._adopted = {visitor: kept for visitor, kept in self._adopted.items() if kept}
            known = {*self._names, *self._adopted}
            self._held = {visitor: _size(self._of(visitor)) for visitor in known}
            self._all = _size(_files(self.folder))

    def _of(self, visitor: str) -> list[_File]:
        with self._lock:
            folders = [*self._adopted.get(visitor, ())]
            if visitor in self._names:
                folders.append(self.folder / UPLOADS / self._names[visitor])
        return [file for folder in folders for file in _files(folder)]

    def _free(self, files: Iterable[_File], size: int) -> int:
        """Delete what is not in use until `size` bytes are free, longest unused first.

        Returns the bytes that are lacking still, 0 or less for none.
        """
        now = time.time()
        lasting = {self.folder / UPLOADS, self.folder / VISITS}
        for file in sorted(files):
            if size <= 0:
                break
            safe = HANDED_OUT if lasting.isdisjoint(file.path.parents) else IN_USE
            if now - file.used > safe:
                _delete(file.path)
                size -= file.size
        return size

    def _tidy(self) -> None:
        """Remove empty folders that no request has just made."""
        for place, _, _ in os.walk(self.folder, topdown=False):
            folder = Path(place)
            try:
                if folder != self.folder and time.time() - folder.stat().st_mtime > IN_USE:
                    folder.rmdir()
            except OSError:
                # It is not empty, or gone already.
                continue


def _files(folder: Path) -> Iterator[_File]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            try:
                status = path.lstat()
            except OSError:
                continue
            # The lock of the whole folder is no visitor's.
            if name != temporary.LOCK or path.parent != folder:
                yield _File(
                    max(status.st_atime, status.st_mtime), max(status.st_size, SMALLEST), path
                )


def _size(files: Iterable[_File]) -> int:
    return sum(file.size for file in files)


def _delete(path: Path) -> None:
    try:
        path.unlink()
    except OSError:
        # On Windows a file that is open stays until the next time.
        return
