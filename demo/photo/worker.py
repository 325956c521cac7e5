"""A decoder in a process of its own: `python -m demo.photo.worker`, driven by `pool`.

It reads one JSON line a photo, {"path": ..., "work": ..., "seconds": ...}, and answers with one
JSON line and, where that says so, with the pixels. It ends with its parent: when its input does,
or, in the middle of a photo, when the photo's time is over.
"""

from __future__ import annotations

import faulthandler
import json
import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import IO, Any

from PIL import AvifImagePlugin, Image

from demo.photo.decoding import decode
from demo.photo.limits import MEMORY, MOST_BYTES
from demo.records import Problem


def main() -> None:
    """Answer until the input ends."""
    # Whatever a library prints must not come between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    # A Ctrl-C in the terminal is the parent's to handle.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Sizes are tested for each kind of file; Pillow's bound would refuse a large JPEG, too.
    Image.MAX_IMAGE_PIXELS = None
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1
    Image.init()
    _bound_memory()
    _send(answers, {"ready": True})
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        # A thread in C, which needs no interpreter lock: it also ends a decoder that hangs after
        # its parent was killed.
        _bound_work(asked["work"])
        faulthandler.dump_traceback_later(asked["seconds"], exit=True, file=sys.__stderr__)
        answer, pixels = _answer(asked["path"])
        faulthandler.cancel_dump_traceback_later()
        _send(answers, answer, pixels)


def _answer(path: str) -> tuple[dict[str, Any], memoryview | None]:
    try:
        with open(path, "rb") as file:
            decoded = decode(file.read(MOST_BYTES))
    except Problem as problem:
        return {"problem": [problem.key, problem.values]}, None
    except MemoryError:
        return {"problem": ["problem.photo_costly", {}]}, None
    except OSError:
        return {"problem": ["problem.photo_broken", {}]}, None
    answer = {
        "shape": decoded.pixels.shape,
        "kind": decoded.kind,
        "notices": [[notice.key, notice.values] for notice in decoded.notices],
    }
    return answer, decoded.pixels.data


def _send(answers: IO[bytes], answer: dict[str, Any], pixels: memoryview | None = None) -> None:
    answers.write(json.dumps(answer).encode() + b"\n")
    if pixels is not None:
        answers.write(pixels)
    answers.flush()


def _bound_memory() -> None:
    """Where the platform can: what a photo may take beyond what is taken now."""
    try:
        import resource

        taken = int(Path("/proc/self/statm").read_text("utf-8").split()[0]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = taken + MEMORY
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        # One that is ended leaves no memory of a photo on the disk.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (ImportError, OSError, ValueError):
        # Windows and macOS: the sizes that are tested before a decode bound it there.
        return


def _bound_work(seconds: int) -> None:
    """Where the platform can: processor time from now on, after which SIGXCPU ends this process."""
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        # Of the whole process since its start, in whole seconds.
        wanted = math.ceil(time.process_time()) + seconds
        wanted = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_CPU, (wanted, hard))
    except (ImportError, OSError, ValueError):
        # The clock that the parent keeps bounds it then.
        return


if __name__ == "__main__":
    main()
