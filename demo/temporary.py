"""A temporary folder of this process's own, gone when it ends; what dead runs left goes too.

Gradio's own folder is one for all of a machine: where another account made it first, nothing can
be uploaded, and any gradio app of the account serves what an earlier one left there.
"""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import os
import secrets
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout

PREFIX = "four-families-"
VARIABLE = "GRADIO_TEMP_DIR"
"""Gradio keeps uploads, and what it hands out, in the folder of that name."""
UPLOADS = "uploads"
"""Folder in it for what visitors send."""
VISITS = "visits"
"""Folder in it for what is kept of a page while it is open; nobody can fetch that."""
EXPORTS = "exports"
"""Folder in it for files that a visitor takes away; they go after some minutes."""
LOCK = "lock"
UNLOCKED = 60
"""Seconds that a folder may be without a lock: its process has only just made it."""

_OWN: dict[Path, FileLock] = {}
"""Folders of this process, with the locks that it holds on them."""
_BEFORE_END: list[Callable[[], None]] = []


def own() -> Path:
    """Make this process's folder and name it to Gradio; call it before gradio is imported.

    It lies in the folder that GRADIO_TEMP_DIR named, or in the machine's, and only this account
    can read it. It goes when the process ends, by `end_cleanly` on a signal too; a process that
    is killed leaves it to the next start. A child process keeps its parent's.
    """
    named = os.environ.get(VARIABLE)
    if multiprocessing.parent_process() is not None and named:
        return Path(named)
    folder = _made(Path(named or tempfile.gettempdir()).resolve())
    os.environ[VARIABLE] = str(folder)
    return folder


def short() -> Path:
    """Make one more such folder, with a short path: a socket's may have about a hundred letters."""
    return _made(Path("/tmp" if Path("/tmp").is_dir() else tempfile.gettempdir()).resolve())


def before_end(task: Callable[[], None]) -> None:
    """Have it done first when the process is told to end."""
    _BEFORE_END.append(task)


def sweep(parent: Path) -> list[Path]:
    """Remove what earlier runs of this account left in it; returns what was removed."""
    gone = []
    for folder in sorted(parent.glob(f"{PREFIX}*")):
        if _is_ours(folder) and _is_dead(folder):
            shutil.rmtree(folder, ignore_errors=True)
            gone.append(folder)
    return gone


def end_cleanly() -> None:
    """End at once, and with nothing left on the disk, when the process is told to.

    Without it a network that is still at work would keep the process for as long as it runs.
    """
    # SIGBREAK is what Windows sends when the window of the terminal is closed.
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _end)


def touch(path: Path) -> None:
    """Say that a file is in use; when it was written stays as it was."""
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except OSError:
        # It went a moment ago; whoever reads it will say so.
        return


def base() -> Path:
    """The folder that GRADIO_TEMP_DIR names, this process's own once there is one."""
    return Path(os.environ.get(VARIABLE) or tempfile.gettempdir())


def is_upload(path: Path) -> bool:
    """Whether it may be what a visitor sent: below UPLOADS, with no link on the way, no folder.

    Anybody can name any path: only such a file may be taken for the visitor's own, and deleted. No
    one can guess the folders that another visitor's lie in.
    """
    uploads = base() / UPLOADS
    try:
        real = path.resolve()
        below = uploads.resolve() in real.parents and not real.is_dir()
        return below and real == uploads.resolve() / path.relative_to(uploads)
    except (OSError, ValueError):
        # A null byte, a name that is too long.
        return False


def is_kept_back(named: str) -> bool:
    """Whether a path names what this process keeps for itself: what is in VISITS, its lock."""
    try:
        real = Path(named).resolve()
    except (OSError, ValueError):
        return False
    folder = base().resolve()
    if not real.is_relative_to(folder) or real == folder:
        return False
    # A disk may take capitals and small letters for the same.
    return real.relative_to(folder).parts[0].casefold() in (VISITS, LOCK)


def place_for(name: str) -> Path:
    """Path for a file that a visitor takes away, in a new folder that nobody can guess.

    Not of `mkdtemp`: whoever has seen some hundred of its names can work out the next ones.
    """
    folder = base() / EXPORTS / secrets.token_urlsafe(16)
    folder.mkdir(parents=True)
    return folder / name


def _end(number: int, _frame: FrameType | None) -> None:
    for task in _BEFORE_END:
        with contextlib.suppress(Exception):
            task()
    for child in multiprocessing.active_children():
        child.kill()
    for folder in list(_OWN):
        _remove(folder, os.getpid())
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Whoever read it has gone.
            continue
    # Not sys.exit: it would wait for the threads.
    os._exit(0)


def _made(parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    lock = FileLock(_lock_of(folder))
    lock.acquire()
    _OWN[folder] = lock
    atexit.register(_remove, folder, os.getpid())
    return folder


def _remove(folder: Path, pid: int) -> None:
    if os.getpid() != pid:
        return
    _OWN[folder].release()
    # A thread may be writing there at this moment; what it makes anew is removed again.
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return


def _lock_of(folder: Path) -> Path:
    return folder / LOCK


def _is_ours(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    # On Windows each account has a temporary folder of its own.
    owner = os.getuid() if hasattr(os, "getuid") else status.st_uid
    return folder.is_dir() and not folder.is_symlink() and status.st_uid == owner


def _is_dead(folder: Path) -> bool:
    """Whether no process holds its lock; the system frees the lock of one that was killed."""
    lock = _lock_of(folder)
    try:
        if not lock.exists():
            return time.time() - folder.stat().st_mtime > UNLOCKED
        with FileLock(lock, timeout=0):
            return True
    except (Timeout, OSError):
        return False
