"""How the app ends: within seconds whatever it is doing, without a trace on disk or screen."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import httpx
import psutil
import pytest
from gradio_client import Client, handle_file

from tests.serving import serving

LARGE = ("resnext101_32x8d", "densenet161", "densenet201", "inception_v3", "densenet169")
"""Networks that take longer to be measured than the app may take to end."""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_with_work_under_way_and_no_photo_left(name: str, picture: Path) -> None:
    with serving() as app:
        client = Client(app.url, verbose=False)
        client.submit(handle_file(picture), ["mini_resnet"], 3, api_name="/predict").result(120)
        jobs = [client.submit(name, api_name="/profile") for name in LARGE]
        assert any(file.name == picture.name for file in app.files)
        assert not jobs[-1].done()
        children = psutil.Process(app.process.pid).children(recursive=True)
        asked = time.monotonic()
        app.process.send_signal(getattr(signal, name))
        code = app.process.wait(5)
        assert time.monotonic() - asked < 5
        assert code == 0
        assert psutil.wait_procs(children, timeout=5)[1] == []
        assert list(app.folder.iterdir()) == []
        assert "Traceback" not in app.log
        assert "Error" not in app.log


def test_a_folder_of_gradios_that_belongs_to_another_account_is_no_matter(
    tmp_path: Path, picture: Path
) -> None:
    """As on a machine where somebody else started a gradio app first."""
    foreign = tmp_path / "gradio"
    foreign.mkdir()
    foreign.chmod(0o000)
    try:
        with serving(GRADIO_TEMP_DIR="", TMPDIR=str(tmp_path)) as app:
            answer = httpx.post(
                f"{app.url}gradio_api/upload",
                files={"files": ("a.png", picture.read_bytes())},
                timeout=120,
            )
            assert answer.status_code == 200
            assert Path(answer.json()[0]).parent.is_relative_to(tmp_path)
            assert "gradio" not in Path(answer.json()[0]).relative_to(tmp_path).parts
    finally:
        foreign.chmod(0o700)
