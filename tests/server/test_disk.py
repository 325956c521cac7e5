"""What visitors may keep on the disk, and what goes when there is no more room."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from demo.records import Problem
from demo.server.disk import EXPORTS, HANDED_OUT, IN_USE, KEPT, SMALLEST, VISITS, Disk
from demo.temporary import touch

SIZE = 2 * SMALLEST


def put(disk: Disk, visitor: str, name: str, unused: float = 0.0, size: int = SIZE) -> Path:
    """An upload of a visitor that was last used so many seconds ago."""
    folder = disk.enter(visitor)
    disk.make_room(visitor, size)
    file = folder / name
    file.write_bytes(b"x" * size)
    disk.leave(visitor, folder, keep=True)
    then = time.time() - unused
    os.utime(file, (then, then))
    return file


def test_a_visitor_who_is_full_loses_the_own_files_that_were_unused_longest(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=3 * SIZE)
    other = put(disk, "other", "a", unused=2 * IN_USE)
    ages = (5, 2 * IN_USE, IN_USE - 60)
    recent, old, used = (put(disk, "one", str(age), age) for age in ages)
    new = put(disk, "one", "new")
    assert not old.exists()
    assert recent.exists()
    assert used.exists()
    assert new.exists()
    assert other.exists()


def test_files_in_use_stay_and_the_next_is_refused(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=2 * SIZE)
    files = [put(disk, "one", str(number)) for number in range(2)]
    folder = disk.enter("one")
    with pytest.raises(Problem) as problem:
        disk.make_room("one", SIZE)
    assert problem.value.key == "server.visitor_full"
    disk.leave("one", folder, keep=False)
    assert not folder.exists()
    assert all(file.exists() for file in files)
    assert put(disk, "other", "a").exists()


def test_all_together_are_bounded_as_well(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=4 * SIZE, most_of_one=3 * SIZE)
    old = put(disk, "one", "old", unused=2 * IN_USE)
    for number in range(3):
        put(disk, f"visitor {number}", "a")
    put(disk, "two", "b")
    assert not old.exists()
    with pytest.raises(Problem) as problem:
        put(disk, "three", "c")
    assert problem.value.key == "server.disk_full"


def test_a_file_that_was_used_again_is_in_use(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=2 * SIZE)
    used = put(disk, "one", "used", unused=3 * IN_USE)
    idle = put(disk, "one", "idle", unused=2 * IN_USE)
    written = used.stat().st_mtime_ns
    touch(used)
    assert used.stat().st_mtime_ns == written
    put(disk, "one", "new")
    assert used.exists()
    assert not idle.exists()
    touch(tmp_path / "gone")


def test_tiny_files_are_bounded_as_large_ones_are(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=10 * SMALLEST)
    for number in range(10):
        put(disk, "one", str(number), size=1)
    with pytest.raises(Problem):
        put(disk, "one", "one too many", size=1)


def test_the_sweep_takes_what_nobody_used_whoever_made_it(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=10 * SIZE)
    upload = put(disk, "one", "old", unused=KEPT + 1)
    fresh = put(disk, "one", "fresh", unused=KEPT - 60)
    left, taken, lock = (
        tmp_path / name for name in ("0a1b/image.webp", f"{EXPORTS}/x/comparison.png", "lock")
    )
    for path, unused in ((left, KEPT + 1), (taken, IN_USE + 1), (lock, 10 * KEPT)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (time.time() - unused,) * 2)
    disk.sweep()
    assert not upload.exists()
    assert not left.exists()
    assert not taken.exists()
    assert fresh.exists()
    assert (tmp_path / "lock").exists()


def test_what_the_app_made_goes_before_uploads_in_use(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=2 * SIZE, most_of_one=2 * SIZE)
    upload = put(disk, "one", "a", unused=IN_USE - 60)
    export = tmp_path / EXPORTS / "comparison.png"
    export.parent.mkdir()
    export.write_bytes(b"x" * 2 * SIZE)
    then = time.time() - HANDED_OUT - 1
    os.utime(export, (then, then))
    disk.sweep()
    assert not export.exists()
    assert upload.exists()


def visit(disk: Disk, visitor: str, name: str, unused: float = 0.0, size: int = SIZE) -> Path:
    """What a visit keeps of a visitor, last used so many seconds ago."""
    folder = disk.folder / VISITS / name
    folder.mkdir(parents=True)
    disk.adopt(visitor, folder)
    disk.make_room(visitor, size)
    (folder / "set").write_bytes(b"x" * size)
    disk.measure(visitor)
    os.utime(folder / "set", (time.time() - unused,) * 2)
    return folder / "set"


def test_what_a_visit_keeps_counts_as_its_visitors(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=100 * SIZE, most_of_one=3 * SIZE)
    sets = [visit(disk, "one", name) for name in ("a", "b")]
    put(disk, "one", "photo")
    for more in (lambda: visit(disk, "one", "c"), lambda: put(disk, "one", "another")):
        with pytest.raises(Problem) as problem:
            more()
        assert problem.value.key == "server.visitor_full"
    assert visit(disk, "other", "d").exists()
    # What is deleted makes room, and so does what nobody has used for long.
    sets[0].unlink()
    assert put(disk, "one", "another").exists()
    os.utime(sets[1], (time.time() - 2 * IN_USE,) * 2)
    assert put(disk, "one", "third").exists()
    assert not sets[1].exists()


def test_a_set_stays_as_long_as_an_upload_and_the_greedy_give_first(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=5 * SIZE, most_of_one=3 * SIZE)
    honest = visit(disk, "honest", "a", unused=IN_USE - 60)
    for name in "bcd":
        visit(disk, "greedy", name, unused=IN_USE - 60)
    visit(disk, "other", "e")
    with pytest.raises(Problem) as problem:
        put(disk, "new", "photo")
    assert problem.value.key == "server.disk_full"
    assert honest.exists()
    # Of two that nobody uses, the one goes whose visitor has most, though it was used later.
    os.utime(honest, (time.time() - 3 * IN_USE,) * 2)
    for name in "bcd":
        os.utime(tmp_path / VISITS / name / "set", (time.time() - 2 * IN_USE,) * 2)
    put(disk, "new", "photo")
    assert honest.exists()
    assert len([*(tmp_path / VISITS).rglob("set")]) < 5


def test_bytes_that_were_cut_are_given_back(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=2 * SIZE, most_of_one=2 * SIZE)
    for _ in range(5):
        folder = disk.enter("one")
        disk.make_room("one", 2 * SIZE)
        (folder / "tmpcut").write_bytes(b"x" * 2 * SIZE)
        disk.leave("one", folder, keep=False)
    assert list(tmp_path.rglob("tmp*")) == []
    assert disk.has_room("one", 2 * SIZE)


def test_empty_folders_go_but_not_those_just_made(tmp_path: Path) -> None:
    disk = Disk(tmp_path, most=2 * SIZE, most_of_one=2 * SIZE)
    new = disk.enter("one")
    old = tmp_path / "old" / "empty"
    old.mkdir(parents=True)
    for folder in (old, old.parent):
        os.utime(folder, (0, 0))
    disk.sweep()
    assert new.exists()
    assert not old.exists()
