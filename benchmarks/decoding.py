"""What opening a photo costs: seconds, and the memory of the server and of its decoder.

`python -m benchmarks.decoding [FILE ...]`: without files, the hostile ones of the tests at their
full size, and ordinary ones at the limits. Each gets a decoder of its own. Linux.
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from demo.photo.pool import Pool
from demo.records import Problem
from tests import hostile_photos as hostile

HOSTILE: dict[str, Callable[[], bytes]] = {
    "progressive JPEG of 300 scans, 13,000 x 13,000": lambda: hostile.progressive_jpeg(13_000, 300),
    "WebP of 38 bytes, 8,900 x 8,900": lambda: hostile.webp_of_one_colour(8900),
    "AVIF of one colour, 8,900 x 8,900": lambda: hostile.avif_of_one_colour(8900),
    "PNG of one colour, 8,900 x 8,900": lambda: hostile.zero_png(8900, 8900),
    "TIFF of one colour, 8,900 x 8,900": lambda: hostile.tiff_of_one_colour(8900),
    "TIFF of 2.25 million one-pixel tiles": lambda: hostile.tiff_of_tiny_tiles(1500),
    "run-length BMP of 19 MB": lambda: hostile.rle_bmp(3100),
}
SIDE = 5400
"""29 million pixels."""


def picture(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Smooth patches of any size, which pack well."""
    values = np.random.default_rng(0).integers(0, 256, (90, 120, len(mode))).astype(np.uint8)
    return Image.fromarray(values.squeeze()).resize((width, height), Image.Resampling.BILINEAR)


def saved(drawn: Image.Image, kind: str, **options: object) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    drawn.save(out, kind, **options)
    return out.getvalue()


ORDINARY: dict[str, Callable[[], bytes]] = {
    "JPEG, 12 million": lambda: saved(picture(4000, 3000), "JPEG"),
    "JPEG, 200 million": lambda: saved(picture(16320, 12240, "L").convert("RGB"), "JPEG"),
    "progressive JPEG, 29 million": lambda: saved(picture(SIDE, SIDE), "JPEG", progressive=True),
    "PNG with alpha, 29 million": lambda: saved(
        Image.new("RGBA", (SIDE, SIDE), (200, 100, 50, 128)), "PNG"
    ),
    "WebP, 29 million": lambda: saved(picture(SIDE, SIDE), "WEBP", quality=50),
    "WebP with alpha, 29 million": lambda: saved(
        Image.new("RGBA", (SIDE, SIDE), (200, 100, 50, 128)), "WEBP", lossless=True
    ),
    "AVIF, 29 million": lambda: saved(picture(SIDE, SIDE), "AVIF", speed=10),
    "GIF, 29 million": lambda: saved(Image.new("P", (SIDE, SIDE), 3), "GIF"),
    "16-bit grey PNG, 29 million": lambda: saved(
        Image.fromarray(np.full((SIDE, SIDE), 3000, np.uint16)), "PNG"
    ),
    "16-bit grey TIFF, LZW, 29 million": lambda: saved(
        Image.fromarray(np.full((SIDE, SIDE), 3000, np.uint16)), "TIFF", compression="tiff_lzw"
    ),
}


def memory(pid: int | str, row: str) -> float:
    """A row of /proc/PID/status in MB: peaks are said by Linux alone."""
    rows = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in rows if line.startswith(row)) / 1024


def measure(path: Path, folder: Path) -> str:
    """One line about one file."""
    pool = Pool(at_once=1)
    # The decoder's start is its own matter: it lasts.
    small = folder / "small.png"
    small.write_bytes(saved(Image.new("RGB", (8, 8)), "PNG"))
    pool.decode(str(small))
    pid = pool.decoders[0].process.pid
    before, here, began = memory(pid, "VmHWM"), memory("self", "VmRSS"), time.perf_counter()
    try:
        decoded = pool.decode(str(path))
        answer = "x".join(map(str, decoded.pixels.shape[:2]))
    except Problem as problem:
        answer = problem.key
    seconds = time.perf_counter() - began
    grown = memory("self", "VmRSS") - here
    try:
        peak = f"{memory(pid, 'VmHWM') - before:+5.0f} MB"
    except (FileNotFoundError, StopIteration):
        peak = "   killed"
    pool.close()
    return f"{seconds:6.2f} s  decoder {peak}  server {grown:+4.0f} MB  {answer}"


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The named files, or those made here."""
    if sys.argv[1:]:
        yield from ((name, Path(name)) for name in sys.argv[1:])
        return
    for name, make in {**HOSTILE, **ORDINARY}.items():
        path = folder / "photo"
        path.write_bytes(make())
        yield name, path


def main() -> None:
    """Print a line a file."""
    with tempfile.TemporaryDirectory() as folder:
        for name, path in files(Path(folder)):
            print(f"{name:48} {measure(path, Path(folder))}", flush=True)


if __name__ == "__main__":
    main()
