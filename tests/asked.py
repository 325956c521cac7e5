"""What workers are asked in tests: functions of a module, so that a worker finds them by name."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import os
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path

import torch
from torch import Tensor, nn

from demo.engine.gain import gains
from demo.records import Photo, Problem
from demo.zoo.loading import COMPILER, MODELS, LoadedModel

KEPT: list[str] = []
"""Memory that is never given back."""
PASSES: dict[str, int] = {}
"""Photo -> how often it has gone through a network."""


def process(loaded: LoadedModel) -> int:
    return os.getpid()


def threads(loaded: LoadedModel) -> int:
    return torch.get_num_threads()


def imported(loaded: LoadedModel) -> list[str]:
    return [name for name in ("gradio", "fastapi", "demo.page.wiring") if name in sys.modules]


def networks(loaded: LoadedModel) -> list[str]:
    return sorted(str(key) for key in MODELS._values)


def settled(loaded: LoadedModel) -> None:
    """Whatever is made of networks in the background has been made."""
    done = threading.Event()
    COMPILER.soon(done.set)
    done.wait()


def mean(loaded: LoadedModel, photo: Photo, times: int = 1) -> float:
    return times * float(photo.pixels.mean())


def refuses(loaded: LoadedModel, photo: Photo) -> None:
    raise Problem("problem.no_class", model=loaded.spec.title, index=12, count=10)


def fails(loaded: LoadedModel) -> None:
    print("what a library prints")
    raise ZeroDivisionError("by nothing")


def unspeakable(loaded: LoadedModel) -> object:
    return loaded.lock


def killed_once(loaded: LoadedModel, mark: str) -> int:
    """Ends its process, which the file names, unless it is there: then the process that answers."""
    if not Path(mark).exists():
        Path(mark).write_text(str(os.getpid()), "utf-8")
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def killed(loaded: LoadedModel) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def killed_between(loaded: LoadedModel, mark: str) -> Generator[int, None, int]:
    """Counts to five; ends its process before the third step, unless the file is there."""
    for step in range(5):
        if step == 2:
            killed_once(loaded, mark)
        yield step
    return os.getpid()


def counts(loaded: LoadedModel, left: str) -> Generator[int, None, str]:
    """Counts to three; the file says that nobody went on."""
    try:
        yield from range(3)
    except GeneratorExit:
        Path(left).touch()
        raise
    return loaded.spec.key


def tells(loaded: LoadedModel, progress: Callable[[int, str], None]) -> str:
    for step in range(3):
        progress(step, loaded.spec.key)
    return "told"


def takes(loaded: LoadedModel, megabytes: int) -> int:
    KEPT.append("x" * (megabytes << 20))
    return os.getpid()


@gains(seconds=7)
def gaining(loaded: LoadedModel) -> int:
    return os.getpid()


@gains(seconds=7)
def gaining_steps(loaded: LoadedModel) -> Generator[tuple[int, int], None, str]:
    for step in range(3):
        yield step, os.getpid()
    return loaded.spec.key


@gains(seconds=7)
def gaining_tells(loaded: LoadedModel, progress: Callable[[int, str], None]) -> int:
    progress(0, loaded.spec.key)
    return os.getpid()


@gains(seconds=7)
def gaining_refuses(loaded: LoadedModel, photo: Photo) -> None:
    raise Problem("problem.no_class", index=12)


@gains(seconds=7)
def gaining_fails(loaded: LoadedModel, photo: Photo) -> None:
    raise ZeroDivisionError("by nothing")


def hangs(begun: str) -> None:
    """Never ends; the file says that it has begun, and in which process, a line for each time."""
    with Path(begun).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")
    threading.Event().wait()


def hangs_between(begun: str) -> Generator[int, None, None]:
    """The same after two steps."""
    yield from range(2)
    hangs(begun)


def hangs_alone(begun: str) -> None:
    """The same in native code, which lets no other thread of Python run."""
    Path(begun).write_text(f"{os.getpid()}\n", "utf-8")
    ctypes.PyDLL(None).pause()


def hangs_once(begun: str) -> int:
    """The same the first time; then the process that answers."""
    if not Path(begun).exists():
        hangs(begun)
    return os.getpid()


def speaks(progress: Callable[[int], None], words: int, pause: float) -> int:
    """At work for longer than it is silent."""
    for word in range(words):
        time.sleep(pause)
        progress(word)
    return os.getpid()


def fails_when_left(loaded: LoadedModel) -> Generator[int, None, None]:
    try:
        yield from range(3)
    finally:
        raise ValueError("left")


def large(loaded: LoadedModel, given: bytes) -> bytes:
    """As much as was given."""
    return given[::-1]


def babbles(loaded: LoadedModel) -> None:
    """Writes what is no answer where the answers go, past Python, whatever number that has."""
    for number in range(3, 256):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                os.write(number, b"what a library prints")


def seen(loaded: LoadedModel, photo: Photo) -> int:
    """From now on, passes with the way back of this photo are counted; how many there were."""
    if photo.key not in PASSES:
        PASSES[photo.key] = 0
        own, _ = loaded.prepare(photo)

        def count(module: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
            PASSES[photo.key] += bool(output.requires_grad and torch.equal(inputs[0], own))

        loaded.network.register_forward_hook(count)
    return PASSES[photo.key]


def counted() -> Generator[int, None, None]:
    """Counts to three, without a network."""
    yield from range(3)


def waits(loaded: LoadedModel, go: str) -> Generator[str, None, str]:
    """Two steps; the second is at work until the file is there."""
    yield "first"
    while not Path(go).exists():
        time.sleep(0.01)
    yield "second"
    return loaded.spec.key


def goes_on(loaded: LoadedModel, left: str) -> Generator[int, None, None]:
    """Counts for ever; the file says that it was left."""
    try:
        for step in itertools.count():
            yield step
            time.sleep(0.01)
    finally:
        Path(left).touch()
