"""Each method by hand on a linear network, and against Captum on one with ReLUs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.engine.gradcam import heat_map
from demo.engine.runs import run
from demo.records import Photo, Problem
from demo.topics.closer.explain import Question, explain, explaining, score_of
from demo.topics.closer.pixels import PIECES, POINTS
from demo.topics.closer.records.maps import METHODS, Method
from demo.zoo.loading import load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import KINDS, Toy, linear

from captum.attr import (  # isort: skip  # it needs the torchvision imported by tests/conftest.py
    GuidedGradCam,
    IntegratedGradients,
    LayerGradientXActivation,
    Occlusion,
    Saliency,
)

Loaded = Callable[..., Any]
Noise = Callable[[int, int], Photo]
P = np.arange(16.0).reshape(4, 4)
"""The ramp: value of every colour of every pixel."""

BY_HAND: dict[Method, np.ndarray] = {
    # alpha = (3/16, 1/16), and the gradient is the same everywhere
    "gradcam": (2 * P + 10) / 16,
    "hirescam": (2 * P + 10) / 16,
    # 1 / (2 + 120 * 3/16) and 1 / (2 + 40 * 1/16), times 16 places times the gradient
    "gradcam_pp": 3 * P / 24.5 + (10 - P) / 4.5,
    "saliency": np.full((4, 4), 3 / 16),
    "integrated": 2 * P / 16,
    # no ReLU: (3/16 - 1/16) of the gradient where Grad-CAM lets it through
    "guided": (2 / 16) * (2 * P + 10) / 16,
    # squares of 2 x 2 pixels side by side
    "occlusion": np.kron(P.reshape(2, 2, 2, 2).sum(axis=(1, 3)) * 2 / 16, np.ones((2, 2))),
}


@pytest.mark.parametrize("method", METHODS)
def test_by_hand(loaded: Loaded, ramp: Photo, method: Method) -> None:
    question = Question(method, 0, window=0.5, stride=0.5)
    found = explain(loaded(linear(), ("0",), 2), ramp, question)
    assert found.raw.shape == (4, 4)
    assert found.raw == pytest.approx(BY_HAND[method], abs=1e-5)
    assert found.raw_max == pytest.approx(BY_HAND[method].max(), abs=1e-5)
    assert found.layer == ("" if method in ("saliency", "integrated", "occlusion") else "layer 0")


def asked(loaded: Loaded, photo: Photo, **question: Any) -> np.ndarray:
    return explain(loaded(Toy("fresh"), ("conv2",), 3), photo, Question(**question)).raw


@pytest.mark.parametrize("index", [0, 1, 2])
@pytest.mark.parametrize("against", [None, 1])
def test_equals_captum(loaded: Loaded, noise: Noise, index: int, against: int | None) -> None:
    photo, network = noise(9, 2), Toy("fresh")
    x = torch.from_numpy(photo.pixels).permute(2, 0, 1)[None].requires_grad_()
    score = score_of(index, against)

    def forward(one: torch.Tensor) -> torch.Tensor:
        return score(network(one))

    theirs = {
        "hirescam": LayerGradientXActivation(forward, network.conv2).attribute(x).sum(dim=1),
        "saliency": Saliency(forward).attribute(x).amax(dim=1),
        # Squares that lie over each other and stand out over the edge.
        "occlusion": Occlusion(forward).attribute(
            x, sliding_window_shapes=(3, 4, 4), strides=(3, 2, 2)
        )[:, 0],
    }
    for method, values in theirs.items():
        ours = asked(
            loaded,
            photo,
            method=method,
            index=index,
            against=against,
            window=0.45,
            stride=0.22,
        )
        assert ours == pytest.approx(values[0].detach().numpy(), abs=1e-4), method
        assert bool(np.abs(ours).max() > 0.01) == (index != against)


def test_integrated_gradients_are_complete_and_captums(loaded: Loaded, noise: Noise) -> None:
    photo, network = noise(9, 2), Toy("fresh")
    x = torch.from_numpy(photo.pixels).permute(2, 0, 1)[None]
    ours = asked(loaded, photo, method="integrated", index=1)
    with torch.no_grad():
        gained = float((network(x) - network(torch.zeros_like(x)))[0, 1])
    assert ours.sum() == pytest.approx(gained, abs=0.02 * float(np.abs(ours).sum()))
    whole = IntegratedGradients(lambda one: network(one)[:, 1])
    theirs = whole.attribute(x, n_steps=400).sum(dim=1)[0].numpy()
    assert ours == pytest.approx(theirs, abs=0.06 * float(np.abs(theirs).max()))


def test_of_several_pieces_a_linear_way_is_exact(loaded: Loaded, ramp: Photo) -> None:
    steps = explaining(loaded(linear(), ("0",), 2), ramp, Question("integrated", 0))
    assert [next(steps) for _ in range(PIECES)] == [(done, PIECES) for done in range(PIECES)]
    with pytest.raises(StopIteration) as end:
        next(steps)
    assert end.value.value.raw.sum() == pytest.approx(15.0, abs=1e-5)
    assert POINTS == 4


@pytest.mark.parametrize("kind", KINDS)
def test_guided_gradcam_of_any_kind_of_relu(loaded: Loaded, noise: Noise, kind: str) -> None:
    photo = noise(9, 2)
    x = torch.from_numpy(photo.pixels).permute(2, 0, 1)[None].requires_grad_()
    fresh = Toy("fresh")
    theirs = GuidedGradCam(fresh, fresh.conv2).attribute(x, 1, interpolate_mode="bilinear")
    ours = explain(loaded(Toy(kind), ("conv2",), 3), photo, Question("guided", 1)).raw
    assert np.abs(ours).max() > 0.01
    assert ours == pytest.approx(theirs.sum(dim=1)[0].detach().numpy(), abs=1e-5)


def test_captums_own_hooks_miss_a_relu_that_is_no_module(noise: Noise) -> None:
    x = torch.from_numpy(noise(9, 2).pixels).permute(2, 0, 1)[None].requires_grad_()
    fresh, function = (Toy(kind) for kind in ("fresh", "function"))
    right, missed = (GuidedGradCam(one, one.conv2).attribute(x, 1) for one in (fresh, function))
    assert float((right - missed).detach().abs().max()) > 0.01


def test_a_relu_that_ends_at_six_is_guided_too(loaded: Loaded, ramp: Photo) -> None:
    network = nn.Sequential(
        nn.Conv2d(3, 1, 1, bias=False), nn.ReLU6(), nn.AvgPool2d(4), nn.Flatten()
    )
    with torch.no_grad():
        network[0].weight.fill_(1.0)
    found = explain(loaded(network, ("0",), 1), ramp, Question("guided", 0)).raw
    # The sum of the colours is 3 p: open between 0 and 6, at p = 1 alone; alpha is 1/16 of 1/16.
    assert found.nonzero() == (np.array([0]), np.array([1]))
    assert found[0, 1] == pytest.approx(3 / 16 * (3 / 256))


@pytest.mark.parametrize("method", ["gradcam", "hirescam", "integrated", "occlusion"])
def test_against_is_antisymmetric(loaded: Loaded, noise: Noise, method: Method) -> None:
    photo = noise(9, 2)
    one, other = (
        asked(loaded, photo, method=method, index=a, against=b) for a, b in ((0, 2), (2, 0))
    )
    assert np.abs(one).max() > 0.01
    assert one == pytest.approx(-other, abs=1e-5)


def test_against_is_the_difference_of_two_gradcams_before_relu(
    loaded: Loaded, noise: Noise
) -> None:
    photo = noise(9, 2)
    first, second, both = (
        asked(loaded, photo, method="gradcam", index=a, against=b)
        for a, b in ((0, None), (2, None), (0, 2))
    )
    assert both == pytest.approx(first - second, abs=1e-6)
    assert min(first.min(), second.min()) < 0
    assert (both > 0).any()
    assert (both < 0).any()


def test_gradcam_is_the_one_of_every_other_topic(loaded: Loaded, noise: Noise) -> None:
    photo, model = noise(9, 2), loaded(Toy("fresh"), ("conv2",), 3)
    ours, theirs = explain(model, photo, Question("gradcam", 1)), heat_map(model, photo, "", 1)
    assert ours.heat == pytest.approx(theirs.values, abs=1e-6)
    assert (ours.raw_min, ours.raw_max) == pytest.approx((theirs.raw_min, theirs.raw_max))


def test_nothing_is_worked_out_twice(loaded: Loaded, noise: Noise) -> None:
    photo, model = noise(9, 2), loaded(Toy("fresh"), ("conv2",), 3)
    top = run(model, photo).scores.top
    for method in METHODS:
        first = explain(model, photo, Question(method))
        # The class that is asked by its number, and a window that the method has no use for.
        assert explain(model, photo, Question(method, top)) is first
    changed = explain(model, photo, Question("occlusion", window=0.5))
    assert changed is not explain(model, photo, Question("occlusion"))


@pytest.mark.parametrize("key", ["mini_densenet", "efficientnet_lite0"])
def test_methods_leave_no_trace_on_networks_that_ship(key: str) -> None:
    model, photo = load(key), small_photo()
    side, size = model.spec.input_size, model.spec.layer("").size
    sizes: dict[Method, int] = {"gradcam_pp": size, "guided": side, "saliency": side}
    for method, wanted in {**sizes, "occlusion": side}.items():
        found = explain(model, photo, Question(method, window=0.5, stride=0.5))
        assert found.raw.shape == (wanted, wanted), method
        assert np.isfinite(found.raw).all()
        assert found.largest > 0
    x, _ = model.prepare(photo)
    with torch.no_grad():
        again = model.network(x)[0].numpy()
    assert again == pytest.approx(run(model, photo).scores.logits, abs=1e-4)


def test_what_there_is_not_is_refused(loaded: Loaded, ramp: Photo) -> None:
    model = loaded(linear(), ("0",), 2)
    for question, key in (
        (Question("telepathy"), "closer.problem.no_method"),  # type: ignore[arg-type]
        (Question("gradcam", 2), "problem.no_class"),
        (Question("gradcam", 0, -1), "problem.no_class"),
        (Question("gradcam", layer="roof"), "problem.no_layer"),
    ):
        with pytest.raises(Problem) as problem:
            explain(model, ramp, question)
        assert problem.value.key == key
