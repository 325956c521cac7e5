"""The model card: measured the way the app answers, written for the catalogue and for people."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from demo.lab.evaluate import evaluate, temperature_of
from demo.zoo import measured
from demo.zoo.bundled import BUNDLED, CIFAR10_LABELS
from demo.zoo.measured import Measured

SPEC = replace(BUNDLED[2], title="Mini Net")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Two pictures a class and split; each class has a colour of its own."""
    rng = np.random.default_rng(0)
    for split in ("train", "test"):
        for index, name in enumerate(CIFAR10_LABELS):
            folder = tmp_path / "data" / split / name
            folder.mkdir(parents=True)
            for number in range(2):
                pixels = rng.integers(0, 60, (32, 32, 3)) + 19 * index
                Image.fromarray(pixels.astype(np.uint8)).save(folder / f"{number}.png")
    return tmp_path / "data"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A network that answers "bird" with certainty whatever it sees, and its log."""
    torch.manual_seed(0)
    state = SPEC.build().state_dict()
    state["fc.weight"].zero_()
    state["fc.bias"].copy_(20.0 * (torch.arange(10) == 2))
    folder = tmp_path / "weights"
    folder.mkdir()
    half = {k: v.half() for k, v in state.items() if v.is_floating_point()}
    save_file(half, folder / SPEC.weights.location)
    log = {"recipe": {"epochs": 3, "seed": 7}, "seconds": 90}
    (folder / f"{SPEC.key}.json").write_text(json.dumps(log))
    return folder


def test_the_card_says_what_was_measured(data: Path, weights: Path) -> None:
    results = evaluate(data, weights, [SPEC])
    found = measured.read(weights)
    assert found == results
    one = found["mini_googlenet"]
    # Two of twenty are right; the held-out pictures ask for the highest temperature there is.
    assert one == Measured(
        top1=10.0,
        interval=(2.79, 30.1),
        pictures=20,
        ece=pytest.approx(0.758, abs=5e-4),
        temperature=5.0,
        parameters=SPEC.parameters,
        macs=SPEC.macs,
        epochs=3,
        seed=7,
        seconds=90,
        sha256=hashlib.sha256((weights / SPEC.weights.location).read_bytes()).hexdigest(),
    )
    text = (weights / "README.md").read_text("utf-8")
    assert (
        "| Mini Net | 10.00 (2.79 to 30.10) | 811,770 | 76.6 | 3 | 7 | 2 | 0.758 | 5.00 |" in text
    )
    assert "20 test pictures" in text
    assert "from PNG files" in text
    assert "{" not in text


def test_nothing_is_written_where_a_log_is_missing(data: Path, weights: Path) -> None:
    (weights / f"{SPEC.key}.json").unlink()
    with pytest.raises(FileNotFoundError):
        evaluate(data, weights, [SPEC])
    assert measured.read(weights) == {}
    assert not (weights / "README.md").exists()


def test_honest_probabilities_keep_their_temperature() -> None:
    half = torch.tensor([[0.0, 0.0]]).repeat(10, 1)
    assert temperature_of(half, torch.arange(10) % 2) == 1.0
    sure = torch.tensor([[9.0, 0.0]]).repeat(10, 1)
    assert temperature_of(sure, torch.tensor([0] * 9 + [1])) == pytest.approx(
        9 / np.log(9), abs=0.01
    )
