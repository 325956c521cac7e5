"""Loaded networks: whose weights they have, what they make of a photo, how long they are kept."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import gradio
import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from demo.cache import ByteCache
from demo.records import Box, Photo, Problem
from demo.zoo import loading, measured, weights
from demo.zoo.builders import densenet
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import LoadedModel, from_file, load, prepare, with_weights
from demo.zoo.spec import ModelSpec, Preprocess
from demo.zoo.vision import torchvision
from tests.zoo.conftest import Checkpoint

SAMPLES = Path(gradio.__file__).parent / "media_assets" / "images"


def photo(pixels: np.ndarray) -> Photo:
    return Photo(sha256(pixels.tobytes()).hexdigest(), pixels)


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    """A smooth picture with some noise, so that resampling has something to do."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    smooth = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).astype(int)
    noise = rng.integers(-20, 20, (height, width, 3))
    return Image.fromarray(np.clip(smooth + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("key", ["resnet50", "resnet50_v2", "inception_v3", "efficientnet_b0"])
@pytest.mark.parametrize("size", [(500, 375), (333, 640), (257, 256), (90, 120), (224, 224)])
def test_photos_are_prepared_as_torchvision_does_it(key: str, size: tuple[int, int]) -> None:
    weights = torchvision.models.get_model_weights(key.removesuffix("_v2"))
    theirs = weights["IMAGENET1K_V2" if key.endswith("_v2") else "IMAGENET1K_V1"].transforms()
    image = picture(*size)
    x, _ = prepare(photo(np.asarray(image)), spec(key).preprocess)
    step = 1 / 255 / 0.224  # one level of an 8-bit channel
    difference = (x - theirs(image)[None]).abs()
    assert difference.max() < 2.1 * step
    assert difference.mean() < 0.05 * step


def test_a_photo_of_the_right_size_is_only_normalised() -> None:
    pixels = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    x, seen = prepare(photo(pixels), Preprocess(4, 4, (0.0, 0.5, 0.0), (1.0, 1.0, 0.5)))
    assert seen == Box(0.0, 0.0, 1.0, 1.0)
    assert x.shape == (1, 3, 4, 4)
    assert x[0, 0, 0, 1].item() == pytest.approx(3 / 255)
    assert x[0, 1, 0, 0].item() == pytest.approx(1 / 255 - 0.5)
    assert x[0, 2, 3, 3].item() == pytest.approx(2 * 47 / 255)


@pytest.mark.parametrize(
    ("size", "how", "seen"),
    [
        ((64, 32), (32, 32), Box(0.25, 0.0, 0.75, 1.0)),
        ((100, 400), (32, 32), Box(0.0, 0.375, 1.0, 0.625)),
        ((256, 256), (256, 224), Box(0.0625, 0.0625, 0.9375, 0.9375)),
        ((512, 256), (256, 224), Box(0.28125, 0.0625, 0.71875, 0.9375)),
        ((1, 1), (256, 224), Box(0.0625, 0.0625, 0.9375, 0.9375)),
    ],
)
def test_what_part_of_the_photo_is_seen(
    size: tuple[int, int], how: tuple[int, int], seen: Box
) -> None:
    pixels = np.zeros((size[1], size[0], 3), dtype=np.uint8)
    x, found = prepare(photo(pixels), Preprocess(*how, (0.0,) * 3, (1.0,) * 3))
    assert found == seen
    assert x.shape == (1, 3, how[1], how[1])


@pytest.mark.parametrize("size", [(10_000, 1), (1, 10_000), (3, 7_919)])
def test_a_very_long_photo_costs_no_memory(size: tuple[int, int]) -> None:
    pixels = np.full((*size, 3), 51, dtype=np.uint8)
    x, seen = prepare(photo(pixels), Preprocess(256, 224, (0.0,) * 3, (1.0,) * 3, "bicubic"))
    assert torch.allclose(x, torch.tensor(0.2))
    assert 0 <= seen.left < seen.right <= 1
    assert 0 <= seen.top < seen.bottom <= 1


@pytest.fixture
def bundled(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_catalogue: Callable[[ModelSpec], None],
) -> nn.Module:
    """mini_resnet with random weights, shipped in a folder of its own; returns the network."""
    torch.manual_seed(0)
    network = spec("mini_resnet").build().eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half())
    half = {k: v.half() for k, v in network.state_dict().items() if v.is_floating_point()}
    file = tmp_path / "mini_resnet.safetensors"
    save_file(half, file)
    monkeypatch.setattr("demo.zoo.measured.FOLDER", tmp_path)
    one = spec("mini_resnet")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    in_catalogue(replace(one, weights=replace(one.weights, sha256=digest)))
    return network


def test_bundled_weights_come_in_halves_and_run_in_full(bundled: nn.Module) -> None:
    model = load("mini_resnet")
    assert model.source == "bundled"
    assert not model.network.training
    assert {p.dtype for p in model.network.parameters()} == {torch.float32}
    assert not any(p.requires_grad for p in model.network.parameters())
    x, _ = model.prepare(photo(np.asarray(picture(48, 40))))
    assert torch.allclose(model.network(x), bundled(x), atol=1e-4)


def test_a_missing_tensor_is_never_made_up(bundled: nn.Module) -> None:
    one = spec("mini_resnet")
    tensors = dict(bundled.state_dict())
    del tensors["fc.bias"]
    with pytest.raises(RuntimeError, match=r"fc\.bias"):
        with_weights(one, tensors)
    with pytest.raises(RuntimeError, match=r"size mismatch"):
        with_weights(one, {**bundled.state_dict(), "fc.bias": torch.zeros(9)})


def test_missing_weights_are_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("demo.zoo.measured.FOLDER", tmp_path)
    with pytest.raises(Problem) as caught:
        load("mini_densenet")
    assert (caught.value.key, caught.value.values) == (
        "problem.no_weights",
        {"model": "Mini DenseNet"},
    )


def test_thirty_at_once_load_once(bundled: nn.Module) -> None:
    together = threading.Barrier(30)

    def ask(_: int) -> LoadedModel:
        together.wait()
        return load("mini_resnet")

    with ThreadPoolExecutor(30) as pool:
        assert len(set(map(id, pool.map(ask, range(30))))) == 1


def test_the_least_recently_used_goes_first(
    checkpoint: Checkpoint,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    in_catalogue: Callable[[ModelSpec], None],
) -> None:
    path = tmp_path / checkpoint.spec.weights.location.rpartition("/")[2]
    path.write_bytes(checkpoint.content)
    monkeypatch.setenv("FOUR_FAMILIES_WEIGHTS", str(tmp_path))
    for key in "abc":
        in_catalogue(replace(checkpoint.spec, key=key))
    size = from_file(checkpoint.spec, path).nbytes
    # Parameters 139,138; statistics and the counter of one BatchNorm.
    assert size == 4 * (139_138 + 128) + 8
    cache: ByteCache[LoadedModel] = ByteCache(2 * size, size=lambda model: model.nbytes)
    monkeypatch.setattr(loading, "MODELS", cache)
    first, second = load("a"), load("b")
    assert load("a") is first
    load("c")
    assert load("a") is first
    assert load("b") is not second
    assert cache.bytes == 2 * size


def test_every_file_that_comes_along_has_its_whole_digest() -> None:
    ours = [one for one in CATALOGUE if one.weights.kind != "download"]
    assert [one.key for one in ours] == [
        *("mini_resnet", "mini_densenet", "mini_googlenet", "mini_resnext"),
        "efficientnet_lite0",
    ]
    for one in ours:
        file = weights.file_of(one)
        assert file is not None
        assert hashlib.sha256(file.read_bytes()).hexdigest() == one.weights.sha256


def _flipped(content: bytes) -> bytes:
    """One bit of one byte in the middle is another."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        _flipped,
        lambda content: content[:-1000] + b"\xff" * 1000,
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: (measured.FOLDER / "mini_resnext.safetensors").read_bytes(),
    ],
    ids=["one bit", "0xff", "cut", "empty", "another network's"],
)
def test_a_damaged_bundled_file_is_refused_and_costs_no_other_network(
    damage: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key in ("mini_resnet", "mini_densenet"):
        name = spec(key).weights.location
        content = (measured.FOLDER / name).read_bytes()
        (tmp_path / name).write_bytes(damage(content) if key == "mini_resnet" else content)
    monkeypatch.setattr("demo.zoo.measured.FOLDER", tmp_path)
    with pytest.raises(Problem) as caught:
        load("mini_resnet")
    assert (caught.value.key, caught.value.values) == (
        "problem.damaged",
        {"model": "Mini ResNet", "file": "mini_resnet.safetensors"},
    )
    # Nothing is deleted: there is nowhere to fetch it from.
    assert (tmp_path / "mini_resnet.safetensors").exists()
    assert load("mini_densenet").source == "bundled"


@pytest.mark.parametrize(
    ("file", "label"),
    [("lion.jpg", "lion"), ("cheetah.jpg", "cheetah"), ("cheetah1.jpg", "cheetah")],
)
def test_lite0_knows_what_it_sees(file: str, label: str) -> None:
    model = load("efficientnet_lite0")
    assert model.source == "bundled"
    x, _ = model.prepare(photo(np.asarray(Image.open(SAMPLES / file).convert("RGB"))))
    probabilities = model.network(x)[0].softmax(0)
    assert model.spec.labels[int(probabilities.argmax())] == label
    assert probabilities.max() > 0.5


def test_old_densenet_names_load_and_the_relu_module_changes_nothing() -> None:
    one = spec("densenet121")
    torch.manual_seed(0)
    theirs = torchvision.models.densenet121().eval()
    old = {
        name.replace(".norm1.", ".norm.1.").replace(".conv2.", ".conv.2."): tensor
        for name, tensor in theirs.state_dict().items()
    }
    assert old.keys() != theirs.state_dict().keys()
    ours = with_weights(one, old)
    x = torch.randn(1, 3, 64, 64)
    assert torch.allclose(ours(x), theirs(x), atol=1e-5)


@pytest.mark.parametrize("key", ["densenet121", "densenet161", "densenet169", "densenet201"])
def test_our_densenets_have_torchvisions_tensors(key: str) -> None:
    with torch.device("meta"):
        ours, theirs = (
            spec(key).build().state_dict(),
            getattr(torchvision.models, key)().state_dict(),
        )
    assert {k: v.shape for k, v in ours.items()} == {k: v.shape for k, v in theirs.items()}


def test_a_small_densenet_keeps_its_last_relu() -> None:
    network = densenet(4, (1, 1, 1, 1), 8, num_classes=3).eval()
    kept = []
    network.relu.register_forward_hook(lambda m, i, o: kept.extend([i[0].clone(), o.clone()]))
    network(torch.randn(1, 3, 64, 64))
    before, after = kept
    assert before.min() < 0
    assert torch.equal(after, before.relu())


def test_googlenet_is_what_torchvision_runs() -> None:
    one = spec("googlenet")
    torch.manual_seed(0)
    theirs = torchvision.models.googlenet(aux_logits=True, transform_input=True, init_weights=False)
    ours = with_weights(one, dict(theirs.state_dict()))
    x = torch.randn(1, 3, 96, 96)
    assert torch.allclose(ours(x), theirs.eval()(x), atol=1e-5)
    assert not [name for name in ours.state_dict() if name.startswith("aux")]


def test_inception_v3_keeps_its_auxiliary_classifier_silent() -> None:
    one = spec("inception_v3")
    torch.manual_seed(0)
    theirs = torchvision.models.inception_v3(transform_input=True, init_weights=False)
    ours = with_weights(one, dict(theirs.state_dict()))
    x = torch.randn(1, 3, 139, 139)
    assert torch.allclose(ours(x), theirs.eval()(x), atol=1e-5)
    assert ours.AuxLogits is not None
