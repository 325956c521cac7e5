"""A zip with a folder a class, opened as if it came from an enemy.

Nothing of it decides where anything is written: each picture is copied under a number into a folder
that is given, counted while it is unpacked. What a picture is, its bytes say, to whoever reads it.
"""

from __future__ import annotations

import math
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import numpy as np
from PIL import Image

from demo.records import Photo, Problem
from demo.topics.train.directory import METHODS, is_short
from demo.topics.train.editing import class_name
from demo.topics.train.numbers import MOST_PHOTOS, check, check_classes
from demo.topics.train.records import PhotoSet, Skipped

MOST_FILES = 5_000
"""Entries of an archive, folders and all."""
MOST_DIRECTORY = 2 * 2**20
"""Bytes of its list of entries, which is read whole."""
MOST_OF_ONE = 20 * 2**20
MOST_BYTES = 200 * 2**20
"""Bytes of a file, and of all files together, unpacked."""
SHORTER = 256
"""Pixels of a photo's shorter side that are kept: what most networks resize it to anyway."""
MOST_AREA = 2 * SHORTER**2
"""Pixels of a photo that are kept: 500 panoramas must not fill the memory."""

LONGEST_PATH, MOST_PARTS = 512, 16
"""Characters of an entry's name, and parts between its slashes: what is longer is skipped."""

_JUNK = {"__MACOSX", "Thumbs.db", "desktop.ini"}


class _Entry(NamedTuple):
    """A file of the archive that may be a picture, and the folders that it lies in."""

    info: zipfile.ZipInfo
    folders: tuple[str, ...]

    @property
    def name(self) -> str:
        """The class that it belongs to."""
        return class_name(self.folders[0])


def reading(path: Path, folder: Path, read: Callable[[str], Photo]) -> Iterator[int | PhotoSet]:
    """The photos of an archive in steps: how many are read so far, and at last the set.

    Args:
        path: the archive.
        folder: where pictures are unpacked to, one at a time; nothing stays in it.
        read: opens one of them; its Problem is why it is skipped.

    Raises:
        Problem: "train.problem.zip" for what is no archive, "_zip_large" or "_zip_many" for
            one that unpacks to too much, or too many files; as `numbers.check`.
    """
    try:
        if not is_short(path, MOST_FILES, MOST_DIRECTORY):
            raise Problem("train.problem.zip_many", most=MOST_FILES)
        with zipfile.ZipFile(path) as archive:
            yield from _taken(archive, folder, read)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error):
        raise Problem("train.problem.zip") from None


def _taken(
    archive: zipfile.ZipFile, folder: Path, read: Callable[[str], Photo]
) -> Iterator[int | PhotoSet]:
    skipped: list[Skipped] = []
    entries = _entries(archive, skipped)
    names = sorted({entry.name for entry in entries})
    check_classes(names)
    photos, classes, known, left = [], [], [], MOST_BYTES
    for number, entry in enumerate(entries):
        file = folder / f"{number:04}"
        try:
            left -= _unpack(archive, entry.info, file, left)
            photos.append(reduced(read(str(file))))
            classes.append(entry.name)
            known.append(entry.info.filename)
        except Problem as problem:
            if problem.key == "train.problem.zip_large":
                raise
            skipped.append(Skipped(entry.info.filename, problem))
        finally:
            file.unlink(missing_ok=True)
        if len(photos) > MOST_PHOTOS:
            break
        yield len(photos)
    full = sorted(set(classes))
    empty = (name for name in names if name not in full)
    skipped.extend(Skipped(f"{name}/", Problem("train.skipped.no_pictures")) for name in empty)
    labels = np.array([full.index(name) for name in classes], np.int64)
    check(full, labels)
    yield PhotoSet(tuple(full), tuple(photos), labels, tuple(known), tuple(skipped))


def _entries(archive: zipfile.ZipFile, skipped: list[Skipped]) -> list[_Entry]:
    """The files that may be pictures, in the order of their names, without what all lie in."""
    infos = archive.infolist()
    if len(infos) > MOST_FILES:
        raise Problem("train.problem.zip_many", most=MOST_FILES)
    found = sorted(_short(infos, skipped), key=lambda one: one[0].filename)
    full = {parts[:depth] for _, parts in found for depth in range(1, len(parts))}
    entries = []
    for info, parts in found:
        if any(part in _JUNK or part.startswith("._") for part in parts):
            continue
        if info.is_dir():
            if parts not in full:
                skipped.append(Skipped(info.filename, Problem("train.skipped.no_pictures")))
            continue
        why = _refusal(info, parts)
        if why:
            skipped.append(Skipped(info.filename, Problem(why)))
        else:
            entries.append(_Entry(info, parts[:-1]))
    shared = _shared([entry.folders for entry in entries])
    entries = [_Entry(entry.info, entry.folders[shared:]) for entry in entries]
    for info, folders in entries:
        if not folders:
            skipped.append(Skipped(info.filename, Problem("train.skipped.loose")))
        elif not class_name(folders[0]):
            skipped.append(Skipped(info.filename, Problem("train.skipped.path")))
    return [entry for entry in entries if entry.folders and entry.name]


def _short(
    infos: Sequence[zipfile.ZipInfo], skipped: list[Skipped]
) -> Iterator[tuple[zipfile.ZipInfo, tuple[str, ...]]]:
    """The entries whose names have a length that is looked at, and the parts of each."""
    for info in infos:
        long = len(info.filename) > LONGEST_PATH
        parts = () if long else PurePosixPath(info.filename).parts
        if parts and len(parts) <= MOST_PARTS:
            yield info, parts
        # What all lie in has no name, and needs none.
        elif info.filename != "./":
            skipped.append(Skipped(info.filename, Problem("train.skipped.path")))


def _shared(folders: Sequence[tuple[str, ...]]) -> int:
    """How many folders all lie in without being their class: "pets/cat/1.jpg", "pets/dog/1.jpg"."""
    deepest = min(map(len, folders), default=0) - 1
    for depth in range(deepest):
        if len({one[depth] for one in folders}) > 1:
            return depth
    return max(deepest, 0)


def _refusal(info: zipfile.ZipInfo, parts: tuple[str, ...]) -> str:
    """Key of the reason for which a file is left out, "" for none."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        return "train.skipped.link"
    outside = info.filename.startswith("/") or "\\" in info.filename or ":" in parts[0]
    if outside or ".." in parts or not class_name(parts[0]):
        return "train.skipped.path"
    if info.flag_bits & 1:
        return "train.skipped.locked"
    if info.compress_type not in METHODS:
        return "train.skipped.method"
    if info.file_size > MOST_OF_ONE:
        return "train.skipped.large"
    return ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: Path, left: int) -> int:
    """Write one file of the archive, never more than it may have; returns its bytes.

    Raises:
        Problem: "train.problem.zip_large" if the archive has no room left for it, "train.skipped."
            "nested", "large" or "broken" for this file alone.
    """
    try:
        with archive.open(info) as packed:
            content = packed.read(min(MOST_OF_ONE, left) + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError):
        raise Problem("train.skipped.broken") from None
    if len(content) > left:
        raise Problem("train.problem.zip_large", most=MOST_BYTES // 2**20)
    if len(content) > MOST_OF_ONE:
        raise Problem("train.skipped.large")
    if content.startswith((b"PK\3\4", b"PK\5\6")):
        raise Problem("train.skipped.nested")
    file.write_bytes(content)
    return len(content)


def reduced(photo: Photo) -> Photo:
    """At most SHORTER pixels on the shorter side, and MOST_AREA in all; its shape stays."""
    height, width = photo.pixels.shape[:2]
    scale = min(SHORTER / min(height, width), math.sqrt(MOST_AREA / (height * width)))
    if scale >= 1:
        return photo
    size = (max(round(width * scale), 1), max(round(height * scale), 1))
    small = Image.fromarray(photo.pixels).resize(size, Image.Resampling.LANCZOS)
    return Photo(f"{photo.key}-{SHORTER}", np.asarray(small), photo.name, photo.kind)
