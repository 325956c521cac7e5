"""Decoders are few, lasting, ended in time, and end with the server."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

import demo.photo
from demo.photo import pool as pools, read
from demo.photo.limits import WORK
from demo.photo.pool import Pool
from demo.records import Problem
from demo.text import text
from tests.photo_files import RED, encoded, noise, plain
from tests.processes import gone, until

ROOT = Path(__file__).parents[2]


@pytest.fixture
def pool() -> Iterator[Pool]:
    made = Pool(at_once=1, waiting=0, seconds=300)
    yield made
    made.close()


@pytest.fixture
def photo(tmp_path: Path) -> str:
    file = tmp_path / "photo.png"
    file.write_bytes(encoded(plain("RGB", RED), "PNG"))
    return str(file)


def test_a_decoder_lasts(pool: Pool, photo: str) -> None:
    assert pool.decoders == []
    pool.decode(photo)
    pid = pool.decoders[0].process.pid
    decoded = pool.decode(photo)
    assert pool.decoders[0].process.pid == pid
    assert decoded.kind == "PNG" and decoded.pixels.flags.writeable
    assert (decoded.pixels == np.array(RED, np.uint8)).all()


def test_one_that_hangs_is_ended_and_replaced(pool: Pool, photo: str) -> None:
    pool.decode(photo)
    pid = pool.decoders[0].process.pid
    psutil.Process(pid).suspend()
    pool.seconds = 0.2
    with pytest.raises(Problem) as caught:
        pool.decode(photo)
    assert caught.value.key == "problem.photo_costly"
    for lang in ("en", "ja"):
        assert text(lang)(caught.value.key)
    assert gone(pid)
    pool.seconds = 300
    pool.decode(photo)
    assert pool.decoders[0].process.pid != pid


if sys.platform == "linux":  # elsewhere a process cannot be asked for its limit

    def test_one_that_worked_too_long_is_ended_by_the_system(pool: Pool, photo: str) -> None:
        pool.decode(photo)
        pid = pool.decoders[0].process.pid
        process = psutil.Process(pid)
        soft, _ = process.rlimit(psutil.RLIMIT_CPU)
        assert WORK < soft <= 60
        process.suspend()
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(pool.decode, photo)
            until(lambda: pool._busy)
            # What the system sends then.
            process.send_signal(signal.SIGXCPU)
            process.resume()
            with pytest.raises(Problem) as caught:
                asked.result()
        assert caught.value.key == "problem.photo_costly"

    def test_while_one_takes_too_long_others_are_read(photo: str) -> None:
        pool = Pool(at_once=2, seconds=300)
        pool.decode(photo)
        (slow,) = pool.decoders
        process = psutil.Process(slow.process.pid)
        # It is at work on one photo for as long as this test likes.
        process.suspend()
        with ThreadPoolExecutor() as threads:
            asked = threads.submit(pool.decode, photo)
            until(lambda: slow in pool._busy)
            assert [pool.decode(photo).kind for _ in range(3)] == ["PNG"] * 3
            (other,) = (one for one in pool.decoders if one is not slow)
            assert not asked.done()
            process.send_signal(signal.SIGXCPU)
            process.resume()
            with pytest.raises(Problem) as caught:
                asked.result()
        assert caught.value.key == "problem.photo_costly"
        # Whoever sent it may send another, and the decoder of the others is still the same.
        assert pool.decode(photo).kind == "PNG"
        assert pool.decoders == [other]
        pool.close()


def test_one_that_dies_costs_its_photo_alone(pool: Pool, photo: str) -> None:
    pool.decode(photo)
    first = pool.decoders[0].process.pid
    psutil.Process(first).suspend()
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(pool.decode, photo)
        # Before it is taken it would be one that died while idle.
        until(lambda: pool._busy)
        psutil.Process(first).kill()
        with pytest.raises(Problem) as caught:
            asked.result()
    assert caught.value.key == "problem.photo_broken"
    pool.decode(photo)


def test_one_that_died_while_idle_is_not_missed(pool: Pool, photo: str) -> None:
    pool.decode(photo)
    process = pool.decoders[0].process
    process.kill()
    process.wait()
    assert pool.decode(photo).kind == "PNG"


def test_no_more_than_so_many_wait(pool: Pool, photo: str) -> None:
    pool.decode(photo)
    pid = pool.decoders[0].process.pid
    psutil.Process(pid).suspend()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(pool.decode, photo)
        until(lambda: pool._asking == 1)
        with pytest.raises(Problem) as caught:
            pool.decode(photo)
        psutil.Process(pid).resume()
        assert first.result().kind == "PNG"
    assert caught.value.key == "problem.photo_many"
    assert pool.decode(photo).kind == "PNG"


def test_nobody_waits_for_ever(pool: Pool, photo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "PATIENCE", 0.05)
    pool._most = 2
    pool.decode(photo)
    pid = pool.decoders[0].process.pid
    psutil.Process(pid).suspend()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(pool.decode, photo)
        until(lambda: pool._asking == 1 and not pool._idle)
        with pytest.raises(Problem) as caught:
            pool.decode(photo)
        psutil.Process(pid).resume()
        first.result()
    assert caught.value.key == "problem.photo_many"


def test_two_at_once_and_no_more(tmp_path: Path) -> None:
    pool = Pool()
    files = []
    for seed in range(12):
        file = tmp_path / f"{seed}.png"
        values = np.random.default_rng(seed).integers(0, 256, (200, 200, 3)).astype(np.uint8)
        Image.fromarray(values).save(file)
        files.append((str(file), values))
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda one: pool.decode(one[0]).pixels, files))
    assert all((answer == values).all() for answer, (_, values) in zip(answers, files, strict=True))
    started = [decoder.process for decoder in pool.decoders]
    assert 1 <= len(started) <= 2
    pool.close()
    assert [process for process in started if process.poll() is None] == []


def test_the_same_bytes_are_decoded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(noise(33, 44), "PNG")
    decoded, gate = [], threading.Event()
    real = demo.photo.POOL.decode

    def counted(path: str) -> object:
        decoded.append(path)
        gate.wait()
        return real(path)

    monkeypatch.setattr(demo.photo.POOL, "decode", counted)
    paths = []
    for name in "abcdef":
        (tmp_path / f"{name}.png").write_bytes(data)
        paths.append(str(tmp_path / f"{name}.png"))
    with ThreadPoolExecutor(6) as threads:
        asked = [threads.submit(read, path) for path in paths]
        until(lambda: len(decoded) > 0)
        gate.set()
        photos = [one.result() for one in asked]
    assert len(decoded) == 1
    assert [photo.name for photo in photos] == list("abcdef")
    assert len({photo.key for photo in photos}) == 1
    # Other bytes under a name that is known are another photo.
    (tmp_path / "a.png").write_bytes(encoded(plain("RGB", RED), "PNG"))
    assert read(paths[0]).pixels.shape == (8, 8, 3)


def test_a_decoder_imports_little() -> None:
    code = "import sys, demo.photo.worker; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8"
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "PIL" in loaded
    assert not loaded & {"torch", "torchvision", "gradio", "plotly", "pandas", "timm"}


PARENT = """
import sys, threading
from demo.photo.limits import WORK
from demo.photo.pool import Pool
pool = Pool()
pool.decode(sys.argv[1])
print(pool.decoders[0].process.pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("end", [subprocess.Popen.kill, subprocess.Popen.terminate])
def test_a_decoder_ends_with_its_server(
    photo: str, end: Callable[[subprocess.Popen[str]], None]
) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, photo], cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    pid = int(parent.stdout.readline())
    assert not gone(pid)
    end(parent)
    parent.wait()
    until(lambda: gone(pid))
    parent.stdout.close()
