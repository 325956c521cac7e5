"""Zips and trained networks with damage of any kind: each is taken or refused in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from demo.photo import read_here
from demo.records import Problem
from demo.text import entries
from demo.topics.train.archive import reading
from demo.topics.train.records import PhotoSet
from demo.topics.train.restored import Restored, restored
from tests.photo_files import encoded, mutated, plain


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def zips() -> list[bytes]:
    """Valid sets of photos, packed and not."""
    photos = {
        f"{name}/{number}.png": encoded(plain("RGB", (40 * number, 90, 200)), "PNG")
        for name in ("cat", "犬")
        for number in range(3)
    }
    return [zipped(photos), zipped(photos, zipfile.ZIP_STORED)]


def trained() -> list[bytes]:
    """A valid head alone, and in the zip in which it is taken away."""
    random = np.random.default_rng(0)
    told = {
        "format": "four-families-head-1",
        "labels": json.dumps(["cat", "犬"]),
        "backbone": "mini_resnet",
        "classifier": "fc",
    }
    weight = random.normal(size=(2, 304)).astype(np.float32)
    content = save({"weight": weight, "bias": np.zeros(2, np.float32)}, metadata=told)
    return [content, zipped({"head.safetensors": content, "read me.txt": b"how to use it"})]


def taken(path: Path, folder: Path) -> object:
    *_, photos = reading(path, folder, read_here)
    return photos


@pytest.mark.parametrize(
    ("valid", "opened", "kind"),
    [(zips, taken, PhotoSet), (trained, restored, Restored)],
    ids=["photos", "networks"],
)
def test_damage_of_any_kind_ends_in_what_it_is_or_a_sentence(
    tmp_path: Path,
    valid: Callable[[], list[bytes]],
    opened: Callable[[Path, Path], object],
    kind: type,
) -> None:
    file, folder, random = tmp_path / "file", tmp_path / "folder", np.random.default_rng(0)
    folder.mkdir()
    keys = set()
    for data in valid():
        file.write_bytes(data)
        assert isinstance(opened(file, folder), kind)
        for _ in range(60):
            file.write_bytes(mutated(data, random))
            try:
                assert isinstance(opened(file, folder), kind)
            except Problem as problem:
                keys.add(problem.key)
            assert [*folder.iterdir()] == []
    assert len(keys) > 1
    assert keys <= set(entries("en"))
