"""A network's graph answers as PyTorch does; where there is none, PyTorch answers."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from demo.engine.gradcam import heat_map
from demo.engine.predict import scores
from demo.engine.runs import RUNS
from demo.records import Photo
from demo.zoo.catalogue import CATALOGUE
from demo.zoo.compiled import Compiler, graph_of
from demo.zoo.loading import COMPILER, LoadedModel, Speed, load, speed_up
from tests.filled import filled
from tests.serving import ROOT

ARCHITECTURES = {one.architecture: one for one in reversed(CATALOGUE)}


def photo(name: str, size: int) -> Photo:
    pixels = np.random.default_rng(2).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return Photo(name, pixels)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_graph_equals_pytorch(name: str) -> None:
    one = ARCHITECTURES[name]
    size = {32: 32, 299: 139}.get(one.input_size, 64)
    one = replace(one, preprocess=replace(one.preprocess, resize=size, crop=size))
    slow = LoadedModel(one, filled(one), "bundled")
    fast = replace(slow, speed=Speed())
    speed_up(fast)
    assert fast.speed.graph is not None
    picture = photo(f"graph {name}", size)
    answers = []
    for model in (slow, fast):
        RUNS.clear()
        answers.append((scores(model, picture), heat_map(model, picture)))
    (theirs, their_map), (ours, our_map) = answers
    assert np.abs(theirs.probabilities - ours.probabilities).max() < 1e-4
    assert their_map.index == our_map.index
    assert np.abs(their_map.values - our_map.values).max() < 1e-3
    assert fast.nbytes == 2 * slow.nbytes


def test_a_layer_that_is_written_to_afterwards_is_given_as_it_was() -> None:
    network = nn.Sequential(nn.Identity(), nn.ReLU(inplace=True), nn.AvgPool2d(2), nn.Flatten())
    x = torch.tensor([[[[-1.0, 2.0], [3.0, -4.0]]] * 3])
    logits, layer = graph_of(network.eval(), "0", 2)(x)
    assert layer.tolist() == x.tolist()
    assert logits.tolist() == [[1.25] * 3]
    assert not network[0]._forward_hooks


def test_the_catalogues_networks_get_graphs_by_themselves() -> None:
    network, through = load("mini_resnet"), threading.Event()
    COMPILER.soon(through.set)
    assert through.wait(120)
    assert network.speed.graph is not None


def test_where_no_graph_can_be_made_the_next_one_is(caplog: pytest.LogCaptureFixture) -> None:
    compiler, event = Compiler(), threading.Event()

    def fail() -> None:
        raise ValueError("an operator that nobody knows")

    with caplog.at_level(logging.WARNING):
        compiler.soon(fail)
        compiler.soon(event.set)
        assert event.wait(60)
    assert "an operator that nobody knows" in caplog.text


ENDS = """
import threading
from demo.zoo.loading import COMPILER, load, speed_up
network, began = load("mini_densenet"), threading.Event()

def first():
    began.set()
    speed_up(network)
    print("first", flush=True)

COMPILER.soon(first)
COMPILER.soon(lambda: print("second", flush=True))
began.wait()
"""


def test_a_process_that_ends_waits_for_the_graph_that_is_being_made() -> None:
    done = subprocess.run(
        [sys.executable, "-c", ENDS], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout) == (0, "first\n"), done.stderr


MAKES = """
from demo.zoo.loading import load, speed_up
network = load("mini_resnet")
speed_up(network)
print(network.speed.graph is not None)
"""


def test_the_runtime_keeps_no_number_of_this_machine(tmp_path: Path) -> None:
    """Nor the rest of what it would send home: all that it writes before it sends."""
    places = ("HOME", "XDG_CACHE_HOME", "TMPDIR", "LOCALAPPDATA", "TEMP", "TMP")
    environment = {name: os.environ[name] for name in os.environ if name[:4] != "ORT_"}
    done = subprocess.run(
        [sys.executable, "-c", MAKES],
        cwd=ROOT,
        env={**environment, **dict.fromkeys(places, str(tmp_path))},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "True\n"), done.stderr
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []
