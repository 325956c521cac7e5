"""A zip of class folders: what is taken in, what is skipped with its reason, what is refused."""

from __future__ import annotations

import io
import stat
import struct
import time
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from demo.photo import read_here
from demo.records import Photo, Problem
from demo.topics.train.archive import MOST_BYTES, reading, reduced
from demo.topics.train.records import PhotoSet

# What an archive is to hold: bytes, or a number that colours a picture.
Content = bytes | int


def picture(shade: int, size: tuple[int, int] = (8, 6)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, (shade, 0, 0)).save(file, "PNG")
    return file.getvalue()


def packed(folder: Path, files: Mapping[str, Content]) -> Path:
    path = folder / "photos.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, picture(content) if isinstance(content, int) else content)
    return path


def read_of(path: str) -> Photo:
    return read_here(path)


def taken(path: Path) -> PhotoSet:
    """The set; nothing that was unpacked is left beside the archive, or anywhere above it."""
    inside = path.parent / "unpacked"
    inside.mkdir()
    before = {*path.parent.rglob("*")}
    try:
        *_, photos = reading(path, inside, read_of)
    finally:
        assert {*path.parent.rglob("*")} == before
    assert isinstance(photos, PhotoSet)
    return photos


def refused(path: Path) -> Problem:
    with pytest.raises(Problem) as caught:
        taken(path)
    return caught.value


GOOD = {"cat/1.png": 1, "cat/2.png": 2, "dog/1.png": 3, "dog/2.png": 4, "dog/3.png": 5}


def test_a_folder_is_a_class(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, GOOD))
    assert photos.classes == ("cat", "dog")
    assert photos.counts == (2, 3)
    assert photos.labels.tolist() == [0, 0, 1, 1, 1]
    assert photos.names == tuple(GOOD)
    assert [one.pixels[0, 0, 0] for one in photos.photos] == [1, 2, 3, 4, 5]
    assert photos.skipped == ()


def test_what_all_lie_in_is_no_class(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, {f"my/pets/{name}": shade for name, shade in GOOD.items()}))
    assert photos.classes == ("cat", "dog")
    assert photos.names[0] == "my/pets/cat/1.png"


def test_a_name_that_cannot_be_seen_names_no_class(tmp_path: Path) -> None:
    hidden = {"\u202etac/1.png": 1, "\u202etac/2.png": 2, "\u200b/1.png": 3}
    photos = taken(packed(tmp_path, {**GOOD, **hidden}))
    assert photos.classes == ("cat", "dog", "tac")
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("\u200b/1.png", "train.skipped.path")
    ]


def test_corrupt_pictures_among_good_ones_are_listed(tmp_path: Path) -> None:
    broken = {"cat/broken.jpg": b"\xff\xd8\xff\xe0 no more", "dog/readme.txt": b"hello"}
    photos = taken(packed(tmp_path, {**GOOD, **broken, "cat/empty.png": b""}))
    assert photos.counts == (2, 3)
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("cat/broken.jpg", "problem.photo_broken"),
        ("cat/empty.png", "problem.photo_empty"),
        ("dog/readme.txt", "problem.photo_is_text"),
    ]


def test_a_folder_without_pictures_is_listed(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, {**GOOD, "fox/": b"", "owl/notes.txt": b"hoot"}))
    assert photos.classes == ("cat", "dog")
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("fox/", "train.skipped.no_pictures"),
        ("owl/notes.txt", "problem.photo_is_text"),
        ("owl/", "train.skipped.no_pictures"),
    ]


def test_paths_that_lead_out_are_skipped_and_write_nothing(tmp_path: Path) -> None:
    outside = dict.fromkeys(
        ("../../evil/1.png", "cat/../../2.png", "/tmp/evil/3.png", "cat\\4.png", "C:/evil/5.png"), 9
    )
    photos = taken(packed(tmp_path, {**GOOD, **outside}))
    assert photos.counts == (2, 3)
    assert {row.name: row.why.key for row in photos.skipped} == dict.fromkeys(
        outside, "train.skipped.path"
    )


def test_names_that_are_long_or_deep_are_skipped_before_anything_is_made_of_them(
    tmp_path: Path,
) -> None:
    long = {f"{'a/' * 32_000}x.png": 9, f"cat/{'1' * 505}.png": 9, f"{'b/' * 16}1.png": 9}
    path = packed(tmp_path, {**GOOD, **long, "dog/" + "d/" * 14 + "9.png": 9})
    tracemalloc.start()
    photos = taken(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert photos.counts == (2, 4)
    assert {row.name: row.why.key for row in photos.skipped} == dict.fromkeys(
        long, "train.skipped.path"
    )
    assert most < 20_000_000


def test_what_all_lie_in_may_be_deep(tmp_path: Path) -> None:
    above = "a/" * 14
    photos = taken(packed(tmp_path, {f"{above}{name}": shade for name, shade in GOOD.items()}))
    assert photos.classes == ("cat", "dog")


def test_thousands_of_deep_entries_are_quick(tmp_path: Path) -> None:
    path = packed(tmp_path, {f"{'a/' * 179}{number}": b"" for number in range(4_500)})
    began = time.process_time()
    assert refused(path).key == "train.problem.one_class"
    assert time.process_time() - began < 1


def test_names_that_name_nothing_are_skipped(tmp_path: Path) -> None:
    # An empty name is what `zipfile` reads of one that begins with a zero byte.
    path = packed(tmp_path, {**GOOD, ".": b"x", "./": b"", "@.png": 9, "./cat/": b""})
    path.write_bytes(path.read_bytes().replace(b"@.png", b"\0.png"))
    photos = taken(path)
    assert photos.counts == (2, 3)
    assert sorted((row.name, row.why.key) for row in photos.skipped) == [
        ("", "train.skipped.path"),
        (".", "train.skipped.path"),
    ]


def test_a_class_in_a_folder_has_a_name_that_can_be_seen(tmp_path: Path) -> None:
    hidden = {**GOOD, "\u3164/1.png": 9}
    photos = taken(packed(tmp_path, {f"pets/{name}": shade for name, shade in hidden.items()}))
    assert photos.classes == ("cat", "dog")
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("pets/\u3164/1.png", "train.skipped.path")
    ]


def test_links_are_not_followed(tmp_path: Path) -> None:
    path = packed(tmp_path, GOOD)
    link = zipfile.ZipInfo("cat/link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    photos = taken(path)
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("cat/link.png", "train.skipped.link")
    ]


def test_archives_in_it_are_not_opened(tmp_path: Path) -> None:
    inner = packed(tmp_path, GOOD).read_bytes()
    photos = taken(packed(tmp_path, {**GOOD, "cat/more.zip": inner, "dog/photo.jpg": inner}))
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("cat/more.zip", "train.skipped.nested"),
        ("dog/photo.jpg", "train.skipped.nested"),
    ]


def test_photos_in_no_folder_are_listed(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, {**GOOD, "loose.png": 7}))
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("loose.png", "train.skipped.loose")
    ]


def test_what_systems_add_is_not_worth_a_word(tmp_path: Path) -> None:
    added = {"__MACOSX/cat/._1.png": b"x", "cat/._2.png": b"x", "dog/Thumbs.db": b"x"}
    assert taken(packed(tmp_path, {**GOOD, **added})).skipped == ()


def test_a_large_photo_is_kept_small(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, {**GOOD, "cat/0.png": picture(1, (600, 300))}))
    assert photos.photos[0].pixels.shape == (256, 512, 3)


@pytest.mark.parametrize(
    ("files", "key", "values"),
    [
        ({"cat/1.png": 1, "cat/2.png": 2}, "one_class", {"count": 1, "least": 2}),
        ({f"{i}/1.png": i for i in range(11)}, "many_classes", {"count": 11, "most": 10}),
        ({**GOOD, "fox/1.png": 1}, "few_photos", {"name": "fox", "count": 1}),
        ({}, "one_class", {"count": 0, "least": 2}),
    ],
)
def test_a_set_that_cannot_be_learned_is_refused(
    tmp_path: Path, files: dict[str, Content], key: str, values: dict[str, object]
) -> None:
    problem = refused(packed(tmp_path, files))
    assert (problem.key, problem.values) == (f"train.problem.{key}", values)


def test_too_many_photos_are_refused(tmp_path: Path) -> None:
    content = picture(1)
    problem = refused(packed(tmp_path, {f"{i % 2}/{i}.png": content for i in range(501)}))
    assert (problem.key, problem.values) == (
        "train.problem.many_photos",
        {"most": 500, "count": 501},
    )


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    # 15 MB of nothing, fourteen times, in some 200 kB.
    nothing = bytes(15 * 2**20)
    path = packed(tmp_path, {f"{i % 2}/{i}.png": nothing for i in range(14)})
    assert path.stat().st_size < 300_000
    assert 14 * len(nothing) > MOST_BYTES
    assert refused(path).key == "train.problem.zip_large"


def test_a_file_that_says_it_is_small_is_counted_all_the_same(tmp_path: Path) -> None:
    path = packed(tmp_path, {**GOOD, "cat/bomb.png": bytes(21 * 2**20)})
    content = bytearray(path.read_bytes())
    # Its size in the list of entries, where `zipfile` reads it.
    true = struct.pack("<L", 21 * 2**20)
    content[content.rfind(true) : content.rfind(true) + 4] = struct.pack("<L", 100)
    path.write_bytes(content)
    photos = taken(path)
    assert photos.counts == (2, 3)
    assert [row.name for row in photos.skipped] == ["cat/bomb.png"]


def test_a_large_file_is_skipped(tmp_path: Path) -> None:
    photos = taken(packed(tmp_path, {**GOOD, "cat/large.png": bytes(21 * 2**20)}))
    assert [(row.name, row.why.key) for row in photos.skipped] == [
        ("cat/large.png", "train.skipped.large")
    ]


def test_a_long_list_of_entries_is_not_read(tmp_path: Path) -> None:
    problem = refused(packed(tmp_path, {f"cat/{i}": b"" for i in range(5_001)}))
    assert (problem.key, problem.values) == ("train.problem.zip_many", {"most": 5_000})


@pytest.mark.parametrize("content", [b"", b"nothing of an archive", b"PK\5\6" + bytes(10)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photos.zip"
    path.write_bytes(content)
    assert refused(path).key == "train.problem.zip"


@pytest.mark.parametrize(
    ("size", "kept"),
    [((400, 300), (341, 256)), ((100, 90), (100, 90)), ((2400, 300), (1024, 128))],
)
def test_photos_are_kept_small_whatever_their_shape(
    size: tuple[int, int], kept: tuple[int, int]
) -> None:
    whole = Photo("key", np.zeros((size[1], size[0], 3), np.uint8))
    assert reduced(whole).pixels.shape[1::-1] == kept
