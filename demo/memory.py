"""What this process's allocator keeps for itself, where that is the GNU C library's."""

from __future__ import annotations

import ctypes
from functools import cache

ARENAS = 2
"""Places to allocate from; by default each thread may get one of its own, up to eight a core, and
what it frees there stays: some 80 MB with thirty visitors.
"""
_M_ARENA_MAX = -8
"""As malloc.h numbers it; see mallopt(3)."""


def few_arenas() -> None:
    """Let the threads share `ARENAS` places; call it before there are many."""
    library = _library()
    if library is not None:
        library.mallopt(_M_ARENA_MAX, ARENAS)


def give_back() -> None:
    """Give the system what is free in them: after work that needed much once."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)


@cache
def _library() -> ctypes.CDLL | None:
    """The C library, None where it has no such functions."""
    try:
        library = ctypes.CDLL(None)
        _ = library.mallopt, library.malloc_trim
    except (OSError, AttributeError, TypeError):
        return None
    return library
