"""A Chromium for the browser tests: `python -m tests.chromium` prints the path of one.

Takes one that is there (Playwright's, then the system's), else fetches one (Playwright's, then
Debian's), else fails with a sentence. Also sees to Japanese glyphs, without which
screenshots of the Japanese page show boxes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""With these a browser under test asks for nothing but the page."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_NONE = (
    "No Chromium was found and none could be fetched, so the browser tests cannot run. Install "
    "one (Debian: apt-get install chromium), or set CHROMIUM to the path of one."
)


class NoChromiumError(RuntimeError):
    """There is no browser, in a sentence that says what to do."""


def find() -> str:
    """Path of a Chromium that starts: the variable CHROMIUM, else Playwright's, else the system's.

    Raises:
        NoChromiumError: if there is none, or CHROMIUM names something that does not start.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        if not _starts(named):
            raise NoChromiumError(f"CHROMIUM is set to {named}, which does not start.")
        return named
    for path in _candidates():
        if _starts(path):
            return path
    raise NoChromiumError(_NONE)


def find_or_fetch() -> str:
    """As `find`, after fetching a browser if there is none.

    Raises:
        NoChromiumError: if none can be had.
    """
    for fetch in (_nothing, _fetch_from_playwright, _fetch_from_debian):
        fetch()
        try:
            return find()
        except NoChromiumError:
            if os.environ.get("CHROMIUM"):
                raise
    raise NoChromiumError(_NONE)


def fetch_japanese_font() -> None:
    """Install a font with Japanese glyphs where that is possible and none is there; best effort."""
    lister = shutil.which("fc-list")
    if lister and _output([lister, ":lang=ja"]).strip():
        return
    _apt_install("fontconfig", "fonts-noto-cjk")


# In a process of its own: Playwright does not start twice in one, and a caller may have started it.
_PLAYWRIGHTS = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def _candidates() -> Iterator[str]:
    yield _output([sys.executable, "-c", _PLAYWRIGHTS]).strip()
    for name in _NAMES:
        yield shutil.which(name) or ""
    yield _MAC
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        for place in _WINDOWS:
            yield str(Path(os.environ.get(variable, "")) / place)


# Chrome for Windows opens a window at --version and prints nothing.
_LAUNCH = """
import sys
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.launch(executable_path=sys.argv[1], args=sys.argv[2:]).version)
"""


def _starts(path: str) -> bool:
    """Whether the program runs at all: an incomplete one fails at its shared libraries."""
    asked = [path, "--version"]
    if os.name == "nt":
        asked = [sys.executable, "-c", _LAUNCH, path, *FLAGS]
    return bool(path) and Path(path).is_file() and bool(_output(asked))


def _output(command: list[str]) -> str:
    """What the command prints, "" if it fails or takes over a minute."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _nothing() -> None:
    pass


def _fetch_from_playwright() -> None:
    """Playwright's own browser. Where its host is closed a first short wait says so."""
    _tell("No Chromium is there; asking Playwright for its own.")
    # One wait for an answer is 15 s instead of 30; the whole is bounded for slow lines.
    quick = {**os.environ, "PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT": "15000"}
    _run([sys.executable, "-m", "playwright", "install", "chromium"], seconds=600, env=quick)


def _fetch_from_debian() -> None:
    _apt_install("chromium")


def _apt_install(*packages: str) -> None:
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    _tell(f"Installing {' and '.join(packages)} with apt-get.")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    _run(["apt-get", "update", "-qq"], seconds=120, env=quiet)
    _run(["apt-get", "install", "-y", "-qq", *packages], seconds=900, env=quiet)


def _run(command: list[str], seconds: int, env: dict[str, str]) -> None:
    """Run it with its messages on stderr; whether it worked is seen by looking for the result."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            env=env,
        )
    except subprocess.TimeoutExpired:
        _tell(f"`{' '.join(command)}` was given up after {seconds} s.")
        return
    if done.returncode:
        last = done.stdout.strip().splitlines()[-1:] or ["no message"]
        _tell(f"`{' '.join(command)}` failed: {last[0]}")


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    fetch_japanese_font()
    try:
        print(find_or_fetch())
    except NoChromiumError as error:
        sys.exit(str(error))
