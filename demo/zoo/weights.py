"""Where the weights are, and how those that are not there yet come.

On the command line: `python -m demo.zoo.weights list`, `python -m demo.zoo.weights fetch resnet50`.

Environment: FOUR_FAMILIES_WEIGHTS, the folder for downloaded weights (otherwise torch's own cache,
or whichever folder can be written); FOUR_FAMILIES_MIRROR, address of a folder that serves the same
file names, such as a teacher's machine in a classroom.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file

from demo.records import Problem, Readiness
from demo.text import text
from demo.zoo import card, download
from demo.zoo.spec import ModelSpec, Tensors

MEGABYTE = 1e6


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
    found = file_of(spec)
    if found:
        return found
    weights, model = spec.weights, spec.title
    if weights.kind != "download":
        raise Problem("problem.no_weights", model=model)
    target = _writable(model) / _name(spec)
    command = f"python -m demo.zoo.weights fetch {spec.key}"
    try:
        download.download(_url(spec), target, weights.sha256, weights.size, progress)
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
    return target


def read(spec: ModelSpec, file: Path) -> Tensors:
    """The tensors of a weights file, in fp32 where they are numbers with a fraction.

    Raises:
        Problem: if the file has another digest than the one that is known: "problem.damaged" where
            it came with the app or a package, otherwise "problem.bad_checksum", and it is deleted
            where that is possible.
    """
    if not download.verify(file, spec.weights.sha256):
        if spec.weights.kind != "download":
            raise Problem("problem.damaged", model=spec.title, file=file.name)
        _discard(file)
        command = f"python -m demo.zoo.weights fetch {spec.key}"
        raise Problem("problem.bad_checksum", model=spec.title, command=command)
    if file.suffix == ".safetensors":
        tensors = load_file(file)
    else:
        tensors = torch.load(file, map_location="cpu", weights_only=True)
    return {name: t.float() if t.is_floating_point() else t for name, t in tensors.items()}


def _name(spec: ModelSpec) -> str:
    return spec.weights.location.rpartition("/")[2]


def _candidates(spec: ModelSpec) -> Iterator[Path]:
    if spec.weights.kind == "bundled":
        yield card.FOLDER / spec.weights.location
    elif spec.weights.kind == "package":
        package, _, inside = spec.weights.location.partition("/")
        found = importlib.util.find_spec(package)
        for place in (found.submodule_search_locations or ()) if found else ():
            yield Path(place) / inside
    else:
        yield from (folder / _name(spec) for folder in folders())


def _url(spec: ModelSpec) -> str:
    mirror = os.environ.get("FOUR_FAMILIES_MIRROR")
    return f"{mirror.rstrip('/')}/{_name(spec)}" if mirror else spec.weights.location


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


def _discard(file: Path) -> None:
    try:
        file.unlink()
    except OSError:
        return


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
        for one in CATALOGUE:
            found = file_of(one)
            size = found.stat().st_size if found else one.weights.size
            print(f"{one.key:24} {size / MEGABYTE:6.1f} MB  {readiness(one)}")
        return 0
    failed = 0
    for key in args.keys:
        try:
            one = spec(key)
            fetch(one, _Line(one.title))
            print(f"\r{words('zoo.fetched', model=one.title)}", flush=True)
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
