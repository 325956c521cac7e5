"""A setting that cannot be right is one sentence and exit status 2, before anything begins."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from demo import settings
from demo.records import Problem
from demo.text import LANGUAGES, text
from tests.serving import ROOT, free_port


def test_what_nobody_sets_is_as_the_readme_says() -> None:
    assert settings.read({}) == settings.Settings(
        host="127.0.0.1",
        port=7860,
        weights=None,
        mirror="",
        hub="first",
        workers=max(1, min(4, settings.cores() // 2)),
        most=max(1, min(4, settings.cores() // 2)),
        cluster="",
        at_once=1,
        model_cache=2048 * 2**20,
        trace_cache=256 * 2**20,
        uploads=2048 * 2**20,
        visitor=400 * 2**20,
    )


def test_what_is_set_is_read(tmp_path: Path) -> None:
    found = settings.read(
        {
            "GRADIO_SERVER_NAME": "0.0.0.0",
            "GRADIO_SERVER_PORT": " 8080 ",
            "FOUR_FAMILIES_WEIGHTS": str(tmp_path / "new" / "weights"),
            "FOUR_FAMILIES_MIRROR": "https://weights.example/resnets/",
            "FOUR_FAMILIES_HUB": "second",
            "FOUR_FAMILIES_AT_ONCE": "2",
            "FOUR_FAMILIES_WORKERS": "3",
            "FOUR_FAMILIES_MODEL_CACHE_MB": "0",
            "FOUR_FAMILIES_UPLOADS_MB": "100",
        }
    )
    assert (found.host, found.port, found.at_once) == ("0.0.0.0", 8080, 2)
    # One thread more than workers waits for them.
    assert (found.workers, found.waiting) == (3, 4)
    assert settings.read({"FOUR_FAMILIES_AT_ONCE": "2", "FOUR_FAMILIES_WORKERS": "0"}).waiting == 2
    assert found.weights == tmp_path / "new" / "weights"
    assert (found.mirror, found.hub) == ("https://weights.example/resnets/", "second")
    assert (found.model_cache, found.uploads) == (0, 100 * 2**20)
    assert settings.read({"FOUR_FAMILIES_MIRROR": "http://127.0.0.1:9/"}).mirror


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("FOUR_FAMILIES_HUB", "never", "setting.choice"),
        ("FOUR_FAMILIES_CLUSTER", "ray://head:10001", "setting.cluster"),
        ("FOUR_FAMILIES_CLUSTER", "head", "setting.cluster"),
        ("FOUR_FAMILIES_CLUSTER", "head:", "setting.cluster"),
        ("FOUR_FAMILIES_WORKERS_MOST", "0", "setting.whole"),
        ("FOUR_FAMILIES_AT_ONCE", "0", "setting.whole"),
        ("FOUR_FAMILIES_WORKERS", "65", "setting.whole"),
        ("FOUR_FAMILIES_AT_ONCE", "two", "setting.whole"),
        ("FOUR_FAMILIES_AT_ONCE", "1.5", "setting.whole"),
        ("FOUR_FAMILIES_AT_ONCE", "２", "setting.whole"),
        ("FOUR_FAMILIES_AT_ONCE", "9" * 5000, "setting.whole"),
        ("GRADIO_SERVER_PORT", "0", "setting.whole"),
        ("GRADIO_SERVER_PORT", "65536", "setting.whole"),
        ("GRADIO_SERVER_PORT", "-1", "setting.whole"),
        ("FOUR_FAMILIES_MODEL_CACHE_MB", "-1", "setting.whole"),
        ("FOUR_FAMILIES_TRACE_CACHE_MB", "much", "setting.whole"),
        ("FOUR_FAMILIES_UPLOADS_MB", "1", "setting.whole"),
        ("FOUR_FAMILIES_VISITOR_MB", "1", "setting.whole"),
        ("FOUR_FAMILIES_MIRROR", "http://teacher.local/", "setting.mirror"),
        ("FOUR_FAMILIES_MIRROR", "ftp://127.0.0.1/", "setting.mirror"),
        ("FOUR_FAMILIES_MIRROR", "https://", "setting.mirror"),
        ("FOUR_FAMILIES_MIRROR", "http://127.0.0.1:port/", "setting.mirror"),
        ("FOUR_FAMILIES_MIRROR", "http://[", "setting.mirror"),
        ("FOUR_FAMILIES_WEIGHTS", __file__, "setting.folder"),
        ("FOUR_FAMILIES_WEIGHTS", f"{__file__}/weights", "setting.folder"),
        ("FOUR_FAMILIES_WEIGHTS", "nul\0byte", "setting.folder"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(name: str, value: str, key: str) -> None:
    with pytest.raises(Problem) as problem:
        settings.read({name: value})
    assert problem.value.key == key
    for lang in LANGUAGES:
        sentence = text(lang)(key, **problem.value.values)
        assert name in sentence
        assert value.strip() in sentence


def test_a_cluster_has_a_worker_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.importlib.util, "find_spec", lambda name: name)
    for address in ("local", "auto", "10.0.0.1:6379", "head:6379"):
        bounds = {"FOUR_FAMILIES_WORKERS": "2", "FOUR_FAMILIES_WORKERS_MOST": "5"}
        found = settings.read({"FOUR_FAMILIES_CLUSTER": address, **bounds})
        assert (found.cluster, found.workers, found.most) == (address, 2, 5)
        # As many as its replicas take.
        assert found.waiting == 5 * settings.EACH == 20
    for wrong in ({"FOUR_FAMILIES_WORKERS": "0"}, {"FOUR_FAMILIES_WORKERS_MOST": "0"}):
        with pytest.raises(Problem) as problem:
            settings.read({"FOUR_FAMILIES_CLUSTER": "local", **wrong})
        assert problem.value.values["name"] in wrong
        assert problem.value.values["least"] >= 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_cluster_without_ray_is_refused(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem) as problem:
        settings.read({"FOUR_FAMILIES_CLUSTER": "local"})
    assert problem.value.key == "setting.no_ray"
    assert "requirements-cluster.txt" in text(lang)(problem.value.key, **problem.value.values)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"FOUR_FAMILIES_CLUSTER": "ray://a:1"}, "FOUR_FAMILIES_CLUSTER is ray://a:1, but must"),
        ({"FOUR_FAMILIES_AT_ONCE": "0"}, "FOUR_FAMILIES_AT_ONCE is 0, but must be a whole number"),
        ({"GRADIO_SERVER_PORT": "70000"}, "from 1 to 65535"),
        ({"GRADIO_SERVER_NAME": "nowhere.invalid"}, "of nowhere.invalid cannot be used"),
    ],
)
def test_a_wrong_setting_ends_the_app_with_a_sentence(
    environment: dict[str, str], words: str
) -> None:
    ended = start(**environment)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert ended.stdout == ""


def test_a_taken_port_is_said_with_what_to_do() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = start(GRADIO_SERVER_NAME="127.0.0.1", GRADIO_SERVER_PORT=str(port))
    assert ended.returncode == 2
    assert f"Port {port} of 127.0.0.1 cannot be used" in ended.stderr
    assert "Is the app open already? Otherwise set GRADIO_SERVER_PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_only_a_spaces_proxies_are_believed() -> None:
    alone: dict[str, str] = {}
    settings.tell_gradio(alone)
    assert "FORWARDED_ALLOW_IPS" not in alone
    assert alone["GRADIO_ANALYTICS_ENABLED"] == "False"
    space = {"SPACE_ID": "school/lesson", "HF_HUB_DISABLE_TELEMETRY": "0"}
    settings.tell_gradio(space)
    assert "10.0.0.0/8" in space["FORWARDED_ALLOW_IPS"]
    assert space["HF_HUB_DISABLE_TELEMETRY"] == "0"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """The app, which is expected to end by itself."""
    return subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env={**os.environ, "GRADIO_SERVER_PORT": str(free_port()), **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
