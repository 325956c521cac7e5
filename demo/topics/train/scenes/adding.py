"""Uploads as they come into a visit's set: photos for one class, archives for several."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from demo import temporary
from demo.lane import Turn
from demo.photo import read_once
from demo.records import Photo, Problem
from demo.text import Words
from demo.topics.train import editing
from demo.topics.train.archive import reading, reduced
from demo.topics.train.numbers import MOST_PHOTOS
from demo.topics.train.records import PhotoSet, Skipped
from demo.topics.train.scenes import visits

TOLD = 5
"""How far it is, is told after so many photos."""


def adding(
    paths: Sequence[str], into: str, before: str, t: Words
) -> Iterator[int | Turn | tuple[str, str, tuple[Skipped, ...]]]:
    """Take uploads into a set: how many photos are read so far, at last what it has become.

    Files are deleted once they are read: the photos are kept, each made small.

    Args:
        into: the class of the photos; the next number's where it is empty. An archive's folders
            are classes of their own.
        before: the set's token.

    Yields:
        at last the new token, the class that the photos went to, and what was left out.

    Raises:
        Problem: "train.problem.not_sent" if one of them is nothing that a visitor sent: then no
            file is deleted; as `editing.added` and `archive.reading`. The set stays as it was.
    """
    files = [Path(path) for path in paths]
    if not all(map(temporary.is_upload, files)):
        raise Problem("train.problem.not_sent")
    try:
        if len(files) > MOST_PHOTOS:
            raise Problem("train.problem.many_photos", most=MOST_PHOTOS, count=len(files))
        new, names, sets, left_out = [], [], list[PhotoSet](), list[Skipped]()
        for file in files:
            yield Turn.PHOTO
            try:
                if _is_archive(file):
                    sets.append((yield from _unpacked(file)))
                    continue
                new.append(_photo(file))
                names.append(file.name)
            except Problem as problem:
                if problem.key.startswith("train.problem."):
                    raise
                left_out.append(Skipped(file.name, problem))
            if new and len(new) % TOLD == 0:
                yield len(new)
    finally:
        for file in files:
            file.unlink(missing_ok=True)
    called = editing.class_name(into)

    def put(photos: PhotoSet) -> PhotoSet:
        nonlocal called
        if new:
            called = called or numbered(photos, t)
            photos = editing.added(photos, called, new, names)
            left_out.extend(photos.skipped)
        for more_photos in sets:
            photos = editing.merged(photos, more_photos)
            left_out.extend(photos.skipped)
        return photos

    after = visits.changed(before, put) if new or sets else before
    yield after, called, tuple(left_out)


def numbered(photos: PhotoSet, t: Words) -> str:
    """The first name "Class n" that no class has."""
    number = 1
    while (name := t("train.class_number", number=number)) in photos.classes:
        number += 1
    return name


def _photo(file: Path) -> Photo:
    return reduced(read_once(str(file)))


def _is_archive(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.read(4) in (b"PK\3\4", b"PK\5\6") or file.suffix.lower() == ".zip"
    except FileNotFoundError:
        raise Problem("page.photo_gone") from None


def _unpacked(file: Path) -> Generator[int | Turn, None, PhotoSet]:
    """A generator of `adding`'s steps whose value is the set of an archive."""
    photos: PhotoSet | int = 0
    with tempfile.TemporaryDirectory(dir=file.parent) as folder:
        for photos in reading(file, Path(folder), read_once):
            if isinstance(photos, int) and photos % 20 == 0:
                yield photos
            yield Turn.PHOTO
    assert isinstance(photos, PhotoSet)
    return photos
