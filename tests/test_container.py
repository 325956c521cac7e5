"""The image and its composition: what they are made of, and that this is enough.

Where the tests run there may be no Docker: the files are read, and what they name is run.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

import run
from demo import settings
from tests.serving import ROOT, free_port, serving

PINNED = r"[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}"
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def instructions(name: str) -> list[str]:
    """What follows each instruction of that name, its continued lines joined."""
    lines = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.M))
    return re.findall(rf"^{name}\s+(.*)$", lines, flags=re.M)


def variables() -> dict[str, str]:
    (written,) = instructions("ENV")
    return dict(one.split("=", 1) for one in written.split())


def copied() -> list[str]:
    """Paths of this repository that the image is made of."""
    own = (one.split() for one in instructions("COPY") if not one.startswith("--from"))
    return [path for *sources, _ in own for path in sources]


def is_left_out(path: str) -> bool:
    """By .dockerignore, whose last line that fits decides; one that fits a folder fits what is in
    it."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    left_out = False
    for line in lines:
        if not line or line.startswith("#"):
            continue
        pattern = line.removeprefix("!")
        above = [*PurePosixPath(path).parents][:-1]
        names = [path, *map(str, above)]
        if pattern.startswith("**/"):
            names += [PurePosixPath(name).name for name in names]
            pattern = pattern.removeprefix("**/")
        if any(fnmatch.fnmatchcase(name, pattern) for name in names):
            left_out = not line.startswith("!")
    return left_out


def test_the_image_is_the_same_whoever_builds_it() -> None:
    base, index, more = instructions("ARG")
    assert re.fullmatch(f"PYTHON={PINNED}", base)
    assert "python:3.12." in base  # the Python that a Space runs, and requirements.txt names
    assert instructions("FROM") == ["${PYTHON} AS packages", "${PYTHON}"]
    assert index == f"TORCH_INDEX={run.CPU_BUILDS}"
    (install,) = (one for one in instructions("RUN") if "pip install" in one)
    assert '${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"}' in install
    assert "--no-cache-dir" in install
    # Nothing of a cluster, unless its composition asks for it.
    assert more == "MORE="
    assert '${MORE:+-r "/$MORE"}' in install


def test_it_runs_as_nobody_in_particular() -> None:
    (user,) = instructions("USER")
    (made,) = (one for one in instructions("RUN") if "useradd" in one)
    assert user == "10001"
    assert f"--uid {user} " in made
    assert "install -d -o page /weights" in made
    # It takes on its part after everything that root does.
    order = [line.split()[0] for line in DOCKERFILE.splitlines() if re.match("[A-Z]+ ", line)]
    assert order[order.index("USER") :] == ["USER", "EXPOSE", "HEALTHCHECK", "CMD"]
    assert instructions("CMD") == ['["python", "app.py"]']  # no shell that would keep a signal


def test_its_settings_are_settings() -> None:
    told = variables()
    found = settings.read({**told, "FOUR_FAMILIES_WEIGHTS": ""})
    assert (found.host, found.port) == ("0.0.0.0", 7860)
    assert told["FOUR_FAMILIES_WEIGHTS"] == "/weights"
    assert instructions("EXPOSE") == [told["GRADIO_SERVER_PORT"]]


def test_what_is_copied_is_there_and_nothing_else_is_sent() -> None:
    assert all((ROOT / path).exists() for path in copied())
    assert not any(is_left_out(path) for path in copied())
    inside = ("demo/page/shell.py", "assets/weights/card.json", "assets/text/ja/page.toml")
    assert not any(is_left_out(path) for path in inside)
    beside = {path.name for path in ROOT.iterdir()} - {Path(path).parts[0] for path in copied()}
    assert {".git", "tests", "benchmarks", "README.md"} <= beside
    more = (".env", ".venv/bin/python", "tests/conftest.py", "demo/__pycache__/a.pyc")
    assert all(is_left_out(path) for path in (*beside, *more, "assets/screenshot.png"))


def test_the_app_starts_from_what_is_copied_and_its_health_is_seen(tmp_path: Path) -> None:
    for path in copied():
        source, target = ROOT / path, tmp_path / path
        if source.is_dir():
            left_out = shutil.ignore_patterns("__pycache__", "screenshot.png")
            shutil.copytree(source, target, ignore=left_out)
        else:
            shutil.copy(source, target)
    (check,) = instructions("HEALTHCHECK")
    command = json.loads(check[check.index("[") :])
    assert command[0] == "python"

    def health(port: int) -> int:
        environment = {**os.environ, "GRADIO_SERVER_PORT": str(port)}
        asked = [sys.executable, *command[1:]]
        return subprocess.run(asked, env=environment, stderr=subprocess.DEVNULL).returncode

    with serving(tmp_path) as app:
        port = int(app.url.rstrip("/").rpartition(":")[2])
        assert health(port) == 0
        assert "Traceback" not in app.log
    assert health(free_port()) == 1


def services(name: str = "compose.yaml") -> dict[str, dict[str, Any]]:
    return yaml.safe_load((ROOT / name).read_text("utf-8"))["services"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("compose.yaml", "page"),
        ("compose.yaml", "front"),
        ("deploy/cluster.yaml", "head"),
        ("deploy/cluster.yaml", "worker"),
    ],
)
def test_each_container_has_no_more_than_it_needs(file: str, name: str) -> None:
    service = services(file)[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "mem_limit" in service
    assert "privileged" not in service


def test_the_composition_of_a_cluster_adds_who_works() -> None:
    added = services("deploy/cluster.yaml")
    head, worker, page = added["head"], added["worker"], added["page"]
    (file,) = {page["build"]["args"]["MORE"]}
    assert (ROOT / file).is_file()
    assert not is_left_out(file)
    # One image, so that all find the functions that are asked by name.
    assert page["image"] == head["image"] == worker["image"]
    for service in (head, worker, page):
        assert "ports" not in service
        told = service["environment"]
        assert told["RAY_AUTH_MODE"] == "token"
        assert told["RAY_AUTH_TOKEN"].startswith("${RAY_AUTH_TOKEN:?")
        assert told["RAY_USAGE_STATS_ENABLED"] == 0
        # Weights come through the page alone; what Ray would send goes nowhere.
        assert ("http_proxy" in told) == (service is not page)
        command = " ".join(
            [service["command"]] if "--block" in service["command"] else service["command"]
        )
        stored = int(command.partition("--object-store-memory=")[2].split()[0])
        assert stored < int(service["shm_size"].removesuffix("m")) * 2**20
    assert "--port=6379 --num-cpus=0 " in head["command"]
    assert head["healthcheck"]["test"][-1] == "127.0.0.1:6379"
    assert " --address=head:6379 " in worker["command"]
    # A page is a member, and runs nothing but itself.
    assert " --address=head:6379 --num-cpus=0 " in page["command"][-1]
    assert page["command"][-1].endswith("&& exec python app.py")
    assert page["environment"]["FOUR_FAMILIES_CLUSTER"] == "auto"


def test_the_composition_leads_through_the_front() -> None:
    page, front = services()["page"], services()["front"]
    assert page["build"]["context"] == "."
    assert run.CPU_BUILDS in page["build"]["args"]["TORCH_INDEX"]
    assert re.fullmatch(PINNED, front["image"])
    # Nobody reaches a replica past the front, which alone says for whom it asks.
    assert "ports" not in page
    assert page["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    config = (ROOT / "deploy" / "front.cfg").read_text("utf-8")
    assert "http-request del-header X-Forwarded-For\n    option forwardfor" in config
    (published,) = front["ports"]
    assert f"bind :{published.rpartition(':')[2]}\n" in config
    assert config.count(f" page:{variables()['GRADIO_SERVER_PORT']} ") == 2
    assert page["expose"] == instructions("EXPOSE")
    # On this machine alone, unless somebody says otherwise.
    assert published.startswith("${ADDRESS:-127.0.0.1}:")
    # What the settings allow for photos fits where they lie.
    assert page["environment"]["FOUR_FAMILIES_UPLOADS_MB"] == 512
    assert page["tmpfs"] == ["/tmp:size=768m,mode=1777"]
    for mounted in front["volumes"]:
        assert (ROOT / mounted.partition(":")[0]).is_file()
