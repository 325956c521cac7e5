"""Weights randomised from the top down: in which order, whose, and what becomes of the maps."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from demo.lane import Turn
from demo.records import Box, Photo, Problem
from demo.text import LANGUAGES, text
from demo.topics.closer.explain import Question, explain
from demo.topics.closer.figures import randomised as figure
from demo.topics.closer.forgetting import Part, forgotten, parts
from demo.topics.closer.randomised import randomised, randomising
from demo.topics.closer.records.maps import rank_correlation
from demo.topics.closer.records.sanity import PROBES, Cascade, Stage, unchanged
from demo.topics.closer.scenes import randomised as scene
from demo.topics.closer.scenes.chosen import JUDGE, OFFERED, SMALL
from demo.zoo.catalogue import spec
from demo.zoo.loading import LoadedModel, load
from tests.residual_networks import noise as small_photo
from tests.topics.closer.toys import Toy

Loaded = Callable[..., Any]
Noise = Callable[[int, int], Photo]


def weights(network: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in network.state_dict().items()}


def changed(before: dict[str, torch.Tensor], after: dict[str, torch.Tensor]) -> set[str]:
    """Modules of which some value is another."""
    return {n.rpartition(".")[0] for n, v in before.items() if not torch.equal(v, after[n])}


def test_the_cascade_of_a_toy_goes_from_the_classifier_to_the_stem(loaded: Loaded) -> None:
    both = loaded(Toy("fresh"), ("conv1", "conv2"), 3)
    assert parts(both) == (
        Part("classifier", ("head",)),
        Part("layer conv2", ("conv2",)),
        Part("layer conv1", ("conv1",)),
    )
    last = loaded(Toy("function"), ("conv2",), 3)
    # Without blocks the stem is what runs before the second convolution.
    assert [part.name for part in parts(last)] == ["classifier", "layer conv2", "stem"]
    whole, order = weights(last.network), parts(last)
    copies = [forgotten(last, order[:count]).network for count in range(len(order) + 1)]
    assert [changed(whole, weights(copy)) for copy in copies] == [
        set(),
        {"head"},
        {"head", "conv2"},
        {"head", "conv2", "conv1"},
    ]
    # What a later copy shares with an earlier one, it shares to the last digit.
    assert changed(weights(copies[1]), weights(copies[3])) == {"conv2", "conv1"}


def test_the_parts_of_the_networks() -> None:
    names = {key: [part.name for part in parts(load(key))] for key in (*SMALL, JUDGE)}
    stages = ["classifier", "stage3", "stage2", "stage1", "stem"]
    assert names == {
        "mini_resnet": stages,
        "mini_resnext": stages,
        "mini_googlenet": stages,
        "mini_densenet": ["classifier", "block3", "block2", "block1", "stem"],
        JUDGE: ["classifier", "stage9", "stage6", "stage4", "stem"],
    }
    (stem,) = (part.paths for part in parts(load(JUDGE)) if part.name == "stem")
    assert stem == ("conv_stem", "bn1")


@pytest.mark.parametrize("key", OFFERED)
def test_every_weight_of_an_offered_network_becomes_random(key: str) -> None:
    with torch.device("meta"):
        network = spec(key).build().eval()
    found = parts(LoadedModel(spec(key), network, "bundled"))
    paths = [path for part in found for path in part.paths]
    assert len(set(paths)) == len(paths)
    running = {path for path, one in network.named_modules() if list(one.parameters(False))}
    assert set(paths) == {path for path in running if not path.startswith("AuxLogits")}
    assert all(hasattr(network.get_submodule(path), "reset_parameters") for path in paths)
    for lang in LANGUAGES:
        assert all(text(lang)(f"closer.part.{part.name}") for part in found)


def test_a_copy_forgets_by_a_seed_and_the_shared_network_nothing(loaded: Loaded) -> None:
    class Normed(Toy):
        """The toy with a BatchNorm of which nothing is as it begins."""

        def __init__(self) -> None:
            super().__init__("fresh")
            self.bn = nn.BatchNorm2d(5)
            nn.init.constant_(self.bn.weight, 3.0)
            self.bn.running_mean.fill_(2.0)
            self.relu2 = nn.Sequential(self.bn, nn.ReLU())

    model = loaded(Normed(), ("conv2",), 3)
    before, dice = weights(model.network), torch.get_rng_state()

    first, again, other = (
        weights(forgotten(model, parts(model), seed).network) for seed in (0, 0, 1)
    )
    assert changed(before, weights(model.network)) == set()
    assert torch.equal(dice, torch.get_rng_state())
    assert changed(first, again) == set()
    assert {"head", "conv1", "conv2"} <= changed(first, other)
    # PyTorch's own beginning: Kaiming's bound of a layer that reads 5 is 1 / sqrt(5).
    assert float(first["head.weight"].abs().max()) <= 5**-0.5
    assert first["bn.weight"].tolist() == [1.0] * 5
    assert first["bn.running_mean"].tolist() == [0.0] * 5


@pytest.mark.parametrize("probe", PROBES)
def test_whoever_waits_between_two_steps_holds_no_copy(
    loaded: Loaded, noise: Noise, probe: Any
) -> None:
    class Mine(Toy):
        """A toy that no other test makes."""

    model = loaded(Mine("fresh"), ("conv2",), 3)
    for _ in randomising(model, noise(4, 2), probe, 1):
        gc.collect()
        assert [one for one in gc.get_objects() if type(one) is Mine] == [model.network]


@pytest.mark.parametrize("probe", PROBES)
def test_a_cascade_begins_with_the_trained_map(loaded: Loaded, noise: Noise, probe: Any) -> None:
    model, photo = loaded(Toy("fresh"), ("conv2",), 3), noise(4, 2)
    before = weights(model.network)
    found = randomised(model, photo, probe, 1)
    assert changed(before, weights(model.network)) == set()
    assert [one.part for one in found.stages] == ["", "classifier", "layer conv2", "stem"]
    assert found.stages[0].correlation == 1
    assert randomised(model, photo, probe, 1) is found
    # The same numbers with what was kept forgotten.
    other = randomised(loaded(Toy("fresh"), ("conv2",), 3), photo, probe, 1)
    assert [one.correlation for one in other.stages] == [one.correlation for one in found.stages]
    if probe == "edges":
        assert [one.correlation for one in found.stages] == [1.0] * 4
        assert len({one.raw.tobytes() for one in found.stages}) == 1
    else:
        ours = explain(model, photo, Question(probe, 1)).raw
        # Guided Grad-CAM's has another scale here.
        assert found.stages[0].raw / np.abs(found.stages[0].raw).max() == pytest.approx(
            ours / np.abs(ours).max(), abs=1e-5
        )
        for stage in found.stages:
            sizes = np.abs(found.stages[0].raw), np.abs(stage.raw)
            assert stage.correlation == pytest.approx(rank_correlation(*sizes), abs=1e-9)
        assert found.stages[-1].correlation < 1


def test_the_edge_map_of_a_real_network_stays_exactly() -> None:
    found = randomised(load("mini_resnet"), small_photo(), "edges")
    assert [one.correlation for one in found.stages] == [1.0] * 6


def test_rank_correlation_with_ties_by_hand() -> None:
    # Ranks 1.5 1.5 3 4 5 and 2 4.5 2 4.5 2: deviations -1.5 -1.5 0 1 2 and -1 1.5 -1 1.5 -1.
    first, second = np.array([3.0, 3.0, 4.0, 7.0, 9.0]), np.array([0.0, 1.0, 0.0, 1.0, 0.0])
    expected = (1.5 - 2.25 + 0 + 1.5 - 2) / (9.5 * 7.5) ** 0.5
    assert rank_correlation(first, second) == pytest.approx(expected)
    assert rank_correlation(first, first) == 1.0


def test_it_goes_in_steps_and_can_be_left(loaded: Loaded, noise: Noise) -> None:
    model, photo = loaded(Toy("fresh"), ("conv2",), 3), noise(4, 2)
    steps = randomising(model, photo, "integrated", 0)
    assert [next(steps) for _ in range(10)] == [(done, 32) for done in range(10)]
    steps.close()
    assert [*randomising(model, photo, "gradcam", 0)] == [(done, 4) for done in range(4)]
    with pytest.raises(Problem, match="no_method"):
        randomised(model, photo, "occlusion")  # type: ignore[arg-type]
    with pytest.raises(Problem, match="no_class"):
        randomised(model, photo, "gradcam", 3)


def cascade(probe: Any, *correlations: float) -> Cascade:
    names = ("", "classifier", "stage1")
    raw = np.array([[0.0, 1.0], [-0.5, 0.25]], np.float32)
    stages = tuple(Stage(p, raw, c) for p, c in zip(names, correlations, strict=True))
    return Cascade("m", probe, 0, stages, Box(0.0, 0.0, 1.0, 1.0))


def test_who_has_changed_and_the_sentence() -> None:
    t = text("en")
    gradcam, guided = cascade("gradcam", 1, 0.6, -0.12), cascade("guided", 1, 0.9, 0.5)
    saliency, edges = cascade("saliency", 1, 0.4, 0.499), cascade("edges", 1, 1, 1)
    assert [one.changed for one in (gradcam, guided, saliency, edges)] == [True, False, True, False]
    assert [one.probe for one in unchanged((gradcam, guided, saliency, edges))] == [
        "edges",
        "guided",
    ]
    every = [gradcam, guided, saliency, edges]
    assert figure.sentence(every, "gradcam", "Mini", t) == (
        "Grad-CAM follows the network: with all of Mini's weights random, its map has a rank "
        "correlation of −0.12 with the trained one. Unchanged although the network no longer knows "
        "anything: Guided Grad-CAM (0.50)."
    )
    only = figure.sentence([gradcam, edges], "gradcam", "Mini", t)
    assert only.endswith(
        "Of the methods drawn here only the edge detector stays the same although the network no "
        "longer knows anything: it never asked it."
    )
    said = figure.sentence(every, "guided", "Mini", t)
    assert said.startswith("Guided Grad-CAM does not follow the network")
    assert "Unchanged" not in said


def test_the_strip_and_its_lines() -> None:
    every = {one: cascade(one, 1, 0.5, 0) for one in PROBES}
    every["edges"] = cascade("edges", 1, 1, 1)
    drawn = figure.panel(every, "saliency", "ship", 1.0, text("en"))
    assert re.findall(r'data-part="(\w*)" data-correlation="([\d.]+)"', drawn) == [
        ("", "1.0000"),
        ("classifier", "0.5000"),
        ("stage1", "0.0000"),
    ]
    assert "<b>+ stage 1</b><em>0.00</em>" in drawn
    # From 1 at the top to -0.4 at the bottom; each point under the middle of its map.
    assert 'class="probe-saliency chosen" points="1,0.0 3,35.7 5,71.4"' in drawn
    assert re.findall(r'data-end="(\w+)"', drawn)[0] == "edges"


def pages(*asked: Any) -> list[str]:
    steps = [*scene.randomised(text("ja"), small_photo(), "mini_resnext", "ship", *asked)]
    assert steps[1] is Turn.NETWORK
    return [one for one in steps if isinstance(one, str)]


def test_the_scene() -> None:
    t, shown = text("ja"), pages("saliency")
    # The chosen one comes first, then the lines of the quick ones.
    lines = [one.count("data-end=") for one in shown]
    assert lines == sorted(lines)
    assert (lines[0], lines[-1]) == (0, 4)
    first = next(one for one in shown if one.count("data-end="))
    assert 'data-end="saliency"' in first
    assert shown[-1].count('class="signed"') == 6
    assert 'data-end="edges">1.00' in shown[-1]
    assert t("label.ship") in shown[-1]
    assert t("closer.when_chosen") in shown[-1]
    # The long one says how far it is, and stays once it is there.
    shown = pages("integrated")
    assert t("closer.of", done=9, total=48) in "".join(shown)
    assert shown[-1].count("data-end=") == pages("gradcam")[-1].count("data-end=") == 5
    with pytest.raises(Problem, match="no_event"):
        next(scene.randomised(t, small_photo(), "mini_resnet", "", "occlusion"))  # type: ignore[arg-type]
    assert scene.bare(t, "resnet50", "", "gradcam").count("<li>") == 5
