"""A cluster of this process's own, which the tests share: Ray begins one a process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from demo import settings, temporary
from demo.engine.ask import put_behind
from demo.engine.cluster import Cluster

BOUNDS = {
    "FOUR_FAMILIES_CLUSTER": "local",
    "FOUR_FAMILIES_WORKERS": "2",
    "FOUR_FAMILIES_WORKERS_MOST": "3",
}


@pytest.fixture(scope="session")
def two() -> Iterator[Cluster]:
    """Two workers of one thread each, three when many ask, behind the seam."""
    cluster = Cluster(settings.read(BOUNDS), temporary.short())
    before = put_behind(cluster)
    yield cluster
    put_behind(before)
    cluster.close()
