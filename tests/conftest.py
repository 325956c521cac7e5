"""What every test relies on: importable torchvision, no analytics, no skips, a Chromium."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import numpy as np
import pytest
import torch
from gradio_client import Client
from PIL import Image

# captum and timm import torchvision, which needs this first beside a CPU-only torch.
import demo.zoo.vision  # noqa: F401
from tests import chromium as browser
from tests.serving import HERE, Served, serving

# Small pictures through small networks: more threads than this only wait for each other.
torch.set_num_threads(min(4, os.cpu_count() or 1))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium that starts."""
    try:
        return browser.find()
    except browser.NoChromiumError as error:
        pytest.fail(f"{error} `make test` fetches one where it can.", pytrace=False)


@pytest.fixture(scope="session")
def app() -> Iterator[Served]:
    """The app in a process of its own, without a network.

    Whatever the tests send to it, nothing unexpected stands in its log at the end, and it has sent
    nothing to another machine.
    """
    with serving() as app:
        yield app
        assert "Traceback" not in app.log, app.log
        assert app.reached("socket.connect", "socket.sendto", "socket.sendmsg") <= set(HERE)


@pytest.fixture(scope="session")
def app_url(app: Served) -> str:
    """Its address."""
    return app.url


@pytest.fixture(scope="session")
def client(app_url: str) -> Client:
    """A client of the served app."""
    return Client(app_url, verbose=False)


@pytest.fixture(scope="session")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a photo of noise, 64 px wide and 48 px high."""
    pixels = np.random.default_rng(0).integers(0, 256, (48, 64, 3)).astype(np.uint8)
    path = tmp_path_factory.mktemp("api") / "noise.png"
    Image.fromarray(pixels).save(path)
    return path


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test fails: green means that everything was looked at."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """So does a module that skips itself while it is imported."""
    report = yield
    if report.skipped:
        _fail(report)
    return report


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{reason}\nSkipping counts as failing here."
