"""What torchvision states of its weights, kept in assets/networks/torchvision.json.

The page needs it to start, and importing torchvision takes over a second. A test holds the file to
the installed torchvision; `python -m demo.zoo.published` writes it anew.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from demo.zoo.spec import Preprocess

FILE = Path(__file__).parents[2] / "assets" / "networks" / "torchvision.json"
KEYS = (
    *("resnet50", "densenet121", "densenet169", "densenet201", "densenet161", "googlenet"),
    *("inception_v3", "resnext50_32x4d", "resnext101_32x8d", "mobilenet_v3_large"),
    *("efficientnet_b0", "efficientnet_b7"),
)


class Published(NamedTuple):
    """One set of weights. second: whether they are V2. size: bytes of the file. top1: percent."""

    second: bool
    url: str
    size: int
    top1: float
    parameters: int
    preprocess: Preprocess


def read() -> dict[str, list[Published]]:
    """Network -> its sets of weights, V1 first."""
    return {
        key: [Published(*values, Preprocess(*_tuples(how))) for *values, how in rows]
        for key, rows in json.loads(FILE.read_text("utf-8")).items()
    }


def stated() -> dict[str, list[Published]]:
    """The same from the installed torchvision."""
    from demo.zoo.vision import torchvision

    return {
        key: [_of(weights) for weights in torchvision.models.get_model_weights(key)] for key in KEYS
    }


def _of(weights: Any) -> Published:
    how = weights.transforms()
    return Published(
        weights.name.endswith("V2"),
        weights.url,
        round(weights.meta["_file_size"] * 2**20),
        weights.meta["_metrics"]["ImageNet-1K"]["acc@1"],
        weights.meta["num_params"],
        Preprocess(
            how.resize_size[0],
            how.crop_size[0],
            tuple(how.mean),
            tuple(how.std),
            how.interpolation.value,
        ),
    )


def _tuples(values: list[Any]) -> list[Any]:
    return [tuple(value) if isinstance(value, list) else value for value in values]


def main() -> None:
    """Write the file."""
    from dataclasses import astuple

    rows = {
        key: [[*statement[:-1], astuple(statement.preprocess)] for statement in statements]
        for key, statements in stated().items()
    }
    lines = (f" {json.dumps(key)}: {json.dumps(statements)}" for key, statements in rows.items())
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8", newline="\n")


if __name__ == "__main__":
    main()
