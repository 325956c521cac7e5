"""A visit's own photos: in a folder of its own that nobody can guess, gone when the visit is.

The built-in set is nobody's: it is drawn, and what is trained on it is shared by all.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import tempfile
import threading
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
from gradio.context import LocalContext
from PIL import Image, ImageEnhance
from safetensors import safe_open
from safetensors.numpy import save_file

from demo import temporary
from demo.cache import ByteCache
from demo.engine.runs import DEEP, RUNS
from demo.examples import draw
from demo.photo import from_image
from demo.records import Photo, Problem
from demo.topics.train.records import PhotoSet
from demo.topics.train.training import Trained

BUILT_IN = ("car", "truck", "ship")
"""Drawn examples whose pieces are the set that a reader begins with."""
PIECES = 16
"""Pictures of each of them."""
FOLDER = "visits"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")

RESULTS: ByteCache[Trained] = ByteCache(
    256 * 2**20, size=lambda trained: trained.loaded.nbytes + trained.features.nbytes
)
"""(token, network, mode, seed) -> what was trained; what drops out is trained again when asked."""
_OF_SESSION: dict[str, set[str]] = defaultdict(set)
_LOCK = threading.Lock()


def keep(photos: PhotoSet) -> str:
    """Keep a set for the visit that asks; the token that stands for it."""
    token = secrets.token_urlsafe(16)
    folder = _folder(token)
    folder.mkdir(parents=True)
    pixels = {f"{place}": one.pixels for place, one in enumerate(photos.photos)}
    told = {
        "classes": list(photos.classes),
        "labels": photos.labels.tolist(),
        "names": list(photos.names),
        "keys": [one.key for one in photos.photos],
    }
    save_file(pixels, folder / "set", metadata={"set": json.dumps(told)})
    with _LOCK:
        _OF_SESSION[session()].add(token)
    return token


def kept(token: str) -> PhotoSet:
    """The set of a token; the built-in one for "".

    Raises:
        Problem: "train.problem.gone" if there is none of it.
    """
    if not token:
        return built_in()
    if not _TOKEN.fullmatch(token):
        raise Problem("train.problem.gone")
    path = _folder(token) / "set"
    try:
        with safe_open(path, framework="numpy") as file:
            told = json.loads(file.metadata()["set"])
            photos = tuple(
                Photo(key, file.get_tensor(f"{place}")) for place, key in enumerate(told["keys"])
            )
    except OSError:
        raise Problem("train.problem.gone") from None
    temporary.touch(path)
    labels = np.array(told["labels"], np.int64)
    return PhotoSet(tuple(told["classes"]), photos, labels, tuple(told["names"]))


def leave(token: str) -> None:
    """Delete a set and all that was trained on it."""
    shutil.rmtree(_folder(token), ignore_errors=True)
    RESULTS.forget(lambda key: isinstance(key, tuple) and key[0] == token)
    for cached in (RUNS, DEEP):
        cached.forget(lambda key: any(str(part).startswith(f"{token}:") for part in key))


def leave_own(token: str) -> None:
    """The same for a set of the visit that asks, and for no other."""
    with _LOCK:
        mine = _OF_SESSION.get(session(), set())
        known = token in mine
        mine.discard(token)
    if known:
        leave(token)


def left() -> None:
    """The page is closed: delete what its visit has kept."""
    with _LOCK:
        tokens = _OF_SESSION.pop(session(), set())
    name = own_name()
    RESULTS.forget(lambda key: isinstance(key, tuple) and key[0] == name)
    for token in tokens:
        leave(token)


def session() -> str:
    """Which page asks."""
    request = LocalContext.request.get(None)
    return str(request.session_hash) if request else ""


def own_name() -> str:
    """What stands for the built-in set where only the page that asks is meant; no token."""
    return f"session {session()}"


def _folder(token: str) -> Path:
    parent = os.environ.get(temporary.VARIABLE) or tempfile.gettempdir()
    return Path(parent) / FOLDER / token


@cache
def built_in() -> PhotoSet:
    """Pieces of three drawn pictures, each seen nearer or farther, lighter or darker, turned.

    The same pixels every time.
    """
    random = np.random.default_rng(11)
    photos, names = [], []
    for name in BUILT_IN:
        whole = draw(name)
        for number in range(PIECES):
            photos.append(from_image(_piece(whole, random), f"{name} {number + 1}"))
            names.append(f"{name} {number + 1}")
    labels = np.repeat(np.arange(len(BUILT_IN)), PIECES)
    return PhotoSet(BUILT_IN, tuple(photos), labels, tuple(names))


def _piece(whole: Image.Image, random: np.random.Generator) -> Image.Image:
    side = int(whole.width * random.uniform(0.2, 0.5))
    left, top = (int(random.uniform(0.0, whole.width - side)) for _ in range(2))
    top = int(whole.height * 0.25 + 0.5 * top)
    cut = whole.crop((left, top, left + side, top + side)).resize(
        (160, 160), Image.Resampling.BICUBIC
    )
    if random.random() < 0.5:
        cut = cut.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    cut = cut.rotate(float(random.uniform(-12, 12)), Image.Resampling.BICUBIC)
    cut = cut.crop((16, 16, 144, 144))
    cut = ImageEnhance.Color(cut).enhance(float(random.uniform(0.0, 0.3)))
    return ImageEnhance.Brightness(cut).enhance(float(random.uniform(0.6, 1.3)))
