"""What the environment sets, checked in one place: a wrong value is a sentence, at once."""

from __future__ import annotations

import importlib.util
import os
import socket
import sys
import tempfile
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from demo.records import Problem
from demo.text import text

EACH = 4
"""Questions under way at most in one process of a cluster. While it works the others wait there: of
more, the last would be answered sooner where its network has yet to be read.
"""
HERE = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Settings:
    """The settings of one process; README lists the variables.

    host, port: where the app is served. weights: folder of downloaded weights, None for the
    default ones. mirror: address that hands the weights out, "" for their own. hub: whether the
    Hugging Face hub is asked for weights before PyTorch's host is ("first") or after it ("second").
    workers: processes in which networks run; with 0 they run in this one, at_once at the same time.
    cluster: "" for processes of this server's own, otherwise Ray's cluster in which they run:
    "local" is one that this process begins, all else the address of one that this machine belongs
    to. most: processes that the cluster may have when many ask.
    model_cache, trace_cache: bytes kept of networks and of forward passes. uploads, visitor: bytes
    of uploaded files on the disk, in all and of one visitor.
    """

    host: str
    port: int
    weights: Path | None
    mirror: str
    hub: str
    workers: int
    most: int
    cluster: str
    at_once: int
    model_cache: int
    trace_cache: int
    uploads: int
    visitor: int

    @property
    def waiting(self) -> int:
        """Threads that wait for networks: one more than workers, so that all have what to do while
        an answer is drawn; of a cluster as many questions as it takes.
        """
        if self.cluster:
            return EACH * self.most
        return self.workers + 1 if self.workers else self.at_once


def cores() -> int:
    """Processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings that the environment names; the defaults otherwise.

    Raises:
        Problem: "setting.whole", ".choice", ".mirror" or ".folder", which name the variable and its
            value.
    """

    def whole(name: str, default: int, least: int, most: int) -> int:
        written = environ.get(name, "").strip() or str(default)
        if not (written.isascii() and written.isdigit() and least <= int(written[:12]) <= most):
            raise Problem("setting.whole", name=name, value=written, least=least, most=most)
        return int(written)

    def choice(name: str, *choices: str) -> str:
        written = environ.get(name, "").strip() or choices[0]
        if written not in choices:
            raise Problem("setting.choice", name=name, value=written, choices=", ".join(choices))
        return written

    def megabytes(name: str, default: int, least: int = 0) -> int:
        return whole(name, default, least, 1_000_000) * 2**20

    cluster = _cluster("FOUR_FAMILIES_CLUSTER", environ)
    # Two cores do one network at a time best; a worker takes memory for its libraries.
    usual = max(1, min(4, cores() // 2))
    workers = whole("FOUR_FAMILIES_WORKERS", usual, 1 if cluster else 0, 64)
    return Settings(
        host=environ.get("GRADIO_SERVER_NAME", "").strip() or "127.0.0.1",
        port=whole("GRADIO_SERVER_PORT", 7860, 1, 65_535),
        weights=_folder("FOUR_FAMILIES_WEIGHTS", environ),
        mirror=_mirror("FOUR_FAMILIES_MIRROR", environ),
        hub=choice("FOUR_FAMILIES_HUB", "first", "second"),
        workers=workers,
        most=whole("FOUR_FAMILIES_WORKERS_MOST", workers, workers, 1_000),
        cluster=cluster,
        at_once=whole("FOUR_FAMILIES_AT_ONCE", 1, 1, 64),
        model_cache=megabytes("FOUR_FAMILIES_MODEL_CACHE_MB", 2048),
        trace_cache=megabytes("FOUR_FAMILIES_TRACE_CACHE_MB", 256),
        uploads=megabytes("FOUR_FAMILIES_UPLOADS_MB", 2048, 100),
        visitor=megabytes("FOUR_FAMILIES_VISITOR_MB", 400, 20),
    )


def at_start() -> Settings:
    """The settings of a process that is to serve; a wrong one ends it with a sentence and status 2.

    A port that is taken is said here as well, before anything slow begins.
    """
    try:
        return _with_free_port(read())
    except Problem as problem:
        refuse(problem)


def tell_gradio(environ: MutableMapping[str, str] = os.environ) -> None:
    """What Gradio and its server read from the environment; call it before gradio is imported."""
    # At the end of each event Gradio would count up all the others, for a page that is not served.
    environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000000")
    environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if "SPACE_ID" in environ:
        # A Space's visitors all come through its proxies, which say whose request it is. The last
        # address that is not theirs is believed; what a visitor wrote in front of it is not.
        environ.setdefault(
            "FORWARDED_ALLOW_IPS", "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16"
        )


def refuse(problem: Problem) -> NoReturn:
    """End the process with the problem's sentence and exit status 2."""
    print(text("en")(problem.key, **problem.values), file=sys.stderr, flush=True)
    raise SystemExit(2)


def port_taken(settings: Settings, reason: str) -> Problem:
    """What to say where the app's port cannot be had."""
    other = settings.port + 1 if settings.port < 65_535 else settings.port - 1
    return Problem(
        "setting.port", host=settings.host, port=settings.port, other=other, reason=reason
    )


def _with_free_port(settings: Settings) -> Settings:
    try:
        host = settings.host.strip("[]")
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, settings.port, type=socket.SOCK_STREAM
        ):
            with socket.socket(family, kind, protocol) as probe:
                if os.name == "posix":
                    # A port that was closed a moment ago is free. (Elsewhere this option would
                    # share one that is in use.)
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise port_taken(settings, error.strerror or str(error)) from None
    return settings


def _folder(name: str, environ: Mapping[str, str]) -> Path | None:
    written = environ.get(name, "")
    if not written:
        return None
    folder = Path(written).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            # A folder that holds weights may be read-only; an empty one is there to be filled.
            with tempfile.TemporaryFile(dir=folder):
                pass
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise Problem("setting.folder", name=name, value=written, reason=reason) from None
    return folder


def _cluster(name: str, environ: Mapping[str, str]) -> str:
    written = environ.get(name, "").strip()
    host, _, port = written.rpartition(":")
    if written in ("", "local", "auto"):
        pass
    elif not (host and "/" not in host and port.isascii() and port.isdigit()):
        # Steps do not come through the client of an address "ray://".
        raise Problem("setting.cluster", name=name, value=written)
    if written and importlib.util.find_spec("ray") is None:
        raise Problem("setting.no_ray", name=name, value=written)
    return written


def _mirror(name: str, environ: Mapping[str, str]) -> str:
    written = environ.get(name, "").strip()
    if not written:
        return ""
    try:
        address = urlsplit(written)
        host, _ = address.hostname or "", address.port
    except ValueError:
        raise Problem("setting.mirror", name=name, value=written) from None
    if not host or not (address.scheme == "https" or (address.scheme == "http" and host in HERE)):
        raise Problem("setting.mirror", name=name, value=written)
    return written
