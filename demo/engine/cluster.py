"""A cluster behind the seam: the same functions answer in Ray Serve, on one machine or on many.

One deployment serves all networks. A question goes to a replica where its network, and what has
been worked out about its photo, is already; one whose replicas all have enough to do gets another
home. Ray is imported where this is used, and nowhere else.
"""

from __future__ import annotations

import inspect
import itertools
import logging
import os
import pickle
import secrets
import signal
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from demo import settings
from demo.cache import ByteCache
from demo.engine import messages
from demo.engine.again import Ended, last, resumed
from demo.engine.ask import Behind, Question
from demo.engine.messages import Reply
from demo.records import Photo, Problem
from demo.settings import Settings

LOG = logging.getLogger("demo")
NAME = "four-families"
"""Of the application in Serve, which all pages of a cluster share."""
STORE = 256 * 2**20
"""Bytes of memory in which photos and large answers cross on this machine."""
PHOTOS = 128 * 2**20
"""Bytes of photos that stay there, so that each crosses once."""
PRIVATE = {
    # Whoever serves a page must not be reported to Ray's makers.
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_enable_metrics_collection": "0",
    # Seconds in which a worker says how many wait for it; whose core is taken says it late.
    "RAY_SERVE_QUEUE_LENGTH_RESPONSE_DEADLINE_S": "1",
}
"""What Ray finds set."""
LOCAL = {
    # Nobody else on the network reaches what is on this machine alone,
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    # and of those on it only who may read this process's environment.
    "RAY_AUTH_MODE": "token",
    # All end with this process; some first try to tell one that has ended already.
    "RAY_gcs_rpc_server_reconnect_timeout_s": "5",
    "RAY_gcs_server_request_timeout_seconds": "5",
}
NOWHERE = {
    "http_proxy": "http://127.0.0.1:9",
    "https_proxy": "http://127.0.0.1:9",
    "no_proxy": "127.0.0.1,localhost",
}
"""What Ray's processes find set while they begin. One of them would ask the clouds' address what is
known of this machine, and tell Ray's makers that they are told nothing. None has anything to fetch:
weights are fetched by the page.
"""
LOGGED = {"log_level": "WARNING", "enable_access_log": False}
"""No record of who asked what."""


class Cluster(Behind):
    """Ray Serve, begun by this process or joined.

    Args:
        chosen: cluster: where it is. workers, most: bounds between which replicas come and go.
        folder: where a cluster that is begun here keeps its files.

    Raises:
        Problem: "setting.no_cluster" if there is none at that address.
    """

    def __init__(self, chosen: Settings, folder: Path) -> None:
        _set(chosen)
        with _own_signals():
            _join(chosen, folder)
            # With options, so that it has its router before several threads ask for one.
            self._handle = _deployed(chosen.workers, chosen.most).options(stream=True)
        self._photos: ByteCache[tuple[Any, int]] = ByteCache(
            PHOTOS, size=lambda put: put[1], grows=False
        )

    def answer(self, question: Question) -> Any:
        """As `ask.Behind.answer`."""
        times = itertools.count()
        steps = resumed(lambda: self._steps(question, again=next(times) > 0))
        return steps if inspect.isgeneratorfunction(question.function) else last(steps)

    def _steps(self, question: Question, again: bool) -> Generator[Any, None, Any]:
        from ray.exceptions import RayActorError, RayError, TaskCancelledError
        from ray.serve.exceptions import RayServeException

        photos: dict[str, Photo] = {}
        tellers: list[Callable[..., Any]] = []
        packed = messages.packed(messages.parted(question, photos, tellers))
        there = [self._crossed(photo) for photo in photos.values()]
        handle = self._handle.options(multiplexed_model_id=question.key)
        said = handle.answer.remote(packed, again, *there)
        begun = over = False
        try:
            for one in said:
                reply: Reply = pickle.loads(one)
                begun = True
                if reply.kind == "told":
                    teller, args = reply.value
                    tellers[teller](*args)
                elif reply.kind == "step":
                    yield reply.value
                elif reply.kind != "begun":
                    over = True
                    if reply.kind == "failed":
                        raise reply.value
                    return reply.value
            raise Ended(mine=begun)
        except (RayActorError, TaskCancelledError):
            over = True
            raise Ended(mine=begun) from None
        except (RayError, RayServeException) as error:
            over = True
            LOG.warning("the cluster does not answer (%s)", type(error).__name__)
            raise Problem("problem.worker_ended") from None
        finally:
            if not over:
                said.cancel()

    def _crossed(self, photo: Photo) -> Any:
        """What stands for a photo that is in the cluster's memory."""
        import ray

        return self._photos.get(photo.key, lambda: (ray.put(photo), photo.pixels.nbytes))[0]

    def close(self) -> None:
        """Leave the cluster; one that this process began ends, with whatever is under way."""
        import ray

        ray.shutdown()


def _set(chosen: Settings) -> None:
    """What Ray reads when it is imported."""
    os.environ.update(PRIVATE)
    if chosen.cluster == "local":
        os.environ.update(LOCAL)
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))


def _join(chosen: Settings, folder: Path) -> None:
    import ray

    options: dict[str, Any] = {"logging_level": "WARNING"}
    if chosen.cluster != "local":
        try:
            ray.init(chosen.cluster, **options)
        except (ConnectionError, ValueError, RuntimeError) as error:
            reason = str(error).splitlines()[0]
            raise Problem("setting.no_cluster", value=chosen.cluster, reason=reason) from None
        return
    with _environment(NOWHERE):
        ray.init(
            num_cpus=chosen.most,
            include_dashboard=False,
            object_store_memory=STORE,
            # In the folder, since Ray opens its own to everybody.
            _temp_dir=str(folder / "ray"),
            **options,
        )


def _deployed(least: int, most: int) -> Any:
    """The handle of the deployment, which the first page of a cluster makes."""
    from ray import serve

    from demo.engine.replica import Replica

    serve.start(proxy_location="Disabled", logging_config=LOGGED)
    if NAME in serve.status().applications:
        return serve.get_app_handle(NAME)
    deployment = serve.deployment(
        Replica,
        name="networks",
        ray_actor_options={"num_cpus": 1},
        max_ongoing_requests=settings.EACH,
        # One at work and one that waits keep it busy; where more wait, another one is started.
        autoscaling_config={
            "min_replicas": least,
            "max_replicas": most,
            "target_ongoing_requests": 2,
            # A class begins all at once.
            "upscale_delay_s": 5,
        },
        # A dead one is missed after a second.
        health_check_period_s=1,
        logging_config=LOGGED,
    )
    return serve.run(deployment.bind(), name=NAME, route_prefix=None)


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """While open, processes that begin find these set."""
    kept = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        for name in values:
            os.environ.pop(name)
            if name in kept:
                os.environ[name] = kept[name]


@contextmanager
def _own_signals() -> Iterator[None]:
    """Ray takes signals for itself; they stay whose they were."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
