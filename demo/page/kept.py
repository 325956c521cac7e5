"""What visits keep on the disk beside their uploads, on the account of who asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from demo.page import question


class Account(Protocol):
    """What the server's disk knows of visitors."""

    def adopt(self, visitor: str, folder: Path) -> None:
        """Count what lies in the folder as the visitor's."""

    def make_room(self, visitor: str, size: int) -> None:
        """Count so many bytes more, or raise a Problem."""

    def measure(self, visitor: str) -> None:
        """Count anew what the visitor has."""


_ACCOUNTS: list[Account] = []


def count_by(account: Account) -> None:
    """Count what is kept from now on by this account."""
    _ACCOUNTS[:] = [account]


@contextmanager
def counted(folder: Path, size: int) -> Iterator[None]:
    """While open, `size` bytes are written into the folder, in place of what lies there.

    Raises:
        Problem: "server.visitor_full" or "server.disk_full" if there is no room for them.
    """
    visitor = question.asking().address
    before = sum(file.stat().st_size for file in folder.iterdir())
    for account in _ACCOUNTS:
        account.adopt(visitor, folder)
        account.make_room(visitor, max(size - before, 0))
    try:
        yield
    finally:
        for account in _ACCOUNTS:
            account.measure(visitor)
