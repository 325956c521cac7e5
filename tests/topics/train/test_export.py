"""What is taken away: read back, and used in a process that knows nothing of this project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from demo.photo import read_here
from demo.topics.train.export import network_file, script
from demo.topics.train.heads import with_head
from demo.topics.train.records import Head
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import load
from demo.zoo.spec import ModelSpec
from demo.zoo.vision import timm, torchvision

OUTSIDE = [one for one in CATALOGUE if one.outside and one.weights.recipe != "v2"]
LABELS = ("cat", "犬", "fox")

# Beside a CPU build of torch the index's torchvision does not load without these two names.
START = """
import runpy, sys, torch
library = torch.library.Library("torchvision", "FRAGMENT")
for name in ("nms", "qnms"):
    library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
assert not any(name == "demo" or name.startswith("demo.") for name in sys.modules)
"""


def head_of(channels: int) -> Head:
    random = np.random.default_rng(2)
    weight = random.normal(0, 0.05, (3, channels)).astype(np.float32)
    return Head(weight, random.normal(size=3).astype(np.float32))


@pytest.mark.parametrize("one", OUTSIDE, ids=lambda one: one.key)
def test_either_library_alone_builds_the_same_network(one: ModelSpec) -> None:
    with torch.device("meta"):
        theirs = eval(one.outside.format(classes=1000), {"timm": timm, "torchvision": torchvision})
        ours = one.build()
    shapes = [{k: tuple(v.shape) for k, v in net.state_dict().items()} for net in (theirs, ours)]
    assert shapes[0] == shapes[1]


def test_the_small_networks_have_no_script() -> None:
    assert script(spec("mini_resnet"), 3) == ""


def test_the_script_predicts_the_same_without_us(tmp_path: Path) -> None:
    loaded = load("efficientnet_lite0")
    trained = with_head(loaded, LABELS, head_of(1280), "taken away")
    (tmp_path / "network.safetensors").write_bytes(network_file(loaded.spec, trained))
    (tmp_path / "predict.py").write_text(script(loaded.spec, 3), "utf-8")
    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3)).astype(np.uint8)
    Image.fromarray(pixels).resize((200, 150)).save(tmp_path / "photo.png")
    said = subprocess.run(
        [
            *(sys.executable, "-I", "-X", "utf8", "-c", START),
            *("predict.py", "network.safetensors", "photo.png"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert said.returncode == 0, said.stderr
    theirs = {row.split()[1]: float(row.split()[0]) for row in said.stdout.splitlines()}
    x, _ = trained.prepare(read_here(str(tmp_path / "photo.png")))
    with torch.no_grad():
        shares = trained.spec.probabilities(trained.network(x)[0]).tolist()
    assert theirs == pytest.approx(dict(zip(LABELS, shares, strict=True)), abs=2e-6)
    assert [*theirs.values()] == sorted(theirs.values(), reverse=True)
