"""Small files that ask for much are refused on their headers, or cost a bounded decoder."""

from __future__ import annotations

import io
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from demo.photo.limits import MEMORY
from demo.photo.pool import Pool
from demo.records import Problem
from tests import hostile_photos as hostile
from tests.photo_files import RED, encoded, plain, png


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """One decoder that has all the time it wants: what is refused is refused for what it is."""
    made = Pool(at_once=1, seconds=300)
    yield made
    made.close()


def at_rest(pool: Pool, folder: Path) -> int:
    """MB that the pool's decoder holds once it has opened a small photo."""
    (folder / "small").write_bytes(encoded(plain("RGB", RED), "PNG"))
    pool.decode(str(folder / "small"))
    return grown(pool)


def grown(pool: Pool) -> int:
    """MB that the pool's decoder has held at most (on macOS, which does not say: holds)."""
    pid = pool.decoders[0].process.pid
    if sys.platform == "linux":
        rows = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM")) // 1024
    info = psutil.Process(pid).memory_info()
    return getattr(info, "peak_wset", info.rss) // 2**20


def large(data: bytes, at: int, letters: str) -> bytes:
    """The file, whose header says 8,900 x 8,900 from its byte `at` on."""
    size = struct.pack(f"<{letters}", 8900, 8900)
    return data[:at] + size + data[at + len(size) :]


def many_frames() -> bytes:
    """A GIF of 2,000 frames, the first of them red."""
    frames = [plain("P", at % 7, 64) for at in range(2000)]
    out = io.BytesIO()
    plain("RGB", RED, 64).save(out, "GIF", save_all=True, append_images=frames)
    return out.getvalue()


def packed_strip() -> bytes:
    """A TIFF of 8 x 8 px of 16 bits, whose strip unpacks to 100 MB."""
    strip = zlib.compress(bytes(100 * 2**20), 9)
    tags = {256: [8], 257: [8], 258: [16], 259: [8], 262: [1], 273: [8], 277: [1], 278: [8]}
    entries = {tag: ("I", value) for tag, value in tags.items()} | {279: ("I", [len(strip)])}
    return hostile.tiff(entries, strip + bytes(len(strip) % 2))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "progressive JPEG, 300 scans": (
        lambda: hostile.progressive_jpeg(256, 300),
        "photo_progressive",
    ),
    "progressive JPEG, few scans of many pixels": (
        lambda: hostile.progressive_jpeg(13_000, 19),
        "photo_progressive",
    ),
    "progressive JPEG, many coefficients": (
        lambda: hostile.progressive_jpeg(14_500, 2),
        "photo_progressive",
    ),
    "JPEG of 65,000 x 65,000": (
        lambda: hostile.plain_jpeg(8, 8).replace(b"\x08\0\x08\0\x08", b"\x08\xfd\xe8\xfd\xe8"),
        "photo_pixels",
    ),
    "WebP of 38 bytes": (lambda: hostile.webp_of_one_colour(8900), "photo_pixels"),
    "WebP, its header alone": (
        lambda: b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\xc3\x22\0\xc3\x22\0",
        "photo_pixels",
    ),
    "PNG": (lambda: hostile.zero_png(8900, 8900, rows=1), "photo_pixels"),
    "PNG of one colour": (lambda: png((6000, 6000, 1, 0), bytes(6000)), "photo_pixels"),
    "TIFF": (lambda: hostile.tiff_of_one_colour(8900), "photo_pixels"),
    "TIFF of one-pixel tiles": (lambda: hostile.tiff_of_tiny_tiles(200), "photo_segments"),
    "GIF": (lambda: large(encoded(plain("RGB", RED), "GIF"), 6, "HH"), "photo_pixels"),
    "BMP": (lambda: large(encoded(plain("RGB", RED), "BMP"), 18, "II"), "photo_pixels"),
    "run-length BMP of 5 MB": (lambda: hostile.rle_bmp(1600), "photo_runs"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_before_it_is_decoded(tmp_path: Path, pool: Pool, name: str) -> None:
    make, key = REFUSED[name]
    file = tmp_path / "hostile"
    file.write_bytes(make())
    before = at_rest(pool, tmp_path)
    pid = pool.decoders[0].process.pid
    with pytest.raises(Problem) as caught:
        pool.decode(str(file))
    assert caught.value.key == f"problem.{key}"
    # The same decoder goes on, and its largest size tells that nothing was unpacked.
    assert pool.decoders[0].process.pid == pid
    assert grown(pool) - before < 64


READ: dict[str, Callable[[], bytes]] = {
    "progressive JPEG, 60 scans": lambda: hostile.progressive_jpeg(256, 60),
    "WebP of one colour": lambda: hostile.webp_of_one_colour(1000),
    "TIFF of tiles": lambda: hostile.tiff_of_tiny_tiles(100),
    "run-length BMP": lambda: hostile.rle_bmp(100),
    "GIF of many frames": many_frames,
    "TIFF whose strip holds more than it should": packed_strip,
}


@pytest.mark.parametrize("name", READ)
def test_less_of_it_is_read(tmp_path: Path, pool: Pool, name: str) -> None:
    file = tmp_path / "photo"
    file.write_bytes(READ[name]())
    before = at_rest(pool, tmp_path)
    decoded = pool.decode(str(file))
    assert decoded.pixels.shape[0] == decoded.pixels.shape[1] <= 1600
    assert np.ptp(decoded.pixels.reshape(-1, 3), axis=0).max() == 0
    assert grown(pool) - before < 64


if sys.platform == "linux":  # elsewhere a process cannot be held to one

    def test_a_decoder_has_a_limit_of_memory(tmp_path: Path, pool: Pool) -> None:
        file = tmp_path / "photo"
        file.write_bytes(encoded(plain("RGB", RED), "PNG"))
        pool.decode(str(file))
        pid = pool.decoders[0].process.pid
        process = psutil.Process(pid)
        soft, _ = process.rlimit(psutil.RLIMIT_AS)
        taken = process.memory_info().vms
        assert taken < soft <= taken + MEMORY

    def test_what_is_too_large_for_memory_is_said(tmp_path: Path, pool: Pool) -> None:
        file = tmp_path / "photo"
        Image.new("RGB", (5000, 5000), RED).save(file, "PNG")
        pool.close()
        small = tmp_path / "small"
        small.write_bytes(encoded(plain("RGB", RED), "PNG"))
        pool.decode(str(small))
        pid = pool.decoders[0].process.pid
        process = psutil.Process(pid)
        _, hard = process.rlimit(psutil.RLIMIT_AS)
        process.rlimit(psutil.RLIMIT_AS, (process.memory_info().vms + 2**20, hard))
        with pytest.raises(Problem) as caught:
            pool.decode(str(file))
        assert caught.value.key == "problem.photo_costly"
        # Such a decoder is not asked again.
        assert pool.decode(str(file)).pixels.shape == (1600, 1600, 3)
        assert pool.decoders[0].process.pid != pid
