"""A head on features, a head on a network, the last block: against closed forms and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from demo.records import Photo
from demo.topics.train import heads, tuning
from demo.topics.train.linear import DECAY, fitting, objective
from demo.topics.train.numbers import split
from demo.topics.train.records import PhotoSet, Replaced, Split
from demo.topics.train.training import Features, Progress, Trained, features_of, head_of, training
from demo.zoo.catalogue import CATALOGUE, spec
from demo.zoo.loading import LoadedModel, load
from demo.zoo.spec import ModelSpec

ARCHITECTURES = [one for one in CATALOGUE if one.weights.recipe != "v2"]


def red_and_blue(count: int = 8) -> PhotoSet:
    """Noise with a little more red, or a little more blue: a network of trained filters tells them
    apart, and one photo of four is not clear."""
    random = np.random.default_rng(5)
    photos, labels = [], []
    for place in range(2 * count):
        pixels = random.integers(0, 200, (32, 32, 3))
        label = place % 2
        pixels[..., 2 * label] += 15 if place % 8 < 2 else 55
        photos.append(Photo(f"noise {place}", pixels.astype(np.uint8)))
        labels.append(label)
    names = tuple(f"{place}.png" for place in range(len(photos)))
    return PhotoSet(("red", "blue"), tuple(photos), np.array(labels), names)


def last(*args: object, **options: object) -> Trained:
    *_, trained = training(*args, **options)  # type: ignore[arg-type]
    assert isinstance(trained, Trained)
    return trained


@pytest.mark.parametrize("one", ARCHITECTURES, ids=lambda one: one.key)
def test_each_spec_names_the_layers_that_give_its_scores(one: ModelSpec) -> None:
    with torch.device("meta"):
        network = one.build()
    linear = [
        name
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and module.out_features == len(one.labels)
    ]
    assert sorted(heads.paths(one)) == sorted(linear)


def test_inception_v3_has_two_heads_and_trains_both() -> None:
    one = spec("inception_v3")
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = one.build()
    rows = heads.replaced(one, network, 2)
    assert rows == (
        Replaced("fc", (1000, 2048), (2, 2048)),
        Replaced("AuxLogits.fc", (1000, 768), (2, 768)),
    )
    assert rows[1].said == "network.AuxLogits.fc = nn.Linear(768, 2)"
    x, y = (
        torch.randn(2, 3, 299, 299, generator=torch.Generator().manual_seed(1)),
        torch.tensor([0, 1]),
    )
    network.requires_grad_(False).train()
    for path in heads.paths(one):
        network.get_submodule(path).requires_grad_()
    output = network(x)
    assert [tuple(one.shape) for one in output] == [(2, 2), (2, 2)]
    # Both heads are 0 at first: ln 2 from the main one, 0.4 ln 2 from the other.
    value = heads.loss(output, y)
    assert float(value.detach()) == pytest.approx(1.4 * math.log(2), abs=1e-5)
    optimizer = torch.optim.SGD(network.parameters(), 0.1)
    optimizer.zero_grad()
    value.backward()
    optimizer.step()
    for path in heads.paths(one):
        assert network.get_submodule(path).weight.abs().max() > 0
    network.eval()
    with torch.no_grad():
        assert tuple(network(x[:1]).shape) == (1, 2)


def test_features_that_say_nothing_leave_the_shares_of_the_classes() -> None:
    labels = np.array([0, 0, 0, 1, 0, 1])
    parts = Split(np.array([0, 1, 2, 3]), np.array([4, 5]))
    *_, fitted = fitting(np.zeros((6, 3), np.float32), labels, parts, 2)
    # Three of four: -(3 ln 0.75 + ln 0.25) / 4, and (-ln 0.75 - ln 0.25) / 2 on the others.
    assert fitted.step.loss == pytest.approx(0.562335, abs=1e-5)
    assert fitted.step.held_loss == pytest.approx(0.836988, abs=1e-4)
    assert (fitted.step.accuracy, fitted.step.held_accuracy) == (0.75, 0.5)
    assert fitted.head.bias[0] - fitted.head.bias[1] == pytest.approx(math.log(3), abs=1e-3)


def test_the_head_reaches_the_optimum() -> None:
    random = np.random.default_rng(0)
    features = random.normal(size=(60, 5)).astype(np.float32)
    labels = (features[:, 0] + random.normal(0, 1, 60) > 0).astype(np.int64)
    parts = Split(np.arange(50), np.arange(50, 60))
    *_, fitted = fitting(features, labels, parts, 2)
    scale = np.sqrt(np.square(features[:50].astype(np.float64)).mean())
    best = newton(features[:50].astype(np.float64) / scale, labels[:50])
    weight = torch.from_numpy(fitted.head.weight.astype(np.float64) * scale)
    bias = torch.from_numpy(fitted.head.bias.astype(np.float64))
    x = torch.from_numpy(features[:50].astype(np.float64) / scale)
    ours = float(objective(weight, bias, x, torch.from_numpy(labels[:50])))
    assert best <= ours < best * 1.0001


def newton(x: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The least objective of two classes, by Newton's method on the difference of their rows.

    Both rows are equal but for their sign, so that DECAY / 2 of both is DECAY / 4 of the
    difference.
    """
    x = np.hstack([x, np.ones((len(x), 1))])
    decay = np.append(np.full(x.shape[1] - 1, DECAY / 2), 0.0)
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (p - labels) / len(x) + decay * w
        w -= np.linalg.solve(x.T @ (x * (p * (1 - p))[:, None]) / len(x) + np.diag(decay), gradient)
    signs = 2 * labels - 1
    return float(np.log1p(np.exp(-signs * (x @ w))).mean() + (decay * w * w).sum() / 2)


def test_features_are_what_the_classifier_reads() -> None:
    loaded, photo = load("mini_resnext"), red_and_blue().photos[0]
    network = loaded.network
    x, _ = loaded.prepare(photo)
    with torch.no_grad():
        by_hand = network.pool(network.stages(network.stem(x))).flatten(1)
    assert np.array_equal(features_of(loaded, [photo]), by_hand.numpy())


def test_a_head_is_trained_in_steps_and_the_same_twice() -> None:
    loaded, photos = load("mini_resnet"), red_and_blue()
    steps = list(training(loaded, photos, "one", seed=1, epochs=12))
    assert [type(one) for one in steps[:3]] == [Features, Features, Progress]
    assert (steps[0], steps[1]) == (Features(8, 16), Features(16, 16))
    trained = steps[-1]
    assert isinstance(trained, Trained)
    result = trained.result
    assert [one.epoch for one in result.steps] == list(range(1, len(result.steps) + 1))
    assert result.steps[-1].loss < result.steps[0].loss < math.log(2)
    assert not result.stopped
    # What it says it knows is what its network answers.
    x, _ = loaded.prepare(photos.photos[3])
    with torch.no_grad():
        logits = trained.loaded.network(x)
    assert np.allclose(torch.softmax(logits, 1)[0].numpy(), result.probabilities[3], atol=1e-6)
    assert trained.loaded.spec.labels == ("red", "blue")
    again = last(loaded, photos, "two", seed=1, epochs=12)
    assert np.array_equal(again.result.probabilities, result.probabilities)
    assert np.array_equal(again.result.split.train, result.split.train)
    assert again.result.steps == result.steps
    # The network that is shared by all is what it was.
    assert loaded.network.fc.out_features == 10


@pytest.mark.parametrize(
    ("key", "first", "trained"),
    [
        # 304 x 100 + 9 x 100^2 + 100 x 304, a BatchNorm after each, and the classifier's 3,050.
        ("mini_resnet", "stages.stage3.3.", 30_400 + 90_000 + 30_400 + 2 * (200 + 304) + 3_050),
        ("efficientnet_lite0", "blocks.6.0.", 2_298_600),
        ("inception_v3", "AuxLogits.fc.", 8_894_800),
        ("densenet121", "features.denseblock4.", 3_185_128),
        ("resnet50", "layer4.2.", 4_462_592 + 2_049_000),
    ],
)
def test_the_last_block_is_all_that_learns(key: str, first: str, trained: int) -> None:
    one = spec(key)
    with torch.device("meta"):
        network = one.build()
    names = tuning.part(one, network)
    assert names[0].startswith(first)
    sizes = {name: parameter.numel() for name, parameter in network.named_parameters()}
    assert sum(sizes[name] for name in names) == trained


def test_the_last_block_learns_and_the_rest_stays() -> None:
    loaded, photos = load("mini_resnet"), red_and_blue(4)
    trained = last(loaded, photos, "block", "block", seed=1, epochs=2)
    before, after = loaded.network.state_dict(), trained.loaded.network.state_dict()
    changed = {
        name
        for name in after
        if not torch.equal(after[name], before[name].to(after[name]))
        if before[name].shape == after[name].shape
    }
    assert {name.rsplit(".", 2)[0] for name in changed} <= {
        name.rsplit(".", 2)[0] for name in tuning.part(loaded.spec, loaded.network)
    }
    assert any(name.startswith("stages.stage3.3.") for name in changed)
    assert not any("running" in name for name in changed)
    assert len(trained.result.steps) == 2
    again = last(loaded, photos, "again", "block", seed=1, epochs=2)
    assert np.array_equal(again.result.probabilities, trained.result.probabilities)


def test_a_stop_in_the_middle_leaves_what_is_reached() -> None:
    loaded, photos = load("mini_resnet"), red_and_blue(4)
    asked = iter([False, False, True])
    stopped = last(loaded, photos, "stopped", seed=1, epochs=30, stop=lambda: next(asked)).result
    assert stopped.stopped
    assert len(stopped.steps) == 3
    short = last(loaded, photos, "short", seed=1, epochs=3).result
    assert np.array_equal(stopped.probabilities, short.probabilities)
    late = last(loaded, photos, "late", "block", seed=1, seconds=0.0).result
    assert late.stopped
    assert late.probabilities.shape == (8, 2)


def test_photos_are_moved_and_mirrored_by_the_seed() -> None:
    x = torch.arange(2 * 3 * 16 * 16, dtype=torch.float32).view(2, 3, 16, 16)
    one, two = (tuning.moved(x, torch.Generator().manual_seed(4)) for _ in range(2))
    assert one.shape == x.shape
    assert torch.equal(one, two)
    assert not torch.equal(one, x)
    # Nothing but the photo's own values, its edge mirrored.
    assert set(one[1].flatten().tolist()) <= set(x[1].flatten().tolist())


def test_a_head_has_a_network_of_its_own() -> None:
    loaded = load("mini_googlenet")
    trained = last(loaded, red_and_blue(4), "own", epochs=3)
    assert isinstance(trained.loaded, LoadedModel)
    head = head_of(trained.loaded)
    built = heads.with_head(loaded, ("red", "blue"), head, "built")
    x, _ = loaded.prepare(red_and_blue(4).photos[0])
    with torch.no_grad():
        assert torch.equal(built.network(x), trained.loaded.network(x))
    assert split(red_and_blue(4), 0).train.tolist() == trained.result.split.train.tolist()
