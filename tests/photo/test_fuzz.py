"""Damaged files by the hundred: each is read or refused in a sentence, by decoders that live on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import psutil
import pytest

from demo.photo.kinds import HEAD, READ, kind_of
from demo.photo.limits import LONGEST
from demo.photo.pool import Pool
from demo.records import Problem
from demo.text import entries
from tests.photo_files import mutated, valid


def test_there_is_a_valid_file_of_every_kind_that_is_read() -> None:
    assert {kind_of(data[:HEAD]) for data in valid().values()} == set(READ)


@pytest.mark.parametrize("seed", range(4))
def test_damage_of_any_kind_ends_in_a_photo_or_a_sentence(tmp_path: Path, seed: int) -> None:
    pool, random = Pool(at_once=1, seconds=300), np.random.default_rng(seed)
    file, keys = tmp_path / "photo", set()
    for name, data in valid().items():
        file.write_bytes(data)
        pool.decode(str(file))
        process = pool.decoders[0].process
        for _ in range(6):
            file.write_bytes(mutated(data, random))
            try:
                pixels = pool.decode(str(file)).pixels
                assert pixels.dtype == np.uint8 and pixels.shape[2] == 3, name
                assert 1 <= min(pixels.shape[:2]) <= max(pixels.shape[:2]) <= LONGEST, name
            except Problem as problem:
                keys.add(problem.key)
            assert process.poll() is None, (name, seed)
    assert {key for key in keys if not key.startswith("problem.photo_")} == set()
    assert keys <= set(entries("en"))
    # Nothing piles up: it starts with some 50 MB.
    assert psutil.Process(process.pid).memory_info().rss < 200 * 2**20
    pool.close()
