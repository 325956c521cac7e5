"""A head or a network that was taken away, read back as if an enemy had written it.

Whatever the file says is compared with what the catalogue knows: nothing of it is run, and what
does not fit is refused by a sentence that says what.
"""

from __future__ import annotations

import json
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import safe_open

from demo.records import Problem
from demo.topics.train import heads
from demo.topics.train.directory import METHODS, is_short
from demo.topics.train.editing import class_name
from demo.topics.train.export import FORMAT
from demo.topics.train.numbers import FEWEST, MOST_CLASSES
from demo.topics.train.records import Head
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.loading import LoadedModel, load
from demo.zoo.spec import ModelSpec
from demo.zoo.weights import readiness

MOST_BYTES = 20 * 2**20
"""Of a file: a head has some kilobytes, EfficientNet-Lite0 as a whole 14 MB."""
MOST_HEADER = 2**20
"""Bytes of the list of its tensors, which is read whole: a network's has some ten thousand."""
MOST_ENTRIES, MOST_DIRECTORY = 16, 2**14
"""Entries of the zip, and bytes of their list; ours has three."""
MEMBERS = ("head.safetensors", "network.safetensors")
"""Of the zip in which it is taken away; the first that is there."""


@dataclass(frozen=True, eq=False)
class Restored:
    """What a file holds: the new layer alone, or all tensors of the network.

    backbone: what it was trained on. tensors: "weight" and "bias", or names of the module.
    """

    backbone: ModelSpec
    labels: tuple[str, ...]
    tensors: dict[str, NDArray[np.generic]]

    @property
    def head(self) -> Head | None:
        """The new layer, where the file has nothing else."""
        if self.tensors.keys() != {"weight", "bias"}:
            return None
        weight, bias = self.tensors["weight"], self.tensors["bias"]
        return Head(weight.astype(np.float32), bias.astype(np.float32))


def restored(path: Path, folder: Path) -> Restored:
    """Read such a file, or the zip in which it was taken away.

    Args:
        folder: where that zip's file is unpacked to; nothing stays in it.

    Raises:
        Problem: "train.problem.no_head" for what is no file of ours; "_head_large", "_head_model",
            "_head_absent", "_head_labels", "_head_shape" or "_head_values" for what is wrong in it.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Problem("train.problem.head_large", most=MOST_BYTES // 2**20)
    with path.open("rb") as file:
        zipped = file.read(4) == b"PK\3\4"
    if not zipped:
        return _read(path)
    inside = folder / "unpacked"
    try:
        _unpack(path, inside)
        return _read(inside)
    finally:
        inside.unlink(missing_ok=True)


def network_of(found: Restored, key: str) -> LoadedModel:
    """The network that it stands for; its runs are kept under that key.

    Raises:
        Problem: as `load`; "train.problem.head_shape".
    """
    model = heads.with_head(load(found.backbone.key), found.labels, found.head, key)
    if found.head is None:
        state = {name: torch.from_numpy(array) for name, array in found.tensors.items()}
        try:
            model.network.load_state_dict(state, strict=True)
        except RuntimeError:
            raise _wrong_shape(found.backbone) from None
    return model


def _unpack(path: Path, inside: Path) -> None:
    try:
        if not is_short(path, MOST_ENTRIES, MOST_DIRECTORY):
            raise zipfile.BadZipFile
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            member = next(name for name in MEMBERS if name in names)
            if archive.getinfo(member).compress_type not in METHODS:
                raise zipfile.BadZipFile
            with archive.open(member) as packed:
                content = packed.read(MOST_BYTES + 1)
    except Exception as error:
        # Whatever an archive that somebody sent may be.
        raise Problem("train.problem.no_head") from error
    if len(content) > MOST_BYTES:
        raise Problem("train.problem.head_large", most=MOST_BYTES // 2**20)
    inside.write_bytes(content)


def _read(path: Path) -> Restored:
    told, names = _told(path)
    if told.get("format") != FORMAT or not names:
        raise Problem("train.problem.no_head")
    key = told.get("backbone", "")
    spec = next((one for one in CATALOGUE if one.key == key), None)
    if spec is None or not spec.classifier or told.get("classifier") != spec.classifier:
        raise Problem("train.problem.head_model", model=key[:60])
    labels = _labels(told.get("labels", ""))
    shapes = _shapes(spec, len(labels), names == {"weight", "bias"})
    if names != shapes.keys():
        raise _wrong_shape(spec)
    tensors = _tensors(path, names)
    if {name: one.shape for name, one in tensors.items()} != shapes:
        raise _wrong_shape(spec)
    for name, tensor in tensors.items():
        counts = name.endswith("num_batches_tracked")
        if tensor.dtype != (np.int64 if counts else np.float32):
            raise _wrong_shape(spec)
        if not np.isfinite(tensor).all():
            raise Problem("train.problem.head_values")
    if readiness(spec) == "absent":
        raise Problem("train.problem.head_absent", model=spec.title)
    return Restored(spec, labels, tensors)


def _told(path: Path) -> tuple[dict[str, str], set[str]]:
    """What the file's header says: its metadata, and the names of its tensors."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
        if length <= MOST_HEADER:
            with safe_open(path, framework="numpy") as file:
                return dict(file.metadata() or {}), set(file.keys())
    except Exception as error:
        # Whatever a file that somebody sent may be.
        raise Problem("train.problem.no_head") from error
    raise Problem("train.problem.no_head")


def _shapes(spec: ModelSpec, classes: int, head: bool) -> dict[str, tuple[int, ...]]:
    """Name -> shape of each tensor that a file of that network has."""
    if head:
        return {"weight": (classes, heads.features_read(spec)), "bias": (classes,)}
    with torch.device("meta"):
        network = spec.build()
        heads.replaced(spec, network, classes)
    return {name: tuple(one.shape) for name, one in network.state_dict().items()}


def _tensors(path: Path, names: set[str]) -> dict[str, NDArray[np.generic]]:
    try:
        with safe_open(path, framework="numpy") as file:
            return {name: file.get_tensor(name) for name in sorted(names)}
    except Exception as error:
        # As above: of a kind of number that is not known here, for one.
        raise Problem("train.problem.no_head") from error


def _labels(written: str) -> tuple[str, ...]:
    try:
        labels = json.loads(written)
    except (ValueError, RecursionError):
        labels = None
    if not isinstance(labels, list) or not all(isinstance(label, str) for label in labels):
        raise Problem("train.problem.head_labels")
    told_apart = len(set(labels)) == len(labels) and FEWEST <= len(labels) <= MOST_CLASSES
    if not told_apart or any(not label or class_name(label) != label for label in labels):
        raise Problem("train.problem.head_labels")
    return tuple(labels)


def _wrong_shape(spec: ModelSpec) -> Problem:
    return Problem("train.problem.head_shape", model=spec.title)
