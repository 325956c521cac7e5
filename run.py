"""Sets everything up, then starts it: `python run.py` opens the app, on Windows, macOS and Linux.

    python run.py [app]         opens the app
    python run.py test [...]    checks everything; what follows is handed to pytest
    python run.py lint          checks the code's style alone
    python run.py dev           only sets up
    python run.py screenshots   takes pictures of every view
    python run.py weights       says which networks are here
    python run.py fetch ...     downloads the networks that are named
    python run.py clean         removes what these made

Needs nothing but a Python; what is missing is installed into .venv, once.
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

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
UNFINISHED = VENV / "unfinished"
"""There while pip works: an environment that holds it was interrupted and may hold half a package,
so it is made anew. One that pip merely refused to fill is tried again."""

SUITABLE = "import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 15))"
NAMES = ("python3", "python3.12", "python3.11", "python3.13", "python3.14", "python")
NO_PYTHON = (
    "No Python 3.11 to 3.14 with its venv module was found. Install one (https://www.python.org; "
    "Debian: apt-get install python3-venv), or name it in the environment variable PYTHON."
)
CPU_BUILDS = "https://download.pytorch.org/whl/cpu"
"""Where PyTorch keeps builds without CUDA for Linux: 0.2 GB instead of 3."""
MADE = (".venv", ".pytest_cache", ".ruff_cache", "test-results", "__pycache__")
OURS = ("demo", "tests", "benchmarks")
"""What `clean` removes, and where it looks for compiled code."""


class Failed(Exception):
    """A step failed: the exit status, and a sentence where the step itself said nothing."""

    def __init__(self, status: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def main(arguments: Sequence[str]) -> int:
    """The command line; returns the exit status."""
    name, *rest = arguments or ["app"]
    if name not in COMMANDS or (rest and name not in ("test", "fetch")):
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
    command = [str(PYTHON), "app.py"]
    if not WINDOWS:
        os.execv(command[0], command)  # so that whoever ends this process ends the app
    run(command)


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
    if VENV.is_symlink():
        VENV.unlink()
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
    "clean": clean,
}


def style() -> None:
    """What ruff says of the Python, and deno of the scripts and style sheets."""
    python("-m", "ruff", "check", ".")
    python("-m", "ruff", "format", "--check", ".")
    python("-m", "deno", "lint", "--quiet")
    python("-m", "deno", "fmt", "--check", "--quiet")


def chromium() -> str:
    """Path of a browser for the tests, fetched where none is there."""
    command = [str(PYTHON), "-m", "tests.chromium"]
    environment = {**os.environ, "PYTHONUTF8": "1"}  # Windows would write the path in another code
    done = subprocess.run(
        command, stdout=subprocess.PIPE, encoding="utf-8", env=environment, check=False
    )
    if done.returncode:
        raise Failed(done.returncode)
    return done.stdout.strip()


def set_up(*files: str) -> None:
    """Make the environment and install these requirements, in order, where that is not done yet."""
    for place, file in enumerate(files):
        if installed(file):
            continue
        if place == 0:
            make_environment()
        install(file)


def installed(file: str) -> bool:
    """Whether the environment works and holds what the file asks for.

    A stamp is a copy of the requirements, made after they were installed: while the text is the
    same there is nothing to do, whatever a checkout did to the dates.
    """
    stamp = stamp_of(file)
    if UNFINISHED.exists() or not stamp.is_file():
        return False
    return stamp.read_bytes() == (ROOT / file).read_bytes() and works([str(PYTHON), "-c", ""])


def stamp_of(file: str) -> Path:
    """Where the stamp of these requirements is."""
    return VENV / f"installed-{file}"


def make_environment() -> None:
    """Make .venv, unless one is there that pip can go on with."""
    if not UNFINISHED.exists() and works([str(PYTHON), "-m", "pip", "--version"]):
        return
    for interpreter in interpreters():
        if works([*interpreter, "-c", SUITABLE]):
            break
    else:
        raise Failed(1, NO_PYTHON)
    done = subprocess.run([*interpreter, "-m", "venv", "--clear", str(VENV)], check=False)
    if done.returncode:
        raise Failed(1, f"{VENV} could not be made. Is the app still running from it?")


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


def install(file: str) -> None:
    """Let pip install what the file asks for."""
    print(f"Installing {file} into .venv: some minutes the first time.", flush=True)
    UNFINISHED.touch()
    pip = [str(PYTHON), "-m", "pip", "install", "--prefer-binary", "--disable-pip-version-check"]
    # On a screen its own progress says that it lives; elsewhere it speaks only when it fails.
    quiet = [] if sys.stdout.isatty() else ["-qq"]
    done = subprocess.run([*pip, *quiet, *small_builds(), "-r", file], check=False)
    if done.returncode:
        if done.returncode > 0:  # it ended by itself, not by a signal
            UNFINISHED.unlink()
        raise Failed(1, f"Installing {file} failed; pip's reason is above.")
    shutil.copyfile(ROOT / file, stamp_of(file))
    UNFINISHED.unlink()


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


def python(*arguments: str, **environment: str) -> None:
    """Run the environment's Python."""
    run([str(PYTHON), *arguments], {**os.environ, **environment})


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
