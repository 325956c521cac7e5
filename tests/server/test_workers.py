"""The served app's workers: killing one costs nobody an answer, and none outlives the app."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest
from gradio_client import Client, handle_file

from tests.serving import Served, serving


def workers(app: Served) -> list[psutil.Process]:
    children = psutil.Process(app.process.pid).children(recursive=True)
    return [one for one in children if "demo.engine.worker" in one.cmdline()]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_one_may_end_but_none_outlives_the_app(end: int, picture: Path) -> None:
    with serving(FOUR_FAMILIES_WORKERS="1") as app:
        client = Client(app.url, verbose=False)

        def answer() -> list[dict]:
            job = client.submit(handle_file(picture), ["mini_resnet"], 3, api_name="/predict")
            return job.result(120)["mini_resnet"]["predictions"]

        first = answer()
        (before,) = workers(app)
        before.kill()
        assert [one["label"] for one in answer()] == [one["label"] for one in first]
        (after,) = workers(app)
        assert after.pid != before.pid
        children = psutil.Process(app.process.pid).children(recursive=True)
        app.process.send_signal(end)
        assert psutil.wait_procs(children, timeout=20)[1] == []
        assert "Traceback" not in app.log
