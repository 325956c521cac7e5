"""A visit's own photos: in a folder of its own that nobody can guess, gone when the visit is.

The built-in set is nobody's: it is drawn, and what is trained on it is shared by all.
"""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from demo.cache import ByteCache
from demo.engine.runs import DEEP, RUNS
from demo.page import own
from demo.page.kept import counted
from demo.records import Problem
from demo.topics.train.editing import EMPTY
from demo.topics.train.records import PhotoSet
from demo.topics.train.scenes.drawn import built_in
from demo.topics.train.scenes.stored import folder_of, read, written
from demo.topics.train.training import Trained
from demo.zoo.loading import PREPARED, LoadedModel

MOST_KEPT = 3
"""Sets and files of one visit; the page shows one of each at a time."""
_TOKEN = re.compile(r"([A-Za-z0-9_-]{22})\.([0-9]{1,9})")

RESULTS: ByteCache[Trained] = ByteCache(
    256 * 2**20, size=lambda trained: trained.loaded.nbytes + trained.features.nbytes
)
"""(token, network, mode, seed) -> what was trained; what drops out is trained again when asked."""
BACK: ByteCache[LoadedModel] = ByteCache(128 * 2**20, size=lambda loaded: loaded.nbytes)
"""Token -> a network that was loaded from a file."""
_OF_SESSION: dict[str, dict[str, None]] = defaultdict(dict)
"""Page -> the folders that it has, the oldest first."""
_KEYS: dict[str, set[str]] = defaultdict(set)
"""Folder -> keys of its photos, and of all networks that were made of them."""
_LOCK = threading.Lock()


def new_folder() -> tuple[str, Path]:
    """A folder for the visit that asks, and its name; its oldest goes where it has too many."""
    name = secrets.token_urlsafe(16)
    folder = folder_of(name)
    folder.mkdir(parents=True)
    with _LOCK:
        mine = _OF_SESSION[own.session()]
        mine[name] = None
        oldest = [*mine][:-MOST_KEPT]
        for one in oldest:
            del mine[one]
    for one in oldest:
        leave(one)
    return name, folder


def keep(photos: PhotoSet) -> str:
    """Keep a set for the visit that asks; the token that stands for it.

    Raises:
        Problem: as `counted`; nothing is kept then.
    """
    name, _ = new_folder()
    try:
        return _written(name, 1, photos)
    except Problem:
        leave_own(name)
        raise


def changed(token: str, change: Callable[[PhotoSet], PhotoSet]) -> str:
    """Keep what a visit's set has become; the token that stands for it from now on.

    Args:
        token: of the set, in any state that it has been in; of none, or of the built-in one, a new
            set begins.
        change: gives the new set. One without photos is the built-in one again.

    Raises:
        Problem: as `change` and `counted`; the set stays as it was then.
    """
    name = _own_name(token)
    version, before = 0, EMPTY
    if name:
        try:
            version, before = read(name)
        except Problem:
            name = ""
    after = change(before)
    if not after.photos:
        leave_own(token)
        return ""
    if not name:
        return keep(after)
    return _written(name, version + 1, after)


def kept(token: str) -> PhotoSet:
    """The set of a token; the built-in one for "".

    Raises:
        Problem: "train.problem.gone" if there is none of it, or it has been changed since.
    """
    if not token:
        return built_in()
    name = named(token)
    if not name:
        raise Problem("train.problem.gone")
    version, photos = read(name)
    if token != f"{name}.{version}":
        raise Problem("train.problem.gone")
    return photos


def named(token: str) -> str:
    """The folder that a token names, "" for what is no token."""
    matched = _TOKEN.fullmatch(token)
    return matched[1] if matched else ""


def new_key(token: str) -> str:
    """A key for a network that is made of what a token stands for, unlike any other's."""
    key = f"own-{secrets.token_hex(8)}"
    with _LOCK:
        # Nothing is noted for a token that somebody made up, or for a visit that has left.
        if token and is_there(token):
            _KEYS[named(token)].add(key)
    return key


def is_there(token: str) -> bool:
    """Whether there is what a token stands for: it may be deleted, or have never been."""
    return not token or (bool(named(token)) and folder_of(named(token)).exists())


def leave(name: str) -> None:
    """Delete a folder and all that was trained on what it held."""
    shutil.rmtree(folder_of(name), ignore_errors=True)
    _forget(name)


def leave_own(token: str) -> None:
    """The same for a token of the visit that asks, and for no other."""
    name = _own_name(token)
    with _LOCK:
        _OF_SESSION.get(own.session(), {}).pop(name, None)
    if name:
        leave(name)


def left() -> None:
    """The page is closed: delete what its visit has kept."""
    with _LOCK:
        names = _OF_SESSION.pop(own.session(), {})
    mine = own_name()
    RESULTS.forget(lambda key: isinstance(key, tuple) and key[0] == mine)
    for name in names:
        leave(name)
    own.leave()


def own_name() -> str:
    """What stands for the built-in set where only the page that asks is meant; no token."""
    return f"session {own.session()}"


def _own_name(token: str) -> str:
    """The folder of a token of the visit that asks, "" for any other."""
    name = token.partition(".")[0]
    with _LOCK:
        return name if name in _OF_SESSION.get(own.session(), {}) else ""


def _written(name: str, version: int, photos: PhotoSet) -> str:
    with counted(folder_of(name), sum(one.pixels.nbytes for one in photos.photos)):
        # What was trained on the set as it was is of no use to anybody.
        _forget(name)
        with _LOCK:
            _KEYS[name].update(photo.key for photo in photos.photos)
        return written(name, version, photos)


def _forget(name: str) -> None:
    RESULTS.forget(lambda key: isinstance(key, tuple) and str(key[0]).startswith(f"{name}."))
    BACK.forget(lambda key: str(key).startswith(f"{name}."))
    with _LOCK:
        keys = _KEYS.pop(name, set())
    for cached in (RUNS, DEEP, PREPARED):
        cached.forget(lambda key: not keys.isdisjoint(key))
