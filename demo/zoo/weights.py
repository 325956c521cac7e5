"""Where the weights are, and how those that are not there yet come.

On the command line: `python run.py weights` lists them, `python run.py fetch resnet50` downloads.

Environment: FOUR_FAMILIES_WEIGHTS, the folder for downloaded weights (otherwise torch's own cache,
or whichever folder can be written); FOUR_FAMILIES_HUB, whether the hub is asked first or second;
FOUR_FAMILIES_MIRROR, address of a folder that serves the same file names and is asked alone, such
as a teacher's machine in a classroom. Copies in the hub's own cache are found there.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from demo import settings
from demo.records import Problem, Readiness
from demo.text import text
from demo.zoo import download, hub, measured
from demo.zoo.spec import ModelSpec, Tensors

MEGABYTE = 1e6
SAFE = ".safetensors"
_FAILURES = (
    download.UnreachableError,
    download.RefusedError,
    download.BrokenError,
    download.ChecksumError,
)
"""From what tells least to what tells most."""

REFUSED: dict[str, Problem] = {}
"""Networks whose last download failed, and why."""


def _quiet(done: int, total: int) -> None:
    pass


def folders() -> Iterator[Path]:
    """Folders where downloaded weights may be, in the order in which they are looked at."""
    named = os.environ.get("FOUR_FAMILIES_WEIGHTS")
    if named:
        yield Path(named).expanduser()
        return
    yield Path(torch.hub.get_dir()) / "checkpoints"
    yield Path("~/.cache/four-families").expanduser()
    yield Path(tempfile.gettempdir()) / "four-families"


def file_of(spec: ModelSpec) -> Path | None:
    """The file with this network's weights, None where it is not on this machine."""
    return next((path for path in _candidates(spec) if path.is_file()), None)


def readiness(spec: ModelSpec) -> Readiness:
    """Whether the weights came with the app or its packages, were downloaded, or are absent."""
    if file_of(spec) is None:
        return "absent"
    return "downloaded" if spec.weights.kind == "download" else "bundled"


def fetch(spec: ModelSpec, progress: download.Progress = _quiet) -> Path:
    """The file with this network's weights, downloaded first where it is absent.

    Many threads and processes may ask at once: one downloads. What a cut connection left is taken
    up by the next try.

    Args:
        progress: called with (bytes done, bytes in all).

    Raises:
        Problem: "problem.no_weights" if bundled weights are missing; "problem.needs_download" if
            no server can be reached; "problem.not_served", "problem.broken_download",
            "problem.bad_checksum" or "problem.no_room" if the download fails otherwise.
    """
    file = file_of(spec)
    if file:
        return file
    if spec.weights.kind != "download":
        raise absent(spec)
    REFUSED.pop(spec.key, None)
    try:
        return _fetched(spec, progress)
    except Problem as problem:
        REFUSED[spec.key] = problem
        raise


def absent(spec: ModelSpec) -> Problem:
    """What to say of a network whose weights are not on this machine: why, where that is known."""
    if spec.weights.kind != "download":
        return Problem("problem.no_weights", model=spec.title)
    return REFUSED.get(spec.key, Problem("problem.not_here", model=spec.title))


def _fetched(spec: ModelSpec, progress: download.Progress) -> Path:
    weights, model = spec.weights, spec.title
    folder = _writable(model)
    command = f"python run.py fetch {spec.key}"
    try:
        return download.shared(
            folder / _name(spec),
            weights.size,
            lambda report: _first(spec, folder, report),
            progress,
        )
    except download.UnreachableError:
        raise Problem("problem.needs_download", model=model, command=command) from None
    except download.RefusedError as error:
        status = error.args[0]
        raise Problem("problem.not_served", model=model, status=status, command=command) from error
    except download.BrokenError as error:
        done, total = (round(count / MEGABYTE) for count in error.args)
        raise Problem(
            "problem.broken_download", model=model, done=done, total=total, command=command
        ) from error
    except download.ChecksumError as error:
        raise Problem("problem.bad_checksum", model=model, command=command) from error
    except download.StorageError as error:
        raise Problem("problem.no_room", model=model, reason=error) from error


def read(spec: ModelSpec, file: Path) -> Tensors:
    """The tensors of a weights file, in fp32 where they are numbers with a fraction.

    Raises:
        Problem: if the file has another digest than the one that is known: "problem.damaged" where
            it came with the app or a package, otherwise "problem.bad_checksum", and it is deleted
            where that is possible.
    """
    if not download.verify(file, _digest(spec, file)):
        raise refusal(spec, file)
    try:
        if file.suffix == SAFE:
            tensors = load_file(file)
        else:
            tensors = torch.load(file, map_location="cpu", weights_only=True)
    except SafetensorError as error:  # a copy whose digest nothing says, and that is no whole file
        raise refusal(spec, file) from error
    return {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}


def refusal(spec: ModelSpec, file: Path) -> Problem:
    """What to say of a file that is not this network's weights; a downloaded one is deleted."""
    if spec.weights.kind != "download":
        return Problem("problem.damaged", model=spec.title, file=file.name)
    for path in (file.resolve(), file):
        with contextlib.suppress(OSError):
            path.unlink()
    command = f"python run.py fetch {spec.key}"
    return Problem("problem.bad_checksum", model=spec.title, command=command)


def _name(spec: ModelSpec) -> str:
    return spec.weights.location.rpartition("/")[2]


def _candidates(spec: ModelSpec) -> Iterator[Path]:
    if spec.weights.kind == "bundled":
        yield measured.FOLDER / spec.weights.location
    elif spec.weights.kind == "package":
        package, _, inside = spec.weights.location.partition("/")
        for place in _places(package):
            yield place / inside
    else:
        copy = spec.weights.hub
        for folder in folders():
            yield folder / _name(spec)
            if copy:
                yield from hub.copies(copy, folder)
        if copy:
            yield from hub.cached(copy)


@functools.cache
def _places(package: str) -> tuple[Path, ...]:
    """Folders of an installed package. Looking for them takes the import lock, in every thread."""
    installed = importlib.util.find_spec(package)
    return tuple(
        Path(place) for place in (installed and installed.submodule_search_locations) or ()
    )


def _digest(spec: ModelSpec, file: Path) -> str:
    copy = spec.weights.hub
    return hub.digest(copy, file) if copy and file.suffix == SAFE else spec.weights.sha256


def _sources(spec: ModelSpec) -> list[Callable[[], hub.Address]]:
    """What makes the addresses to download from, in the order in which they are asked."""
    chosen = settings.read()
    copy, name, sha256 = spec.weights.hub, _name(spec), spec.weights.sha256
    if chosen.mirror:
        # Of weights whose whole digest is known, a mirror may only give what is held to it.
        if copy and copy.sha256:
            name, sha256 = hub.name(copy, copy.sha256), copy.sha256
        return [lambda: hub.Address(f"{chosen.mirror.rstrip('/')}/{name}", name, sha256)]
    sources = [lambda: hub.Address(spec.weights.location, name, sha256)]
    if copy:
        sources.insert(0 if chosen.hub == "first" else 1, lambda: hub.address(copy))
    return sources


def _first(spec: ModelSpec, folder: Path, progress: download.Progress) -> Path:
    """The file from the first source that gives it.

    Raises:
        one of _FAILURES: the most telling of theirs.
    """
    failures = []
    for source in _sources(spec):
        try:
            address = source()
            size = address.size or spec.weights.size
            download.download(address.url, folder / address.name, address.sha256, size, progress)
        except _FAILURES as error:
            failures.append(error)
        else:
            return folder / address.name
    raise max(failures, key=lambda error: _FAILURES.index(type(error)))


def _writable(model: str) -> Path:
    """The first folder that can be written, made if need be."""
    reason = ""
    for folder in folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError as error:
            reason = reason or error.strerror or str(error)
    raise Problem("problem.no_room", model=model, reason=reason)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns its exit status."""
    from demo.zoo.catalogue import CATALOGUE, spec

    parser = argparse.ArgumentParser(prog="python -m demo.zoo.weights")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="all networks and whether their weights are here")
    fetching = commands.add_parser("fetch", help="download weights")
    fetching.add_argument("keys", nargs="+", metavar="KEY")
    args = parser.parse_args(arguments)
    words = text("en")
    if args.command == "list":
        for listed in CATALOGUE:
            file = file_of(listed)
            size = file.stat().st_size if file else listed.weights.size
            print(f"{listed.key:24} {size / MEGABYTE:6.1f} MB  {readiness(listed)}")
        return 0
    failed = 0
    for key in args.keys:
        try:
            chosen = spec(key)
            fetch(chosen, _Line(chosen.title))
            print(f"\r{words('zoo.fetched', model=chosen.title)}", flush=True)
        except Problem as problem:
            failed = 1
            print(f"\r{words(problem.key, **problem.values)}", file=sys.stderr, flush=True)
    return failed


class _Line:
    """Progress as one line of the terminal, written again at each whole percent."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._percent = -1

    def __call__(self, done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if percent != self._percent:
            self._percent = percent
            sizes = {"done": f"{done / MEGABYTE:.1f}", "total": f"{total / MEGABYTE:.1f}"}
            line = text("en")("zoo.fetching", model=self._model, **sizes)
            print(f"\r{line}", end="", flush=True)


if __name__ == "__main__":
    sys.exit(main())
