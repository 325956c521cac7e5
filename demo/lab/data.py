"""CIFAR-10 into memory: from a folder tree, a zip of one, or torchvision's own download."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from demo.zoo.bundled import CIFAR10_LABELS

HELD_OUT = 2_500
"""Pictures of the training set kept for choosing the recipe and the temperature."""


class Pictures(NamedTuple):
    """images: (N, 3, 32, 32) uint8; labels: (N,) int64 into CIFAR10_LABELS."""

    images: Tensor
    labels: Tensor

    def take(self, index: Tensor) -> Pictures:
        """The pictures at these positions."""
        return Pictures(self.images[index], self.labels[index])


def load(path: Path, split: str) -> Pictures:
    """Read one split.

    Args:
        path: a folder or a zip with `split/class/*.jpg` (or .png), or a folder for torchvision's
            own CIFAR-10, which is downloaded there when it holds no such tree.
        split: "train" or "test".

    Raises:
        ValueError: if a class has no picture.
    """
    if path.suffix != ".zip" and not (path / split).is_dir():
        return _torchvision(path, split)
    images, labels = [], []
    for name, data in _files(path, split):
        with Image.open(io.BytesIO(data)) as picture:
            images.append(np.asarray(picture.convert("RGB").resize((32, 32))))
        labels.append(CIFAR10_LABELS.index(name))
    missing = set(range(10)) - set(labels)
    if missing:
        raise ValueError(f"no {split} pictures of {', '.join(CIFAR10_LABELS[i] for i in missing)}")
    stacked = torch.from_numpy(np.stack(images)).permute(0, 3, 1, 2).contiguous()
    return Pictures(stacked, torch.tensor(labels))


def file_format(path: Path) -> str:
    """Format of the pictures that `load` reads there, such as "JPEG"."""
    if path.suffix != ".zip" and not (path / "test").is_dir():
        return "lossless"
    _, content = next(_files(path, "test"))
    with Image.open(io.BytesIO(content)) as picture:
        return str(picture.format)


def split_held_out(pictures: Pictures, held_out: int = HELD_OUT) -> tuple[Pictures, Pictures]:
    """(the part to fit, the held-out part); the same split on every machine."""
    order = torch.randperm(len(pictures.labels), generator=torch.Generator().manual_seed(0))
    return pictures.take(order[held_out:]), pictures.take(order[:held_out])


def _files(path: Path, split: str) -> Iterator[tuple[str, bytes]]:
    """(class name, file content) in sorted order, so that every machine sees the same order."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.namelist()):
                parts = entry.split("/")
                if len(parts) >= 3 and parts[-3] == split and parts[-2] in CIFAR10_LABELS:
                    yield parts[-2], archive.read(entry)
        return
    for file in sorted((path / split).glob("*/*")):
        if file.parent.name in CIFAR10_LABELS:
            yield file.parent.name, file.read_bytes()


def _torchvision(path: Path, split: str) -> Pictures:
    from demo.zoo.vision import torchvision

    data = torchvision.datasets.CIFAR10(str(path), train=split == "train", download=True)
    images = torch.from_numpy(data.data).permute(0, 3, 1, 2).contiguous()
    return Pictures(images, torch.tensor(data.targets))
