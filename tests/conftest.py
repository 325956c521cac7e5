"""What every test relies on: importable torchvision, no analytics, no skips, a Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Generator, Iterator
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

import pytest
import torch

# captum and timm import torchvision, which needs this first beside a CPU-only torch.
import demo.zoo.vision  # noqa: F401
from tests import chromium as browser

ROOT = Path(__file__).parent.parent

# Small pictures through small networks: more threads than this only wait for each other.
torch.set_num_threads(min(4, os.cpu_count() or 1))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium that starts."""
    try:
        return browser.find()
    except browser.NoChromiumError as error:
        pytest.fail(f"{error} `make test` fetches one where it can.", pytrace=False)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """Address of the app, served as `make run` serves it."""
    port = free_port()
    environment = {
        **os.environ,
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "GRADIO_SERVER_PORT": str(port),
        # Nothing answers there: what needs a download must say so.
        "FOUR_FAMILIES_MIRROR": f"http://127.0.0.1:{free_port()}/",
    }
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_until_served(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def wait_until_served(url: str, process: subprocess.Popen[str]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            pytest.fail(f"the app stopped:\n{process.stdout.read() if process.stdout else ''}")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the app did not answer within two minutes")


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
