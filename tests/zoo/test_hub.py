"""Weights from the hub: its cache as `preload_from_hub` leaves it, and downloads from a server."""

from __future__ import annotations

import hashlib
import os
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import save

from demo.records import Problem
from demo.zoo import hub, weights
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import load
from demo.zoo.spec import HubCopy, ModelSpec
from demo.zoo.vision import timm
from tests.serving import ROOT
from tests.zoo.conftest import Checkpoint
from tests.zoo.counting import without_values
from tests.zoo.server import Server

COPIES = {one.key: one.weights.hub for one in CATALOGUE if one.weights.hub}
REPO = "owner/tiny.tv_in1k"


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def refused(action: Callable[[], object]) -> str:
    """Key of the problem that the action raises."""
    with pytest.raises(Problem) as caught:
        action()
    return caught.value.key


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of the hub, and an empty folder of weights."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path / "weights"))
    return tmp_path / "hub"


def lay(
    cache: Path,
    repo: str,
    content: bytes,
    digest: str = "",
    commit: str = "a" * 40,
    ref: bool = True,
    link: bool = True,
) -> Path:
    """Put a file into the cache as the hub's library does; returns where it is found."""
    storage = cache / f"models--{repo.replace('/', '--')}"
    blob = storage / "blobs" / (digest or sha256(content))
    pointer = storage / "snapshots" / commit / "model.safetensors"
    for folder in (blob.parent, pointer.parent, storage / "refs"):
        folder.mkdir(parents=True)
    if link:
        blob.write_bytes(content)
        pointer.symlink_to(Path(os.path.relpath(blob, pointer.parent)))
    else:
        pointer.write_bytes(content)
    if ref:
        (storage / "refs" / "main").write_text(commit, "utf-8")
    return pointer


def random(one: ModelSpec) -> tuple[torch.nn.Module, bytes]:
    """The network with random weights, and them as a file."""
    torch.manual_seed(0)
    network = one.build().eval()
    return network, save(network.state_dict())


@pytest.mark.parametrize("key", ["densenet169", "inception_v3"])
def test_what_was_preloaded_loads_without_a_network(
    key: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = spec(key)
    network, content = random(one)
    assert weights.readiness(one) == "absent"
    pointer = lay(cache, COPIES[key].repo, content)
    monkeypatch.setattr(socket.socket, "connect", None)
    assert weights.readiness(one) == "downloaded"
    assert weights.fetch(one) == pointer
    model = load(key)
    assert model.source == "downloaded"
    x = torch.randn(1, 3, 96, 96)
    assert torch.allclose(model.network(x), network(x), atol=1e-4)
    assert model.spec.preprocess.mean == (0.485, 0.456, 0.406)


@pytest.fixture
def tiny(checkpoint: Checkpoint) -> ModelSpec:
    """A small network with a copy on the hub whose digest is not known here."""
    return with_copy(checkpoint, HubCopy(REPO))


def with_copy(checkpoint: Checkpoint, copy: HubCopy) -> ModelSpec:
    return replace(checkpoint.spec, weights=replace(checkpoint.spec.weights, hub=copy))


@pytest.fixture
def content(checkpoint: Checkpoint) -> bytes:
    """The file of that copy."""
    return save(checkpoint.network.state_dict())


def test_a_preloaded_commit_needs_no_branch(
    checkpoint: Checkpoint,
    content: bytes,
    cache: Path,
    in_catalogue: Callable[[ModelSpec], None],
) -> None:
    in_catalogue(with_copy(checkpoint, HubCopy(REPO, "b" * 40, sha256(content))))
    lay(cache, REPO, content, commit="b" * 40, ref=False)
    assert load("tiny").source == "downloaded"


@pytest.mark.parametrize("damage", ["cut", "changed", "other digest"])
@pytest.mark.parametrize("known", [True, False])
def test_a_preloaded_file_is_held_to_its_digest(
    damage: str, known: bool, checkpoint: Checkpoint, content: bytes, cache: Path
) -> None:
    one = with_copy(checkpoint, HubCopy(REPO, "main", sha256(content) if known else ""))
    bad = {"cut": content[:-1], "changed": content[:-1] + b"!"}.get(damage, content + b" ")
    pointer = lay(cache, REPO, bad, digest=sha256(content))
    assert refused(lambda: weights.read(one, pointer)) == "problem.bad_checksum"
    # It is gone, blob and all, so that the next try is not held up by it.
    assert weights.readiness(one) == "absent"
    assert [path for path in cache.rglob("*") if path.name == sha256(content)] == []


def test_a_known_digest_beats_the_name_of_the_blob(cache: Path) -> None:
    one = spec("resnet50")
    _, content = random(one)
    pointer = lay(cache, COPIES["resnet50"].repo, content)
    assert refused(lambda: load("resnet50")) == "problem.bad_checksum"
    assert not pointer.exists()


def test_where_the_cache_has_no_links_the_file_itself_is_looked_at(
    tiny: ModelSpec, content: bytes, cache: Path, in_catalogue: Callable[[ModelSpec], None]
) -> None:
    in_catalogue(tiny)
    pointer = lay(cache, REPO, content, link=False)
    assert load("tiny").source == "downloaded"
    for other in (content[:-1], save({"weight": torch.zeros(2)}), b"{}"):
        pointer.write_bytes(other)
        assert refused(lambda: weights.fetch(tiny) and load_again()) == "problem.bad_checksum"
        assert not pointer.exists()


def load_again() -> object:
    from demo.zoo.loading import MODELS

    MODELS.clear()
    return load("tiny")


@pytest.fixture
def online(server: Server, content: bytes, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The server as the hub, with the copy; torchvision's own address answers nobody."""
    monkeypatch.delenv("FOUR_FAMILIES_MIRROR", raising=False)
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", server.address)
    monkeypatch.setattr(
        "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
        server.address + "/{repo_id}/resolve/{revision}/{filename}",
    )
    monkeypatch.setattr("demo.zoo.download.PAUSE", 0.01)
    server.files[REPO] = content
    server.linked = sha256(content)
    return server


HEAD = (f"HEAD /{REPO}/resolve/main/model.safetensors", 0)
GET = (f"GET /{REPO}/resolve/{'c' * 40}/model.safetensors", 0)


def test_a_download_from_the_hub_is_held_to_what_the_hub_says(
    tiny: ModelSpec, online: Server, content: bytes, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    online.cuts = [100_000]
    path = weights.fetch(tiny, lambda done, total: seen.append((done, total)))
    # Into the folder of weights, which a teacher copies, under a name that holds the digest.
    assert path == tmp_path / "weights" / f"tiny.tv_in1k-{sha256(content)}.safetensors"
    assert path.read_bytes() == content
    assert (seen[0], seen[-1]) == ((0, len(content)), (len(content), len(content)))
    file = f"/{REPO}"
    assert online.requests == [HEAD, GET, (file, 0), GET, (file, 100_000)]
    assert weights.fetch(tiny) == path
    assert weights.readiness(tiny) == "downloaded"
    assert len(online.requests) == 5
    path.write_bytes(content[:-1] + b"!")
    assert refused(lambda: weights.read(tiny, path)) == "problem.bad_checksum"
    assert not path.exists()


@pytest.mark.parametrize("digest", ["0" * 64, "not a digest"])
def test_other_content_than_the_hub_says_is_not_taken(
    digest: str, tiny: ModelSpec, online: Server, tmp_path: Path
) -> None:
    online.linked = digest
    key = refused(lambda: weights.fetch(tiny))
    assert key == ("problem.bad_checksum" if digest == "0" * 64 else "problem.needs_download")
    assert not list((tmp_path / "weights").glob("*.safetensors*[!k]"))


@pytest.mark.parametrize(
    ("order", "first"), [("", HEAD), ("first", HEAD), ("second", ("/tiny.pth", 0))]
)
def test_the_order_is_a_setting_and_the_other_is_asked_where_one_fails(
    order: str,
    first: tuple[str, int],
    tiny: ModelSpec,
    online: Server,
    checkpoint: Checkpoint,
    content: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOUR_FAMILIES_HUB", order)
    own = replace(tiny.weights, location=f"{online.address}/tiny.pth")
    one = replace(tiny, weights=own)
    online.files["tiny.pth"] = checkpoint.content
    path = weights.fetch(one)
    assert online.requests[0] == first
    assert path.suffix == (".pth" if order == "second" else ".safetensors")
    path.unlink()
    gone = "tiny.pth" if order == "second" else REPO
    del online.files[gone]
    other = weights.fetch(one)
    assert other.suffix == (".safetensors" if order == "second" else ".pth")
    assert len(weights.read(one, other)) == len(checkpoint.network.state_dict())


def test_a_hub_that_is_silent_or_switched_off_holds_nobody_up(
    tiny: ModelSpec, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOUR_FAMILIES_MIRROR", raising=False)
    monkeypatch.setattr("demo.zoo.download.TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            address + "/{repo_id}/resolve/{revision}/{filename}",
        )
        silent.settimeout(0.2)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
        assert refused(lambda: weights.fetch(tiny)) == "problem.needs_download"
        with pytest.raises(TimeoutError):
            silent.accept()
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        keys = [refused(lambda: weights.fetch(tiny)) for _ in range(2)]
        assert keys == ["problem.needs_download"] * 2
        silent.accept()
        with pytest.raises(TimeoutError):
            silent.accept()


def test_a_mirror_is_held_to_the_whole_digest_where_it_is_known(
    checkpoint: Checkpoint,
    content: bytes,
    cache: Path,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FOUR_FAMILIES_MIRROR", server.address)
    monkeypatch.setattr("demo.zoo.download.PAUSE", 0.01)
    one = with_copy(checkpoint, HubCopy(REPO, "main", sha256(content)))
    # Eight digits of torchvision's file are not enough, even if they are right.
    server.files[one.weights.location.rpartition("/")[2]] = checkpoint.content
    assert refused(lambda: weights.fetch(one)) == "problem.not_served"
    name = f"tiny.tv_in1k-{sha256(content)}.safetensors"
    server.files[name] = content[:-1] + b"!"
    assert refused(lambda: weights.fetch(one)) == "problem.bad_checksum"
    server.files[name] = content
    assert weights.fetch(one).read_bytes() == content


@pytest.mark.parametrize("key", COPIES)
def test_a_copy_has_the_names_and_shapes_of_our_network(key: str) -> None:
    name = COPIES[key].repo.removeprefix("timm/")
    extra = {"aux_logits": True} if key == "inception_v3" else {}
    theirs = without_values(lambda: timm.create_model(name, pretrained=False, **extra)).state_dict()
    ours = without_values(spec(key).build).state_dict()
    assert {k: v.shape for k, v in theirs.items()} == {k: v.shape for k, v in ours.items()}


def test_a_space_preloads_copies_that_the_catalogue_knows() -> None:
    head = (ROOT / "README.md").read_text("utf-8").split("---")[1]
    listed = re.findall(r"^  - (\S+) model\.safetensors(?: (\w{40}))?$", head, re.MULTILINE)
    revisions = {copy.repo: copy.revision for copy in COPIES.values()}
    assert {repo: commit or "main" for repo, commit in listed} == {
        repo: revisions[repo]
        for key in ("resnet50", "densenet121", "inception_v3", "resnext50_32x4d")
        for repo in [COPIES[key].repo]
    }


def test_nine_networks_have_a_copy() -> None:
    assert sorted(COPIES) == [
        *("densenet121", "densenet161", "densenet169", "densenet201", "inception_v3"),
        *("resnet50", "resnet50_v2", "resnext101_32x8d", "resnext50_32x4d"),
    ]
    assert hub.name(COPIES["resnet50"], "0" * 64) == f"resnet50.tv_in1k-{'0' * 64}.safetensors"
