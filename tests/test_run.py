"""The set-up script, run by a bare Python in a folder of its own and without a network."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import run
from tests.serving import ROOT

BARE = getattr(sys, "_base_executable", sys.executable)
"""A Python that is in no environment."""
APP = "import sys, gift; print(gift.NAME, sys.prefix == sys.base_prefix, ascii(sys.prefix))"
INSTALLING = "Installing requirements.txt into .venv: some minutes the first time."


class Checkout:
    """A folder that holds the script, an app and requirements that are wheels made here."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        shutil.copy(ROOT / "run.py", folder)
        (folder / "app.py").write_text(APP, "utf-8")
        self.ask_for("first")
        # Nothing but this folder may be looked at for packages.
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("PIP_") and k != "PYTHON"},
            "PIP_NO_INDEX": "1",
            "PIP_CONFIG_FILE": os.devnull,
        }

    def ask_for(self, name: str) -> None:
        """Require a wheel with a module `gift` of that NAME."""
        wheel = self.folder / "wheels" / f"gift_{name}-1-py3-none-any.whl"
        wheel.parent.mkdir(exist_ok=True)
        info = f"gift_{name}-1.dist-info"
        with zipfile.ZipFile(wheel, "w") as file:
            file.writestr("gift.py", f"NAME = {name!r}\n")
            file.writestr(
                f"{info}/METADATA", f"Metadata-Version: 2.1\nName: gift-{name}\nVersion: 1\n"
            )
            file.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            file.writestr(f"{info}/RECORD", "")
        (self.folder / "requirements.txt").write_text(f"./wheels/{wheel.name}\n", "utf-8")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [BARE, "run.py", *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, list[str], str]:
        """Exit status, lines written, complaints."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate(timeout=300)
        return process.returncode, out.splitlines(), err

    @property
    def python(self) -> Path:
        return self.folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    def answer(self, name: str) -> str:
        """What the app prints, run from the environment with the module of that name."""
        return f"{name} False {str(self.folder / '.venv')!a}"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Its path has a space, letters outside ASCII and a quotation mark."""
    return Checkout(tmp_path / "a teacher's 写真 ß")


def test_what_is_missing_is_installed_once(checkout: Checkout) -> None:
    assert checkout.run() == (0, [INSTALLING, checkout.answer("first")], "")
    assert checkout.run("app") == (0, [checkout.answer("first")], "")
    # Other requirements are installed into the same environment.
    kept = checkout.folder / ".venv" / "kept"
    kept.touch()
    checkout.ask_for("second")
    assert checkout.run() == (0, [INSTALLING, checkout.answer("second")], "")
    assert checkout.run() == (0, [checkout.answer("second")], "")
    # What pip refuses is said, and tried again once the reason is gone.
    (checkout.folder / "requirements.txt").write_text("four-families-nonesuch\n", "utf-8")
    status, out, err = checkout.run()
    assert (status, out) == (1, [INSTALLING])
    assert "No matching distribution found for four-families-nonesuch" in err
    assert err.endswith("Installing requirements.txt failed; pip's reason is above.\n")
    checkout.ask_for("second")
    assert checkout.run() == (0, [checkout.answer("second")], "")
    assert kept.exists()


def test_the_cluster_has_an_environment_of_its_own(checkout: Checkout) -> None:
    (checkout.folder / "app.py").write_text(
        f"import os\n{APP}\nprint(os.environ['FOUR_FAMILIES_CLUSTER'])\n"
        "print(os.environ['FOUR_FAMILIES_WORKERS'])\n",
        "utf-8",
    )
    (checkout.folder / "requirements-cluster.txt").write_text("# nothing more\n", "utf-8")
    folder = str(checkout.folder / ".venv-cluster")
    installing = [
        f"Installing {name} into .venv-cluster: some minutes the first time."
        for name in ("requirements.txt", "requirements-cluster.txt")
    ]
    said = [f"first False {folder!a}", "local", "2"]
    assert checkout.run("cluster") == (0, [*installing, *said], "")
    assert not (checkout.folder / ".venv").exists()
    said[-1] = "1"
    assert checkout.run("cluster", FOUR_FAMILIES_WORKERS="1") == (0, said, "")


def test_an_interrupted_installation_is_begun_anew(checkout: Checkout) -> None:
    project = checkout.folder / "slow"
    project.mkdir()
    (project / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "slow"\nbackend-path = ["."]\n', "utf-8"
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        # A package that says when it is being built, and is not built until somebody hangs up.
        (project / "slow.py").write_text(
            "import socket\n"
            "def build_wheel(*arguments, **options):\n"
            f"    socket.create_connection({server.getsockname()}).recv(1)\n"
            "    raise SystemExit('given up')\n",
            "utf-8",
        )
        (checkout.folder / "requirements.txt").write_text("./slow\n", "utf-8")
        process = checkout.start()
        building, _ = server.accept()
        with building:
            process.kill()
            process.wait(60)
            left = checkout.folder / ".venv" / "left"
            left.touch()
    process.communicate()
    checkout.ask_for("first")
    assert checkout.run() == (0, [INSTALLING, checkout.answer("first")], "")
    assert not left.exists()


def test_an_environment_whose_python_vanished_is_made_anew(checkout: Checkout) -> None:
    assert checkout.run()[0] == 0
    checkout.python.unlink()
    assert checkout.run() == (0, [INSTALLING, checkout.answer("first")], "")


def test_without_a_suitable_python_one_sentence_says_so(checkout: Checkout) -> None:
    nobody = str(checkout.folder / "nowhere")
    assert checkout.run(PYTHON=nobody) == (1, [], f"{run.NO_PYTHON}\n")


def test_what_it_does_not_know_is_answered_with_what_it_does(checkout: Checkout) -> None:
    for arguments in (["tests"], ["lint", "demo"]):
        status, out, err = checkout.run(*arguments)
        assert (status, out) == (2, [])
        assert "python run.py test" in err


def test_clean_removes_what_was_made(checkout: Checkout) -> None:
    made = [
        ".venv/x",
        ".venv-cluster/x",
        "test-results/x",
        "demo/zoo/__pycache__/x",
        "__pycache__/x",
    ]
    for name in (*made, "demo/zoo/kept", "runs/kept"):
        (checkout.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout.folder / name).touch()
    assert checkout.run("clean") == (0, [], "")
    left = {path.name for path in checkout.folder.rglob("*") if path.is_file()}
    assert left == {"kept", "run.py", "app.py", "requirements.txt", "gift_first-1-py3-none-any.whl"}
    assert not (checkout.folder / ".venv").exists()


@pytest.fixture
def index() -> Iterator[str]:
    """Address of a server that answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_builds_without_cuda_are_preferred_where_there_is_no_card(
    index: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("PIP_NO_INDEX", "PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(run, "CPU_BUILDS", index)
    monkeypatch.setattr(sys, "platform", "linux")
    preferred = ["--extra-index-url", index]
    assert run.small_builds() == preferred
    for other in ("win32", "darwin"):
        monkeypatch.setattr(sys, "platform", other)
        assert run.small_builds() == []
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("PIP_INDEX_URL", "https://packages.example/simple")
    assert run.small_builds() == []
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setattr(run.shutil, "which", lambda name: f"/usr/bin/{name}")
    assert run.small_builds() == []


def test_where_they_cannot_be_reached_the_package_index_alone_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(run, "CPU_BUILDS", f"http://127.0.0.1:{port}")
    assert run.small_builds() == []
