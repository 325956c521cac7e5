"""Replicas come when many ask, and never more than may."""

from __future__ import annotations

import threading
from pathlib import Path

from demo.engine.ask import ask
from demo.engine.cluster import NAME, Cluster
from tests import asked
from tests.processes import until


def test_there_are_as_many_as_are_needed_between_the_bounds(two: Cluster, tmp_path: Path) -> None:
    # Ray reads what the cluster sets for it when it is imported.
    from ray import serve

    seen: list[int] = []

    def running() -> int:
        (deployment,) = serve.status().applications[NAME].deployments.values()
        seen.append(deployment.replica_states.get("RUNNING", 0))
        return seen[-1]

    until(lambda: running() >= 2)
    go = tmp_path / "go"
    waiting = [
        threading.Thread(target=lambda: [*ask(asked.waits, "mini_resnet", str(go))])
        for _ in range(12)
    ]
    for thread in waiting:
        thread.start()
    until(lambda: running() == 3)
    go.touch()
    for thread in waiting:
        thread.join()
    assert max(seen) == 3
