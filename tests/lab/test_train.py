"""Training goes on from where it was killed, and ships what it has learned."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file
from torch import nn

from demo.lab import train as lab
from demo.lab.recipe import Average, Cycle, Recipe, optimizer
from demo.zoo.bundled import CIFAR10_LABELS

MODEL = "mini_googlenet"
RECIPE = Recipe(cycles=(Cycle(1, 4e-3, small=1), Cycle(1, 2e-3, cutout=8)), batch=10)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Four pictures of each class, as files."""
    rng = np.random.default_rng(0)
    for name in CIFAR10_LABELS:
        folder = tmp_path / "data" / "train" / name
        folder.mkdir(parents=True)
        for number in range(4):
            pixels = rng.integers(0, 256, (32, 32, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / f"{number}.png")
    return tmp_path / "data"


def test_a_killed_training_goes_on(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lab.train(MODEL, data, tmp_path / "whole", RECIPE, held_out=10)
    one_epoch = lab.one_epoch

    def killed(run: lab.Run, *rest: Any) -> float:
        if run.epoch == 1:
            raise KeyboardInterrupt
        return one_epoch(run, *rest)

    monkeypatch.setattr(lab, "one_epoch", killed)
    with pytest.raises(KeyboardInterrupt):
        lab.train(MODEL, data, tmp_path / "killed", RECIPE, held_out=10)
    monkeypatch.undo()
    resumed = lab.train(MODEL, data, tmp_path / "killed", RECIPE, held_out=10)
    assert [row["epoch"] for row in resumed.log] == [1, 2]
    assert resumed.average.steps == whole.average.steps == 6
    for key, value in whole.average.state.items():
        torch.testing.assert_close(resumed.average.state[key], value, msg=key)


def test_what_is_shipped(data: Path, tmp_path: Path) -> None:
    run = lab.train(MODEL, data, tmp_path / "work", RECIPE, held_out=10)
    lab.write(MODEL, run, RECIPE, tmp_path / "out")
    file = tmp_path / "out" / f"{MODEL}.safetensors"
    assert file.stat().st_size < 2_500_000
    shipped = load_file(file)
    assert {value.dtype for value in shipped.values()} == {torch.float16}
    averaged = run.average.state
    assert set(shipped) == {key for key in averaged if not key.endswith("num_batches_tracked")}
    for key, value in shipped.items():
        assert torch.equal(value, averaged[key].half()), key
    log = json.loads((tmp_path / "out" / f"{MODEL}.json").read_text("utf-8"))
    assert (log["model"], log["recipe"]["epochs"], log["recipe"]["seed"]) == (MODEL, 2, 0)
    assert [row["epoch"] for row in log["log"]] == [1, 2]


FRESH = Cycle(1, 2e-3, magnitude=8, fresh=True, share=0.75)


def test_a_fresh_cycle_goes_on_from_shipped_weights(data: Path, tmp_path: Path) -> None:
    longer = replace(RECIPE, cycles=(*RECIPE.cycles, FRESH))
    whole = lab.train(MODEL, data, tmp_path / "whole", longer, held_out=10)
    before = lab.train(MODEL, data, tmp_path / "before", RECIPE, held_out=10)
    lab.write(MODEL, before, RECIPE, tmp_path / "out")
    after = lab.train(
        MODEL, data, tmp_path / "after", longer, held_out=10, shipped=tmp_path / "out"
    )
    assert [row["epoch"] for row in after.log] == [1, 2, 3]
    assert after.log[:2] == before.log
    assert after.average.steps == whole.average.steps == 3
    weights = {k: v for k, v in whole.average.state.items() if v.is_floating_point()}
    for key, value in weights.items():  # apart by what fp16 rounded away
        torch.testing.assert_close(after.average.state[key], value, atol=0.02, rtol=0.02, msg=key)
    assert not any(torch.equal(value, before.average.state[key]) for key, value in weights.items())


def test_a_fresh_cycle_ends_between_its_start_and_its_own_weights() -> None:
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, 8.0)
    run = lab.Run(
        network, optimizer(network, RECIPE), Average(network, 0.5), torch.Generator(), epoch=3
    )
    nn.init.constant_(network.weight, 5.0)
    lab.refresh(run, RECIPE)
    assert network.weight.item() == 8.0
    assert run.generator.initial_seed() == 3
    run.average.state["weight"] = torch.tensor([[12.0]])
    lab.blend(run, 0.75)
    assert run.average.state["weight"].item() == 11.0


@pytest.mark.parametrize(
    "cycles",
    [(*RECIPE.cycles, replace(FRESH, fresh=False)), (RECIPE.cycles[0], FRESH), (FRESH,)],
)
def test_a_recipe_that_does_not_follow_is_refused(
    cycles: tuple[Cycle, ...], tmp_path: Path
) -> None:
    log = {"recipe": asdict(RECIPE), "log": [], "seconds": 0}
    (tmp_path / f"{MODEL}.json").write_text(json.dumps(log), "utf-8")
    with pytest.raises(ValueError, match="does not go on"):
        lab.start_from(MODEL, replace(RECIPE, cycles=cycles), tmp_path)
