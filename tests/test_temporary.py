"""The process's own temporary folder: private, gone at the end, and what dead runs left with it."""

from __future__ import annotations

import base64
import os
import random
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock

from demo import temporary
from tests.serving import ROOT

# Its main thread waits as a server's does, in short turns: a signal that comes in the moment before
# one long wait is heard only when that is over.
HOLDS = """
import os
import threading
from demo import temporary
folder = temporary.own()
temporary.end_cleanly()
(folder / "photo.png").write_bytes(b"photo")
print(folder, flush=True)
told = threading.Thread(target=os.read, args=(0, 1), daemon=True)
told.start()
while told.is_alive():
    told.join(1)
"""


@contextmanager
def holder(parent: Path) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A process that has made its folder in `parent`, put a file there, and waits."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS],
        cwd=ROOT,
        env={**os.environ, temporary.VARIABLE: str(parent)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin
    assert process.stdout
    try:
        yield process, Path(process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def left(parent: Path) -> list[str]:
    return sorted(path.name for path in parent.iterdir())


def test_the_folder_is_this_accounts_alone_and_gone_at_the_end(tmp_path: Path) -> None:
    with holder(tmp_path) as (process, folder):
        assert folder.parent == tmp_path
        assert (folder / "photo.png").exists()
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        process.communicate("", timeout=60)
        assert process.returncode == 0
    assert left(tmp_path) == []


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    with holder(tmp_path) as (process, _):
        process.send_signal(getattr(signal, name))
        assert process.wait(60) == 0
    assert left(tmp_path) == []


TWO = """
import sys
import time
from pathlib import Path
from demo import temporary
own, short = temporary.own(), temporary.short()
temporary.end_cleanly()
temporary.before_end(lambda: Path(sys.argv[1]).write_text(str(short.exists()), "utf-8"))
temporary.before_end(lambda: 1 / 0)
print(own, short, flush=True)
while True:
    time.sleep(1)
"""


def test_one_with_a_short_path_goes_with_it_once_all_else_has_ended(tmp_path: Path) -> None:
    deep, said = tmp_path / "deep", tmp_path / "said"
    process = subprocess.Popen(
        [sys.executable, "-c", TWO, str(said)],
        cwd=ROOT,
        env={**os.environ, temporary.VARIABLE: str(deep)},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout
    with process.stdout:
        own, short = map(Path, process.stdout.readline().split())
        assert own.parent == deep
        assert short.name.startswith(temporary.PREFIX)
        assert len(short.parts) == 3 or os.name != "posix"
        process.terminate()
        assert process.wait(60) == 0
    assert said.read_text("utf-8") == "True"
    assert not own.exists()
    assert not short.exists()


def test_what_a_killed_run_left_goes_at_the_next_start_and_living_runs_stay(tmp_path: Path) -> None:
    with holder(tmp_path) as (dead, folder):
        dead.kill()
        dead.wait()
        assert (folder / "photo.png").exists()
        with holder(tmp_path) as (_, living):
            assert left(tmp_path) == [living.name]
            assert temporary.sweep(tmp_path) == []
            assert (living / "photo.png").exists()


def test_only_folders_of_ours_are_swept(tmp_path: Path) -> None:
    other = tmp_path / "gradio"
    other.mkdir()
    (tmp_path / f"{temporary.PREFIX}notes.txt").write_text("a file")
    if os.name == "posix":
        (tmp_path / f"{temporary.PREFIX}link").symlink_to(other)
    young = tmp_path / f"{temporary.PREFIX}young"
    young.mkdir()
    before = left(tmp_path)
    assert temporary.sweep(tmp_path) == []
    assert left(tmp_path) == before
    long_ago = time.time() - 2 * temporary.UNLOCKED
    os.utime(young, (long_ago, long_ago))
    assert temporary.sweep(tmp_path) == [young]


def test_a_folder_whose_lock_is_held_is_not_swept(tmp_path: Path) -> None:
    held = tmp_path / f"{temporary.PREFIX}held"
    held.mkdir()
    with FileLock(held / "lock"):
        assert temporary.sweep(tmp_path) == []
    assert temporary.sweep(tmp_path) == [held]


def test_an_upload_is_known_by_where_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(temporary.VARIABLE, str(tmp_path))
    place = tmp_path / "uploads" / "a" / "b"
    place.mkdir(parents=True)
    file = place / "photo.png"
    # Whether it is still there is for whoever reads it.
    assert temporary.is_upload(file)
    file.touch()
    assert temporary.is_upload(file)
    (tmp_path / "uploads" / "link").symlink_to(place)
    others = ("lock", "uploads", "uploads/a/b", "uploads/../lock", "uploads/link/photo.png", "a\0b")
    assert not any(temporary.is_upload(tmp_path / other) for other in others)
    assert not temporary.is_upload(Path("/etc/passwd"))


def test_what_is_taken_away_lies_where_nobody_can_guess(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(temporary.VARIABLE, str(tmp_path))
    names = []
    for _ in range(2):
        # What a generator of this process draws next is nothing to go by.
        random.seed(0)
        monkeypatch.setattr(tempfile, "_name_sequence", None)
        place = temporary.place_for("comparison.png")
        assert place.name == "comparison.png"
        assert place.parent.parent == tmp_path / "exports"
        names.append(place.parent.name)
    assert names[0] != names[1]
    assert [len(base64.urlsafe_b64decode(f"{name}==")) for name in names] == [16, 16]


def test_visits_and_the_lock_are_kept_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(temporary.VARIABLE, str(tmp_path))
    for name in ("lock", "visits/a/set", "visits", "Visits/a", "exports/../lock", "/lock", "lock/"):
        assert temporary.is_kept_back(f"{tmp_path}/{name}")
    for name in ("", "uploads/a/b/lock", "exports/a/visits", "0a1b/photo.webp", "../lock"):
        assert not temporary.is_kept_back(f"{tmp_path}/{name}")
