"""Files that were taken away, read back; and what others may have made of them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from demo.records import Photo, Problem
from demo.topics.train.export import head_file, network_file
from demo.topics.train.heads import with_head
from demo.topics.train.records import Head
from demo.topics.train.restored import Restored, network_of, restored
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, load

LABELS = ("cat", "犬", "fox")
SPEC = spec("mini_resnet")
PHOTO = Photo("noise", np.random.default_rng(1).integers(0, 256, (40, 60, 3)).astype(np.uint8))


def head(classes: int = 3, channels: int = 304) -> Head:
    random = np.random.default_rng(2)
    weight = random.normal(0, 0.05, (classes, channels)).astype(np.float32)
    return Head(weight, random.normal(size=classes).astype(np.float32))


def read(folder: Path, content: bytes) -> Restored:
    """It, with nothing left beside the file."""
    path, inside = folder / "file", folder / "inside"
    path.write_bytes(content)
    inside.mkdir(exist_ok=True)
    try:
        return restored(path, inside)
    finally:
        assert [*inside.iterdir()] == []


def logits(loaded: LoadedModel) -> np.ndarray:
    with torch.no_grad():
        return loaded.network(loaded.prepare(PHOTO)[0]).numpy()


def packed(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.safetensors", content)
    return file.getvalue()


def test_a_head_answers_as_before(tmp_path: Path) -> None:
    loaded, own = load("mini_resnet"), head()
    found = read(tmp_path, head_file(SPEC, own, LABELS))
    assert (found.backbone, found.labels) == (SPEC, LABELS)
    assert found.head is not None
    assert np.array_equal(found.head.weight, own.weight)
    assert np.array_equal(found.head.bias, own.bias)
    before, after = with_head(loaded, LABELS, own, "before"), network_of(found, "after")
    assert after.spec.labels == LABELS
    assert (after.source, after.spec.dataset) == ("trained", "own")
    assert np.array_equal(logits(after), logits(before))


def test_a_whole_network_answers_as_before_and_from_its_zip(tmp_path: Path) -> None:
    before = with_head(load("mini_resnet"), LABELS, head(), "before")
    with torch.no_grad():
        before.network.stages.stage3[-1].conv3.weight.mul_(1.5)
    content = network_file(SPEC, before)
    for sent in (content, packed(network=content)):
        found = read(tmp_path, sent)
        assert found.head is None
        after = network_of(found, "after")
        assert np.array_equal(logits(after), logits(before))
        assert not after.network.training
    # The shared network is what it was.
    assert load("mini_resnet").spec.labels[0] == "airplane"


def changed(**told: str) -> bytes:
    """A head of ours but for these words in its metadata."""
    own = head()
    metadata = {
        "format": "four-families-head-1",
        "labels": json.dumps(LABELS),
        "backbone": "mini_resnet",
        "classifier": "fc",
        **told,
    }
    return save({"weight": own.weight, "bias": own.bias}, metadata=metadata)


def with_tensors(**tensors: np.ndarray) -> bytes:
    return save(
        tensors,
        metadata={
            "format": "four-families-head-1",
            "labels": json.dumps(LABELS),
            "backbone": "mini_resnet",
            "classifier": "fc",
        },
    )


def unknown_kind() -> bytes:
    """A head of ours beside a tensor of numbers that numpy does not have."""
    content = changed()
    length = int.from_bytes(content[:8], "little")
    header, data = json.loads(content[8 : 8 + length]), content[8 + length :]
    offsets = [len(data), len(data) + 4]
    header["more"] = {"dtype": "F8_E4M3", "shape": [4], "data_offsets": offsets}
    written = json.dumps(header).encode()
    return len(written).to_bytes(8, "little") + written + data + bytes(4)


def in_a_zip(content: bytes, method: int = zipfile.ZIP_STORED, folders: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for number in range(folders):
            archive.writestr(f"{number}/", b"")
        archive.writestr("head.safetensors", content)
    return file.getvalue()


BIAS, WEIGHT = np.zeros(3, np.float32), np.zeros((3, 304), np.float32)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"", "no_head"),
        (b"nothing", "no_head"),
        (b"\x08" + bytes(7) + b'{"a":[]}', "no_head"),
        (b"\xff" * 8 + b"{}", "no_head"),
        (b"PK\3\4 no archive", "no_head"),
        (packed(other=b"x"), "no_head"),
        (packed(head=b"nothing"), "no_head"),
        (save({"weight": WEIGHT, "bias": BIAS}), "no_head"),
        (changed(format="another"), "no_head"),
        (changed(more="x" * 2**20), "no_head"),
        (in_a_zip(changed(), folders=16), "no_head"),
        # A method that unpacks without a bound.
        (in_a_zip(changed(), zipfile.ZIP_BZIP2), "no_head"),
        (in_a_zip(changed(), zipfile.ZIP_LZMA), "no_head"),
        # Names are compared before any number is read.
        (unknown_kind(), "head_shape"),
        (bytes(20 * 2**20 + 1), "head_large"),
        (changed(backbone="resnet9000"), "head_model"),
        (changed(classifier="head"), "head_model"),
        (changed(backbone="resnet50"), "head_shape"),
        (changed(labels="no list"), "head_labels"),
        (changed(labels="[" * 100_000), "head_labels"),
        (changed(labels=json.dumps(["a", "a", "b"])), "head_labels"),
        (changed(labels=json.dumps(["a", "", "b"])), "head_labels"),
        (changed(labels=json.dumps(["a", 7, "b"])), "head_labels"),
        (changed(labels=json.dumps(["a", "b\u202e", "c"])), "head_labels"),
        (changed(labels=json.dumps(["a", "b\u3164", "c"])), "head_labels"),
        (changed(labels=json.dumps(["a", "b\u00ad", "c"])), "head_labels"),
        (changed(labels='["a", "b\\ud800", "c"]'), "head_labels"),
        (changed(labels=json.dumps(["a", "b", "c" * 41])), "head_labels"),
        (changed(labels=json.dumps(["only"])), "head_labels"),
        (changed(labels=json.dumps([*"abcdefghijk"])), "head_labels"),
        (changed(labels=json.dumps([*"abcd"])), "head_shape"),
        (with_tensors(weight=WEIGHT[:, :300], bias=BIAS), "head_shape"),
        (with_tensors(weight=WEIGHT.astype(np.float64), bias=BIAS), "head_shape"),
        (with_tensors(weight=WEIGHT, bias=BIAS[:2]), "head_shape"),
        (with_tensors(weight=WEIGHT, bias=BIAS, more=BIAS), "head_shape"),
        (with_tensors(weight=WEIGHT, bias=np.array([0, np.nan, 0], np.float32)), "head_values"),
        (with_tensors(weight=WEIGHT, bias=np.array([0, np.inf, 0], np.float32)), "head_values"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, content: bytes, key: str) -> None:
    with pytest.raises(Problem) as caught:
        read(tmp_path, content)
    assert caught.value.key == f"train.problem.{key}"


def test_a_zip_of_as_many_entries_as_are_looked_at_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, in_a_zip(changed(), folders=15)).labels == LABELS


def test_a_network_that_is_not_here_is_named(tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        read(tmp_path, head_file(spec("resnet50"), head(3, 2048), LABELS))
    assert caught.value.key == "train.problem.head_absent"
    assert caught.value.values == {"model": "ResNet-50"}


def test_a_zip_that_unpacks_to_more_is_not_kept(tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("head.safetensors", bytes(21 * 2**20))
    with pytest.raises(Problem) as caught:
        read(tmp_path, file.getvalue())
    assert caught.value.key == "train.problem.head_large"
