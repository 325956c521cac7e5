"""A trained network as files to take away: its tensors with its labels, and a script that uses it.

The script is assets/export/predict.txt with the network's own line, for torchvision or timm alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save

from demo.records import Problem
from demo.topics.train import heads
from demo.topics.train.records import Head
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

FORMAT = "four-families-head-1"
SCRIPT = Path(__file__).parents[3] / "assets" / "export" / "predict.txt"
MOST_BYTES = 20 * 2**20
"""Of a file that is loaded back: a head has some kilobytes."""


def head_file(spec: ModelSpec, head: Head, classes: Sequence[str]) -> bytes:
    """The head alone as safetensors: "weight" and "bias"; labels and network in its metadata.

    spec: of the network that it was trained on.
    """
    tensors = heads.as_tensors(head)
    return save(tensors, metadata=_metadata(spec, classes))


def network_file(spec: ModelSpec, model: LoadedModel) -> bytes:
    """All tensors of a trained network under the names of torchvision or timm, with its labels."""
    state = {name: tensor.contiguous() for name, tensor in model.network.state_dict().items()}
    return save(state, metadata=_metadata(spec, model.spec.labels))


def script(spec: ModelSpec, classes: int) -> str:
    """The script for the file of `network_file`; "" for a network that neither library has."""
    if not spec.outside:
        return ""
    how = spec.preprocess
    values = {
        "LIBRARY": spec.outside.partition(".")[0],
        "BUILD": spec.outside.format(classes=classes),
        "RESIZE": str(how.resize),
        "CROP": str(how.crop),
        "MEAN": repr(how.mean),
        "STD": repr(how.std),
        "FILTER": how.interpolation.upper(),
    }
    written = SCRIPT.read_text("utf-8")
    for name, value in values.items():
        written = written.replace(f"__{name}__", value)
    return written


def loaded_back(path: Path) -> tuple[str, tuple[str, ...], Head]:
    """What `head_file` wrote: key of the network, labels, head.

    Raises:
        Problem: "train.problem.no_head" for anything else.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(path)
        with safe_open(path, framework="numpy") as file:
            told = file.metadata() or {}
            labels = tuple(map(str, json.loads(told["labels"])))
            head = Head(file.get_tensor("weight"), file.get_tensor("bias"))
        if told["format"] != FORMAT or head.weight.shape[0] != len(labels):
            raise ValueError(path)
        if head.weight.ndim != 2 or head.bias.shape != (len(labels),):
            raise ValueError(path)
    except Exception as error:
        # Whatever a file that somebody sent may be.
        raise Problem("train.problem.no_head") from error
    return told["backbone"], labels, head


def _metadata(spec: ModelSpec, classes: Sequence[str]) -> dict[str, str]:
    return {
        "format": FORMAT,
        "labels": json.dumps(list(classes), ensure_ascii=False),
        "backbone": spec.key,
        "classifier": spec.classifier,
    }
