"""What the tests of several scenes share: a folder for visits, and who asks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from demo import temporary
from demo.page import own

Asks = Callable[[str], None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The process's temporary folder for one test."""
    monkeypatch.setenv(temporary.VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture
def asks(monkeypatch: pytest.MonkeyPatch) -> Asks:
    """Says which page asks from now on."""

    def now(session: str) -> None:
        monkeypatch.setattr(own, "session", lambda: session)

    return now


@pytest.fixture
def sent(folder: Path) -> Path:
    """Where what one request of a visitor sent lies."""
    place = folder / "uploads" / "visitor" / "request"
    place.mkdir(parents=True)
    return place
