"""Sets everything up, then starts it: `python run.py` opens the app, on Windows, macOS and Linux.

    python run.py [app]         opens the app
    python run.py test [...]    checks everything; what follows is handed to pytest
    python run.py lint          checks the code's style alone
    python run.py dev           only sets up
    python run.py screenshots   takes pictures of every view
    python run.py weights       says which networks are here
    python run.py fetch ...     downloads the networks that are named
    python run.py cluster       opens the app with its networks in a cluster of two workers
    python run.py cluster-test  checks the cluster
    python run.py clean         removes what these made

Needs nothing but a Python; what is missing is installed into .venv, once, and for the cluster into
.venv-cluster.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent
WINDOWS = os.name == "nt"

SUITABLE = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"
NAMES = ("python3", "python3.12", "python3.11", "python3.13", "python3.14", "python")
NO_PYTHON = (
    "No Python 3.11 to 3.14 with its venv module was found. Install one (https://www.python.org; "
    "Debian: apt-get install python3-venv), or name it in the environment variable PYTHON."
)
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
"""Where PyTorch keeps builds without CUDA for Linux: 0.2 GB instead of 3."""
MADE = (".venv", ".venv-cluster", ".pytest_cache", ".ruff_cache", "test-results", "__pycache__")
OURS = ("demo", "tests", "benchmarks")
"""What `clean` removes, and where it looks for compiled code."""


class Environment(NamedTuple):
    """A virtual environment of this project's, by the name of its folder."""

    name: str

    @property
    def folder(self) -> Path:
        """Where it is."""
        return ROOT / self.name

    @property
    def python(self) -> str:
        """Its Python."""
        return str(self.folder / ("Scripts/python.exe" if WINDOWS else "bin/python"))

    @property
    def unfinished(self) -> Path:
        """There while pip works: an environment that holds it was interrupted and may hold half a
        package, so it is made anew. One that pip merely refused to fill is tried again.
        """
        return self.folder / "unfinished"

    def stamp_of(self, file: str) -> Path:
        """Where the stamp of these requirements is: a copy, made after they were installed.

        While the text is the same there is nothing to do, whatever a checkout did to the dates.
        """
        return self.folder / f"installed-{file}"


USUAL = Environment(".venv")
CLUSTER = Environment(".venv-cluster")
"""With Ray, which the app itself does without."""


class Failed(Exception):
    """A step failed: the exit status, and a sentence where the step itself said nothing."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit status."""
    name, *rest = arguments or ["app"]
    if name not in COMMANDS or (rest and name not in ("test", "cluster-test", "fetch")):
        print(__doc__, file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        COMMANDS[name](rest)
    except Failed as failure:
        if failure.sentence:
            print(failure.sentence, file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


def app(_: Sequence[str]) -> None:
    """Open the app."""
    set_up("requirements.txt")
    serve(USUAL)


def test(rest: Sequence[str]) -> None:
    """Every test, a real browser included, and the code's style."""
    dev([])
    # Two at once: while one waits for the browser or the app, the other uses the cores.
    python("-m", "pytest", "-n", "2", "--dist", "worksteal", *rest, CHROMIUM=chromium())
    style()


def lint(_: Sequence[str]) -> None:
    """The code's style."""
    dev([])
    style()


def dev(_: Sequence[str]) -> None:
    """Set up for development."""
    set_up("requirements.txt", "requirements-dev.txt")


def cluster(_: Sequence[str]) -> None:
    """Open the app, its networks in the smallest cluster: two workers of one thread each."""
    set_up("requirements.txt", "requirements-cluster.txt", where=CLUSTER)
    os.environ.setdefault("FOUR_FAMILIES_CLUSTER", "local")
    os.environ.setdefault("FOUR_FAMILIES_WORKERS", "2")
    serve(CLUSTER)


def cluster_test(rest: Sequence[str]) -> None:
    """The tests of the cluster, which no other command runs."""
    set_up("requirements.txt", "requirements-dev.txt", "requirements-cluster.txt", where=CLUSTER)
    # Named, since everywhere else they are passed over.
    python("-m", "pytest", "tests/cluster", *rest, where=CLUSTER)


def screenshots(_: Sequence[str]) -> None:
    """Pictures of every view."""
    dev([])
    python("-m", "tests.browser.screenshots", CHROMIUM=chromium())


def weights(_: Sequence[str]) -> None:
    """All networks, and whether their weights are here."""
    set_up("requirements.txt")
    python("-m", "demo.zoo.weights", "list")


def fetch(rest: Sequence[str]) -> None:
    """Download the weights of these networks."""
    set_up("requirements.txt")
    python("-m", "demo.zoo.weights", "fetch", *rest)


def clean(_: Sequence[str]) -> None:
    """Remove what the other commands made."""
    for environment in (USUAL, CLUSTER):
        if environment.folder.is_symlink():
            environment.folder.unlink()
    compiled = [cache for place in OURS for cache in (ROOT / place).rglob("__pycache__")]
    for path in (*(ROOT / name for name in MADE), *compiled):
        shutil.rmtree(path, ignore_errors=True)


COMMANDS = {
    "app": app,
    "test": test,
    "lint": lint,
    "dev": dev,
    "screenshots": screenshots,
    "weights": weights,
    "fetch": fetch,
    "cluster": cluster,
    "cluster-test": cluster_test,
    "clean": clean,
}


def serve(where: Environment) -> None:
    """Open the app from this environment."""
    command = [where.python, "app.py"]
    if not WINDOWS:
        os.execv(command[0], command)  # so that whoever ends this process ends the app
    run(command)


def style() -> None:
    """What ruff says of the Python, and deno of the scripts and style sheets."""
    python("-m", "ruff", "check", ".")
    python("-m", "ruff", "format", "--check", ".")
    python("-m", "deno", "lint", "--quiet")
    python("-m", "deno", "fmt", "--check", "--quiet")


def chromium() -> str:
    """Path of a browser for the tests, fetched where none is there."""
    command = [USUAL.python, "-m", "tests.chromium"]
    environment = {**os.environ, "PYTHONUTF8": "1"}  # Windows would write the path in another code
    done = subprocess.run(
        command, stdout=subprocess.PIPE, encoding="utf-8", env=environment, check=False
    )
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout.strip()


def set_up(*files: str, where: Environment = USUAL) -> None:
    """Make the environment and install these requirements, in order, where that is not done yet."""
    for place, file in enumerate(files):
        if installed(file, where):
            continue
        if place == 0:
            make_environment(where)
        install(file, where)


def installed(file: str, where: Environment) -> bool:
    """Whether the environment works and holds what the file asks for."""
    stamp = where.stamp_of(file)
    if where.unfinished.exists() or not stamp.is_file():
        return False
    return stamp.read_bytes() == (ROOT / file).read_bytes() and works([where.python, "-c", ""])


def make_environment(where: Environment) -> None:
    """Make it, unless one is there that pip can go on with."""
    if not where.unfinished.exists() and works([where.python, "-m", "pip", "--version"]):
        return
    for interpreter in interpreters():
        if works([*interpreter, "-c", SUITABLE]):
            break
    else:
        raise Failed(1, NO_PYTHON)
    command = [*interpreter, "-m", "venv", "--clear", str(where.folder)]
    if subprocess.run(command, check=False).returncode:
        raise Failed(1, f"{where.folder} could not be made. Is the app still running from it?")


def interpreters() -> Iterator[list[str]]:
    """Commands that may start a suitable Python: the named one alone, or those of this machine."""
    named = os.environ.get("PYTHON")
    if named:
        yield [named]
        return
    # Not the environment's own, should it be the one that runs this: it is about to be cleared.
    yield [getattr(sys, "_base_executable", None) or sys.executable]
    for name in NAMES:
        yield [name]
    if WINDOWS:
        for version in ("3.12", "3.11", "3.13", "3.14"):
            yield ["py", f"-{version}"]


def install(file: str, where: Environment) -> None:
    """Let pip install what the file asks for."""
    print(f"Installing {file} into {where.name}: some minutes the first time.", flush=True)
    where.unfinished.touch()
    pip = [where.python, "-m", "pip", "install", "--prefer-binary", "--disable-pip-version-check"]
    # On a screen its own progress says that it lives; elsewhere it speaks only when it fails.
    quiet = [] if sys.stdout.isatty() else ["-qq"]
    done = subprocess.run([*pip, *quiet, *small_builds(), "-r", file], check=False)
    if done.returncode:
        if done.returncode > 0:  # it ended by itself, not by a signal
            where.unfinished.unlink()
        raise Failed(1, f"Installing {file} failed; pip's reason is above.")
    shutil.copyfile(ROOT / file, where.stamp_of(file))
    where.unfinished.unlink()


def small_builds() -> list[str]:
    """What makes pip prefer PyTorch's builds without CUDA: on Linux, where there is no such card.

    Those for Windows and macOS on the package index have no CUDA anyway. Whoever names an index of
    their own is asked for nothing more.
    """
    named = any(
        f"PIP_{name}" in os.environ for name in ("NO_INDEX", "INDEX_URL", "EXTRA_INDEX_URL")
    )
    if named or sys.platform != "linux" or shutil.which("nvidia-smi"):
        return []
    with contextlib.suppress(OSError):
        urllib.request.urlopen(f"{CPU_BUILDS}/torch/", timeout=5).close()
        return ["--extra-index-url", CPU_BUILDS]
    return []


def works(command: Sequence[str]) -> bool:
    """Whether the command can be run and succeeds; what it says is thrown away."""
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **silent)
    except OSError:
        return False
    return done.returncode == 0


def python(*arguments: str, where: Environment = USUAL, **environment: str) -> None:
    """Run the environment's Python."""
    run([where.python, *arguments], {**os.environ, **environment})


def run(command: Sequence[str], environment: dict[str, str] | None = None) -> None:
    """Run the command; its failure is ours."""
    process = subprocess.Popen(command, env=environment)
    while True:
        try:
            status = process.wait()
        except KeyboardInterrupt:  # the keyboard reached the command as well: let it end
            continue
        break
    if status:
        raise Failed(status if status > 0 else 128 - status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
