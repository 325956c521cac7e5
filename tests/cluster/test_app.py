"""The served app and a cluster of its own, which nobody else can reach and which ends with it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest
from gradio_client import Client, handle_file

from demo.temporary import PREFIX
from tests.processes import gone, until
from tests.serving import HERE, serving


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_answers_and_leaves_no_process_behind(end: int, picture: Path) -> None:
    with serving(FOUR_FAMILIES_CLUSTER="local", FOUR_FAMILIES_WORKERS="1") as app:
        client = Client(app.url, verbose=False)
        job = client.submit(handle_file(picture), ["mini_resnet"], 3, api_name="/predict")
        assert len(job.result(120)["mini_resnet"]["predictions"]) == 3
        children = psutil.Process(app.process.pid).children(recursive=True)
        assert any("ServeReplica" in " ".join(one.cmdline()) for one in children)
        (folder,) = {name for one in children for name in folders(one)}
        assert Path(folder).stat().st_mode & 0o077 == 0
        reached = app.reached("socket.connect", "socket.sendto", "socket.sendmsg")
        assert {host.removeprefix("::ffff:") for host in reached} <= {*HERE}
        app.process.send_signal(end)
        until(lambda: all(gone(one.pid) for one in children))
        assert Path(folder).exists() == (end == signal.SIGKILL)
        assert "Traceback" not in app.log


def folders(process: psutil.Process) -> set[str]:
    """Folders of the app in the machine's own that a process has files open in."""
    opened = [Path(one.path).parts for one in process.open_files()]
    own = [parts for parts in opened if len(parts) > 3 and parts[2].startswith(PREFIX)]
    return {os.path.join(*parts[:3]) for parts in own}
