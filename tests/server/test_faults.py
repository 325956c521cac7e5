"""Faults on purpose in the served app's worker: a sentence for whom one concerns, and nobody else
is harmed.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import psutil
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from demo.engine.gradcam import heat_map
from demo.records import Photo
from demo.text import text
from demo.zoo.loading import load
from tests.processes import gone, until
from tests.serving import ROOT, Served, call, serving


class Fault:
    """How a worker's next pass goes wrong, and what it has noted."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "fault"

    def next(self, kind: str) -> None:
        """From now on."""
        self.file.with_suffix(".begun").unlink(missing_ok=True)
        written = self.file.with_suffix(".new")
        written.write_text(kind, "utf-8")
        written.replace(self.file)

    def begun(self) -> int:
        """Waits until it is in the middle of that pass; the worker's number."""
        file = self.file.with_suffix(".begun")
        until(lambda: file.exists() and file.read_text("utf-8").endswith("\n"))
        return int(file.read_text("utf-8"))

    @property
    def passes(self) -> int:
        """Of large networks, by PyTorch."""
        file = self.file.with_suffix(".passes")
        return len(file.read_text("utf-8").splitlines()) if file.exists() else 0


@contextmanager
def faulty(folder: Path) -> Iterator[tuple[Served, Fault]]:
    fault = Fault(folder)
    environment = {"PYTHONPATH": str(ROOT / "tests/faulty"), "FOUR_FAMILIES_FAULT": str(fault.file)}
    with serving(FOUR_FAMILIES_WORKERS="1", **environment) as app:
        yield app, fault


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Fault]]:
    with faulty(tmp_path_factory.mktemp("faults")) as found:
        yield found


class Asked:
    """A question about a photo of noise, for which PyTorch must run, and its answer."""

    def __init__(self, folder: Path, key: str, seed: int) -> None:
        self.key, self.layer = key, load(key).spec.layers[0].name
        self.pixels = np.random.default_rng(seed).integers(0, 256, (48, 64, 3)).astype(np.uint8)
        self.path = folder / f"{key} {seed}.png"
        Image.fromarray(self.pixels).save(self.path)

    def submit(self, client: Client) -> Any:
        """The question on its way."""
        picture = handle_file(self.path)
        return client.submit(picture, self.key, self.layer, 3, api_name="/gradcam")

    def right(self, answer: dict[str, Any]) -> None:
        """The answer is what this process says."""
        own = heat_map(load(self.key), Photo(self.path.name, self.pixels), self.layer, 3)
        assert (answer["model"], answer["layer"], answer["index"]) == (self.key, self.layer, 3)
        np.testing.assert_allclose(answer["heatmap"], own.values, atol=1e-3)
        assert answer["raw_max"] == pytest.approx(own.raw_max, rel=1e-2)


def test_an_exception_in_a_pass_is_one_sentence_and_the_next_answer_is_right(
    served: tuple[Served, Fault], tmp_path: Path
) -> None:
    app, fault = served
    client, mine = Client(app.url, verbose=False), Asked(tmp_path, "mini_densenet", 1)
    fault.next("fails")
    with pytest.raises(AppError) as caught:
        mine.submit(client).result(120)
    number = fault.begun()
    assert str(caught.value) == text("en")("page.unexpected")
    assert "ArithmeticError: a fault on purpose" in app.log
    another = Asked(tmp_path, "mini_googlenet", 2)
    another.right(another.submit(Client(app.url, verbose=False)).result(120))
    mine.right(mine.submit(client).result(120))
    assert not gone(number)


def test_killed_in_a_pass_two_who_ask_for_different_things_are_both_answered(
    served: tuple[Served, Fault], tmp_path: Path
) -> None:
    app, fault = served
    asked = [Asked(tmp_path, key, 3 + n) for n, key in enumerate(("mini_densenet", "mini_resnext"))]
    clients = [Client(app.url, verbose=False) for _ in asked]
    fault.next("waits")
    jobs = [asked[0].submit(clients[0])]
    number = fault.begun()
    jobs.append(asked[1].submit(clients[1]))
    os.kill(number, signal.SIGKILL)
    for one, job in zip(asked, jobs, strict=True):
        one.right(job.result(120))
    assert gone(number)
    assert "a worker ended in the middle of its work" in app.log


def test_who_leaves_in_the_middle_of_a_stream_is_worked_for_no_more(
    served: tuple[Served, Fault], tmp_path: Path
) -> None:
    app, fault = served
    other, client = Asked(tmp_path, "mini_resnet", 5), Client(app.url, verbose=False)
    other.right(other.submit(client).result(120))
    before = fault.passes
    with httpx.Client(base_url=f"{app.url}gradio_api", timeout=120) as http:
        (path,) = http.post("/upload", files={"files": other.path.read_bytes()}).json()
        image = {"path": path, "meta": {"_type": "gradio.FileData"}}
        data = [image, "efficientnet_lite0", "gradcam", ""]
        event = http.post("/call/faithfulness", content=json.dumps({"data": data})).json()
        with http.stream("GET", f"/call/faithfulness/{event['event_id']}"):
            # Two pictures more than the one pass with the way back.
            until(lambda: fault.passes >= before + 3)
    counts = []
    for _ in range(2):
        for seed in range(6, 12):
            another = Asked(tmp_path, "mini_resnet", seed)
            another.right(another.submit(client).result(120))
        counts.append(fault.passes - before)
    # Four orders, two curves, five batches each: forty.
    assert counts[0] == counts[1] < 40


def test_a_signal_ends_it_in_the_middle_of_a_pass_that_never_ends(tmp_path: Path) -> None:
    with faulty(tmp_path) as (app, fault):
        asked = Asked(tmp_path, "mini_densenet", 7)
        assert len(call(Client(app.url, verbose=False), "models")) > 20
        fault.next("waits")
        asked.submit(Client(app.url, verbose=False))
        number = fault.begun()
        children = psutil.Process(app.process.pid).children(recursive=True)
        assert number in [one.pid for one in children]
        app.process.terminate()
        assert app.process.wait(5) == 0
        assert psutil.wait_procs(children, timeout=5)[1] == []
        assert list(app.folder.iterdir()) == []
        assert "Traceback" not in app.log
