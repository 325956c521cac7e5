"""The allocator's own memory: few places that threads share, and what is free given back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from demo import memory
from tests.serving import ROOT

# malloc_info(3) writes down every arena. Each of many threads takes some memory while all live.
COUNTS = """
import ctypes, os, re, sys, threading
from demo import memory
if sys.argv[1] == "few":
    memory.few_arenas()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.fopen.restype = ctypes.c_void_p
met = threading.Barrier(24)
def take():
    met.wait()
    library.malloc(10_000)
    met.wait()
threads = [threading.Thread(target=take) for _ in range(24)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(library.fopen(sys.argv[2].encode(), b"w"))
library.malloc_info(0, file)
library.fclose(file)
print(len(re.findall("<heap nr", open(sys.argv[2]).read())))
"""
# What is freed below something that stays is kept by the allocator until it is told.
HELD = """
import ctypes
from demo import memory
def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096
library = ctypes.CDLL(None)
for name in ("malloc", "memset"):
    getattr(library, name).restype = ctypes.c_void_p
library.malloc.argtypes = [ctypes.c_size_t]
library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
library.free.argtypes = [ctypes.c_void_p]
parts = [library.memset(library.malloc(60_000), 1, 60_000) for _ in range(1_000)]
for part in parts[:-1]:
    library.free(part)
before = resident()
memory.give_back()
print(before - resident())
"""
GLIBC = pytest.mark.skipif(
    memory._library() is None, reason="another C library keeps its memory in other ways"
)


def said(*command: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", *command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


@GLIBC
def test_threads_share_two_arenas(tmp_path: Path) -> None:
    assert said(COUNTS, "few", str(tmp_path / "info")) == memory.ARENAS == 2
    assert said(COUNTS, "all", str(tmp_path / "info")) > 4


@GLIBC
def test_what_is_free_is_given_back() -> None:
    assert said(HELD) > 55_000_000
