"""Downloads against a real server: progress, checksum, cuts, crowds, no network."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from demo.records import Problem
from demo.text import text
from demo.zoo import weights
from demo.zoo.loading import load
from demo.zoo.spec import ModelSpec
from tests.zoo.conftest import Checkpoint
from tests.zoo.server import Server

COMMAND = "python run.py fetch tiny"


def files(tmp_path: Path) -> list[str]:
    """What a folder of weights holds, lock files left out."""
    return sorted(p.name for p in (tmp_path / "weights").iterdir() if p.suffix != ".lock")


def problem_of(action: Callable[[], object]) -> Problem:
    with pytest.raises(Problem) as caught:
        action()
    return caught.value


def test_a_download_shows_progress_and_is_whole(served: Checkpoint, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert weights.readiness(served.spec) == "absent"
    path = weights.fetch(served.spec, lambda done, total: seen.append((done, total)))
    assert path.read_bytes() == served.content
    size = len(served.content)
    assert seen[0] == (0, size)
    assert seen[-1] == (size, size)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert len(seen) > 3
    assert weights.readiness(served.spec) == "downloaded"
    assert files(tmp_path) == [path.name]


def test_what_is_there_is_not_fetched_again(served: Checkpoint, server: Server) -> None:
    first = weights.fetch(served.spec)
    assert weights.fetch(served.spec) == first
    assert len(server.requests) == 1


def test_a_wrong_checksum_leaves_nothing(
    served: Checkpoint, server: Server, tmp_path: Path
) -> None:
    name = next(iter(server.files))
    server.files[name] = served.content[:-1] + b"!"
    problem = problem_of(lambda: weights.fetch(served.spec))
    assert problem.key == "problem.bad_checksum"
    assert problem.values == {"model": "Tiny", "command": COMMAND}
    assert files(tmp_path) == []
    assert weights.readiness(served.spec) == "absent"


def test_a_cut_connection_is_resumed(served: Checkpoint, server: Server) -> None:
    server.cuts = [100_000, 200_000]
    path = weights.fetch(served.spec)
    assert path.read_bytes() == served.content
    assert [start for _, start in server.requests] == [0, 100_000, 300_000]


def test_a_server_without_ranges_starts_again(served: Checkpoint, server: Server) -> None:
    server.cuts, server.ranges = [100_000], False
    assert weights.fetch(served.spec).read_bytes() == served.content
    assert [start for _, start in server.requests] == [0, 0]


def test_what_an_interrupted_download_left_is_taken_up(
    served: Checkpoint, server: Server, tmp_path: Path
) -> None:
    server.cuts = [100_000, 0, 0, 0]
    problem = problem_of(lambda: weights.fetch(served.spec))
    assert problem.key == "problem.broken_download"
    assert (problem.values["done"], problem.values["total"]) == (
        0,
        round(len(served.content) / 1e6),
    )
    # What is there does not look like weights, and nobody takes it for them.
    name = next(iter(server.files))
    assert files(tmp_path) == [f"{name}.part"]
    assert weights.readiness(served.spec) == "absent"
    server.requests.clear()
    assert weights.fetch(served.spec).read_bytes() == served.content
    assert server.requests == [(f"/{name}", 100_000)]
    assert files(tmp_path) == [name]


def test_a_rest_of_another_file_is_no_obstacle(
    served: Checkpoint, server: Server, tmp_path: Path
) -> None:
    name = next(iter(server.files))
    for rest in (b"x" * 1_000, b"x" * 10_000_000):
        (tmp_path / "weights").mkdir(exist_ok=True)
        (tmp_path / "weights" / f"{name}.part").write_bytes(rest)
        path = weights.fetch(served.spec)
        assert path.read_bytes() == served.content
        path.unlink()


def test_a_killed_process_leaves_no_whole_file(
    served: Checkpoint, server: Server, tmp_path: Path
) -> None:
    server.delay = 0.05
    name = next(iter(server.files))
    script = (
        "import sys; from pathlib import Path; from demo.zoo.download import download\n"
        "download(sys.argv[1], Path(sys.argv[2]), '', 0, lambda done, total: print(done, flush=1))"
    )
    target = tmp_path / "weights" / name
    target.parent.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", script, f"{server.address}/{name}", str(target)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    while int(process.stdout.readline()) < 100_000:
        pass
    process.kill()
    process.wait()
    assert not target.exists()
    server.delay = 0.0
    assert weights.fetch(served.spec).read_bytes() == served.content


def test_thirty_at_once_cause_one_download(served: Checkpoint, server: Server) -> None:
    server.delay = 0.02
    together = threading.Barrier(30)
    seen: dict[int, list[int]] = {i: [] for i in range(30)}

    def ask(i: int) -> Path:
        together.wait()
        return weights.fetch(served.spec, lambda done, total: seen[i].append(done))

    with ThreadPoolExecutor(30) as pool:
        paths = set(pool.map(ask, range(30)))
    assert len(paths) == 1
    assert len(server.requests) == 1


def test_those_who_wait_share_the_failure(served: Checkpoint, server: Server) -> None:
    server.delay = 0.02
    name = next(iter(server.files))
    server.files[name] = served.content[:-1] + b"!"
    together = threading.Barrier(8)

    def ask(_: int) -> str:
        together.wait()
        return problem_of(lambda: weights.fetch(served.spec)).key

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {"problem.bad_checksum"}
    assert len(server.requests) == 1


def test_two_processes_cause_one_download(
    served: Checkpoint, server: Server, tmp_path: Path
) -> None:
    server.delay = 0.05
    name = next(iter(server.files))
    (tmp_path / "weights").mkdir()
    script = (
        "import sys; from pathlib import Path; from demo.zoo.download import download\n"
        f"download(sys.argv[1], Path(sys.argv[2]), {served.spec.weights.sha256!r}, 0, "
        "lambda done, total: None)"
    )
    arguments = [f"{server.address}/{name}", str(tmp_path / "weights" / name)]
    both = [subprocess.Popen([sys.executable, "-c", script, *arguments]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(server.requests) == 1
    assert (tmp_path / "weights" / name).read_bytes() == served.content


def test_without_a_network_one_sentence_says_what_to_do(
    served: Checkpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FOUR_FAMILIES_MIRROR")  # its own address: a port where nobody answers
    problem = problem_of(lambda: weights.fetch(served.spec))
    assert problem.key == "problem.needs_download"
    assert problem.values == {"model": "Tiny", "command": COMMAND}
    assert files(tmp_path) == []


def test_a_silent_server_is_asked_once(served: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.zoo.download.TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("FOUR_FAMILIES_MIRROR", f"http://127.0.0.1:{silent.getsockname()[1]}")
        keys = [problem_of(lambda: weights.fetch(served.spec)).key for _ in range(2)]
        assert keys == ["problem.needs_download"] * 2
        silent.settimeout(0.2)
        silent.accept()
        with pytest.raises(TimeoutError):
            silent.accept()


@pytest.mark.parametrize("status", [404, 403, 503])
def test_a_server_that_refuses(served: Checkpoint, server: Server, status: int) -> None:
    server.status = status
    problem = problem_of(lambda: weights.fetch(served.spec))
    assert problem.key == "problem.not_served"
    assert problem.values["status"] == status


def test_a_folder_that_cannot_be_written(
    served: Checkpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path / "file"))
    assert problem_of(lambda: weights.fetch(served.spec)).key == "problem.no_room"


if sys.platform == "linux":  # the system itself says that there is no room

    def test_a_disk_that_fills_up(
        served: Checkpoint,
        server: Server,
        tmp_path: Path,
        in_catalogue: Callable[[ModelSpec], None],
    ) -> None:
        folder, name = tmp_path / "weights", next(iter(server.files))
        folder.mkdir()
        part = folder / f"{name}.part"
        part.symlink_to("/dev/full")
        in_catalogue(served.spec)
        problem = problem_of(lambda: weights.fetch(served.spec))
        assert problem.key == "problem.no_room"
        assert problem.values["model"] == "Tiny"
        assert str(problem.values["reason"]) == os.strerror(errno.ENOSPC)
        for lang in ("en", "ja"):
            assert os.strerror(errno.ENOSPC) in text(lang)(problem.key, **problem.values)
        # It is what is said of this network from then on; the others answer, and so does this one
        # once there is room.
        assert problem_of(lambda: load("tiny")).key == "problem.no_room"
        assert load("mini_resnet").source == "bundled"
        part.unlink()
        assert weights.fetch(served.spec).read_bytes() == served.content
        assert load("tiny").source == "downloaded"


def test_the_next_folder_is_taken_where_the_first_cannot_be_written(
    served: Checkpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("FOUR_FAMILIES_WEIGHTS")
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "file" / "hub"))
    (tmp_path / "file").write_text("no folder")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    path = weights.fetch(served.spec)
    assert path.parent == tmp_path / "home" / ".cache" / "four-families"
    assert weights.file_of(served.spec) == path


@pytest.mark.parametrize("damage", ["cut", "swapped"])
def test_a_damaged_file_is_refused_and_removed(
    served: Checkpoint, damage: str, in_catalogue: Callable[[ModelSpec], None]
) -> None:
    in_catalogue(served.spec)
    path = weights.fetch(served.spec)
    if damage == "cut":
        path.write_bytes(served.content[: len(served.content) // 2])
    else:
        # A whole file of the same network, with other values.
        other = {name: tensor + 1 for name, tensor in served.network.state_dict().items()}
        torch.save(other, path)
    problem = problem_of(lambda: load("tiny"))
    assert (problem.key, problem.values) == (
        "problem.bad_checksum",
        {"model": "Tiny", "command": COMMAND},
    )
    assert not path.exists()
    assert weights.fetch(served.spec).read_bytes() == served.content
    x = torch.rand(2, 3, 4, 4)
    assert torch.allclose(load("tiny").network(x), served.network(x), atol=1e-6)


def test_a_file_is_data_never_code(served: Checkpoint, server: Server, tmp_path: Path) -> None:
    harmful = tmp_path / "harmful.pth"
    torch.save({"weight": Harmful()}, harmful)
    spec = replace(served.spec, weights=replace(served.spec.weights, sha256=""))
    with pytest.raises(Exception, match=r"weights_only|WeightsUnpickler|Unsupported"):
        weights.read(spec, harmful)


class Harmful:
    def __reduce__(self) -> tuple[object, ...]:
        return (exec, ("raise SystemExit('ran')",))


def test_missing_bundled_weights_are_a_problem(served: Checkpoint) -> None:
    spec = replace(served.spec, weights=replace(served.spec.weights, kind="bundled"))
    assert weights.readiness(spec) == "absent"
    assert problem_of(lambda: weights.fetch(spec)).key == "problem.no_weights"


def test_loading_never_downloads_and_says_why_the_weights_are_not_here(
    served: Checkpoint, server: Server, in_catalogue: Callable[[ModelSpec], None]
) -> None:
    in_catalogue(served.spec)
    assert problem_of(lambda: load("tiny")).key == "problem.not_here"
    assert server.requests == []
    server.status = 404
    problem_of(lambda: weights.fetch(served.spec))
    assert problem_of(lambda: load("tiny")).key == "problem.not_served"
    server.status = 200
    server.requests.clear()
    weights.fetch(served.spec)
    model = load("tiny")
    assert model.source == "downloaded"
    x = torch.rand(2, 3, 4, 4)
    assert torch.allclose(model.network(x), served.network(x), atol=1e-6)
    assert load("tiny") is model
    assert len(server.requests) == 1


def test_the_command_line(
    served: Checkpoint,
    server: Server,
    in_catalogue: Callable[[ModelSpec], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    in_catalogue(served.spec)
    assert weights.main(["fetch", "tiny"]) == 0
    out = capsys.readouterr().out
    assert "Tiny: 0.0 of 0.6 MB" in out
    assert out.endswith("Tiny is ready.\n")
    assert weights.readiness(served.spec) == "downloaded"
    server.status = 404
    weights.file_of(served.spec).unlink()
    assert weights.main(["fetch", "tiny", "unheard_of"]) == 1
    errors = capsys.readouterr().err
    assert "status 404" in errors
    assert "no network called unheard_of" in errors
    assert weights.main(["list"]) == 0
    assert "efficientnet_lite0         18.8 MB  bundled" in capsys.readouterr().out
