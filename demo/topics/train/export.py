"""A trained network as files to take away: its tensors with its labels, and a script that uses it.

The script is assets/export/predict.txt with the network's own line, for torchvision or timm alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import save

from demo.topics.train import heads
from demo.topics.train.records import Head
from demo.zoo.loading import LoadedModel
from demo.zoo.spec import ModelSpec

FORMAT = "four-families-head-1"
SCRIPT = Path(__file__).parents[3] / "assets" / "export" / "predict.txt"


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


def _metadata(spec: ModelSpec, classes: Sequence[str]) -> dict[str, str]:
    return {
        "format": FORMAT,
        "labels": json.dumps(list(classes), ensure_ascii=False),
        "backbone": spec.key,
        "classifier": spec.classifier,
    }
