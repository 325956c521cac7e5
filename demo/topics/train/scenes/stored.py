"""A set of photos on the disk: one file, in a folder whose name nobody can guess."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from demo import temporary
from demo.records import Photo, Problem
from demo.topics.train.records import PhotoSet


def folder_of(name: str) -> Path:
    """Where what a token names is kept."""
    parent = os.environ.get(temporary.VARIABLE) or tempfile.gettempdir()
    return Path(parent) / temporary.VISITS / name


def written(name: str, version: int, photos: PhotoSet) -> str:
    """Write a set into the folder of that name; the token that stands for it."""
    folder = folder_of(name)
    pixels = {f"{place}": one.pixels for place, one in enumerate(photos.photos)}
    told = {
        "version": version,
        "classes": list(photos.classes),
        "labels": photos.labels.tolist(),
        "names": list(photos.names),
        "keys": [one.key for one in photos.photos],
    }
    # Whoever reads the set as it was goes on with it.
    save_file(pixels, folder / "next", metadata={"set": json.dumps(told)})
    (folder / "next").replace(folder / "set")
    return f"{name}.{version}"


def read(name: str) -> tuple[int, PhotoSet]:
    """How often the set in the folder of that name was written, and the set.

    Raises:
        Problem: "train.problem.gone" if there is none.
    """
    path = folder_of(name) / "set"
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
    return told["version"], PhotoSet(tuple(told["classes"]), photos, labels, tuple(told["names"]))
